// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/half_lives.h"

#include <limits>

#include "harness/campaign/half_life.h"
#include "harness/core/digest.h"
#include "harness/core/text_file.h"

namespace rxcheck::cli {

namespace {

constexpr size_t kMost = 16u << 20;

// Infinite if it is null; -1 if it is not what `mutants` prints.
double number_in(const Json& mutant, const char* key) {
  const auto found = mutant.find(key);
  if (found == mutant.end()) return -1;
  if (found->is_null()) return std::numeric_limits<double>::infinity();
  return found->is_number() ? found->get<double>() : -1;
}

}  // namespace

Result<HalfLives> load_half_lives(const std::string& path) {
  const auto text = read_text_file(path, kMost);
  if (!text) return text.error();
  const Error other{"this is not what `rxcheck mutants --json` prints", path,
                    "measure it: rxcheck mutants --seeds 20 --json >FILE"};
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("mutants") || !json["mutants"].is_array()) return other;
  HalfLives lives{path, sha256_hex(*text), {}};
  for (const Json& mutant : json["mutants"]) {
    if (!mutant.is_object() || !mutant.contains("id") || !mutant["id"].is_string()) return other;
    if (mutant.contains("counts") && !mutant["counts"].is_boolean()) return other;
    const double likeliest = number_in(mutant, "half_life"), high = number_in(mutant, "half_life_high");
    if (likeliest <= 0 || high <= 0) return other;
    // One that changes nothing is no defect.
    if (!mutant.value("counts", true)) continue;
    lives.defects.push_back({mutant["id"].get<std::string>(), likeliest, high});
  }
  return lives;
}

std::vector<Missed> HalfLives::missed_by(uint64_t schedules) const {
  std::vector<Missed> all;
  for (const Defect& defect : defects)
    all.push_back({defect.id, probability_of_missing(schedules, defect.likeliest),
                   probability_of_missing(schedules, defect.high)});
  return all;
}

}  // namespace rxcheck::cli
