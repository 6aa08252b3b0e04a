// SPDX-License-Identifier: Apache-2.0
//
// The entry of both engines: bytes are a program and a schedule (bytes.h), which run on the drivers in process, before
// all judges. The drivers count their edges (driver/hook/coverage.c); the harness does not. A divergence that repeats
// is written as CLAUSE-HASH.rxp where libFuzzer puts its artefacts, and ends the process.
//
// RXCHECK_DRIVERS: a folder with rxrdbss.sys and rxprobe.sys; by default `fuzz-driver` beside the executable.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/engine/feedback.h"
#include "fuzzers/program/bytes.h"
#include "harness/campaign/confirm.h"
#include "harness/campaign/plan.h"
#include "harness/campaign/run_folder.h"
#include "harness/core/program_text.h"
#include "harness/core/random.h"
#include "harness/core/text_file.h"
#include "harness/judge/judge.h"
#include "harness/targets/inproc.h"

namespace rxcheck::fuzz {
namespace {

constexpr uint64_t kLearnSeed = 1;

struct Lab {
  std::unique_ptr<InprocTarget> target;
  Judge judge;
  RunResult result;
  Switches switches;
  std::string artefacts;  // libFuzzer's -artifact_prefix
};

Lab& lab() {
  static Lab lab;
  return lab;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "program_fuzzer: %s\n", why.c_str());
  std::exit(1);
}

void set_up() {
  const char* chosen = std::getenv("RXCHECK_DRIVERS");
  const std::string folder = chosen != nullptr ? chosen : beside_executable("fuzz-driver");
  auto target = make_inproc_target({{folder + "/rxrdbss.sys", folder + "/rxprobe.sys"}, true, true});
  if (!target) give_up(target.error().text());
  lab().target = std::move(*target);
  if (watch_drivers(lab().target->exports_named("RxCoverage"), {}) == 0)
    give_up("the drivers in " + folder + " count no edges; build them with the preset fuzz");
  lab().judge.watch_transitions(true);
  // The same yield points whatever was run before: an input must mean one run.
  lab().target->learn(ProgramSource(kLearnSeed).for_learning(), kLearnSeed);
}

Plan plan_of(const Input& input) { return input.plan(lab().switches); }

// New behaviour: what an operation's request became, with its kind; what a delete has met (the cells of `rxcheck
// coverage`: level, lifetime of the connection, window of the cancel); and what each event met, as the reference model
// sees it (models/reference/transitions.cc). docs/fuzzing.md says what was measured, and what else was tried.
void tell_behaviour(const History& history) {
  const auto& operations = history.program.operations;
  for (const Event& event : history.events) {
    if ((event.kind != EventKind::ret && event.kind != EventKind::completed) || event.operation >= operations.size())
      continue;
    const auto kind = static_cast<uint64_t>(event.kind) << 8 | static_cast<uint64_t>(operations[event.operation].kind);
    met(mix64(kind << 32 | event.status));
  }
  const auto& cells = lab().judge.cells();
  for (size_t i = 0; i < cells.size(); ++i)
    if (cells[i]) met(mix64(i) ^ 1);
  for (const uint64_t transition : lab().judge.transitions()) met(transition ^ 2);
}

void report(const Input& input, const std::string& fingerprint) {
  std::fprintf(stderr, "program_fuzzer: %s\n", fingerprint.c_str());
  const Confirmation confirmed = confirm(*lab().target, lab().judge, input.program, plan_of(input), fingerprint);
  if (!confirmed.repeats) {
    std::fprintf(stderr, "program_fuzzer: it does not repeat: %s\n", confirmed.why_not.c_str());
    return;
  }
  const Divergence& found = confirmed.divergence;
  const ProgramFile file{confirmed.failing.program, confirmed.failing.schedule, std::nullopt,
                         Expectation{std::string(name_of(found.verdict)), found.clause, found.fingerprint}};
  const std::string path = lab().artefacts + name_of_finding(found.clause, found.fingerprint) + ".rxp";
  std::fprintf(stderr, "program_fuzzer: %s\n%s\n", found.summary.c_str(), path.c_str());
  if (why_not_free(path)) return;  // written before
  if (const auto failed = write_text_file(path, print(file))) give_up(failed->text());
}

}  // namespace
}  // namespace rxcheck::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kPrefix = "-artifact_prefix=";
  for (int i = 1; i < *argc; ++i)
    if (std::string_view((*argv)[i]).starts_with(kPrefix)) rxcheck::fuzz::lab().artefacts = (*argv)[i] + kPrefix.size();
  rxcheck::fuzz::set_up();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rxcheck;
  fuzz::Lab& lab = fuzz::lab();
  const fuzz::Input input = fuzz::decode(std::span(data, size));
  fuzz::begin_run();
  lab.target->run(input.program, fuzz::plan_of(input), lab.result);
  const auto found = lab.judge.judge(lab.result);
  fuzz::tell_behaviour(lab.result.history);
  fuzz::end_run();
  if (lab.result.end == RunResult::End::lab_fault) fuzz::give_up("lab fault: " + lab.result.lab_message);
  if (!found) return 0;
  fuzz::report(input, found->fingerprint);
  std::abort();
}
