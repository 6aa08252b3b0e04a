// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_target.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "harness/core/digest.h"
#include "harness/targets/gated_session.h"

namespace rxcheck {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLoad{15'000};
// Threads that race are delayed at one yield point in so many: an operation meets some hundred.
constexpr uint32_t kDelayPeriod = 150;

}  // namespace

std::optional<std::string> GuestTarget::start() {
  auto stream = open_guest();
  if (!stream) return stream.error().text();
  channel_ = std::make_unique<AgentChannel>(std::move(*stream));
  std::optional<std::string> failed;
  if (const auto system = channel_->hello(boot_limit())) {
    system_ = *system;
    failed = place_drivers(*channel_, places_);
  } else {
    failed = channel_->why();
  }
  programs_ = 0;
  if (failed)
    stop();
  else
    guest_is_ready();
  return failed;
}

void GuestTarget::start_first() { never_started_ = start(); }

void GuestTarget::stop() {
  if (channel_ && !keeps_guest()) channel_->close();
  channel_.reset();
  end_guest();
}

// Loads the drivers afresh. Nothing, or what went wrong.
std::optional<std::string> GuestTarget::load() {
  if (budget() != 0 && programs_ >= budget()) stop();
  ++programs_;
  if (never_started_) return never_started_;
  if (!channel_) {
    if (auto why = start()) return why;
  }
  auto failed = channel_->load(places_[0], places_[1], places_[2], kLoad);
  if (!failed || channel_->broken() || crash()) return failed;
  // Wine sometimes refuses a start, with ERROR_INTERNAL_ERROR, and says nothing of a crash: a new guest tells whether
  // the drivers are to blame.
  stop();
  if (auto why = start()) return why;
  return channel_->load(places_[0], places_[1], places_[2], kLoad);
}

void GuestTarget::run(const Program& program, const Plan& plan, RunResult& result) {
  result.begin(RunResult::End::lab_fault);
  result.history.program = program;
  result.history.program_operations = static_cast<uint32_t>(program.operations.size());
  result.history.events.clear();
  if (!is_gated()) {
    if (plan.kind == Plan::Kind::replay && plan.schedule != nullptr && !plan.schedule->choices.empty()) {
      result.lab_message = fmt::format("the {} target cannot follow a schedule in mode free", name());
      return;
    }
    if (const auto why = why_not_in_guest(program)) {
      result.lab_message = fmt::format("the {} target cannot run this program in mode free: {}", name(), *why);
      return;
    }
    return run_free(program, plan.seed, result);
  }
  if (plan.kind == Plan::Kind::replay || plan.kind == Plan::Kind::baseline) {
    static const Schedule none;
    const Schedule schedule = plan.kind == Plan::Kind::replay ? *plan.schedule : none;
    run_gated(program, schedule, result);
    result.schedule = schedule;
    return;
  }
  if (!files_.twin) {
    result.lab_message = "no schedule can be recorded in process: " + files_.why_no_twin;
    return;
  }
  RunResult in_process;
  Plan recording = plan;
  recording.record = true;
  files_.twin->run(program, recording, in_process);
  if (in_process.end == RunResult::End::lab_fault) {
    result = std::move(in_process);
    return;
  }
  run_gated(program, in_process.schedule, result);
  result.schedule = in_process.schedule;
  result.schedule_hash = in_process.schedule_hash;
  result.yields = in_process.yields;
  result.lines = in_process.lines;
  result.directed_at = in_process.directed_at;
  const bool followed = result.end == RunResult::End::finished || result.end == RunResult::End::violation;
  if (!followed || result.history.events == in_process.history.events) return;
  result.end = RunResult::End::left_schedule;
  result.lab_message = in_process.violation ? fmt::format("in process this breaks the rule {}, which a gate cannot see",
                                                          in_process.violation->rule)
                                            : "the drivers did not do in the guest what they did in process";
}

Target& GuestTarget::searcher() {
  if (files_.twin) return *files_.twin;
  return *this;
}

void GuestTarget::run_free(const Program& program, uint64_t seed, RunResult& result) {
  auto failed = load();
  if (!failed) {
    GateClient gate(*channel_, patience_.stuck);
    if (!gate.leave({static_cast<uint32_t>(seed ^ seed >> 32), kDelayPeriod})) failed = gate.why();
  }
  if (!failed) {
    GuestSession session(*channel_, patience_);
    session.run(program, result);
    // A driver may be unloaded under Wine while a thread is still in it, as on Windows it cannot: nobody is delayed
    // then.
    GateClient gate(*channel_, patience_.stuck);
    if (result.end == RunResult::End::finished && !gate.leave()) failed = gate.why();
    if (!failed && result.end == RunResult::End::finished) failed = channel_->unload(kLoad);
  }
  if (failed) {
    result.end = RunResult::End::lab_fault;
    result.lab_message = *failed;
  }
  clear_away(result);
}

void GuestTarget::run_gated(const Program& program, const Schedule& schedule, RunResult& result) {
  auto failed = load();
  if (!failed) {
    GateClient gate(*channel_, patience_.stuck);
    GatedSession session(gate, *files_.names);
    session.run(program, schedule, result);
    if (result.end == RunResult::End::finished) failed = channel_->unload(kLoad);
    const bool judged = result.end == RunResult::End::finished || result.end == RunResult::End::violation;
    if (!failed && judged && result.choices_met < schedule.choices.size()) {
      if (result.end == RunResult::End::violation) stop();
      result.end = RunResult::End::left_schedule;
      result.lab_message = fmt::format("choice {} of the schedule was not met", result.choices_met + 1);
      return;
    }
  }
  if (failed) {
    result.end = RunResult::End::lab_fault;
    result.lab_message = *failed;
  }
  clear_away(result);
}

// Whatever happened, if the program did not finish the next one begins in a new guest.
void GuestTarget::clear_away(RunResult& result) {
  if (result.end == RunResult::End::finished) return;
  const auto crashed = result.end == RunResult::End::violation ? std::nullopt : crash();
  if (crashed) result.guest_said = said();
  stop();
  if (!crashed) return;
  result.end = RunResult::End::violation;
  result.violation = Violation{"crash", "guest", "", *crashed, kNoOperation};
  result.lab_message.clear();
}

Result<GuestFiles> guest_files(const std::vector<std::string>& drivers, const std::string& agent,
                               const std::string& gate, bool gated) {
  if (drivers.size() != 2)
    return Error{"this target takes two drivers", "", "name the engine and the mini-redirector with --driver"};
  GuestFiles files;
  for (const std::string& path : drivers) {
    const auto sha256 = sha256_of_file(path);
    if (!sha256) return Error{"there is no such file", path, "build it, or name another"};
    files.drivers.push_back({path, *sha256});
  }
  for (const std::string& path : {agent, gate})
    if (!path.empty() && !sha256_of_file(path))
      return Error{"the guest agent, or the gate, is not there", path, "build the target `drivers`"};
  files.agent = agent;
  files.gate = gate;
  files.gated = gated;
  if (!gated) return files;
  auto names = GateNames::read(drivers);
  if (!names) return names.error();
  files.names.emplace(std::move(*names));
  auto twin = make_inproc_target({drivers, true, true});
  if (twin)
    files.twin = std::move(*twin);
  else
    files.why_no_twin = twin.error().text();
  return files;
}

std::optional<std::string> crash_in(const std::string& said) {
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);)
    if (line.find("Unhandled") != std::string::npos || line.find("ntoskrnl.exe.") != std::string::npos) return line;
  return std::nullopt;
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace rxcheck
