// SPDX-License-Identifier: Apache-2.0
//
// One test driver on an executive: the drills of the rules and the checks of the services call its IOCTLs.
#pragma once

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "harness/nt/driver_graph.h"

namespace rxcheck::nt {

class Nobody : public IoObserver {
 public:
  explicit Nobody(uint32_t& refusals) : refusals_(refusals) {}
  void irp_completed(uint32_t, NtStatus, uint64_t) override {}
  void allocation_refused(const Work&) override { ++refusals_; }

 private:
  uint32_t& refusals_;
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

class Lab {
 public:
  explicit Lab(const std::string& name) {
    executive.make_current();
    auto loaded = DriverGraph::load({fmt::format("{}/driver/{}/{}.sys", RXCHECK_BINARY_DIR, name, name)}, executive,
                                    true, nullptr);
    BOOST_REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().text()));
    graph = std::move(*loaded);
    executive.set_images(graph->images());
    executive.set_observer(&nobody_);
    executive.set_scheduler(&alternating);
  }

  // The rule that the functions break when called by one actor each, "" if none. A wait for time ends after `time`
  // units of 100 ns, which pass in ten parts, each when no actor can go on.
  std::string broken_by(unsigned first, unsigned second = 0, uint64_t time = 0) {
    executive.make_current();
    executive.reset();
    graph->restore();
    executive.start_thread(0, &boot, this);
    executive.run();
    BOOST_REQUIRE(!executive.violation());
    executive.set_exploring(true);
    executive.refuse_allocation(refused_allocation);
    refusals = 0;
    actors_[0] = {this, first, 1};
    actors_[1] = {this, second, 2};
    executive.start_thread(1, &act, &actors_[0]);
    if (second != 0) executive.start_thread(2, &act, &actors_[1]);
    executive.run();
    time_ = time / 10;
    for (int part = 0; part < 10 && time != 0 && !executive.violation(); ++part) {
      executive.start_thread(0, &pass, this);
      executive.run();
    }
    if (executive.violation()) return executive.violation()->rule;
    if (executive.thread(1).alive && !leaves_pending) return executive.find_stuck()->rule;
    executive.set_exploring(false);
    executive.start_thread(0, &unload, this);
    executive.run();
    if (executive.violation()) return executive.violation()->rule;
    auto leak = executive.find_leak();
    return leak ? leak->rule : "";
  }

  // What the first actor's request was completed with.
  NtStatus status() { return executive.irps()[0].status; }

  Executive executive;
  std::unique_ptr<DriverGraph> graph;
  Alternating alternating;
  uint32_t refused_allocation = 0;  // of those that the functions make, counted from 1
  uint32_t refusals = 0;
  bool upper = false;           // requests go to the device that was created before the last
  bool leaves_pending = false;  // the function never completes its request, on purpose

 private:
  struct Actor {
    Lab* lab;
    unsigned function;
    uint8_t number;
  };

  static void boot(void* lab) {
    size_t failed = 0;
    const NtStatus status = static_cast<Lab*>(lab)->graph->start(failed);
    BOOST_TEST(status == kStatusSuccess);
  }
  static void unload(void* lab) { static_cast<Lab*>(lab)->graph->unload(); }
  static void pass(void* lab) { static_cast<Lab*>(lab)->executive.advance_time(static_cast<Lab*>(lab)->time_); }
  static void act(void* argument) {
    auto* actor = static_cast<Actor*>(argument);
    Executive& executive = actor->lab->executive;
    executive.running().work = {actor->number, 1, actor->number};
    DeviceObject* device = actor->lab->graph->device();
    if (actor->lab->upper) device = device->next_device;
    const int record =
        executive.build_ioctl(device, actor->function << 2, nullptr, 0, nullptr, 0, executive.running().work);
    if (executive.send(record) != kStatusPending) return;
    executive.wait_for([&] { return executive.irps()[static_cast<size_t>(record)].completed; });
  }

  Nobody nobody_{refusals};
  Actor actors_[2];
  uint64_t time_ = 0;
};

struct Case {
  unsigned function;
  const char* what;
};
inline std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.what << " (function " << c.function << ")";
}

}  // namespace rxcheck::nt
