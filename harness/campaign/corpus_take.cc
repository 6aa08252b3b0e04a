// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_take.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rxcheck {

namespace {

// An offer that may be taken, with what it shows.
struct Candidate {
  Offer offer;
  Look look;
  bool always = false;
};

// Whether somebody has said what it means: then that is kept with it.
bool has_meaning(const CorpusFile& file) { return file.history.has_value() || file.program.expectation.has_value(); }

// False if it is left out. A known file must show what it is known for; a regression is kept whatever it shows.
bool admit(const Offer& offer, const Look& look, bool always, Taking& taking) {
  const std::string& origin = offer.origin;
  if (!look.proves()) {
    taking.unproven.push_back({origin, words_of(look)});
    return always && has_meaning(offer.file);
  }
  if (offer.file.keeping() == Keeping::known && !offer.file.program.expectation && !look.is_divergence()) {
    taking.changed.push_back({origin, "is clean: it shows nothing to be known"});
    return false;
  }
  if (const auto change = change_of_meaning(offer.file.expectation(), look); change && has_meaning(offer.file)) {
    taking.changed.push_back({origin, *change});
    return always;
  }
  if (look.is_divergence() && !always) {
    taking.diverge.push_back({origin, words_of(look)});
    return false;
  }
  return true;
}

}  // namespace

Result<Taking> take_into(CorpusFolder& folder, const Behaviours& shown, std::vector<Offer> offers,
                         const CorpusWorkshop& workshop) {
  Taking taking;
  // The same program offered twice: a regression first, then by origin.
  std::ranges::sort(offers, {}, [](const Offer& offer) {
    return std::tuple(offer.file.digest, offer.file.keeping() == Keeping::behaviour, offer.origin);
  });
  std::vector<Candidate> candidates;
  uint64_t done = 0;
  for (size_t i = 0; i < offers.size(); ++i) {
    if (workshop.stop && workshop.stop()) return Taking{};
    Offer& offer = offers[i];
    const bool again = i != 0 && offers[i - 1].file.digest == offer.file.digest;
    if (folder.holds(offer.file.digest) || again) {
      ++taking.there;
      continue;
    }
    const bool always = offer.file.keeping() != Keeping::behaviour;
    Look look = look_at(workshop.target, workshop.judge, offer.file);
    if (admit(offer, look, always, taking)) candidates.push_back({offer, std::move(look), always});
    if (workshop.progress) workshop.progress(++done);
  }
  std::vector<CoverItem> items;
  items.reserve(candidates.size());
  for (const Candidate& candidate : candidates)
    items.push_back(
        {candidate.offer.file.text.size(), candidate.offer.file.digest, &candidate.look.behaviours, candidate.always});
  const std::vector<bool> kept = cover(items, shown);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    if (!kept[i]) {
      ++taking.spared;
      continue;
    }
    CorpusFile file = candidate.offer.file;
    const auto change = change_of_meaning(file.expectation(), candidate.look);
    if (!file.history && candidate.look.proves() && (!change || !file.program.expectation)) {
      const Stored stored{workshop.model, file.keeping()};
      file.text = stamped(file.text, stored, candidate.look.expectation());
      file.program.stored = stored;
      file.program.expectation = candidate.look.expectation();
    }
    auto name = folder.add(std::move(file));
    if (!name) return name.error();
    taking.taken.push_back({candidate.offer.origin, *name});
  }
  std::ranges::sort(taking.taken, {}, &Taken::name);
  return taking;
}

}  // namespace rxcheck
