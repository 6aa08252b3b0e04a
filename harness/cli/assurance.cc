// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/assurance.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/good_turing.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

namespace {

std::string_view trial_name(const CampaignReport& report) { return report.draws_programs ? "program" : "schedule"; }

Json pct_of(const PctTally& pct) {
  if (pct.schedules == 0) return nullptr;
  Json depths = Json::array();
  for (unsigned depth = 1; depth <= kBugDepths; ++depth)
    depths.push_back({{"depth", depth},
                      {"programs", pct.depths[depth - 1].programs},
                      {"least", to_significant(pct.least(depth))},
                      {"median", to_significant(pct.median(depth))},
                      {"in_every_program", to_significant(pct.in_every_program(depth))}});
  return {{"schedules", pct.schedules}, {"overran", pct.overran}, {"depths", depths}};
}

Json good_turing_of(const CampaignReport& report) {
  const BehaviourSample& sample = report.result.behaviours;
  if (sample.trials() == 0) return nullptr;
  const Discovery met = sample.discovery();
  return {{"trial", trial_name(report)},
          {"trials", met.trials},
          {"distinct", met.distinct},
          {"once", met.once},
          {"twice", met.twice},
          {"next_is_new", to_significant(probability_of_new(met))},
          {"error", to_significant(error_of_new(met))},
          {"new_in_next", to_significant(new_in_next(met))},
          {"undiscovered", static_cast<uint64_t>(undiscovered(met))},
          {"kept_one_in", uint64_t{1} << sample.thinned()},
          {"curve", sample.curve(report.result.first_trial)}};
}

// Of seeded defects, those that are missed most easily first.
std::vector<Missed> missed_of(const CampaignReport& report) {
  auto missed = report.measured->missed_by(report.result.schedules);
  std::ranges::stable_sort(missed, std::ranges::greater{}, &Missed::at_most);
  return missed;
}

Json missed_json(const CampaignReport& report) {
  Json defects = Json::array();
  for (const Missed& defect : missed_of(report))
    defects.push_back({{"id", defect.id},
                       {"probability", to_significant(defect.probability)},
                       {"at_most", to_significant(defect.at_most)}});
  return {{"from", report.measured->path}, {"sha256", report.measured->sha256}, {"defects", defects}};
}

// Each in parentheses: literals that go on in the next line.
std::vector<std::string> pct_assumptions() {
  return {
      ("pct: 1/(n k^(d-1)) a schedule (Burckhardt et al., ASPLOS 2010), for a bug that d ordering constraints between "
       "lines bring about, in a program that can show it, and that the judges see once it happens"),
      ("pct: n is every thread of the run; k is how many yield points the program's first schedule met, 400 for that "
       "schedule itself; void for a bug that shows only after the k-th yield point (`overran` schedules met more)"),
      ("pct: void for a bug that needs a switch where there is no yield point, as at memory "
       "without a learned conflict"),
      ("pct: void for a bug that needs a line, once woken, to go on before the running one waits, ends or falls: "
       "priorities are looked at only then"),
      ("pct: void for a bug of depth 3 whose second line to fall must go on before the first: here who falls later "
       "falls lower, in the paper it is left to chance"),
      ("pct: `in_every_program` is for a bug that each program of the campaign could show, the other two "
       "for one in a single program; schedules that are not by PCT count for nothing"),
  };
}

std::vector<std::string> good_turing_assumptions(const CampaignReport& report) {
  std::vector<std::string> all = {
      ("good_turing: a behaviour is the life of one operation: its kind and level, what it did and what was done to "
       "its request or handle, in order, with statuses; a new one need not be wrong, nor a defect a new one"),
      fmt::format(
          "good_turing: each {} comes by chance from the same distribution, whatever was before, and so does the "
          "next: of other generators, strategies, operations, machines or drivers it says nothing",
          trial_name(report)),
      ("good_turing: `error` is a root mean square, its bound taken at the number of behaviours that were met twice; "
       "`undiscovered` is a lower bound, whatever the frequencies (Chao 1987)"),
  };
  if (report.result.behaviours.thinned() != 0)
    all.emplace_back(
        "good_turing: counts are estimated from a uniform sample of the behaviours; `next_is_new` is an upper bound");
  return all;
}

std::vector<std::string> assumptions_of(const CampaignReport& report) {
  std::vector<std::string> all;
  const auto add = [&](const std::vector<std::string>& some) { all.insert(all.end(), some.begin(), some.end()); };
  if (report.result.pct.schedules != 0) add(pct_assumptions());
  if (report.result.behaviours.trials() != 0) add(good_turing_assumptions(report));
  if (report.measured) {
    all.emplace_back(
        "missed: each schedule finds a defect with the same probability, that of the measured hunts, which had 4 "
        "schedules a program and the drivers of then");
    all.emplace_back("missed: seeded defects are known ones; of defects of other kinds they say nothing");
  }
  if (!all.empty())
    all.emplace_back(
        "all: seeded pseudo-random numbers do for chance; a run that the lab could not carry out counts for nothing");
  return all;
}

}  // namespace

Json assurance_of(const CampaignReport& report) {
  if (report.result.programs == 0) return nullptr;
  Json assurance = {{"pct", pct_of(report.result.pct)}, {"good_turing", good_turing_of(report)}};
  if (report.measured) assurance["missed"] = missed_json(report);
  assurance["assumptions"] = assumptions_of(report);
  return assurance;
}

std::vector<std::string> assurance_lines(const CampaignReport& report) {
  std::vector<std::string> lines;
  const PctTally& pct = report.result.pct;
  if (pct.depths[1].programs != 0) {
    lines.push_back(
        fmt::format("a bug of depth 2 would be found with probability {:.2g} at least, if the median of {} can show "
                    "it; with {:.2g}, if "
                    "every program can",
                    pct.median(2), plural(pct.depths[1].programs, "program"), pct.in_every_program(2)));
    lines.push_back(
        fmt::format("  ...and shows it early: {:.0f} % of the schedules went on past the yield points for which "
                    "that holds",
                    100.0 * static_cast<double>(pct.overran) / static_cast<double>(pct.schedules)));
  }
  if (report.result.behaviours.trials() != 0) {
    const Discovery met = report.result.behaviours.discovery();
    lines.push_back(
        fmt::format("the next {} shows a behaviour not seen before with probability {:.2g} (error {:.1g}); {} "
                    "were seen, {} more are there at least",
                    trial_name(report), probability_of_new(met), error_of_new(met), with_separators(met.distinct),
                    with_separators(static_cast<uint64_t>(undiscovered(met)))));
  }
  if (report.measured && !report.measured->defects.empty()) {
    const Missed worst = missed_of(report).front();
    lines.push_back(
        fmt::format("of the {} in {} this run would have missed {} with probability {:.2g} ({:.2g} at most), "
                    "the others less easily",
                    plural(report.measured->defects.size(), "defect"), report.measured->path, worst.id,
                    worst.probability, worst.at_most));
  }
  if (!lines.empty())
    lines.emplace_back("what that rests on: `assumptions` in run.json and --json, docs/clean-night.md");
  return lines;
}

}  // namespace rxcheck::cli
