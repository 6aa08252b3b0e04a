// SPDX-License-Identifier: Apache-2.0
#include "harness/core/expectation_text.h"

#include <algorithm>
#include <array>

namespace rxcheck {
namespace {

constexpr std::array<std::string_view, 7> kVerdicts = {"clean",         "divergent", "drift",     "nondeterministic",
                                                       "left-schedule", "lab-fault", "incomplete"};

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::optional<std::string> from_quotes(std::string_view text) {
  if (text.size() < 2 || text.front() != '"') return std::nullopt;
  std::string out;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1 == text.size() ? std::optional(out) : std::nullopt;
    if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
    out += text[i];
  }
  return std::nullopt;
}

}  // namespace

std::string expectation_line(const Expectation& expectation) {
  std::string out = "expect " + expectation.verdict;
  if (!expectation.clause.empty()) out += " " + expectation.clause;
  if (!expectation.fingerprint.empty()) out += " " + in_quotes(expectation.fingerprint);
  return out + "\n";
}

Result<Expectation> read_expectation(const TextLine& line) {
  const auto& words = line.words;
  const Error shape{"the expectation is written otherwise", "", "write `expect VERDICT [CLAUSE [\"FINGERPRINT\"]]`"};
  if (words.size() < 2) return shape;
  if (std::ranges::find(kVerdicts, words[1]) == kVerdicts.end())
    return Error{"`" + std::string(words[1]) + "` is not a verdict", "", "use one as divergent or clean"};
  Expectation expectation{std::string(words[1]), "", ""};
  if (words.size() == 2) return expectation;
  if (words[2][0] == '"') return shape;
  expectation.clause = words[2];
  if (words.size() == 3) return expectation;
  const auto fingerprint = from_quotes(line.text.substr(static_cast<size_t>(words[3].data() - line.text.data())));
  if (!fingerprint || fingerprint->empty()) return shape;
  expectation.fingerprint = *fingerprint;
  return expectation;
}

}  // namespace rxcheck
