// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/conflict.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(conflicts)

namespace {

using namespace rxcheck;

constexpr uint64_t kBlock = 0x1000;
const LockAtAccess kLock{"Lock", 0x10, true};

// Thread 1 is stopped and works for a1.1, thread 2 for a2.1. Objects are at kBlock, eight bytes each.
LoggedAccess access(unsigned thread, Access kind, uint64_t offset, std::vector<LockAtAccess> locks = {}) {
  LoggedAccess made;
  made.at = {
      {static_cast<uint8_t>(thread), 0, 1}, "F" + std::to_string(thread), kind, "Obj+" + std::to_string(offset), 1};
  made.thread = thread;
  made.touched = {{(kBlock + offset) >> 3, kind != Access::read, kBlock}};
  made.locks = std::move(locks);
  return made;
}

LoggedAccess call(unsigned thread, const std::string& routine, uint64_t offset) {
  LoggedAccess made = access(thread, Access::call, offset);
  made.at.object = routine;
  return made;
}

struct Logs {
  std::vector<LoggedAccess> run;
  std::vector<LoggedAccess> onward;
  size_t position = 0;

  Turned turned() const { return {run, onward, {Choice::Kind::switch_, 1, position}}; }
};

// Both logs begin with a read of thread 1 at `first`; then it is stopped.
Logs after_read_of(uint64_t first) {
  const LoggedAccess before = access(1, Access::read, first);
  return {{before}, {before}, 1};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_stopped_lines_first_conflicting_access_is_paired_with_the_last_of_the_others) {
  Logs logs = after_read_of(0);
  logs.run.insert(logs.run.end(),
                  {access(2, Access::write, 8), access(2, Access::write, 8), access(2, Access::read, 0)});
  logs.onward.insert(logs.onward.end(), {access(1, Access::read, 0), access(1, Access::read, 8)});
  BOOST_TEST((first_conflict(logs.turned(), 1) == Conflict{2, 2}));
}

BOOST_AUTO_TEST_CASE(what_the_stopped_line_did_before_the_given_access_is_left_out) {
  Logs logs = after_read_of(0);
  logs.run.push_back(access(2, Access::write, 8));
  logs.onward.insert(logs.onward.end(), {access(1, Access::read, 8), access(1, Access::write, 8)});
  BOOST_TEST((first_conflict(logs.turned(), 2) == Conflict{2, 1}));
  BOOST_TEST(!first_conflict(logs.turned(), 3).has_value());
}

BOOST_AUTO_TEST_CASE(two_reads_do_not_conflict_and_a_read_and_a_write_do) {
  BOOST_TEST(!conflict(access(1, Access::read, 0), access(2, Access::read, 0)));
  BOOST_TEST(conflict(access(1, Access::read, 0), access(2, Access::write, 0)));
  BOOST_TEST(conflict(access(1, Access::atomic, 0), access(2, Access::read, 0)));
}

BOOST_AUTO_TEST_CASE(two_fields_in_one_word_do_not_conflict) {
  BOOST_TEST(conflict(access(1, Access::write, 8), access(2, Access::write, 8)));
  BOOST_TEST(!conflict(access(1, Access::write, 8), access(2, Access::write, 12)));
}

BOOST_AUTO_TEST_CASE(a_call_that_frees_conflicts_with_every_field_and_one_that_locks_with_none) {
  BOOST_TEST(conflict(access(1, Access::read, 12), call(2, "ExFreePoolWithTag", 8)));
  BOOST_TEST(frees(call(2, "ExFreePoolWithTag", 8)));
  BOOST_TEST(!conflict(access(1, Access::read, 8), call(2, "KeAcquireSpinLockRaiseToDpc", 8)));
  BOOST_TEST(!conflict(access(1, Access::read, 8), call(2, "ExReleaseResourceLite", 8)));
  BOOST_TEST(gives_lock(call(2, "ExReleaseResourceLite", 8)));
  BOOST_TEST(!gives_lock(call(2, "ExAcquireResourceSharedLite", 8)));
}

BOOST_AUTO_TEST_CASE(memory_that_was_allocated_after_the_switch_does_not_count) {
  Logs logs = after_read_of(0);
  logs.run.push_back(access(2, Access::write, 8));
  logs.onward.push_back(access(1, Access::read, 8));
  BOOST_TEST(first_conflict(logs.turned(), 1).has_value());
  logs.onward.back().touched[0].block = logs.run.back().touched[0].block = 0x9000;
  BOOST_TEST(!first_conflict(logs.turned(), 1).has_value());
}

BOOST_AUTO_TEST_CASE(what_others_do_after_the_stopped_line_goes_on_does_not_count) {
  Logs logs = after_read_of(0);
  logs.run.insert(logs.run.end(), {access(1, Access::read, 16), access(2, Access::write, 8)});
  logs.onward.push_back(access(1, Access::read, 8));
  BOOST_TEST(!first_conflict(logs.turned(), 1).has_value());
}

BOOST_AUTO_TEST_CASE(a_section_begins_with_the_last_access_that_another_line_made_stale) {
  Logs logs;
  logs.run = {access(1, Access::read, 0), access(1, Access::read, 8), access(1, Access::read, 16),
              access(2, Access::write, 8), access(2, Access::write, 0)};
  logs.onward = {logs.run[0], logs.run[1], logs.run[2]};
  logs.position = 3;
  BOOST_TEST((last_conflict(logs.turned(), 3) == Conflict{1, 3}));
  BOOST_TEST((last_conflict(logs.turned(), 1) == Conflict{0, 4}));
}

BOOST_AUTO_TEST_CASE(a_section_does_not_reach_back_into_another_operation) {
  Logs logs = after_read_of(0);
  logs.run.insert(logs.run.end(), {access(1, Access::read, 16), access(2, Access::write, 0)});
  logs.position = 2;
  BOOST_TEST(last_conflict(logs.turned(), 2).has_value());
  logs.run[0].at.line.operation = 7;
  BOOST_TEST(!last_conflict(logs.turned(), 2).has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_that_both_hold_shared_excludes_nothing) {
  LockAtAccess shared = kLock;
  shared.exclusive = false;
  BOOST_TEST(common_lock(access(1, Access::read, 0, {shared}), access(2, Access::write, 0, {shared})) == nullptr);
  BOOST_TEST(common_lock(access(1, Access::read, 0, {shared}), access(2, Access::write, 0, {kLock})) != nullptr);
  const LockAtAccess other{"Lock", 0x18, true};
  BOOST_TEST(common_lock(access(1, Access::read, 0, {other}), access(2, Access::write, 0, {kLock})) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_field_that_is_guarded_elsewhere_is_found_in_another_function_first) {
  const std::vector<LoggedAccess> run{access(1, Access::read, 0, {kLock}), access(2, Access::write, 0, {kLock}),
                                      access(2, Access::write, 8)};
  BOOST_TEST(guarded_elsewhere(run, access(1, Access::write, 0)) == &run[1]);
  BOOST_TEST(guarded_elsewhere(run, access(3, Access::write, 0)) == &run[0]);
  BOOST_TEST(guarded_elsewhere(run, access(1, Access::write, 8)) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
