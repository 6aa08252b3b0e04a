// SPDX-License-Identifier: Apache-2.0
#include "harness/core/stored_text.h"

#include <array>
#include <string_view>

namespace rxcheck {
namespace {

constexpr size_t kModelDigits = 12;
constexpr std::array<std::string_view, 3> kKeepings = {"", "regression", "known"};

bool is_model(std::string_view word) {
  return word.size() == kModelDigits && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string stored_line(const Stored& stored) {
  std::string out = "stored " + stored.model;
  if (stored.keeping != Keeping::behaviour) {
    out += ' ';
    out += kKeepings[static_cast<size_t>(stored.keeping)];
  }
  return out + "\n";
}

Result<Stored> read_stored(const TextLine& line) {
  const auto& words = line.words;
  const Error shape{"how it is stored is written otherwise", "", "write `stored MODEL [regression|known]`"};
  if (words.size() < 2 || words.size() > 3 || !is_model(words[1])) return shape;
  Stored stored{std::string(words[1])};
  if (words.size() == 2) return stored;
  for (size_t i = 1; i < kKeepings.size(); ++i) {
    if (words[2] != kKeepings[i]) continue;
    stored.keeping = static_cast<Keeping>(i);
    return stored;
  }
  return shape;
}

}  // namespace rxcheck
