// SPDX-License-Identifier: Apache-2.0
//
// rxcheck explain: the race as a timeline, what is broken and which switch it takes.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/campaign/replay.h"
#include "harness/cli/cause_text.h"
#include "harness/cli/command.h"
#include "harness/cli/debugger.h"
#include "harness/cli/explanation.h"
#include "harness/cli/explanation_page.h"
#include "harness/cli/input.h"
#include "harness/cli/report.h"
#include "harness/cli/story.h"
#include "harness/cli/terminal.h"
#include "harness/core/schedule_text.h"
#include "harness/judge/rules.h"
#include "harness/nt/executive.h"

namespace rxcheck::cli {

namespace {

struct ExplainCommand {
  TargetOptions target;
  std::string file;
  bool json = false;
  std::string html;
  bool gdb = false;
  bool gdb_batch = false;
};

void print_lines(const Explanation& explanation) {
  for (const std::string& line : timeline_of(explanation, width_of_output())) {
    const bool decides = line.starts_with("--") && line.find("<== decides") != std::string::npos;
    const Tint tint = line.starts_with(">>")   ? Tint::red
                      : decides                ? Tint::yellow
                      : line.starts_with("--") ? Tint::dim
                                               : Tint::none;
    fmt::print("{}\n", tinted(line, tint));
  }
}

void print_causes(const Explanation& explanation) {
  const std::vector<std::string> none = without_switch(explanation);
  if (!none.empty()) fmt::print("\n");
  for (const std::string& sentence : none) fmt::print("{}\n", sentence);
  for (const Cause& cause : explanation.causes) {
    fmt::print("\n{}\n", tinted(fmt::format("what would have prevented switch {}", cause.choice + 1), Tint::bold));
    for (const std::string& sentence : sentences(cause, explanation.lines)) fmt::print("  {}\n", sentence);
  }
}

void print_text(const std::string& file, const Explanation& explanation) {
  const auto& found = explanation.divergence;
  const Tint tint = explanation.verdict == Verdict::clean ? Tint::green : Tint::red;
  fmt::print("{}: {}", file, tinted(name_of(explanation.verdict), tint));
  if (found) fmt::print(" {}  {}", tinted(found->clause, Tint::bold), found->summary);
  fmt::print("{}{}\n\n", explanation.message.empty() ? "" : "  ", explanation.message);
  print_lines(explanation);
  fmt::print("\n");
  if (found) {
    const Promise promise = promise_of(found->clause);
    fmt::print("{}  {}\n", tinted(found->clause, Tint::bold), promise.sentence);
    if (!promise.source.empty()) fmt::print("     {}\n", promise.source);
    fmt::print("expected     {}\nobserved     {}\nfingerprint  {}\n", found->expected, found->observed,
               found->fingerprint);
  }
  if (!explanation.state.empty()) fmt::print("model        {}\n", explanation.state);
  print_causes(explanation);
}

Json to_json(const std::string& file, const Explanation& explanation) {
  const auto& found = explanation.divergence;
  const Promise promise = found ? promise_of(found->clause) : Promise{};
  Json choices = Json::array();
  for (size_t i = 0; i < explanation.parts.size(); ++i)
    choices.push_back({{"choice", text_of(explanation.schedule.choices[i])},
                       {"before_event", explanation.parts[i].event},
                       {"decides", explanation.parts[i].decides}});
  const OperationNames names = operation_names(explanation.history.program);
  Json causes = Json::array();
  for (const Cause& cause : explanation.causes) causes.push_back(to_json(cause, explanation.lines));
  Json events = Json::array();
  for (const Event& event : explanation.history.events) events.push_back(text_of(event, names));
  return {{"file", file},
          {"verdict", name_of(explanation.verdict)},
          {"clause", or_null(found ? found->clause : "")},
          {"fingerprint", or_null(found ? found->fingerprint : "")},
          {"sentence", or_null(promise.sentence)},
          {"source", or_null(promise.source)},
          {"expected", or_null(found ? found->expected : "")},
          {"observed", or_null(found ? found->observed : "")},
          {"event", found ? Json(found->event) : Json(nullptr)},
          {"model_state", or_null(explanation.state)},
          {"choices", choices},
          {"needs_interleaving", found ? Json(!explanation.schedule.choices.empty()) : Json(nullptr)},
          {"causes", causes},
          {"without_switch", without_switch(explanation)},
          {"events", events}};
}

// Where a debugger is to stop: at the first choice that decides, or at any; without one, where a rule is broken.
DebuggerStop stop_for(const Explanation& explanation, const std::string& file) {
  const auto& choices = explanation.schedule.choices;
  if (!choices.empty()) {
    size_t at = 0;
    for (size_t i = choices.size(); i-- > 0;)
      if (i < explanation.parts.size() && explanation.parts[i].decides) at = i;
    return {at + 1, choices[at].at.function};
  }
  if (explanation.divergence && find_rule(explanation.divergence->clause) != nullptr) return {0, explanation.broken_in};
  throw Failure{kExitInput, {"the file has no switch to stop at, and no rule of the executive is broken", file, ""}};
}

ExitCode run_debugger(const ExplainCommand& options) {
  if (options.target.target != "inproc")
    throw Failure{kExitUsage, {"--gdb is for the target inproc", "--gdb", "leave --target out"}};
  Judge judge(options.target.acceptance());
  const ProgramFile file = load_program_only(options.file, "explain --gdb");
  OpenTarget target = options.target.open();
  const Replayed replayed = replay(*target, judge, file);
  Explanation explanation;
  explanation.divergence = replayed.divergence;
  explanation.schedule = file.schedule;
  if (replayed.run.violation) explanation.broken_in = replayed.run.violation->function;
  explanation.parts =
      parts_of(*target, judge, file, replayed.run.history, replayed.divergence ? replayed.divergence->fingerprint : "");
  std::vector<std::string> arguments{"replay", options.file, "--yields", options.target.yields};
  for (const std::string& driver : options.target.drivers) arguments.insert(arguments.end(), {"--driver", driver});
  throw Failure{kExitIncomplete, debug(arguments, nt::Executive::current().images(),
                                       stop_for(explanation, options.file), options.gdb_batch)};
}

ExitCode run_explain(const ExplainCommand& options) {
  if (options.gdb || options.gdb_batch) return run_debugger(options);
  Judge judge(options.target.acceptance());
  const Input input = load(options.file);
  const auto* file = std::get_if<ProgramFile>(&input);
  const Explanation explanation = file != nullptr ? explain_program(options.target, options.file, *file, judge)
                                                  : explain_history(std::get<History>(input), judge);
  if (!options.html.empty()) write_new(options.html, explanation_page(options.file, explanation));
  if (options.json)
    std::puts(to_json(options.file, explanation).dump(2).c_str());
  else
    print_text(options.file, explanation);
  return exit_code_of(explanation.verdict, options.target.own_driver());
}

}  // namespace

void add_explain(CLI::App& app, ExitCode& code) {
  CLI::App* command =
      app.add_subcommand("explain", "Show a run as a timeline, actors side by side, and what it breaks");
  auto options = std::make_shared<ExplainCommand>();
  command->add_option("file", options->file, "A file that ends in .rxp or .rxh")->required();
  options->target.add_to(*command);
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--gdb", options->gdb, "Start gdb on the replay; it stops in the driver where the line is left");
  command->add_flag("--gdb-batch", options->gdb_batch, "As --gdb, but only says where it stopped")->group("");
  command->add_option("--html", options->html, "Write a page as well");
  command->callback([options, &code] { code = run_explain(*options); });
}

}  // namespace rxcheck::cli
