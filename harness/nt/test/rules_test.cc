// SPDX-License-Identifier: Apache-2.0
//
// The drill of every rule of the executive: faulty.sys does each wrong on demand.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "harness/nt/test/lab.h"

using namespace rxcheck;
using namespace rxcheck::nt;

namespace {

Lab& lab() {
  static Lab the_lab("faulty");
  return the_lab;
}

const Case kCases[] = {
    {1, "use-after-free"},
    {2, "double-free"},
    {3, "leak"},
    {4, "double-completion"},
    {5, "unreleased-lock"},
    {8, "fault"},
    {9, "irql"},
    {10, "irp-after-completion"},
    {11, "overrun"},
    {12, "cancel-routine-left-set"},
    {13, "pending-mismatch"},
    {14, "not-completed"},
    {15, "irp-never-completed"},
    {16, "lock-not-held"},
    {17, "resource-without-critical-region"},
    {18, "wrong-tag"},
    {19, "uninitialized-lock"},
    {20, "deadlock"},
    {21, "fault"},
    {22, "fault"},
    {23, "unreleased-lock"},
    {24, "resource-deleted-while-held"},
    {25, "livelock"},
    {26, "wild-free"},
    {27, "hang"},
    {28, "bugcheck"},
    {29, "semaphore-limit"},
    {30, "object-underflow"},
    {31, "wild-access"},
    {140, "wild-access"},
    {32, "completed-with-pending"},
    {33, "too-many-locks"},
    {34, "freed-while-in-use"},
    {35, "uninitialized-object"},
    {37, "unreleased-lock"},
    {38, "leak"},
    {39, "underrun"},
    {40, "zero-allocation"},
    {41, "paged-access"},
    {42, "irql"},
    {43, "completed-with-lock"},
    {44, "cancel-lock-held"},
    {45, "completed-while-cancelling"},
    {46, "marked-pending-late"},
    {47, "lock-order"},
    {48, "wrong-irql-restored"},
    {49, "wrong-irql-restored"},
    {50, "critical-region-left"},
    {51, "initialized-twice"},
    {52, "device-deleted-in-use"},
    {55, "freed-while-in-use"},
    {58, "deadlock"},
    {59, "lock-not-held"},
    {60, "fast-mutex-wrong-release"},
    {61, "fast-mutex-without-critical-region"},
    {62, "uninitialized-lock"},
    {63, "unreleased-lock"},
    {64, "lock-not-held"},
    {65, "uninitialized-object"},
    {66, "unreleased-lock"},
    {67, "uninitialized-object"},
    {68, "lock-not-held"},
    {69, "lock-not-held"},
    {70, "resource-deleted-while-held"},
    {71, "critical-region-left"},
    {72, "leak"},
    {73, "use-after-free"},
    {74, "freed-while-in-use"},
    {75, "fault"},
    {76, "leak"},
    {77, "wild-access"},
    {78, "overrun"},
    {79, "uninitialized-object"},
    {83, "own-irp-not-taken-back"},
    {84, "irp-after-completion"},
    {85, "no-more-stack-locations"},
    {86, "irp-after-completion"},
    {87, "leak"},
    {88, "wild-access"},
    {89, "wild-free"},
    {100, "freed-while-in-use"},
    {101, "page-lock"},
    {102, "page-lock"},
    {103, "leak"},
    {104, "overrun"},
    {105, "unhandled-exception"},
    {106, "bugcheck"},
    {107, "unhandled-exception"},
    {108, "unhandled-exception"},
    {110, "no-more-stack-locations"},
    {111, "no-more-stack-locations"},
    {112, "no-more-stack-locations"},
    {116, "overrun"},
    {120, "wild-access"},
    {123, "irql"},
    {124, "wild-access"},
    {125, "leak"},
    {126, "device-deleted-in-use"},
    {127, "use-after-free"},
};

// By a driver that takes it for granted that the lower one answers at once: from 90 on in a request of its caller's.
const Case kSynchronousCases[] = {
    {80, "passed-down-irp-touched"}, {81, "stack-gone"},    {82, "passed-down-irp-touched"},
    {90, "passed-down-irp-touched"}, {91, "not-completed"}, {92, "pending-mismatch"},
};

// The rule that the function breaks, with forced pending or without.
std::string broken_below(unsigned function, bool forced) {
  lab().executive.set_scheduler(nullptr);  // or else the lower driver may be quicker
  lab().executive.set_force_pending(forced);
  lab().upper = function >= 90;
  std::string rule = lab().broken_by(function);
  lab().upper = false;
  lab().executive.set_force_pending(false);
  lab().executive.set_scheduler(&lab().alternating);
  return rule;
}

}  // namespace

BOOST_DATA_TEST_CASE(a_driver_that_takes_the_lower_one_for_synchronous_passes_unseen,
                     boost::unit_test::data::make(kSynchronousCases), the_case) {
  BOOST_TEST(broken_below(the_case.function, false) == "");
}

BOOST_DATA_TEST_CASE(a_driver_that_takes_the_lower_one_for_synchronous_is_found_with_forced_pending,
                     boost::unit_test::data::make(kSynchronousCases), the_case) {
  BOOST_TEST(broken_below(the_case.function, true) == the_case.what);
}

BOOST_AUTO_TEST_CASE(a_request_is_completed_once_at_each_location) {
  BOOST_TEST(broken_below(93, false) == "double-completion");
}

BOOST_AUTO_TEST_CASE(a_driver_that_passes_on_the_answer_of_the_lower_one_copes_with_forced_pending) {
  BOOST_TEST(broken_below(99, false) == "");
  BOOST_TEST(broken_below(99, true) == "");
}

BOOST_DATA_TEST_CASE(every_rule_is_set_off_by_a_driver_that_breaks_it, boost::unit_test::data::make(kCases), the_case) {
  lab().leaves_pending = the_case.function == 15;
  BOOST_TEST(lab().broken_by(the_case.function) == the_case.what);
  lab().leaves_pending = false;
}

BOOST_AUTO_TEST_CASE(a_work_item_is_queued_once) {
  lab().executive.set_scheduler(nullptr);  // or else the worker may be quicker
  BOOST_TEST(lab().broken_by(36) == "work-item-queued-twice");
  lab().executive.set_scheduler(&lab().alternating);
}

BOOST_AUTO_TEST_CASE(two_lock_orders_of_two_lines_are_found) { BOOST_TEST(lab().broken_by(6, 7) == "lock-order"); }

BOOST_AUTO_TEST_CASE(a_lock_whose_owner_waits_for_the_next_owner_is_a_deadlock) {
  BOOST_TEST(lab().broken_by(53, 54) == "deadlock");
}

BOOST_AUTO_TEST_CASE(locks_may_be_released_in_the_order_in_which_they_were_taken) {
  BOOST_TEST(lab().broken_by(56) == "");
}

BOOST_AUTO_TEST_CASE(what_is_only_tried_or_shared_makes_no_lock_order) { BOOST_TEST(lab().broken_by(57) == ""); }

BOOST_AUTO_TEST_CASE(a_driver_that_does_nothing_wrong_breaks_no_rule) { BOOST_TEST(lab().broken_by(200) == ""); }

BOOST_AUTO_TEST_CASE(a_broken_rule_leaves_nothing_behind_for_the_next_program) {
  for (int i = 0; i < 50; ++i) {
    BOOST_TEST(lab().broken_by(8) == "fault");
    BOOST_TEST(lab().broken_by(200) == "");
  }
}

BOOST_AUTO_TEST_CASE(memory_that_was_put_back_equals_a_fresh_load) {
  BOOST_TEST(lab().broken_by(200) == "");
  lab().graph->restore();
  BOOST_TEST(lab().graph->same_as_fresh());
}

BOOST_AUTO_TEST_CASE(memory_that_was_not_put_back_is_noticed) {
  BOOST_TEST(lab().broken_by(200) == "");
  BOOST_TEST(!lab().graph->same_as_fresh());
}
