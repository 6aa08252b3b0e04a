// SPDX-License-Identifier: Apache-2.0
//
// What holds for every program: it is valid, stays valid when operations are taken out, and survives its text.
#include <rapidcheck/boost_test.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "fuzzers/properties/program_gen.h"
#include "harness/core/history_text.h"

namespace rxcheck {
namespace {

void require_valid(const Program& program) {
  const auto why = why_invalid(program);
  if (why) RC_FAIL(*why);
}

// A word or line of printable ASCII, often of those characters that mean something.
rc::Gen<std::string> printable_gen() {
  return rc::gen::container<std::string>(rc::gen::weightedOneOf<char>(
      {{1, rc::gen::elementOf(std::string(" \"\\-%#>=+!."))}, {3, rc::gen::inRange(' ', '\x7f')}}));
}

rc::Gen<Line> line_gen() {
  return rc::gen::construct<Line>(rc::gen::inRange<uint8_t>(0, kMaxActors + 1), rc::gen::arbitrary<bool>(),
                                  rc::gen::arbitrary<uint16_t>());
}

rc::Gen<Choice> choice_gen() {
  const auto point = rc::gen::construct<YieldPoint>(
      line_gen(), printable_gen(),
      rc::gen::element(Access::read, Access::write, Access::atomic, Access::call, Access::block),
      rc::gen::arbitrary<std::string>(), rc::gen::inRange<uint32_t>(1, 0xffffffff));
  return rc::gen::construct<Choice>(rc::gen::element(Choice::Kind::switch_, Choice::Kind::pick), point, line_gen());
}

// A history of the program with some of its operations again as the environment's, and any events.
History history_of(Program program) {
  History history;
  history.program_operations = static_cast<uint32_t>(program.operations.size());
  for (const Operation& op : std::vector<Operation>(program.operations)) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    program.operations.push_back(op);
    program.operations.back().actor = 0;
  }
  const auto count = static_cast<uint16_t>(program.operations.size());
  const auto operation =
      rc::gen::oneOf(rc::gen::just(kNoOperation), rc::gen::inRange<uint16_t>(0, std::max<uint16_t>(count, 1)));
  const auto known =
      rc::gen::suchThat(rc::gen::map(rc::gen::inRange(1, 128), [](int n) { return static_cast<EventKind>(n); }),
                        [](EventKind kind) { return name_of(kind) != "?"; });
  history.program = std::move(program);
  history.events = *rc::gen::container<std::vector<Event>>(
      rc::gen::apply([](EventKind kind, uint16_t on, uint16_t target, uint32_t status,
                        uint32_t value) { return Event{kind, 0, on, target, 0, status, value}; },
                     known, operation, operation, rc::gen::arbitrary<uint32_t>(), rc::gen::arbitrary<uint32_t>()));
  if (count == 0)
    for (Event& event : history.events) event.operation = event.target = kNoOperation;
  return history;
}

BOOST_AUTO_TEST_SUITE(program_properties)

RC_BOOST_PROP(a_generated_program_is_valid, ()) { require_valid(*program_gen(40)); }

RC_BOOST_PROP(a_program_without_any_of_its_operations_is_valid, ()) {
  const Program program = *program_gen();
  auto remove = *rc::gen::container<std::vector<bool>>(program.operations.size(), rc::gen::arbitrary<bool>());
  const std::vector<bool> asked = remove;
  Program rest = without(program, remove);
  require_valid(rest);
  RC_ASSERT(rest.operations.size() == static_cast<size_t>(std::count(remove.begin(), remove.end(), false)));
  for (size_t i = 0; i < asked.size(); ++i) RC_ASSERT(remove[i] || !asked[i]);
  drop_unused_connections(rest);
  require_valid(rest);
}

RC_BOOST_PROP(taking_nothing_out_changes_nothing, ()) {
  const Program program = *program_gen();
  std::vector<bool> remove(program.operations.size());
  RC_ASSERT(without(program, remove) == program);
}

// A cancel needs its request, the request its handle.
RC_BOOST_PROP(a_program_shrinks_to_the_operations_that_matter, ()) {
  const auto cancels = [](const Program& program) {
    return std::ranges::any_of(program.operations, [](const Operation& op) { return op.kind == OpKind::cancel; });
  };
  const rc::Random chance(*rc::gen::arbitrary<uint64_t>());
  const auto program = program_gen()(chance, 100);
  if (!cancels(program.value())) return;
  const Program least = rc::shrinkable::findLocalMin(program, cancels).first;
  require_valid(least);
  RC_ASSERT(least.operations.size() <= 3U);
}

RC_BOOST_PROP(a_program_file_survives_its_text, ()) {
  ProgramFile file;
  file.program = *program_gen();
  file.schedule.choices = *rc::gen::container<std::vector<Choice>>(choice_gen());
  for (Operation& op : file.program.operations)
    if (*rc::gen::arbitrary<bool>())
      op.expected = *rc::gen::oneOf(rc::gen::arbitrary<uint32_t>(), rc::gen::just(0xC0000107U));
  if (*rc::gen::arbitrary<bool>())
    file.provenance = Provenance{*rc::gen::arbitrary<uint64_t>(), *rc::gen::arbitrary<uint64_t>(), {}};
  if (file.provenance && *rc::gen::arbitrary<bool>()) file.provenance->schedule = *rc::gen::arbitrary<uint64_t>();
  if (*rc::gen::arbitrary<bool>()) file.expectation = Expectation{"divergent", "C46", *printable_gen()};
  const auto again = parse_program(print(file), "again");
  if (!again) RC_FAIL(again.error().text());
  RC_ASSERT(*again == file);
}

RC_BOOST_PROP(a_history_file_survives_its_text, ()) {
  const History history = history_of(*program_gen());
  const auto again = parse_history(print(history), "again");
  if (!again) RC_FAIL(again.error().text());
  RC_ASSERT(*again == history);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
