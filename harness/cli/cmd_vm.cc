// SPDX-License-Identifier: Apache-2.0
//
// rxcheck vm: the built-in guest of the target vm, made ahead, and what is missing for it.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/report.h"
#include "harness/core/digest.h"
#include "harness/targets/guest_image.h"
#include "harness/targets/inproc.h"

namespace rxcheck::cli {

namespace {

ExitCode run_vm_build(bool json) {
  if (const auto missing = why_no_vm()) throw Failure{kExitIncomplete, {"incomplete: " + *missing, "", ""}};
  const GuestImage image =
      or_fail(guest_image(beside_executable("driver/rxagent.exe"), beside_executable("driver/guest-build.sh")));
  const std::string kernel = or_fail(sha256_of_file(image.kernel));
  const std::string initrd = or_fail(sha256_of_file(image.initrd));
  if (json) {
    std::puts(Json{{"kernel", {{"path", image.kernel}, {"sha256", kernel}}},
                   {"initrd", {{"path", image.initrd}, {"sha256", initrd}}}}
                  .dump(2)
                  .c_str());
  } else {
    fmt::print("{}  {}\n{}  {}\n", kernel, image.kernel, initrd, image.initrd);
  }
  return kExitClean;
}

ExitCode run_vm_doctor(bool json) {
  const auto missing = why_no_vm();
  if (json)
    std::puts(Json{{"runs", !missing}, {"missing", or_null(missing.value_or(""))}}.dump(2).c_str());
  else
    fmt::print("{}\n", missing.value_or("the built-in guest runs here, under emulation"));
  return missing ? kExitIncomplete : kExitClean;
}

}  // namespace

void add_vm(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("vm", "The built-in guest of the target vm");
  command->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  CLI::App* build = command->add_subcommand("build", "Make it, if it is not there yet");
  build->add_flag("--json", *json, "Print one JSON object");
  build->callback([json, &code] { code = run_vm_build(*json); });
  CLI::App* doctor = command->add_subcommand("doctor", "What is missing for it");
  doctor->add_flag("--json", *json, "Print one JSON object");
  doctor->callback([json, &code] { code = run_vm_doctor(*json); });
}

}  // namespace rxcheck::cli
