// SPDX-License-Identifier: Apache-2.0
//
// What the commands have in common. Each command is one file, cmd_NAME.cc, with one function that adds it to the
// parser; running it sets the exit code. A command that cannot go on throws Failure, which main prints as one line.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/target_choice.h"
#include "harness/cli/exit_code.h"
#include "harness/core/result.h"
#include "harness/judge/acceptance.h"

namespace rxcheck::cli {

using Json = nlohmann::ordered_json;

struct Failure {
  ExitCode code;
  Error error;
};

// The value, or the error thrown with `code`.
template <typename T>
T or_fail(Result<T> result, ExitCode code = kExitInput) {
  if (!result) throw Failure{code, result.error()};
  return std::move(*result);
}
inline void fail_if(const std::optional<Error>& error, ExitCode code = kExitInput) {
  if (error) throw Failure{code, *error};
}

// --target, --mode, --driver, --yields, --vm-image, --accept: where programs run and what is accepted.
struct TargetOptions {
  std::string target = "inproc";
  std::string mode = "gated";
  std::vector<std::string> drivers;
  std::string yields = "access";
  std::string vm_image;
  std::vector<std::string> accepted;

  void add_to(CLI::App& command);
  TargetChoice choice() const;
  bool own_driver() const { return drivers.empty(); }
  // Fails for names that do not exist.
  Acceptance acceptance() const;
  // What this version or machine lacks for them; nothing if they can be had.
  std::optional<std::string> missing() const;
  OpenTarget open() const;
};

// Flags of the contract that this version does not have: accepted by the parser so that they can be refused by name.
void refuse_flags(CLI::App& command, const std::vector<std::string>& flags);

void add_fuzz(CLI::App& app, ExitCode& code);
void add_replay(CLI::App& app, ExitCode& code);
void add_shrink(CLI::App& app, ExitCode& code);
void add_explain(CLI::App& app, ExitCode& code);
void add_mutants(CLI::App& app, ExitCode& code);
void add_clauses(CLI::App& app, ExitCode& code);
void add_bench(CLI::App& app, ExitCode& code);
void add_coverage(CLI::App& app, ExitCode& code);
void add_doctor(CLI::App& app, ExitCode& code);
void add_vm(CLI::App& app, ExitCode& code);
void add_check(CLI::App& app, ExitCode& code);
void add_merge(CLI::App& app, ExitCode& code);
void add_corpus(CLI::App& app, ExitCode& code);

}  // namespace rxcheck::cli
