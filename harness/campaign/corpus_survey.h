// SPDX-License-Identifier: Apache-2.0
//
// What a corpus shows as a whole, each of its files run once.
#pragma once

#include <vector>

#include "harness/campaign/corpus_folder.h"
#include "harness/campaign/corpus_look.h"
#include "harness/campaign/corpus_take.h"

namespace rxcheck {

struct Survey {
  std::vector<Look> looks;  // one for each of the folder's files, in their order
  Behaviours shown;         // by all together
  models::CellSet cells;
  std::vector<Remark> changed;   // mean something else than is written down
  std::vector<Remark> unproven;  // left-schedule, incomplete, lab fault
  bool stopped = false;          // then the rest is not to be used
};

Survey survey(const CorpusFolder& folder, const CorpusWorkshop& workshop);

// Takes what others show too out of the folder (corpus_cover.h), and stamps what stays with the models' version.
// A file that shows a regression, that is known, in which somebody wrote results down, whose meaning changed or of
// which nothing is known is left as it is; with `update` the changed are stamped with what they mean now. To be killed
// at any moment loses nothing: what goes is shown by what stays.
struct Minimised {
  std::vector<std::string> removed;
  uint64_t stamped = 0;
};
Result<Minimised> minimise(CorpusFolder& folder, const Survey& survey, const std::string& model, bool update);

}  // namespace rxcheck
