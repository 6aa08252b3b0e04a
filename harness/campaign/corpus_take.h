// SPDX-License-Identifier: Apache-2.0
//
// Takes programs into a corpus: from files, other corpora, a fuzzer's inputs, or generated ones. Of what is offered in
// one go as much is taken as it needs to show all that the corpus did not show (corpus_cover.h), whatever the order of
// the offer; and what is to be kept always. Everything taken is stamped with the verdict of now.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/corpus_folder.h"
#include "harness/campaign/corpus_look.h"

namespace rxcheck {

struct Offer {
  std::string origin;  // for people
  CorpusFile file;     // its stamp says what it is to be kept for
};

struct Taken {
  std::string origin;
  std::string name;
};

// A file and what is to be said of it.
struct Remark {
  std::string file;
  std::string text;
};

struct Taking {
  std::vector<Taken> taken;      // by name
  uint64_t there = 0;            // offered, and there already
  uint64_t spared = 0;           // show nothing new
  std::vector<Remark> changed;   // mean something else than they say: left out, unless they are kept always
  std::vector<Remark> diverge;   // diverge and were not asked for: left out
  std::vector<Remark> unproven;  // left-schedule, incomplete, lab fault: left out, unless they are kept always
};

struct CorpusWorkshop {
  Target& target;
  Judge& judge;                              // transitions count if it watches them
  std::string model;                         // model_digest()
  std::function<void(uint64_t)> progress{};  // files run so far
  std::function<bool()> stop{};              // asked before every run
};

// `shown`: what the corpus shows already. Nothing is taken if the work was stopped.
Result<Taking> take_into(CorpusFolder& folder, const Behaviours& shown, std::vector<Offer> offers,
                         const CorpusWorkshop& workshop);

}  // namespace rxcheck
