// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_look.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/random.h"

namespace rxcheck {

namespace {

constexpr uint64_t kCell = 0x63656c6c00000000;

std::string words_of(const Expectation& expectation) {
  std::string words = expectation.verdict;
  if (!expectation.clause.empty()) words += " " + expectation.clause;
  if (!expectation.fingerprint.empty()) words += fmt::format(" \"{}\"", expectation.fingerprint);
  return words;
}

Look seen(const Shown& shown, const Judge& judge) {
  Look look;
  look.verdict = shown.verdict;
  look.message = shown.message;
  if (shown.verdict == Verdict::clean) {
    look.behaviours = behaviours_of(judge);
    look.cells = judge.cells();
  } else if (shown.divergence) {
    look.clause = shown.divergence->clause;
    look.fingerprint = shown.divergence->fingerprint;
  }
  return look;
}

}  // namespace

Expectation Look::expectation() const { return {std::string(name_of(verdict)), clause, fingerprint}; }

std::string words_of(const Look& look) {
  std::string text(name_of(look.verdict));
  if (!look.clause.empty()) text += " " + look.clause;
  return look.message.empty() ? text : text + ": " + look.message;
}

Behaviours behaviours_of(const Judge& judge) {
  Behaviours all = judge.transitions();
  for (unsigned i = 0; i < models::kCells; ++i)
    if (judge.cells()[i]) all.push_back(mix64(kCell | i));
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Look look_at(Target& target, Judge& judge, const ProgramFile& file) { return seen(replay(target, judge, file), judge); }

Look look_at(Target& target, Judge& judge, const CorpusFile& file) {
  if (!file.history) return look_at(target, judge, file.program);
  Shown shown;
  shown.divergence = judge.judge(*file.history);
  if (shown.divergence) shown.verdict = shown.divergence->verdict;
  return seen(shown, judge);
}

std::optional<std::string> change_of_meaning(const Expectation& was, const Look& look) {
  if (!look.proves()) return std::nullopt;
  const Expectation is = look.expectation();
  const bool same = was.verdict == is.verdict && (was.clause.empty() || was.clause == is.clause) &&
                    (was.fingerprint.empty() || was.fingerprint == is.fingerprint);
  if (same) return std::nullopt;
  return fmt::format("was {}, is {}", words_of(was), words_of(is));
}

}  // namespace rxcheck
