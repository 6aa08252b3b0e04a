// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/mpr_wine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/core/text_file.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {

namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;

constexpr milliseconds kPatience{60'000};  // for one line; a Wine that has to start its server takes seconds

// The application, and the lines that it says.
class Conversation {
 public:
  explicit Conversation(ChildProcess child) : child_(std::move(child)) {}

  // The next line without its end; nothing if none comes.
  std::optional<std::string> line() {
    for (;;) {
      if (const size_t end = received_.find('\n'); end != std::string::npos) {
        std::string found = received_.substr(0, end);
        received_.erase(0, end + 1);
        return found;
      }
      std::array<uint8_t, 4096> block;
      const auto got = child_.read(block, kPatience);
      if (!got || *got == 0) return std::nullopt;
      received_.append(block.begin(), block.begin() + static_cast<ptrdiff_t>(*got));
    }
  }

  // Sends a command; the callouts and the result that answer it, or what came instead.
  Result<Step> ask(const std::string& command) {
    const std::string text = command + "\n";
    if (!child_.write(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size())))
      return Error{"the application under Wine is gone", command, "run it again"};
    Step step;
    for (;;) {
      const auto answer = line();
      if (!answer) return Error{"the application under Wine does not answer", command, "run it again"};
      const std::string_view said = *answer;
      if (said.starts_with("result ")) {
        const auto number = parse_number(said.substr(7), UINT32_MAX);
        if (!number) return Error{"the application under Wine said " + quoted(said), command, "build it anew"};
        step.result = static_cast<uint32_t>(*number);
        return step;
      }
      auto callout = said.starts_with("call ") ? parse_callout(said.substr(5)) : std::nullopt;
      if (!callout) return Error{"the application under Wine said " + quoted(said), command, "build it anew"};
      step.callouts.push_back(std::move(*callout));
    }
  }

  // The end of its input is its end.
  void leave() { child_.kill(); }

 private:
  ChildProcess child_;
  std::string received_;
};

std::string as_wine_calls_it(const std::string& path) {
  std::string name = "Z:" + fs::absolute(path).lexically_normal().string();
  std::ranges::replace(name, '/', '\\');
  return name;
}

std::vector<std::string> commands_before(const Program& program) {
  std::vector<std::string> commands;
  for (const Provider& provider : program.providers) {
    std::string command = fmt::format("provider {} {}", provider.name, provider.server.empty() ? "-" : provider.server);
    for (const Fault fault : provider.faults) command += fmt::format(" {}", name_of(fault));
    commands.push_back(std::move(command));
  }
  for (const std::string& name : program.notifyees) commands.push_back("notifyee " + name);
  commands.emplace_back("start");
  return commands;
}

std::string command_of(const Program& program, size_t index) {
  const Operation& op = program.operations[index];
  if (op.kind == OpKind::close) return fmt::format("netclose {}", op.slot);
  const Connection& connection = program.connections[op.connection];
  const std::string device = connection.device != 0 ? fmt::format("{}:", connection.device) : "";
  const std::string& name = device.empty() ? connection.remote : device;
  switch (op.kind) {
    case OpKind::add:
      return fmt::format("netadd {} {} {}", device.empty() ? "-" : device, connection.remote, function_of(op));
    case OpKind::cancel:
      return fmt::format("netcancel {} {} {}", name, op.force ? "TRUE" : "FALSE", function_of(op));
    case OpKind::open:
      return fmt::format("netopen {} {} {}", name, index, op.current ? "current" : "file");
    default:
      return "netlist " + name;
  }
}

}  // namespace

Result<WineRouter> WineRouter::make(const std::string& application, const std::string& provider) {
  const auto wine = find_wine();
  if (!wine) return Error{"Wine is not installed", "", "apt-get install wine64"};
  std::error_code none;
  for (const std::string& path : {application, provider})
    if (!fs::exists(path, none)) return Error{"there is no such file", path, "build the target `drivers`"};
  auto prefix = WinePrefix::make(*wine);
  if (!prefix) return prefix.error();
  return WineRouter(*wine, application, provider, std::move(*prefix));
}

Result<History> WineRouter::run(const Program& program) {
  auto child = ChildProcess::start({wine_, application_, as_wine_calls_it(provider_)}, prefix_.environment(),
                                   prefix_.path() + "/said.txt");
  if (!child) return child.error();
  Conversation application(std::move(*child));
  const auto ready = application.line();
  if (!ready || !ready->starts_with("ready "))
    return Error{"the application does not start under Wine" + (ready ? ": " + *ready : ""), application_,
                 "see whether `wine64 wineboot` works here"};
  executive_ = ready->substr(6);
  for (const std::string& command : commands_before(program)) {
    const auto answer = application.ask(command);
    if (!answer) return answer.error();
    if (answer->result != win32::kNoError)
      return Error{"it cannot be made ready: " + win32::name_of(answer->result), command,
                   "build the target `drivers` anew, and make room in the cache folder"};
  }
  History history{program, {}};
  for (size_t i = 0; i < program.operations.size(); ++i) {
    auto step = application.ask(command_of(program, i));
    if (!step) return step.error();
    step->operation = i;
    history.steps.push_back(std::move(*step));
  }
  application.leave();
  return history;
}

}  // namespace rxcheck::mpr
