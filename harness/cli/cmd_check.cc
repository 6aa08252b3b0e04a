// SPDX-License-Identifier: Apache-2.0
//
// rxcheck check: judges recorded histories against a model, each by itself (docs/checker.md).
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"
#include "harness/core/history_text.h"
#include "harness/core/text_file.h"
#include "harness/judge/judge.h"
#include "harness/judge/linearizability/check.h"
#include "harness/judge/linearizability/jepsen_log.h"
#include "harness/judge/linearizability/porcupine_kv.h"

namespace rxcheck::cli {

namespace {

constexpr size_t kMaxFileBytes = size_t{256} << 20;

struct CheckCommand {
  std::string model;
  std::string format;
  std::vector<std::string> files;
  bool no_partition = false;
  uint64_t steps = linear::CheckOptions{}.steps;
  uint64_t memory_mib = linear::CheckOptions{}.bytes >> 20;
  bool json = false;
};

linear::CheckOptions limits_of(const CheckCommand& options) {
  linear::CheckOptions limits;
  limits.partition = !options.no_partition;
  limits.steps = options.steps;
  limits.bytes = options.memory_mib << 20;
  return limits;
}

// A file that was read, ready to be judged.
using Check = std::function<linear::Checked()>;

Check read_connection(const CheckCommand&, const std::string& file) {
  auto history = std::make_shared<History>(or_fail(load_history(file)));
  return [history] {
    // The order of effects is in the history, so the contract is followed event by event and nothing is searched.
    Judge judge;
    const auto found = judge.judge(*history);
    linear::Checked checked;
    checked.operations = history->program.operations.size();
    checked.steps = history->events.size();
    checked.answer = linear::Answer::ok;
    if (!found) return checked;
    const auto names = operation_names(history->program);
    const bool at_event = found->event < history->events.size();
    checked.reason = fmt::format(
        "{} refuses {}: {}", found->clause,
        at_event ? fmt::format("event {} (`{}`)", found->event + 1, text_of(history->events[found->event], names))
                 : "the end of the history",
        found->summary);
    if (found->verdict == Verdict::divergent) {
      checked.answer = linear::Answer::illegal;
      checked.steps = found->event;
    } else {
      checked.reason = fmt::format("allowed, but not what the shadow model does: {}", found->summary);
    }
    return checked;
  };
}

Check read_kv(const CheckCommand& options, const std::string& file) {
  const std::string text = or_fail(read_text_file(file, kMaxFileBytes));
  auto history = std::make_shared<linear::TimedHistory>(or_fail(linear::read_porcupine_kv(text, file)));
  return [history, limits = limits_of(options)] { return linear::check_kv(*history, limits); };
}

Check read_register(const CheckCommand& options, const std::string& file) {
  const std::string text = or_fail(read_text_file(file, kMaxFileBytes));
  auto history = std::make_shared<linear::TimedHistory>(or_fail(linear::read_jepsen_log(text, file)));
  return [history, limits = limits_of(options)] { return linear::check_cas_register(*history, limits); };
}

struct Pairing {
  const char* model;
  const char* format;
  Check (*read)(const CheckCommand&, const std::string&);
};
constexpr Pairing kPairings[] = {{"connection", "rxh", read_connection},
                                 {"kv", "porcupine-kv", read_kv},
                                 {"cas-register", "jepsen-log", read_register}};

const Pairing& pairing_of(const CheckCommand& options) {
  std::string fitting;
  for (const Pairing& each : kPairings) {
    if (options.model != each.model) continue;
    if (options.format == each.format) return each;
    fitting = each.format;
  }
  throw Failure{kExitUsage,
                {"the model and the format do not fit each other",
                 fmt::format("--model {} --format {}", options.model, options.format), "use --format " + fitting}};
}

Json told_json(const linear::ToldOperation& told, const char* text) {
  return {{"process", told.process},
          {"call_line", told.call_line},
          {"return_line", told.return_line == 0 ? Json(nullptr) : Json(told.return_line)},
          {text, told.text}};
}

Json explanation_json(const linear::Explanation& explanation) {
  Json refused = Json::array(), smallest = Json::array();
  for (const auto& each : explanation.refused) refused.push_back(told_json(each, "reason"));
  for (const auto& each : explanation.smallest) smallest.push_back(told_json(each, "operation"));
  return {{"part", or_null(explanation.part)},
          {"accepted_operations", explanation.accepted},
          {"part_operations", explanation.operations},
          {"unexplained", told_json(explanation.last, "operation")},
          {"refused", refused},
          {"smallest", smallest},
          {"smallest_is_minimal", explanation.minimal}};
}

std::string lines_of(const linear::ToldOperation& told) {
  return told.return_line == 0 ? fmt::format("lines {}-", told.call_line)
                               : fmt::format("lines {}-{}", told.call_line, told.return_line);
}

void print_told(const char* title, const std::vector<linear::ToldOperation>& list) {
  fmt::print("  {}\n", title);
  for (const auto& each : list) fmt::print("    {:<16} process {:<4} {}\n", lines_of(each), each.process, each.text);
}

void print_checked(const std::string& file, const linear::Checked& checked, double elapsed_ms) {
  const Tint tint = checked.answer == linear::Answer::ok        ? Tint::green
                    : checked.answer == linear::Answer::illegal ? Tint::red
                                                                : Tint::yellow;
  fmt::print("{}: {}  {}, {}, {:.1f} ms\n", file, tinted(name_of(checked.answer), tint),
             plural(checked.operations, "operation"), plural(checked.steps, "step"), elapsed_ms);
  if (!checked.reason.empty()) fmt::print("  {}\n", checked.reason);
  if (!checked.explanation) return;
  const auto& explanation = *checked.explanation;
  fmt::print("  {} of {} {}returned before, and can be explained\n", explanation.accepted,
             plural(explanation.operations, "operation"),
             explanation.part.empty() ? "" : "on " + explanation.part + " ");
  print_told("what could come next there, and why it cannot:", explanation.refused);
  print_told(explanation.minimal
                 ? "refused by themselves, and none of these can be left out:"
                 : "refused by themselves (some can perhaps be left out: the budget of the explanation is used up):",
             explanation.smallest);
}

ExitCode exit_code_of_answer(linear::Answer answer) {
  switch (answer) {
    case linear::Answer::ok:
      return kExitClean;
    case linear::Answer::illegal:
      return kExitDivergent;
    case linear::Answer::unknown:
      break;
  }
  return kExitIncomplete;
}

ExitCode run_check(const CheckCommand& options) {
  const Pairing& pairing = pairing_of(options);
  std::vector<Check> checks;
  for (const std::string& file : options.files) checks.push_back(pairing.read(options, file));
  ExitCode code = kExitClean;
  Json results = Json::array();
  for (size_t i = 0; i < checks.size(); ++i) {
    if (interrupted()) {
      code = kExitInterrupted;
      break;
    }
    const auto begin = std::chrono::steady_clock::now();
    const linear::Checked checked = checks[i]();
    const double elapsed_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    code = worse_of(code, exit_code_of_answer(checked.answer));
    results.push_back({{"file", options.files[i]},
                       {"verdict", name_of(checked.answer)},
                       {"reason", or_null(checked.reason)},
                       {"operations", checked.operations},
                       {"steps", checked.steps},
                       {"elapsed_ms", to_digits(elapsed_ms, 3)},
                       {"configurations", checked.configurations},
                       {"refusal", checked.explanation ? explanation_json(*checked.explanation) : Json(nullptr)}});
    if (!options.json) print_checked(options.files[i], checked, elapsed_ms);
  }
  if (options.json) std::puts(Json{{"results", results}}.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  return code;
}

}  // namespace

void add_check(CLI::App& app, ExitCode& code) {
  CLI::App* command =
      app.add_subcommand("check", "Judge recorded histories against a model: is there an order that explains them?");
  auto options = std::make_shared<CheckCommand>();
  command->add_option("files", options->files, "Histories")->required();
  command->add_option("--model", options->model, "What they are judged against: connection, kv or cas-register")
      ->check(CLI::IsMember({"connection", "kv", "cas-register"}))
      ->required();
  command
      ->add_option("--format", options->format,
                   "Their format: rxh for connection, porcupine-kv for kv, jepsen-log for cas-register")
      ->check(CLI::IsMember({"rxh", "porcupine-kv", "jepsen-log"}))
      ->required();
  command->add_flag("--no-partition", options->no_partition, "Judge all keys in one state, not one key after another");
  command->add_option("--steps", options->steps, "Steps of the model after which the answer is unknown, for each file")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000'000'000}))
      ->capture_default_str();
  command->add_option("--memory", options->memory_mib, "MiB after which the answer is unknown")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 20))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_check(*options); });
}

}  // namespace rxcheck::cli
