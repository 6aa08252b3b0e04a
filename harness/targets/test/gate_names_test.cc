// SPDX-License-Identifier: Apache-2.0
//
// A schedule's names as places, and places as names, on the shipped drivers.
#include "harness/targets/gate_names.h"

#include <boost/test/unit_test.hpp>

#include "harness/targets/inproc.h"

namespace rxcheck {
namespace {

GateNames shipped() {
  auto names = GateNames::read({beside_executable("driver/rxrdbss.sys"), beside_executable("driver/rxprobe.sys")});
  BOOST_REQUIRE(names.ok());
  return std::move(*names);
}

Choice choice_at(const std::string& function, Access access, const std::string& object) {
  Choice choice;
  choice.at = {{1, 2, 3}, function, access, object, 4};
  choice.to = {5, 6, 7};
  return choice;
}

BOOST_AUTO_TEST_SUITE(gate_names)

BOOST_AUTO_TEST_CASE(a_choice_keeps_its_line_occurrence_and_goal) {
  const auto choices = shipped().translate({{choice_at("RxpWorker", Access::call, "KeReleaseSpinLock")}});
  BOOST_REQUIRE(choices.ok());
  const RXGATE_CHOICE& choice = choices->front();
  BOOST_TEST((choice.Actor == 1 && choice.Worker == 2 && choice.Operation == 3 && choice.Occurrence == 4));
  BOOST_TEST((choice.ToActor == 5 && choice.ToWorker == 6 && choice.ToOperation == 7));
  BOOST_TEST(std::string(choice.Service) == "KeReleaseSpinLock");
  BOOST_TEST(choice.IsPick == 0u);
}

BOOST_AUTO_TEST_CASE(a_function_is_from_its_symbol_to_the_next) {
  const GateNames names = shipped();
  const auto choices = names.translate({{choice_at("RxpWorker", Access::call, "KeReleaseSpinLock")}});
  BOOST_REQUIRE(choices.ok());
  BOOST_REQUIRE(choices->front().FunctionCount == 1);
  const RXGATE_RANGE& range = choices->front().Functions[0];
  BOOST_TEST(range.Image == 0u);
  BOOST_TEST(range.Begin < range.End);
  BOOST_TEST(names.function_at({RxGateImage, 0, range.Begin + 1}) == "RxpWorker");
  BOOST_TEST(names.function_at({RxGateImage, 0, range.End}) == "RxpWorker");
  BOOST_TEST(names.function_at({RxGateImage, 0, range.End + 1}) != "RxpWorker");
}

BOOST_AUTO_TEST_CASE(objects_come_back_as_they_went) {
  const GateNames names = shipped();
  for (const std::string object : {"RxCx+0x48", "rxprobe.sys!ProbeSpinLock+0x0", "Irp+0x44"}) {
    const auto choices = names.translate({{choice_at("", Access::read, object)}});
    BOOST_REQUIRE(choices.ok());
    BOOST_REQUIRE(choices->front().ObjectCount == 1);
    BOOST_TEST(names.object_at(choices->front().Objects[0]) == object);
  }
  BOOST_TEST(names.object_at({RxGatePool, 0x78437852, RXGATE_WHOLE}) == "RxCx");
  BOOST_TEST(names.object_at({RxGateNowhere, 0, 0}).empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_the_drivers_do_not_have_is_said) {
  const auto no_function = shipped().translate({{choice_at("RxNoSuch", Access::call, "KeSetEvent")}});
  BOOST_REQUIRE(!no_function.ok());
  BOOST_TEST(no_function.error().text().find("there is no function RxNoSuch") != std::string::npos);
  const auto no_object = shipped().translate({{choice_at("", Access::write, "rxprobe.sys!Nothing+0x0")}});
  BOOST_REQUIRE(!no_object.ok());
  BOOST_TEST(no_object.error().text().find("there is no object") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_driver_is_refused) { BOOST_TEST(!GateNames::read({"/etc/passwd"}).ok()); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
