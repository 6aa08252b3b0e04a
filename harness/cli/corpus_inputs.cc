// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/corpus_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <utility>

#include "fuzzers/program/from_program.h"
#include "fuzzers/program/with_schedule.h"
#include "harness/core/digest.h"
#include "harness/core/text_file.h"

namespace rxcheck::cli {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMostInputBytes = 1 << 20;  // as libFuzzer reads at most
constexpr size_t kRows = 3;                  // of names that are tried
constexpr uint16_t kSeeds = 64;              // of each way of making schedules

size_t shared(const Behaviours& one, const Behaviours& other) {
  Behaviours both;
  std::ranges::set_intersection(one, other, std::back_inserter(both));
  return both.size();
}

// The input that shows most of what is wanted: the first of those that show as much.
struct Best {
  fuzz::Input input;
  size_t shows = 0;
};

// How much of what is wanted an input shows; 0 if its run is not clean.
size_t shows(const fuzz::Input& input, const Behaviours& wanted, const CorpusWorkshop& workshop) {
  RunResult run;
  fuzz::Switches departures;
  workshop.target.run(input.program, input.plan(departures), run);
  if (verdict_of(run, workshop.judge.judge(run)) != Verdict::clean) return 0;
  return shared(behaviours_of(workshop.judge), wanted);
}

std::optional<Best> search(const ProgramFile& file, const Behaviours& wanted, const CorpusWorkshop& workshop) {
  std::vector<fuzz::Input> inputs = fuzz::inputs_like(file.program);
  if (inputs.empty()) return std::nullopt;
  if (inputs.size() > kRows) inputs.resize(kRows);
  Best best{inputs.front(), 0};
  const auto attempt = [&](const fuzz::Input& input) {
    const size_t shown = shows(input, wanted, workshop);
    if (shown > best.shows) best = {input, shown};
    return best.shows == wanted.size();
  };
  for (const fuzz::Input& input : inputs) {
    const auto exact = fuzz::with_schedule(workshop.target, input, file.schedule);
    if (exact && wanted.empty()) return Best{*exact, 0};
    if (exact && attempt(*exact)) return best;
  }
  for (fuzz::Input& input : inputs) {
    for (unsigned way = 0; way < fuzz::ways(); ++way) {
      for (uint16_t seed = 0; seed < kSeeds; ++seed) {
        input.way = static_cast<uint8_t>(way);
        input.seed = seed;
        fuzz::Switches departures;
        if (input.plan(departures).kind == Plan::Kind::baseline && seed != 0) break;  // nothing by chance
        if (attempt(input)) return best;
      }
    }
  }
  return best;
}

}  // namespace

Result<std::vector<Offer>> read_inputs(const std::string& folder, const CorpusWorkshop& workshop) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_regular_file() && entry.path().filename().string()[0] != '.') paths.push_back(entry.path());
  if (error) return Error{error.message(), folder, "name a folder of the program fuzzer's inputs"};
  std::ranges::sort(paths);
  std::vector<Offer> offers;
  RunResult run;
  for (const fs::path& path : paths) {
    if (workshop.stop && workshop.stop()) break;
    const auto bytes = read_text_file(path.string(), kMostInputBytes);
    if (!bytes) return bytes.error();
    const auto* data = reinterpret_cast<const uint8_t*>(bytes->data());
    const fuzz::Input input = fuzz::decode(std::span(data, bytes->size()));
    fuzz::Switches departures;
    Plan plan = input.plan(departures);
    plan.record = true;
    workshop.target.run(input.program, plan, run);
    offers.push_back({path.filename().string(), corpus_file_of({input.program, run.schedule})});
  }
  return offers;
}

Result<Export> write_inputs(const CorpusFolder& corpus, const Survey& survey, const std::string& folder,
                            const CorpusWorkshop& workshop) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{"cannot make this folder: " + error.message(), folder, "name another"};
  Export result;
  for (size_t i = 0; i < corpus.files().size(); ++i) {
    if (workshop.stop && workshop.stop()) break;
    const CorpusFile& file = corpus.files()[i];
    const Behaviours& wanted = survey.looks[i].behaviours;
    const auto best = file.history ? std::nullopt : search(file.program, wanted, workshop);
    if (workshop.progress) workshop.progress(i + 1);
    if (!best) {
      result.left_out.push_back(
          {file.name, file.history ? "a history is no program" : "no input of the fuzzer is such a program"});
      continue;
    }
    if (!survey.looks[i].proves())
      result.in_part.push_back({file.name, words_of(survey.looks[i])});
    else if (best->shows < wanted.size())
      result.in_part.push_back({file.name, fmt::format("shows {} of {} behaviours", best->shows, wanted.size())});
    const std::vector<uint8_t> encoded = fuzz::encode(best->input);
    const std::string bytes(encoded.begin(), encoded.end());
    const std::string name = sha1_hex(bytes);
    if (auto failed = write_text_file((fs::path(folder) / name).string(), bytes)) return *failed;
    result.written.push_back({file.name, name});
  }
  return result;
}

}  // namespace rxcheck::cli
