// SPDX-License-Identifier: Apache-2.0
//
// What the services do, checked by services.sys from the side of a driver.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "harness/nt/test/lab.h"

using namespace rxcheck;
using namespace rxcheck::nt;

namespace {

constexpr uint64_t kTenSeconds = 100'000'000;

Lab& lab() {
  static Lab the_lab("services");
  the_lab.executive.belongings.objects.set_user(1, {0x20000, 3, true});
  return the_lab;
}

// In the order of the table in services/main.c.
const Case kServiceCases[] = {
    {1, "timers are set, fire, are cancelled"},
    {2, "a periodic timer fires again and again"},
    {3, "a timer queues its DPC"},
    {4, "a DPC runs below DISPATCH_LEVEL, once"},
    {5, "a delay ends when its time has passed"},
    {6, "a wait ends when its time has passed"},
    {7, "work items run on another thread"},
    {8, "a wait takes the signal of a synchronization timer"},
    {9, "a mutex is its owner's again and again, and nobody else's until it is free"},
    {10, "a fast mutex raises to APC_LEVEL and excludes others"},
    {11, "an unsafe fast mutex leaves the IRQL alone"},
    {12, "a resource is shared, exclusive, converted"},
    {13, "a shared acquisition waits behind an exclusive one, or does not, as its routine says"},
    {14, "a resource is released for another thread, and for an owner that is none"},
    {15, "a queue hands out entries in order, to who waits first of all"},
    {16, "a queue that is run down gives back its entries and wakes who waits"},
    {17, "a string is copied, as much of it as fits"},
    {18, "a string is appended, or nothing of it"},
    {19, "a number becomes a string"},
    {20, "wild cards are seen, those of DOS too"},
    {21, "memory is copied, moved, filled, compared"},
    {22, "an interlocked list gives out the last entry first"},
    {23, "a lookaside list gives every block back to the pool"},
    {24, "a lookaside list uses the routines that it was given"},
    {25, "pool is allocated with a priority"},
    {26, "a number is added to under a spin lock"},
    {27, "an object is referenced by its address if its type fits"},
    {28, "a request belongs to the process of the thread that made it"},
    {29, "a token says which logon and session it is of, and whether it is restricted"},
    {30, "a thread runs between the limits of its stack"},
    {31, "the length of a security descriptor covers its parts"},
    {32, "share access refuses what others do not share"},
    {33, "an open for attributes only is not counted among the sharers"},
    {34, "an operation is synchronous by its flags or its file"},
    {35, "a file belongs to the device at the top of its stack"},
    {36, "a memory descriptor list describes a buffer"},
    {37, "pages are locked, mapped, and let go"},
    {38, "secondary descriptor lists follow the first of their request"},
    {39, "completion routines run upwards, each with its device"},
    {40, "a completion routine keeps its request, and its driver completes it again"},
    {41, "what a lower driver marked pending is seen above"},
    {42, "a built request returns its output, its status and its event"},
    {43, "a built request with direct output has its buffer described"},
    {44, "an exception is handled where a filter wants it, with all registers as they were"},
    {45, "termination handlers run between the filter and the handler"},
    {46, "a filter that declines leaves the exception to the next one"},
    {47, "what a service raises is handled like what the driver raises"},
    {48, "a captured context is that of the caller"},
    {49, "who uninitializes a cache map is signalled"},
    {50, "the cache has no data, and says so"},
    {51, "nobody has a file mapped"},
    {52, "a request for a byte range is completed"},
    {53, "what is registered is accepted, what is looked up is not there"},
    {54, "a completion routine sends its request once more"},
    {55, "what unwind information says of epilogues is skipped"},
    {56, "a handler that is not in the driver is none"},
};

void conforms(const Case& the_case) {
  BOOST_TEST(lab().broken_by(the_case.function, 0, kTenSeconds) == "");
  BOOST_TEST(lab().status() == kStatusSuccess, "line " << (lab().status() & 0xffff));
}

}  // namespace

BOOST_DATA_TEST_CASE(a_service_does_what_its_page_says, boost::unit_test::data::make(kServiceCases), the_case) {
  conforms(the_case);
}

BOOST_DATA_TEST_CASE(a_driver_that_waits_for_the_lower_one_copes_with_forced_pending,
                     boost::unit_test::data::make(kServiceCases), the_case) {
  lab().executive.set_force_pending(true);
  conforms(the_case);
  lab().executive.set_force_pending(false);
}

BOOST_DATA_TEST_CASE(a_service_does_the_same_if_nobody_is_made_to_wait_for_a_lock,
                     boost::unit_test::data::make(kServiceCases), the_case) {
  lab().executive.set_lazy_locks(true);
  conforms(the_case);
  lab().executive.set_lazy_locks(false);
}

BOOST_AUTO_TEST_CASE(a_wait_for_time_that_does_not_pass_is_a_hang) { BOOST_TEST(lab().broken_by(5) == "hang"); }
