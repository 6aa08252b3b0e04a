// SPDX-License-Identifier: Apache-2.0
//
// The drill of every rule of the executive: faulty.sys does each wrong on demand.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "harness/nt/driver_graph.h"

using namespace rxcheck;
using namespace rxcheck::nt;

namespace {

const std::string kFaulty = std::string(RXCHECK_BINARY_DIR) + "/driver/faulty/faulty.sys";

class Nobody : public IoObserver {
  void irp_completed(uint32_t, NtStatus, uint64_t) override {}
};

// Switches lines at every yield point, round and round: enough to make two lock orders meet.
class Alternating : public Scheduler {
 public:
  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next) override {
    next = yields + 1;
    for (unsigned i = 1; i <= 32; ++i)
      if ((runnable >> ((current + i) % 32) & 1) != 0) return (current + i) % 32;
    return current;
  }
  unsigned pick(uint32_t, unsigned baseline) override { return baseline; }
};

struct Lab {
  Executive executive;
  std::unique_ptr<DriverGraph> graph;
  Nobody nobody;
  Alternating alternating;
  struct Actor {
    Lab* lab;
    unsigned function;
    uint8_t number;
  } actors[2];

  Lab() {
    auto loaded = DriverGraph::load({kFaulty}, executive, true, nullptr);
    BOOST_REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().text()));
    graph = std::move(*loaded);
    executive.set_images(graph->images());
    executive.set_observer(&nobody);
    executive.set_scheduler(&alternating);
  }

  static void boot(void* lab) {
    size_t failed = 0;
    static_cast<Lab*>(lab)->graph->start(failed);
  }
  static void unload(void* lab) { static_cast<Lab*>(lab)->graph->unload(); }
  static void act(void* argument) {
    auto* actor = static_cast<Actor*>(argument);
    Executive& executive = actor->lab->executive;
    executive.running().work = {actor->number, 1, actor->number};
    const int record = executive.build_ioctl(actor->lab->graph->device(), actor->function << 2, nullptr, 0, nullptr, 0,
                                             executive.running().work);
    if (executive.send(record) == kStatusPending)
      executive.wait_for([](void* e) { return static_cast<Executive*>(e)->irps()[0].completed; }, &executive);
  }

  // The rule that the functions break when called by one actor each, "" if none.
  std::string broken_by(unsigned first, unsigned second = 0) {
    executive.reset();
    graph->restore();
    executive.start_thread(0, &boot, this);
    executive.run();
    BOOST_REQUIRE(!executive.violation());
    executive.set_exploring(true);
    actors[0] = {this, first, 1};
    actors[1] = {this, second, 2};
    executive.start_thread(1, &act, &actors[0]);
    if (second != 0) executive.start_thread(2, &act, &actors[1]);
    executive.run();
    if (executive.violation()) return executive.violation()->rule;
    if (executive.thread(1).alive && first != 15) return executive.find_stuck()->rule;
    executive.set_exploring(false);
    executive.start_thread(0, &unload, this);
    executive.run();
    if (executive.violation()) return executive.violation()->rule;
    auto leak = executive.find_leak();
    return leak ? leak->rule : "";
  }
};

Lab& lab() {
  static Lab the_lab;
  return the_lab;
}

struct Case {
  unsigned function;
  const char* rule;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.rule << " (function " << c.function << ")";
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
    {32, "completed-with-pending"},
    {33, "too-many-locks"},
};

}  // namespace

BOOST_DATA_TEST_CASE(every_rule_is_set_off_by_a_driver_that_breaks_it, boost::unit_test::data::make(kCases), the_case) {
  BOOST_TEST(lab().broken_by(the_case.function) == the_case.rule);
}

BOOST_AUTO_TEST_CASE(two_lock_orders_end_in_a_deadlock) { BOOST_TEST(lab().broken_by(6, 7) == "deadlock"); }

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
