// SPDX-License-Identifier: Apache-2.0
//
// The race detector against the definition: happens-before as reachability over all events so far, every pair looked
// at.
#include <rapidcheck/boost_test.h>

#include <bitset>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <vector>

#include "harness/explore/race_detector.h"

namespace rxcheck {
namespace {

using nt::MemoryUse;

constexpr size_t kMostEvents = 96;

struct Event {
  enum class Kind : uint8_t { use, acquire, release, barrier } kind = Kind::use;
  unsigned thread = 0;
  uint64_t where = 0;  // an address, or an object
  uint32_t size = 1;
  MemoryUse use = MemoryUse::read;

  bool releases() const { return kind == Kind::release || (kind == Kind::use && use == MemoryUse::interlocked); }
  bool acquires() const {
    return kind == Kind::acquire ||
           (kind == Kind::use && (use == MemoryUse::interlocked || use == MemoryUse::interlocked_read));
  }
};

rc::Gen<Event> event_gen() {
  return rc::gen::exec([] {
    Event event;
    event.kind = *rc::gen::weightedElement<Event::Kind>(
        {{12, Event::Kind::use}, {4, Event::Kind::acquire}, {4, Event::Kind::release}, {1, Event::Kind::barrier}});
    event.thread = *rc::gen::inRange(0u, 4u);
    event.use = *rc::gen::weightedElement<MemoryUse>({{6, MemoryUse::read},
                                                      {3, MemoryUse::write},
                                                      {2, MemoryUse::marked_read},
                                                      {2, MemoryUse::marked_write},
                                                      {2, MemoryUse::interlocked},
                                                      {1, MemoryUse::interlocked_read},
                                                      {1, MemoryUse::free}});
    if (event.kind == Event::Kind::use) {
      event.where = 0x1000 + *rc::gen::inRange(0u, 24u);
      event.size = *rc::gen::element(1u, 2u, 4u, 8u, 16u);
    } else {
      event.where = *rc::gen::inRange(1u, 4u);
    }
    return event;
  });
}

bool overlap(const Event& a, const Event& b) { return a.where < b.where + b.size && b.where < a.where + a.size; }

// What happens before each event. One edge for each pair that synchronizes.
std::vector<std::bitset<kMostEvents>> before(const std::vector<Event>& events) {
  std::vector<std::bitset<kMostEvents>> result(events.size());
  for (size_t j = 0; j < events.size(); ++j)
    for (size_t i = 0; i < j; ++i) {
      const Event& a = events[i];
      const Event& b = events[j];
      const bool same_kind = (a.kind == Event::Kind::use) == (b.kind == Event::Kind::use);
      const bool edge = a.thread == b.thread || a.kind == Event::Kind::barrier || b.kind == Event::Kind::barrier ||
                        (a.releases() && b.acquires() && same_kind && a.where == b.where);
      if (!edge) continue;
      result[j] |= result[i];
      result[j].set(i);
    }
  return result;
}

bool race(const std::vector<Event>& events, const std::vector<std::bitset<kMostEvents>>& order, size_t i, size_t j) {
  return events[i].kind == Event::Kind::use && events[j].kind == Event::Kind::use && overlap(events[i], events[j]) &&
         can_race(events[i].use, events[j].use) && !order[j].test(i);
}

BOOST_AUTO_TEST_SUITE(race_detector_properties)

RC_BOOST_PROP(the_first_race_is_the_first_of_the_definition, ()) {
  auto events = *rc::gen::container<std::vector<Event>>(event_gen());
  events.resize(std::min(events.size(), kMostEvents));
  const auto order = before(events);
  RaceDetector detector;
  for (size_t j = 0; j < events.size(); ++j) {
    const Event& event = events[j];
    bool expected = false;
    for (size_t i = 0; i < j; ++i) expected = expected || race(events, order, i, j);
    std::optional<RaceDetector::Race> found;
    switch (event.kind) {
      case Event::Kind::use:
        found = detector.access({static_cast<uint8_t>(event.thread), event.use, 0, nullptr}, event.where, event.size);
        break;
      case Event::Kind::acquire:
        detector.acquire(event.thread, event.where);
        break;
      case Event::Kind::release:
        detector.release(event.thread, event.where);
        break;
      case Event::Kind::barrier:
        detector.barrier();
        break;
    }
    RC_ASSERT(found.has_value() == expected);
    if (!found) continue;
    RC_TAG("race");
    bool is_one = false;  // the pair that it names
    for (size_t i = 0; i < j; ++i)
      is_one = is_one || (race(events, order, i, j) && events[i].thread == found->earlier.thread &&
                          events[i].use == found->earlier.use && found->address >= events[i].where &&
                          found->address < events[i].where + events[i].size && found->address >= event.where &&
                          found->address < event.where + event.size);
    RC_ASSERT(is_one);
    return;
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
