// SPDX-License-Identifier: Apache-2.0
//
// What LinearExtensions takes for granted of the judges: an operation that overlaps with more is allowed no less. So of
// histories that differ only in when operations are called and return, the strictest speak for all.
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/campaign/plan.h"
#include "harness/core/random.h"
#include "harness/judge/judge.h"
#include "harness/targets/inproc.h"
#include "models/shadow/shadow.h"

namespace rxcheck {

namespace {

// Where a call can come one event earlier, or a return one later; or, not `more`, the other way round. An actor's own
// events stay in their order, and so does what the environment waits for.
std::vector<size_t> places(const History& history, bool more) {
  const std::vector<Event>& events = history.events;
  const auto actor_of = [&](const Event& event) {
    return event.operation < history.program.operations.size() ? history.program.operations[event.operation].actor : 0;
  };
  std::vector<size_t> found;
  for (size_t first = 0; first + 1 < events.size(); ++first) {
    const Event &one = events[more ? first : first + 1], &other = events[more ? first + 1 : first];
    const bool widens = (other.kind == EventKind::call && one.kind != EventKind::call) ||
                        (one.kind == EventKind::ret && other.kind != EventKind::ret);
    if (!widens || actor_of(one) == 0 || actor_of(other) == 0 || one.operation == other.operation) continue;
    if (actor_of(one) == actor_of(other) && (one.kind == EventKind::ret || one.kind == EventKind::call)) continue;
    found.push_back(first);
  }
  return found;
}

// At a place that the random numbers choose; false if there is none.
bool change_overlap(History& history, bool more, Random& random) {
  const std::vector<size_t> all = places(history, more);
  if (all.empty()) return false;
  const size_t first = all[random.below(static_cast<uint32_t>(all.size()))];
  std::swap(history.events[first], history.events[first + 1]);
  return true;
}

struct Seen {
  uint64_t widened = 0;
  uint64_t refused_before = 0;  // and after
  uint64_t narrowed = 0;
  uint64_t refused_narrow = 0;  // and not before
};

// The history with more and more overlap, as long as it conforms.
void widen(Judge& judge, History history, Random& random, Seen& seen, const std::string& where) {
  bool clean = !judge.judge(history);
  for (int i = 0; i < 12 && change_overlap(history, true, random); ++i) {
    const auto found = judge.judge(history);
    BOOST_TEST(!(clean && found), where << ": " << (found ? found->summary : ""));
    ++seen.widened;
    seen.refused_before += !clean && found;
    clean = !found;
  }
}

// ...and with less and less, which is no history of anything, but shows that the judges look at overlap.
void narrow(Judge& judge, History history, Random& random, Seen& seen) {
  bool clean = !judge.judge(history);
  for (int i = 0; i < 12 && clean && change_overlap(history, false, random); ++i) {
    clean = !judge.judge(history);
    ++seen.narrowed;
    seen.refused_narrow += !clean;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(overlap_suite)

BOOST_AUTO_TEST_CASE(what_conforms_conforms_with_more_overlap_whoever_made_the_history) {
  const ProgramSource source(77);
  Judge judge;
  Random random(5);
  Seen seen;
  History history;
  Program program;
  for (uint64_t i = 0; i < 2000; ++i) {
    source.at(i, program);
    const auto faults = models::faults();
    models::Shadow shadow({i % 3 == 0 ? faults[random.below(static_cast<uint32_t>(faults.size()))] : uint8_t{0}});
    shadow.run(program, random, history);
    widen(judge, history, random, seen, "program " + std::to_string(i));
    narrow(judge, history, random, seen);
  }
  BOOST_TEST(seen.widened > 10'000u);
  BOOST_TEST(seen.refused_before > 100u);
  BOOST_TEST(seen.refused_narrow > 20u);
}

BOOST_AUTO_TEST_CASE(what_conforms_conforms_with_more_overlap_as_the_drivers_show_it) {
  Judge judge;
  Random random(6);
  for (const char* folder : {"", "mutants/D15/", "mutants/M16/", "mutants/D20/"}) {
    const std::string path = std::string(RXCHECK_BINARY_DIR "/driver/") + folder;
    auto target = make_inproc_target({{path + "rxrdbss.sys", path + "rxprobe.sys"}, true, true});
    BOOST_REQUIRE(target.ok());
    const ProgramSource source(78);
    (*target)->learn(source.for_learning(), 1);
    Seen seen;
    RunResult run;
    Program program;
    for (uint64_t i = 0; i < 500; ++i) {
      source.at(i, program);
      for (uint32_t k = 0; k < 4; ++k) {
        (*target)->run(program, plan_of(78, Strategy::mix, i, k, 4, k == 0 ? 0 : run.yields), run);
        if (!run.violation)
          widen(judge, run.history, random, seen, folder + std::string(" program ") + std::to_string(i));
      }
    }
    BOOST_TEST(seen.widened > 10'000u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
