// SPDX-License-Identifier: Apache-2.0
//
// Data races of the shipped drivers, as the target looks for them.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/core/history_text.h"
#include "harness/core/program_text.h"
#include "harness/explore/pair_watch.h"
#include "harness/targets/inproc.h"
#include "harness/targets/inproc_session.h"

namespace rxcheck {

namespace {

std::vector<std::string> shipped() {
  return {RXCHECK_BINARY_DIR "/driver/rxrdbss.sys", RXCHECK_BINARY_DIR "/driver/rxprobe.sys"};
}

std::vector<Program> scenarios() {
  std::vector<Program> programs;
  for (const auto& entry : std::filesystem::directory_iterator(RXCHECK_SOURCE_DIR "/corpora/scenarios"))
    if (auto file = load_program(entry.path().string())) programs.push_back(std::move(file->program));
  return programs;
}

// Keeps who released each thing that the harness waits for, and who has acquired it from another thread.
class Waits : public nt::AccessSink {
 public:
  void touch(unsigned, uint64_t, nt::Touch, const void*) override {}
  void synchronize(unsigned thread, uint64_t object, nt::Sync how) override {
    if (object >> 56 != static_cast<uint64_t>(nt::ObjectKind::slot)) return;
    if (how == nt::Sync::release)
      releasers_[object].insert(thread);
    else if (const auto it = releasers_.find(object); it != releasers_.end())
      handed_over += it->second.size() > 1 || !it->second.contains(thread);
    else
      ++of_nobody;
  }

  unsigned handed_over = 0;
  unsigned of_nobody = 0;

 private:
  std::map<uint64_t, std::set<unsigned>> releasers_;
};

void __attribute__((ms_abi)) ignore(const RXCHECK_EVENT*) {}

}  // namespace

BOOST_AUTO_TEST_SUITE(races_suite)

// Whoever is told of accesses, or names choices, has the executive go another way at each of them.
BOOST_AUTO_TEST_CASE(whoever_watches_a_run_does_not_change_it) {
  auto target = make_inproc_target({shipped()});
  BOOST_REQUIRE_MESSAGE(target.ok(), (target.ok() ? "" : target.error().text()));
  const auto programs = scenarios();
  BOOST_REQUIRE(programs.size() > 20);
  (*target)->learn(programs, 1);
  RunResult alone, watched;
  PairWatch pairs;
  for (const Plan::Kind kind : {Plan::Kind::random, Plan::Kind::pct, Plan::Kind::pos, Plan::Kind::fair})
    for (size_t i = 0; i < programs.size(); ++i) {
      Plan plan;
      plan.kind = kind;
      plan.seed = i;
      (*target)->detect_races(false);
      (*target)->run(programs[i], plan, alone);
      for (unsigned how = 1; how < 8; ++how) {
        BOOST_TEST((*target)->detect_races((how & 1) != 0));
        plan.record = (how & 2) != 0;
        plan.pairs = (how & 4) != 0 ? &pairs : nullptr;
        BOOST_TEST_CONTEXT("plan " << static_cast<int>(kind) << ", program " << i << ", watched in way " << how) {
          (*target)->run(programs[i], plan, watched);
          BOOST_TEST((watched.end == RunResult::End::finished));
          BOOST_TEST(canonical_trace(watched.history) == canonical_trace(alone.history));
          BOOST_TEST(watched.schedule_hash == alone.schedule_hash);
          BOOST_TEST(watched.yields == alone.yields);
        }
      }
    }
}

// A request is completed by a worker and awaited by an actor; what one actor opened another uses.
BOOST_AUTO_TEST_CASE(what_the_harness_waits_for_is_acquired_from_whoever_brought_it_about) {
  nt::Executive executive;
  auto graph = nt::DriverGraph::load(shipped(), executive, true, &ignore);
  BOOST_REQUIRE_MESSAGE(graph.ok(), (graph.ok() ? "" : graph.error().text()));
  executive.set_images((*graph)->images());
  InprocSession session(executive, **graph);
  const auto program =
      parse_program("rxp 1\nconnection X: \\\\server\\share\n1 open X: \\file -> f1\n2 write f1\nend\n", "x.rxp");
  BOOST_REQUIRE_MESSAGE(program.ok(), (program.ok() ? "" : program.error().text()));
  Waits waits;
  executive.set_access_sink(&waits);
  executive.reset();
  (*graph)->restore();
  RunResult result;
  std::string message;
  BOOST_REQUIRE_MESSAGE(session.start(result, message), message);
  session.run(program->program, result, true);
  BOOST_TEST(!result.violation.has_value());
  BOOST_TEST(waits.handed_over == 3);  // two completions, and the handle
  BOOST_TEST(waits.of_nobody == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
