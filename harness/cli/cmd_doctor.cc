// SPDX-License-Identifier: Apache-2.0
//
// rxcheck doctor: what can run here: targets, kernel services, drivers; tools that commands ask for.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/report.h"
#include "harness/cli/source_lines.h"
#include "harness/cli/terminal.h"
#include "harness/core/digest.h"
#include "harness/nt/pe_image.h"
#include "harness/nt/services.h"
#include "harness/targets/inproc.h"

namespace rxcheck::cli {

namespace {

struct DoctorOptions {
  std::vector<std::string> drivers;
  bool json = false;
};

struct DriverState {
  std::string path;
  std::string sha256;               // empty: the file cannot be read
  std::string problem;              // why it cannot run; empty if it can
  std::vector<std::string> absent;  // the services that it wants and the executive does not have
};

DriverState look_at(const std::string& path) {
  DriverState state{path, "", "", {}};
  const auto digest = sha256_of_file(path);
  if (!digest) {
    state.problem = "there is no such file";
    return state;
  }
  state.sha256 = *digest;
  const auto image = nt::PeImage::load(path);
  if (!image) {
    state.problem = image.error().text();
    return state;
  }
  for (const auto& import : (*image)->imports())
    if ((import.library == "ntoskrnl.exe" || import.library == "hal.dll") && nt::find_service(import.name) == nullptr &&
        nt::find_variable(import.name) == nullptr)
      state.absent.push_back(import.name);
  std::ranges::sort(state.absent);
  if (!state.absent.empty()) state.problem = "it imports services that this executive does not have";
  return state;
}

// Programs of others without which a command says or does less.
struct Tool {
  const char* use;
  std::vector<std::string> names;  // any of them
  const char* package;
};

Json look_for_tools() {
  const Tool tools[] = {
      {"explain: source lines", {"x86_64-w64-mingw32-addr2line", "addr2line"}, "binutils-mingw-w64-x86-64"},
      {"explain --gdb", {"gdb"}, "gdb"},
  };
  Json found = Json::array();
  for (const Tool& tool : tools) {
    const std::string path = find_program(tool.names);
    found.push_back({{"use", tool.use},
                     {"path", or_null(path)},
                     {"reason", or_null(path.empty() ? fmt::format("there is no {}; apt-get install {}",
                                                                   tool.names.front(), tool.package)
                                                     : "")}});
  }
  return found;
}

ExitCode run_doctor(const DoctorOptions& options) {
  std::vector<std::string> paths = options.drivers;
  if (paths.empty()) paths = {beside_executable("driver/rxrdbss.sys"), beside_executable("driver/rxprobe.sys")};
  std::vector<DriverState> drivers;
  drivers.reserve(paths.size());
  for (const std::string& path : paths) drivers.push_back(look_at(path));
  const bool all_run = std::ranges::all_of(drivers, [](const DriverState& d) { return d.problem.empty(); });

  Json targets = Json::array();
  for (const char* name : {"inproc", "shadow", "wine", "vm"}) {
    TargetChoice choice;
    choice.name = name;
    choice.drivers = options.drivers;
    auto missing = missing_for(choice);
    if (!missing && choice.name == "inproc" && !all_run) missing = "a driver cannot run, see below";
    targets.push_back({{"name", name}, {"runs", !missing}, {"reason", or_null(missing.value_or(""))}});
  }
  Json services = Json::array();
  std::vector<std::string> behaving, stubs, absent;
  for (const nt::ServiceEntry& service : nt::all_services()) {
    (nt::is_stub(service.name) ? stubs : behaving).emplace_back(service.name);
  }
  for (const DriverState& driver : drivers) absent.insert(absent.end(), driver.absent.begin(), driver.absent.end());
  for (auto* names : {&behaving, &stubs, &absent}) {
    std::ranges::sort(*names);
    names->erase(std::unique(names->begin(), names->end()), names->end());
    const char* state = names == &behaving ? "behaves" : names == &stubs ? "stub" : "absent";
    for (const std::string& name : *names) services.push_back({{"name", name}, {"state", state}});
  }
  const Json tools = look_for_tools();
  if (options.json) {
    Json list = Json::array();
    for (const DriverState& driver : drivers)
      list.push_back({{"path", driver.path},
                      {"sha256", or_null(driver.sha256)},
                      {"runs", driver.problem.empty()},
                      {"reason", or_null(driver.problem)}});
    std::puts(Json{{"targets", targets}, {"services", services}, {"drivers", list}, {"tools", tools}}.dump(2).c_str());
    return kExitClean;
  }
  fmt::print("{}\n", tinted("Targets", Tint::bold));
  for (const Json& target : targets)
    fmt::print("  {:<8} {}\n", target["name"].get<std::string>(),
               target["runs"].get<bool>() ? "runs here" : target["reason"].get<std::string>());
  fmt::print("\n{}\n", tinted("Drivers", Tint::bold));
  for (const DriverState& driver : drivers)
    fmt::print("  {}  {}\n", driver.path, driver.problem.empty() ? "can run" : driver.problem);
  fmt::print("\n{}\n", tinted("Tools", Tint::bold));
  for (const Json& tool : tools)
    fmt::print("  {:<24} {}\n", tool["use"].get<std::string>(),
               tool[tool["path"].is_null() ? "reason" : "path"].get<std::string>());
  fmt::print("\n{}\n", tinted("Kernel services", Tint::bold));
  const auto print_names = [](std::string_view what, const std::vector<std::string>& names) {
    fmt::print("  {} ({})\n", what, names.size());
    for (const std::string& name : names) fmt::print("    {}\n", name);
  };
  print_names("behave as documented", behaving);
  print_names("stubs", stubs);
  print_names("absent, though a driver wants them", absent);
  return kExitClean;
}

}  // namespace

void add_doctor(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("doctor", "Say what can run here: targets, drivers, kernel services, tools");
  auto options = std::make_shared<DoctorOptions>();
  command->add_option("--driver", options->drivers, "Look at these drivers instead of the shipped ones");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_doctor(*options); });
}

}  // namespace rxcheck::cli
