// SPDX-License-Identifier: Apache-2.0
//
// Requests that faulty.sys makes, cancels and loses: what is wrong only together with something else, and what looks
// wrong and is not. The drills of single rules are in rules_test.cc.
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

// Switches lines at each of the first yield points, and then no more.
class AlternatingAtFirst : public Alternating {
 public:
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next) override {
    if (yields < 150) return Alternating::preempt(current, runnable, yields, next);
    next = kNever;
    return current;
  }
};

std::string text_of(unsigned function) {
  lab().broken_by(function);
  return lab().executive.violation() ? lab().executive.violation()->text : "";
}

std::string broken_if_refused(unsigned function, uint32_t allocation) {
  lab().refused_allocation = allocation;
  std::string rule = lab().broken_by(function);
  lab().refused_allocation = 0;
  return rule;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_location_that_only_its_maker_uses_is_no_lower_drivers) {
  BOOST_TEST(lab().broken_by(113) == "");
}

BOOST_AUTO_TEST_CASE(a_request_may_be_cancelled_with_a_resource_held) { BOOST_TEST(lab().broken_by(114) == ""); }

BOOST_AUTO_TEST_CASE(a_warning_is_no_success_to_a_completion_routine) { BOOST_TEST(lab().broken_by(115) == ""); }

BOOST_AUTO_TEST_CASE(a_request_is_not_built_whose_buffer_cannot_be_had) { BOOST_TEST(lab().broken_by(117) == ""); }

BOOST_AUTO_TEST_CASE(a_handle_of_the_program_before_leads_nowhere) {
  BOOST_TEST(lab().broken_by(119) == "");  // has one
  BOOST_TEST(lab().broken_by(118) == "");
}

BOOST_AUTO_TEST_CASE(a_handle_that_was_closed_leads_nowhere) { BOOST_TEST(lab().broken_by(119) == ""); }

BOOST_AUTO_TEST_CASE(a_built_request_of_which_a_part_is_refused_is_not_made_and_leaves_nothing) {
  for (const unsigned function : {121u, 122u})
    for (const uint32_t allocation : {1u, 2u}) {
      BOOST_TEST(broken_if_refused(function, allocation) == "", function << ", allocation " << allocation);
      BOOST_TEST(lab().refusals == 1u, function << ", allocation " << allocation);
    }
}

BOOST_AUTO_TEST_CASE(a_cancel_that_waited_for_the_lock_sees_that_its_request_is_gone) {
  AlternatingAtFirst scheduler;
  lab().executive.set_scheduler(&scheduler);
  BOOST_TEST(lab().broken_by(128, 129) == "irp-after-completion");
  lab().executive.set_scheduler(&lab().alternating);
}

BOOST_AUTO_TEST_CASE(a_call_that_may_not_be_made_is_named_as_the_driver_made_it) {
  BOOST_TEST(text_of(123).starts_with("CcMapData "), text_of(123));
}

BOOST_AUTO_TEST_CASE(a_fault_outside_of_drivers_is_not_called_theirs) {
  BOOST_TEST(text_of(8).starts_with("the driver "), text_of(8));
  BOOST_TEST(text_of(22).starts_with("the driver "), text_of(22));
  BOOST_TEST(!text_of(130).starts_with("the driver "), text_of(130));
}
