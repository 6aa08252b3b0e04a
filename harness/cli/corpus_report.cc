// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/corpus_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "harness/cli/terminal.h"
#include "harness/judge/model_version.h"

namespace rxcheck::cli {

namespace {

Json remarks_json(const std::vector<Remark>& remarks) {
  Json list = Json::array();
  for (const Remark& remark : remarks) list.push_back({{"file", remark.file}, {"text", remark.text}});
  return list;
}

uint64_t count(const CorpusFolder& folder, auto condition) {
  return static_cast<uint64_t>(std::ranges::count_if(folder.files(), condition));
}

// For people: what each list of files and remarks is.
struct Heading {
  const char* key;
  const char* words;
};
constexpr Heading kHeadings[] = {{"changed", "meaning changed"},
                                 {"unproven", "cannot be judged"},
                                 {"diverge", "not taken"},
                                 {"offered_changed", "meaning changed"},
                                 {"offered_unproven", "cannot be judged"},
                                 {"in_part", "exported in part"},
                                 {"left_out", "not exported"}};

void print_line(const std::string& key, const Json& value) {
  for (const Heading& heading : kHeadings) {
    if (key != heading.key) continue;
    for (const Json& remark : value)
      fmt::print("{}: {} {}\n", tinted(heading.words, Tint::yellow), remark["file"].get<std::string>(),
                 remark["text"].get<std::string>());
    return;
  }
  if (key == "unreached") {
    for (const Json& cell : value) fmt::print("unreached: {}\n", cell.get<std::string>());
  } else if (key == "taken" || key == "written") {
    for (const Json& one : value)
      fmt::print("{}: {} <- {}\n", key, one["name"].get<std::string>(), one["origin"].get<std::string>());
  } else if (key == "removed") {
    for (const Json& one : value) fmt::print("removed: {}\n", one.get<std::string>());
  } else {
    fmt::print("{}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

Json taken_json(const std::vector<Taken>& taken) {
  Json list = Json::array();
  for (const Taken& one : taken) list.push_back({{"origin", one.origin}, {"name", one.name}});
  return list;
}

}  // namespace

Json corpus_json(const CorpusFolder& folder, const Survey& survey) {
  uint64_t bytes = 0;
  for (const CorpusFile& file : folder.files()) bytes += file.text.size();
  return {{"corpus", folder.path()},
          {"model_version", model_version()},
          {"files", folder.files().size()},
          {"bytes", bytes},
          {"changed", remarks_json(survey.changed)},
          {"unproven", remarks_json(survey.unproven)}};
}

Json stats_json(const CorpusFolder& folder, const Survey& survey) {
  const models::CellSet reachable = models::reachable_cells();
  const auto kept_for = [&](Keeping keeping) {
    return count(folder, [&](const CorpusFile& file) { return file.keeping() == keeping; });
  };
  const std::string model = model_digest();
  const auto is_stamped = [&](const CorpusFile& file) { return file.program.stored.has_value(); };
  return {
      {"regressions", kept_for(Keeping::regression)},
      {"known", kept_for(Keeping::known)},
      {"unstamped", folder.files().size() - count(folder, is_stamped)},
      {"older_models",
       count(folder, [&](const CorpusFile& file) { return is_stamped(file) && file.program.stored->model != model; })},
      {"behaviours", survey.shown.size()},
      {"cells_reachable", reachable.count()},
      {"cells_reached", survey.cells.count()},
      {"unreached", models::names_of(reachable & ~survey.cells)}};
}

Json taking_json(const Taking& taking) {
  return {{"taken", taken_json(taking.taken)},
          {"there", taking.there},
          {"spared", taking.spared},
          {"offered_changed", remarks_json(taking.changed)},
          {"diverge", remarks_json(taking.diverge)},
          {"offered_unproven", remarks_json(taking.unproven)}};
}

Json minimised_json(const Minimised& minimised) {
  return {{"removed", minimised.removed}, {"stamped", minimised.stamped}};
}

Json export_json(const Export& exported) {
  return {{"written", taken_json(exported.written)},
          {"in_part", remarks_json(exported.in_part)},
          {"left_out", remarks_json(exported.left_out)}};
}

void print_corpus(const Json& report, bool json) {
  if (json) {
    std::puts(report.dump(2).c_str());
    return;
  }
  for (const auto& [key, value] : report.items()) print_line(key, value);
}

ExitCode exit_code_of(const Survey& survey) {
  if (!survey.changed.empty()) return kExitDivergent;
  return survey.unproven.empty() ? kExitClean : kExitIncomplete;
}

ExitCode exit_code_of(const Taking& taking) {
  if (!taking.changed.empty() || !taking.diverge.empty()) return kExitDivergent;
  return taking.unproven.empty() ? kExitClean : kExitIncomplete;
}

}  // namespace rxcheck::cli
