// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "harness/campaign/run_record.h"
#include "harness/cli/assurance.h"
#include "harness/cli/direction_report.h"
#include "harness/cli/terminal.h"
#include "harness/judge/model_version.h"

namespace rxcheck::cli {

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json or_null(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

double rate_of(const CampaignResult& result) {
  return result.elapsed_s > 0 ? static_cast<double>(result.programs) / result.elapsed_s : 0;
}

Json to_json(const CampaignReport& report) {
  const CampaignResult& result = report.result;
  Json drivers = Json::array();
  for (const DriverFile& driver : report.drivers) drivers.push_back({{"path", driver.path}, {"sha256", driver.sha256}});
  Json divergences = Json::array();
  for (const Finding& finding : result.findings) {
    if (finding.verdict != Verdict::divergent) continue;
    divergences.push_back({{"fingerprint", finding.fingerprint},
                           {"clause", finding.clause},
                           {"summary", finding.summary},
                           {"repro", finding.repro},
                           {"operations", finding.operations},
                           {"actors", finding.actors},
                           {"switches", finding.switches},
                           {"occurrences", finding.occurrences}});
  }
  Json json = {{"verdict", name_of(report.verdict)},
               {"target", report.target},
               {"executive", or_null(report.executive)},
               {"drivers", drivers},
               {"model_version", model_version()},
               {"seed", report.seed},
               {"programs", result.programs},
               {"schedules", result.schedules},
               {"distinct_schedules", result.distinct_schedules},
               {"operations", result.operations},
               {"elapsed_s", report.timed ? Json(to_digits(result.elapsed_s, 3)) : Json(nullptr)},
               {"programs_per_s", report.timed ? Json(to_digits(rate_of(result), 1)) : Json(nullptr)},
               {"digest", or_null(result.digest)},
               {"lab_faults", result.lab_faults},
               {"drift", result.drift},
               {"divergences", divergences},
               {"accepted", report.accepted},
               {"assurance", assurance_of(report)}};
  if (report.directing != Directing::off) json["directed"] = direction_counts(result.direction);
  return json;
}

Json to_run_json(const CampaignReport& report) {
  Json json = to_json(report);
  json["cells"] = cells_for_record(report.result.cells);
  for (Json& divergence : json["divergences"])
    divergence["repro"] = std::filesystem::path(divergence["repro"].get<std::string>()).filename().string();
  if (report.directing != Directing::off) json["directed"] = direction_record(report.result.direction);
  return json;
}

}  // namespace rxcheck::cli
