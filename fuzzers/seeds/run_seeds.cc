// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/seeds/run_seeds.h"

#include <array>
#include <nlohmann/json.hpp>

#include "fuzzers/formats/formats.h"
#include "harness/campaign/block.h"
#include "harness/campaign/run_record.h"
#include "harness/campaign/run_state.h"
#include "harness/campaign/run_store.h"

namespace rxcheck::fuzz {

namespace {

constexpr const char* kFingerprint = "C2 C2/view live add_ref=1 busy=file/finalize";

BlockReport block_report(uint64_t block) {
  BlockReport report;
  report.block = block;
  report.programs = kBlockPrograms;
  report.schedules = report.distinct_schedules = 2 * kBlockPrograms;
  report.operations = 10 * kBlockPrograms;
  report.digest = std::string(64, 'a');
  report.cells.set(3);
  report.pct.schedules = 7;
  report.pct.depths[1].programs = 5;
  report.pct.depths[1].bins[40] = 5;
  report.direction.sketches = 1;
  report.direction.pairs.put({1, 2}, {true, false, true, false, 1, 3});
  report.direction.names[1] = "RxFinalizeConnection+8";
  report.behaviours.add(block * kBlockPrograms, std::array<uint64_t, 3>{5, 6, 7});
  report.occurrences.push_back({kFingerprint, Verdict::divergent, {block * kBlockPrograms + 4, 1}, 2, ""});
  return report;
}

RunState state_of(const std::vector<BlockReport>& reports) {
  RunState state;
  for (const BlockReport& report : reports) {
    state.tally.merge(report);
    for (const Occurrence& one : report.occurrences) state.meet(one.fingerprint, one.first, one.count);
  }
  return state;
}

Finding finding() {
  Finding finding;
  finding.fingerprint = kFingerprint;
  finding.clause = "C2";
  finding.summary = "a connection is deleted while a file is open";
  finding.repro = "C2-01234567.rxp";
  finding.operations = 3;
  finding.actors = 2;
  finding.switches = 1;
  return finding;
}

constexpr const char* kCampaign = R"({"seed":1,"programs":2048,"strategy":"mix","target":"inproc"})";
constexpr const char* kOptions = R"({"files":[],"target":"inproc","mode":"gated","driver":[],"seed":1,"shard":"1/1"})";

// As it is in the middle of a run, at its end, and put together from shards.
enum class Stage { begun, working, finished, merged };

std::string store(Stage stage) {
  const bool merged = stage == Stage::merged;
  auto store =
      RunStore::create_in_memory({2 * kBlockPrograms, merged ? 0U : 1U, merged ? 0U : 1U, kCampaign, kOptions});
  if (!store) return "";
  const std::vector<BlockReport> reports = {block_report(0), block_report(1)};
  RunState state = state_of(reports);
  state.findings = {finding()};
  if (merged) {
    bool failed = store->begin().has_value();
    for (const BlockReport& report : reports) failed = failed || store->put_block(report.block, report.digest);
    if (failed || store->commit(state)) return "";
  } else if (stage != Stage::begun) {
    store->add(reports[0], state, state.findings);
    store->add(reports[1], state, {});
    if (stage == Stage::finished) store->finish(state);
  }
  return store->failed() ? "" : store->bytes();
}

}  // namespace

std::vector<FormatSeed> run_seeds() {
  const unsigned in_store = format_named("run store");
  models::CellSet cells;
  for (const unsigned cell : {3U, 40U, 77U}) cells.set(cell);
  const nlohmann::ordered_json record = {
      {"verdict", "clean"}, {"divergences", nlohmann::json::array()}, {"cells", cells_for_record(cells)}};
  return {{"run-record", format_named("run record"), record.dump(2) + "\n"},
          {"run-store-begun", in_store, store(Stage::begun)},
          {"run-store-working", in_store, store(Stage::working)},
          {"run-store-finished", in_store, store(Stage::finished)},
          {"run-store-merged", in_store, store(Stage::merged)},
          {"run-state", format_named("run state"), content_of(state_of({block_report(0), block_report(1)}))},
          {"block-report", format_named("block report"), to_bytes(block_report(0))}};
}

}  // namespace rxcheck::fuzz
