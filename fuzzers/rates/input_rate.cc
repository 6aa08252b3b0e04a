// SPDX-License-Identifier: Apache-2.0
//
// How fast a campaign is on inputs of the fuzz target `program`: each input's program under its own schedule, with all
// that a campaign's worker does for a run (harness/campaign/block.cc): run, judges, hashes, behaviours. Generating
// programs is not in it, nor is decoding inputs. Beside it stands how fast the fuzzer is on the same inputs
// (script/measure-fuzzers).
//
//   input_rate [--drivers FOLDER] ROUNDS FILE    the inputs that program_recorder has written there, ROUNDS times over
//
// Prints the inputs, the operations of one on average, runs, and the processor's time for them (user and system) in
// seconds.
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "fuzzers/program/bytes.h"
#include "harness/campaign/behaviours.h"
#include "harness/campaign/plan.h"
#include "harness/campaign/run_hash.h"
#include "harness/campaign/tally.h"
#include "harness/core/text_file.h"
#include "harness/judge/judge.h"
#include "harness/targets/inproc.h"

namespace {

using namespace rxcheck;

constexpr uint64_t kLearnSeed = 1;
constexpr size_t kMostBytes = size_t{1} << 30;

double processor_s() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// What program_recorder has written (recorded.cc).
Result<std::vector<fuzz::Input>> inputs_of(const std::string& path) {
  const auto bytes = read_text_file(path, kMostBytes);
  if (!bytes) return bytes.error();
  std::span<const uint8_t> rest(reinterpret_cast<const uint8_t*>(bytes->data()), bytes->size());
  std::vector<fuzz::Input> inputs;
  uint32_t length = 0;
  while (rest.size() >= sizeof length) {
    std::memcpy(&length, rest.data(), sizeof length);
    rest = rest.subspan(sizeof length);
    if (length > rest.size()) break;
    inputs.push_back(fuzz::decode(rest.first(length)));
    rest = rest.subspan(length);
  }
  if (inputs.empty() || !rest.empty()) return Error{"no whole inputs", path, "let program_recorder write them anew"};
  return inputs;
}

// A campaign's worker, on inputs.
class Runner {
 public:
  explicit Runner(Target& target) : target_(target) {}

  // Nothing, or what is wrong.
  std::optional<Error> run(const fuzz::Input& input, uint64_t trial) {
    const Plan plan = input.plan(switches_);
    target_.run(input.program, plan, result_);
    const auto found = judge_.judge(result_);
    const Verdict verdict = verdict_of(result_, found);
    if (verdict != Verdict::clean) return Error{std::string(name_of(verdict)), "an input", "take it out"};
    sum_ ^= hash_of(input.program) ^ hash_of(result_, verdict);
    schedules_.insert(result_.schedule_hash);
    behaviours_of(result_.history, lives_);
    tally_.behaviours.add(trial, lives_);
    tally_.cells |= judge_.cells();
    return std::nullopt;
  }

 private:
  Target& target_;
  Judge judge_;
  RunResult result_;
  fuzz::Switches switches_;
  uint64_t sum_ = 0;
  std::unordered_set<uint64_t> schedules_;
  std::vector<uint64_t> lives_;
  Tally tally_;
};

int measure(const std::vector<std::string>& drivers, uint64_t rounds, const std::string& path) {
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "input_rate: %s\n", error.text().c_str());
    return 1;
  };
  const auto inputs = inputs_of(path);
  if (!inputs) return fail(inputs.error());
  auto target = make_inproc_target({drivers, true, true});
  if (!target) return fail(target.error());
  (*target)->learn(ProgramSource(kLearnSeed).for_learning(), kLearnSeed);
  Runner runner(**target);
  size_t operations = 0;
  for (const auto& input : *inputs) operations += input.program.operations.size();
  const double before_s = processor_s();
  for (uint64_t round = 0; round < rounds; ++round)
    for (size_t i = 0; i < inputs->size(); ++i)
      if (const auto failed = runner.run((*inputs)[i], round * inputs->size() + i)) return fail(*failed);
  const double took_s = processor_s() - before_s;
  const auto count = static_cast<double>(inputs->size());
  std::printf("%zu %.1f %zu %.3f\n", inputs->size(), static_cast<double>(operations) / count, rounds * inputs->size(),
              took_s);
  return 0;
}

int run(std::vector<std::string> words) {
  std::vector<std::string> drivers;
  if (words.size() == 4 && words[0] == "--drivers") {
    drivers = {words[1] + "/rxrdbss.sys", words[1] + "/rxprobe.sys"};
    words.erase(words.begin(), words.begin() + 2);
  }
  const auto rounds = words.size() == 2 ? parse_number(words[0], 1'000'000) : std::nullopt;
  if (!rounds) {
    std::fprintf(stderr, "usage: input_rate [--drivers FOLDER] ROUNDS FILE\n");
    return 64;
  }
  return measure(drivers, *rounds, words[1]);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "input_rate: %s\n", error.what());
    return 1;
  }
}
