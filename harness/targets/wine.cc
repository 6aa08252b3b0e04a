// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/wine.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/core/digest.h"
#include "harness/targets/guest_session.h"
#include "harness/targets/wine_prefix.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStart{60'000};
constexpr milliseconds kLoad{15'000};

// As Wine calls a file of this machine.
std::string in_wine(const std::string& path) {
  std::string name = "Z:" + fs::absolute(path).lexically_normal().string();
  std::ranges::replace(name, '/', '\\');
  return name;
}

// What Wine says when a driver crashes, or calls what Wine does not have.
std::optional<std::string> crash_in(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find("Unhandled") != std::string::npos || line.find("unimplemented function") != std::string::npos)
      return line;
  return std::nullopt;
}

class WineTarget : public Target {
 public:
  WineTarget(std::string wine, std::vector<DriverFile> drivers, std::string agent, WinePrefix prefix)
      : wine_(std::move(wine)), drivers_(std::move(drivers)), agent_(std::move(agent)), prefix_(std::move(prefix)) {}
  ~WineTarget() override { stop(); }

  std::string name() const override { return "wine"; }
  std::string executive() const override { return system_; }
  std::vector<DriverFile> drivers() const override { return drivers_; }

  std::optional<Error> begin() {
    auto failed = start();
    if (failed) return Error{*failed, wine_, "see whether `wine64 wineboot` works here"};
    return std::nullopt;
  }

  void run(const Program& program, const Plan& plan, RunResult& result) override;

 private:
  std::optional<std::string> start();
  void stop();
  std::string said() const;

  std::string wine_;
  std::vector<DriverFile> drivers_;
  std::string agent_;
  WinePrefix prefix_;
  std::string system_;
  std::unique_ptr<AgentChannel> channel_;
};

std::string WineTarget::said() const {
  std::ifstream file(prefix_.path() + "/said.txt");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Nothing, or why the agent does not run.
std::optional<std::string> WineTarget::start() {
  const std::string said = prefix_.path() + "/said.txt";
  std::error_code ignored;
  fs::remove(said, ignored);
  auto agent = ChildProcess::start({wine_, agent_}, prefix_.environment(), said);
  if (!agent) return agent.error().text();
  channel_ = std::make_unique<AgentChannel>(std::move(*agent));
  const auto system = channel_->hello(kStart);
  if (!system) {
    const std::string why = channel_->why();
    stop();
    return why;
  }
  system_ = *system;
  return std::nullopt;
}

void WineTarget::stop() {
  if (channel_) channel_->close();
  channel_.reset();
  prefix_.end();
}

void WineTarget::run(const Program& program, const Plan& plan, RunResult& result) {
  result.end = RunResult::End::lab_fault;
  result.schedule.choices.clear();
  result.violation.reset();
  result.lab_message.clear();
  result.schedule_hash = 0;
  result.yields = result.switches = result.choices_met = 0;
  result.history.program = program;
  result.history.program_operations = static_cast<uint32_t>(program.operations.size());
  result.history.events.clear();
  if (plan.kind == Plan::Kind::replay && plan.schedule != nullptr && !plan.schedule->choices.empty()) {
    result.lab_message = "the wine target cannot follow a schedule in this version";
    return;
  }
  if (const auto why = why_not_in_guest(program)) {
    result.lab_message = "the wine target cannot run this program: " + *why;
    return;
  }
  if (!channel_) {
    if (const auto why = start()) {
      result.lab_message = *why;
      return;
    }
  }
  auto failed = channel_->load(in_wine(drivers_[0].path), in_wine(drivers_[1].path), kLoad);
  if (!failed) {
    GuestSession session(*channel_, GuestPatience{});
    session.run(program, result);
    if (result.end == RunResult::End::finished) failed = channel_->unload(kLoad);
  }
  if (failed) {
    result.end = RunResult::End::lab_fault;
    result.lab_message = *failed;
  }
  if (result.end == RunResult::End::finished) return;
  // Whatever happened, the next program begins in a new one.
  const auto crash = crash_in(said());
  stop();
  if (!crash) return;
  result.end = RunResult::End::violation;
  result.violation = Violation{"crash", "guest", "", *crash, kNoOperation};
  result.lab_message.clear();
}

}  // namespace

std::optional<std::string> why_no_wine() {
  if (find_wine()) return std::nullopt;
  return "Wine is not installed; apt-get install wine64";
}

Result<std::unique_ptr<Target>> make_wine_target(const std::vector<std::string>& drivers, const std::string& agent) {
  const auto wine = find_wine();
  if (!wine) return Error{"Wine is not installed", "", "apt-get install wine64"};
  if (drivers.size() != 2)
    return Error{"the wine target takes two drivers", "", "name the engine and the mini-redirector with --driver"};
  std::vector<DriverFile> files;
  for (const std::string& path : drivers) {
    const auto sha256 = sha256_of_file(path);
    if (!sha256) return Error{"there is no such file", path, "build it, or name another"};
    files.push_back({path, *sha256});
  }
  if (!fs::exists(agent)) return Error{"the guest agent is not there", agent, "build the target `drivers`"};
  auto prefix = WinePrefix::make(*wine);
  if (!prefix) return prefix.error();
  auto target = std::make_unique<WineTarget>(*wine, std::move(files), agent, std::move(*prefix));
  if (auto failed = target->begin()) return *failed;
  return std::unique_ptr<Target>(std::move(target));
}

}  // namespace rxcheck
