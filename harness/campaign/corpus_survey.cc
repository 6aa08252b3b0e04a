// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_survey.h"

#include <algorithm>

namespace rxcheck {

namespace {

bool has_written_results(const CorpusFile& file) {
  return std::ranges::any_of(file.program.program.operations,
                             [](const Operation& op) { return op.expected.has_value(); });
}

// A change comes from the models, or else from what was run.
std::string why(const CorpusFile& file, const std::string& model) {
  const auto& stored = file.program.stored;
  if (!stored) return "";
  if (stored->model == model) return ", under the same models";
  return ", under models " + stored->model + ", now " + model;
}

}  // namespace

Survey survey(const CorpusFolder& folder, const CorpusWorkshop& workshop) {
  Survey result;
  for (const CorpusFile& file : folder.files()) {
    result.stopped = workshop.stop && workshop.stop();
    if (result.stopped) return result;
    Look look = look_at(workshop.target, workshop.judge, file);
    if (!look.proves())
      result.unproven.push_back({file.name, words_of(look)});
    else if (const auto change = change_of_meaning(file.expectation(), look))
      result.changed.push_back({file.name, *change + why(file, workshop.model)});
    result.shown.insert(result.shown.end(), look.behaviours.begin(), look.behaviours.end());
    result.cells |= look.cells;
    result.looks.push_back(std::move(look));
    if (workshop.progress) workshop.progress(result.looks.size());
  }
  std::ranges::sort(result.shown);
  result.shown.erase(std::unique(result.shown.begin(), result.shown.end()), result.shown.end());
  return result;
}

Result<Minimised> minimise(CorpusFolder& folder, const Survey& survey, const std::string& model, bool update) {
  Minimised result;
  const std::vector<CorpusFile> files = folder.files();
  // Sizes are those with the stamps: of what is left, all is kept the next time, too.
  std::vector<std::string> texts;
  std::vector<CoverItem> items;
  for (size_t i = 0; i < files.size(); ++i) {
    const CorpusFile& file = files[i];
    const Look& look = survey.looks[i];
    const bool changed = change_of_meaning(file.expectation(), look).has_value();
    const bool stamps = !file.history && look.proves() && (update || !changed);
    texts.push_back(stamps ? stamped(file.text, {model, file.keeping()}, look.expectation()) : file.text);
    const bool always = file.keeping() != Keeping::behaviour || has_written_results(file) ||
                        look.verdict != Verdict::clean || (changed && !stamps);
    items.push_back({texts.back().size(), file.digest, &look.behaviours, always});
  }
  const std::vector<bool> kept = cover(items);
  for (size_t i = 0; i < files.size(); ++i) {
    if (!kept[i] || texts[i] == files[i].text) continue;
    if (auto failed = folder.rewrite(files[i].name, texts[i])) return *failed;
    ++result.stamped;
  }
  for (size_t i = 0; i < files.size(); ++i) {
    if (kept[i]) continue;
    if (auto failed = folder.remove(files[i].name)) return *failed;
    result.removed.push_back(files[i].name);
  }
  return result;
}

}  // namespace rxcheck
