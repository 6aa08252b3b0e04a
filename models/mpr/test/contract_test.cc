// SPDX-License-Identifier: Apache-2.0
//
// Every clause of the surface `mpr` refuses a history written by hand, naming itself, and lets it pass when it is
// switched off.
#include "models/mpr/contract.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/mpr_program_text.h"
#include "harness/core/test/why.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {
namespace {

// One provider, one notifyee, X: and Y: and a connection without a device, all to one share; `lines` are the
// operations.
History history_of(const std::string& lines, const std::vector<uint32_t>& results) {
  const auto file = parse_program(
      "rxp 1\nsurface mpr\nprovider np\nconnection X: \\\\s\\t\nconnection Y: \\\\s\\t\nconnection \\\\s\\t\n" + lines +
          "end\n",
      "by-hand.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_REQUIRE_EQUAL(file->program.operations.size(), results.size());
  History history{file->program, {}};
  for (size_t i = 0; i < results.size(); ++i) history.steps.push_back({i, {}, results[i]});
  return history;
}

std::string in_words(const std::optional<Refusal>& refusal) {
  if (!refusal) return "accepted";
  return "C" + std::to_string(refusal->clause) + " at step " + std::to_string(refusal->step) + " [" + refusal->state +
         "] expected " + refusal->expected + ", observed " + refusal->observed;
}

void expect_accepted(const History& history) {
  const auto refusal = judge(history);
  BOOST_TEST(!refusal.has_value(), in_words(refusal));
}

// By this clause, at this step, and by no other.
void expect_refused(const History& history, models::ClauseId clause, size_t step) {
  const auto refusal = judge(history);
  BOOST_TEST_REQUIRE(refusal.has_value(), "accepted, but breaks C" << unsigned{clause});
  BOOST_TEST(unsigned{refusal->clause} == unsigned{clause}, in_words(refusal));
  BOOST_TEST(refusal->step == step, in_words(refusal));
  BOOST_TEST(!refusal->state.empty());
  BOOST_TEST((!refusal->expected.empty() && !refusal->observed.empty()));
  BOOST_TEST(models::find_clause(clause) != nullptr);
  const auto without = judge(history, models::ClauseSet().switch_off(clause));
  BOOST_TEST(!without.has_value(), in_words(without));
}

constexpr uint32_t kYes = win32::kNoError;
constexpr uint32_t kNo = win32::kNotConnected;

Callout notified(bool post, uint32_t context) {
  return {Callout::Kind::cancel_notify, "hear", "X:", false, post, 0, context};
}
const Callout kAsked{Callout::Kind::provider_cancel, "np", "X:", false, false, 0, 0};

// A cancel that succeeds while `hear` listens, with these callouts.
History heard(std::vector<Callout> callouts) {
  History history = history_of("1 netadd X:\n1 netcancel X: FALSE\n", {kYes, kYes});
  history.program.notifyees = {"hear"};
  history.steps[1].callouts = std::move(callouts);
  return history;
}

BOOST_AUTO_TEST_SUITE(mpr_contract)

BOOST_AUTO_TEST_CASE(c74_a_busy_drive_is_told_so) {
  const std::string busy = "1 netadd X:\n1 netopen X: -> f1\n1 netcancel X: FALSE\n";
  expect_accepted(history_of(busy, {kYes, kYes, win32::kOpenFiles}));
  expect_accepted(history_of(busy, {kYes, kYes, win32::kDeviceInUse}));
  expect_refused(history_of(busy, {kYes, kYes, kNo}), 74, 2);
  expect_refused(history_of(busy, {kYes, kYes, kYes}), 74, 2);
}

BOOST_AUTO_TEST_CASE(c74_a_busy_drive_stays) {
  const std::string listed = "1 netadd X:\n1 netopen X: -> f1\n1 netcancel X: FALSE\n1 netlist X:\n";
  expect_accepted(history_of(listed, {kYes, kYes, win32::kOpenFiles, kYes}));
  expect_refused(history_of(listed, {kYes, kYes, win32::kOpenFiles, kNo}), 74, 3);
}

BOOST_AUTO_TEST_CASE(c75_a_device_name_cancels_its_redirection_and_no_other) {
  const std::string two = "1 netadd X:\n1 netadd Y:\n1 netadd \\\\s\\t\n1 netcancel X: FALSE\n";
  const auto list = [&](const std::string& name, uint32_t answer) {
    return history_of(two + "1 netlist " + name + "\n", {kYes, kYes, kYes, kYes, answer});
  };
  expect_accepted(list("X:", kNo));
  expect_accepted(list("Y:", kYes));
  expect_refused(list("X:", kYes), 75, 4);
  expect_refused(list("Y:", kNo), 75, 4);
  expect_refused(list("\\\\s\\t", kNo), 75, 4);
  expect_refused(history_of("1 netadd X:\n1 netcancel X: FALSE\n", {kYes, win32::kNoNetwork}), 75, 1);
}

BOOST_AUTO_TEST_CASE(c76_a_remote_name_leaves_drives_alone) {
  const std::string both = "1 netadd X:\n1 netadd \\\\s\\t\n1 netcancel \\\\s\\t TRUE\n";
  const auto list = [&](const std::string& name, uint32_t answer) {
    return history_of(both + "1 netlist " + name + "\n", {kYes, kYes, kYes, answer});
  };
  expect_accepted(list("X:", kYes));
  expect_refused(list("X:", kNo), 76, 3);
  expect_refused(list("\\\\s\\t", kYes), 76, 3);
}

BOOST_AUTO_TEST_CASE(c76_a_drive_outlives_the_cancel_of_a_name_that_only_it_has) {
  const std::string drive_only = "1 netadd X:\n1 netcancel \\\\s\\t FALSE\n";
  expect_accepted(history_of(drive_only, {kYes, kNo}));
  expect_accepted(history_of(drive_only, {kYes, kYes}));
  expect_refused(history_of(drive_only + "1 netlist X:\n", {kYes, kYes, kNo}), 76, 2);
  expect_refused(history_of(drive_only, {kYes, win32::kNoNetwork}), 77, 1);
}

BOOST_AUTO_TEST_CASE(c77_a_name_that_is_not_connected_is_told_so) {
  expect_accepted(history_of("1 netcancel X: FALSE\n", {kNo}));
  expect_refused(history_of("1 netcancel X: FALSE\n", {win32::kNoNetwork}), 77, 0);
  expect_refused(history_of("1 netcancel X: TRUE\n", {kYes}), 77, 0);
  const std::string twice = "1 netadd X:\n1 netcancel X: FALSE\n1 netcancel X: FALSE\n";
  expect_refused(history_of(twice, {kYes, kYes, kYes}), 77, 2);
}

BOOST_AUTO_TEST_CASE(c78_force_does_not_mind_open_files) {
  const std::string forced = "1 netadd X:\n1 netopen X: -> f1\n1 netcancel X: TRUE\n";
  expect_accepted(history_of(forced, {kYes, kYes, kYes}));
  expect_refused(history_of(forced, {kYes, kYes, win32::kOpenFiles}), 78, 2);
}

BOOST_AUTO_TEST_CASE(c78_a_cancel_that_is_not_forced_closes_nothing) {
  const std::string closed = "1 netadd X:\n1 netopen X: -> f1\n1 netcancel X: FALSE\n1 netclose f1\n";
  expect_accepted(history_of(closed, {kYes, kYes, win32::kOpenFiles, kYes}));
  expect_refused(history_of(closed, {kYes, kYes, win32::kOpenFiles, win32::kInvalidHandle}), 78, 3);
}

BOOST_AUTO_TEST_CASE(what_was_never_added_may_be_open_or_not) {
  expect_accepted(history_of("1 netopen X: -> f1\n1 netclose f1\n1 netlist X:\n", {kNo, win32::kInvalidHandle, kNo}));
}

BOOST_AUTO_TEST_CASE(c88_a_notifyee_hears_before_and_after) {
  expect_accepted(heard({notified(false, 7), kAsked, notified(true, 7)}));
  expect_accepted(heard({notified(false, 0), kAsked}));  // it has set no context: it need not hear of the end
  expect_refused(heard({}), 88, 1);
  expect_refused(heard({kAsked}), 88, 1);
  expect_refused(heard({notified(false, 7), kAsked}), 88, 1);
  expect_refused(heard({kAsked, notified(true, 7)}), 88, 1);
  expect_refused(heard({kAsked, notified(false, 7), notified(true, 7)}), 88, 1);
  expect_refused(heard({notified(false, 7), notified(true, 7), kAsked}), 88, 1);
  expect_refused(heard({notified(false, 7), kAsked, notified(true, 8)}), 88, 1);
  expect_refused(heard({notified(false, 7), notified(false, 7), kAsked, notified(true, 7)}), 88, 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::mpr
