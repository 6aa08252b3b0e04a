// SPDX-License-Identifier: Apache-2.0
//
// rxcheck clauses: the catalogue of what is promised, where, and what shows it; and the executive's rules.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/checkout.h"
#include "harness/cli/command.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"
#include "harness/judge/rules.h"

namespace rxcheck::cli {

namespace {

struct ClausesCommand {
  std::string id;
  bool json = false;
};

const std::vector<std::string>& names_for(const ByClause& names, models::ClauseId id) {
  static const std::vector<std::string> none;
  const auto found = names.find(id);
  return found == names.end() ? none : found->second;
}

template <typename List>
void print_list(std::string_view what, const List& list) {
  if (list.empty()) return;
  fmt::print("     {:<10}", what);
  for (const auto& each : list) fmt::print(" {}", each);
  fmt::print("\n");
}

Json list_rules() {
  Json list = Json::array();
  for (const Rule& rule : executive_rules()) list.push_back({{"id", rule.name}, {"sentence", rule.sentence}});
  return list;
}

ExitCode run_clauses(const ClausesCommand& options) {
  std::optional<models::ClauseId> only;
  if (!options.id.empty()) {
    only = models::parse_clause(options.id);
    if (!only || models::find_clause(*only) == nullptr)
      throw Failure{kExitUsage, {"there is no such clause", options.id, "see rxcheck clauses for all"}};
  }
  const ByClause scenarios = scenarios_by_clause();
  const ByClause mutants = mutants_by_clause();
  Json list = Json::array();
  for (const models::Clause& clause : models::catalogue()) {
    if (only && clause.id != *only) continue;
    const std::string id = fmt::format("C{}", clause.id);
    const auto& shown_by = names_for(scenarios, clause.id);
    const auto& broken_by = names_for(mutants, clause.id);
    list.push_back({{"id", id},
                    {"sentence", clause.sentence},
                    {"source", clause.source},
                    {"variants", clause.variants},
                    {"scenarios", shown_by},
                    {"mutants", broken_by},
                    {"reason", or_null(std::string(clause.no_scenario_reason))}});
    if (options.json) continue;
    fmt::print("{:<4} {}\n     {}\n", tinted(id, Tint::bold), clause.sentence, tinted(clause.source, Tint::dim));
    if (!clause.observed.empty()) fmt::print("     {:<10} {}\n", "seen by", clause.observed);
    print_list("variants", clause.variants);
    print_list("scenarios", shown_by);
    print_list("mutants", broken_by);
    if (!clause.no_scenario_reason.empty()) fmt::print("     {:<10} {}\n", "no scenario", clause.no_scenario_reason);
  }
  if (options.json) {
    std::puts(Json{{"clauses", list}, {"rules", only ? Json::array() : list_rules()}}.dump(2).c_str());
  } else if (!only) {
    fmt::print("\n{}\n", tinted("Rules of the executive, which judge every driver without a model", Tint::bold));
    for (const Rule& rule : executive_rules()) fmt::print("{:<34} {}\n", rule.name, rule.sentence);
  }
  return kExitClean;
}

}  // namespace

void add_clauses(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("clauses", "List what the documentation promises and this version checks");
  auto options = std::make_shared<ClausesCommand>();
  command->add_option("id", options->id, "Only this one, as C46");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_clauses(*options); });
}

}  // namespace rxcheck::cli
