// SPDX-License-Identifier: Apache-2.0
//
// rxcheck: the tool. Parses the command line and turns every way a command can end into its exit code.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "harness/cli/command.h"
#include "harness/cli/interrupt.h"

#ifndef RXCHECK_VERSION
#define RXCHECK_VERSION "unversioned"
#endif

namespace rxcheck::cli {
namespace {

int run(int argc, char** argv) {
  CLI::App app{
      "Finds where a Windows mini-redirector breaks the documented lifetime of a connection, and proves it with a file "
      "that "
      "replays."};
  app.name("rxcheck");
  app.set_version_flag("--version", RXCHECK_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 clean, 77 divergent or illegal, 75 lab fault, left-schedule, nondeterministic, incomplete or "
      "unknown, 72 "
      "interrupted,\n"
      "65 unreadable or invalid input, 64 usage.");
  ExitCode code = kExitClean;
  for (const auto add : {add_fuzz, add_replay, add_shrink, add_explain, add_mutants, add_clauses, add_bench,
                         add_coverage, add_doctor, add_vm, add_check, add_merge, add_corpus})
    add(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
      return app.exit(error);  // --help, --version
    fmt::print(stderr, "rxcheck: {}; see rxcheck --help\n", error.what());
    return kExitUsage;
  } catch (const Failure& failure) {
    fmt::print(stderr, "rxcheck: {}\n", failure.error.text());
    return failure.code;
  }
  return code;
}

}  // namespace
}  // namespace rxcheck::cli

int main(int argc, char** argv) {
  using namespace rxcheck::cli;
  listen_for_interrupts();
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("rxcheck: out of memory; run less at a time\n", stderr);
    return kExitMemory;
  } catch (const std::exception& error) {
    fmt::print(stderr, "rxcheck: {}\n", error.what());
    return kExitIncomplete;
  }
}
