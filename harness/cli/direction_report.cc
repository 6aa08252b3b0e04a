// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/direction_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace rxcheck::cli {

namespace {

std::vector<std::string> sorted_names(const models::CellSet& cells) {
  std::vector<std::string> names = models::names_of(cells);
  std::ranges::sort(names);
  return names;
}

// As "first < second": the order that was seen.
std::string name_of_pair(const DirectionReport& report, const SitePair& sites, const PairBook::Entry& entry) {
  const SitePair seen = entry.forward ? sites : sites.reversed();
  return fmt::format("{} < {}", report.names.at(seen.first), report.names.at(seen.second));
}

}  // namespace

Json direction_counts(const DirectionReport& report) {
  const PairBook::Sums sums = report.pairs.sums();
  return {{"sketches", report.sketches},
          {"sketches_that_hit", report.hits},
          {"cells_by_sketches", report.cells.count()},
          {"cells_first_by_sketches", report.new_cells.count()},
          {"turns", report.turns},
          {"pairs",
           {{"seen", sums.pairs},
            {"both_orders", sums.both},
            {"fixed", sums.fixed},
            {"tried", sums.tried},
            {"turned", sums.turned},
            {"forced", sums.forced},
            {"in_vain", sums.abandoned}}}};
}

Json direction_record(const DirectionReport& report) {
  Json json = direction_counts(report);
  std::vector<std::string> turned, in_vain;
  for (const auto& [sites, entry] : report.pairs.sorted()) {
    if (entry.tries == 0) continue;
    if (entry.both())
      turned.push_back(name_of_pair(report, sites, entry));
    else if (entry.tries == PairBook::kMostTries && !entry.forced)
      in_vain.push_back(name_of_pair(report, sites, entry));
  }
  std::ranges::sort(turned);
  std::ranges::sort(in_vain);
  json["cells"] = sorted_names(report.cells);
  json["turned"] = turned;
  json["in_vain"] = in_vain;
  return json;
}

}  // namespace rxcheck::cli
