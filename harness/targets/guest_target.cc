// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_target.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "harness/core/digest.h"

namespace rxcheck {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHello{90'000};
constexpr milliseconds kLoad{15'000};

}  // namespace

std::optional<std::string> GuestTarget::start() {
  auto stream = open_guest();
  if (!stream) return stream.error().text();
  channel_ = std::make_unique<AgentChannel>(std::move(*stream));
  std::optional<std::string> failed;
  if (const auto system = channel_->hello(kHello)) {
    system_ = *system;
    failed = place_drivers(*channel_, places_);
  } else {
    failed = channel_->why();
  }
  if (failed) stop();
  return failed;
}

void GuestTarget::stop() {
  if (channel_) channel_->close();
  channel_.reset();
  end_guest();
}

void GuestTarget::run(const Program& program, const Plan& plan, RunResult& result) {
  result.begin(RunResult::End::lab_fault);
  result.history.program = program;
  result.history.program_operations = static_cast<uint32_t>(program.operations.size());
  result.history.events.clear();
  if (plan.kind == Plan::Kind::replay && plan.schedule != nullptr && !plan.schedule->choices.empty()) {
    result.lab_message = fmt::format("the {} target cannot follow a schedule in this version", name());
    return;
  }
  if (const auto why = why_not_in_guest(program)) {
    result.lab_message = fmt::format("the {} target cannot run this program: {}", name(), *why);
    return;
  }
  if (!channel_) {
    if (const auto why = start()) {
      result.lab_message = *why;
      return;
    }
  }
  auto failed = channel_->load(places_[0], places_[1], kLoad);
  if (failed && !channel_->broken() && !crash()) {
    // Wine sometimes refuses a start, with ERROR_INTERNAL_ERROR, and says nothing of a crash: a new guest tells whether
    // the drivers are to blame.
    stop();
    failed = start();
    if (!failed) failed = channel_->load(places_[0], places_[1], kLoad);
  }
  if (!failed) {
    GuestSession session(*channel_, patience_);
    session.run(program, result);
    if (result.end == RunResult::End::finished) failed = channel_->unload(kLoad);
  }
  if (failed) {
    result.end = RunResult::End::lab_fault;
    result.lab_message = *failed;
  }
  if (result.end == RunResult::End::finished) return;
  // Whatever happened, the next program begins in a new one.
  const auto said = crash();
  stop();
  if (!said) return;
  result.end = RunResult::End::violation;
  result.violation = Violation{"crash", "guest", "", *said, kNoOperation};
  result.lab_message.clear();
}

Result<std::vector<DriverFile>> two_drivers(const std::vector<std::string>& paths) {
  if (paths.size() != 2)
    return Error{"this target takes two drivers", "", "name the engine and the mini-redirector with --driver"};
  std::vector<DriverFile> files;
  for (const std::string& path : paths) {
    const auto sha256 = sha256_of_file(path);
    if (!sha256) return Error{"there is no such file", path, "build it, or name another"};
    files.push_back({path, *sha256});
  }
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
