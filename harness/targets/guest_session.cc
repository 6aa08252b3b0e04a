// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_session.h"

#include <algorithm>
#include <cstring>

#include "harness/core/status.h"
#include "harness/targets/guest_variants.h"

namespace rxcheck {

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t kLogRequest = 0xfffffffdU;  // a tag that is nobody's

}  // namespace

std::optional<std::string> why_not_in_guest(const Program& program) {
  if (program.low_memory != 0) return "it cannot refuse an allocation";
  for (const Operation& op : program.operations) {
    if (op.kind == OpKind::tick) return "it cannot make time pass (tick)";
    if (op.cancelled) return "it cannot cancel a request before it is dispatched";
  }
  return std::nullopt;
}

void GuestSession::prepare(const Program& program) {
  History& history = result_->history;
  history.program = program;
  history.program_operations = static_cast<uint32_t>(program.operations.size());
  history.events.clear();
  encoder_.prepare(program);
  environment_.reset();
  standings_.reset(program.operations.size());
  courses_.assign(program.operations.size(), {});
  actors_.assign(kMaxActors + 1, {});
  next_.assign(kMaxActors + 1, 0);
  for (size_t i = 0; i < program.operations.size(); ++i)
    actors_[program.operations[i].actor].push_back(static_cast<uint16_t>(i));
  marks_.clear();
  log_.clear();
  before_ = seen_ = 0;
  failed_ = false;
}

void GuestSession::stop_short(std::string why) {
  if (failed_) return;
  failed_ = true;
  result_->end = RunResult::End::lab_fault;
  result_->lab_message = std::move(why);
}

size_t GuestSession::mark(EventKind kind, uint16_t operation, uint32_t after, uint32_t status, uint32_t value) {
  marks_.push_back({{.kind = kind, .operation = operation, .status = status, .value = value}, after});
  return marks_.size() - 1;
}

bool GuestSession::advance_all() {
  bool any = false;
  for (size_t actor = 0; actor < actors_.size(); ++actor) {
    while (next_[actor] < actors_[actor].size()) {
      const uint16_t index = actors_[actor][next_[actor]];
      if (!standings_[index].returned && !advance(index)) break;
      any = true;
      if (!standings_[index].returned) break;
      ++next_[actor];
    }
  }
  return any;
}

bool GuestSession::actors_left() const {
  for (size_t actor = 1; actor < actors_.size(); ++actor)
    if (next_[actor] < actors_[actor].size()) return true;
  return false;
}

// One answer, if there is one in time. False if there was none.
bool GuestSession::pump(std::chrono::milliseconds limit) {
  const auto answer = channel_.next(limit);
  if (channel_.broken()) stop_short(channel_.why());
  if (!answer) return false;
  for (uint16_t i = 0; i < courses_.size(); ++i)
    if (courses_[i].request == answer->request) {
      answered(i, *answer);
      break;
    }
  return true;
}

// The entries of the drivers' event log that are not here yet. False if there were none.
bool GuestSession::read_log() {
  bool any = false;
  for (;;) {
    RXPROBE_REQUEST query{};
    query.Tag = kLogRequest;
    query.Argument = before_ + static_cast<uint32_t>(log_.size());
    const auto* bytes = reinterpret_cast<const uint8_t*>(&query);
    const uint32_t room = offsetof(RXPROBE_LOG, Entries) + 512 * sizeof(RXCHECK_EVENT);
    const uint32_t request = channel_.issue(0, IOCTL_RXPROBE_QUERY_LOG, {bytes, RXPROBE_REQUEST_HEADER + 2}, room);
    std::optional<AgentChannel::Answer> answer;
    while (!failed_) {
      answer = channel_.next(patience_.stuck);
      if (!answer) return stop_short(channel_.broken() ? channel_.why() : "the guest does not answer"), any;
      if (answer->request == request && !answer->pending) break;
      for (uint16_t i = 0; i < courses_.size(); ++i)
        if (courses_[i].request == answer->request) {
          answered(i, *answer);
          break;
        }
      any = true;
    }
    if (failed_ || answer->output.size() < offsetof(RXPROBE_LOG, Entries)) return any;
    RXPROBE_LOG log;
    std::memcpy(&log, answer->output.data(), offsetof(RXPROBE_LOG, Entries));
    if (log.First != query.Argument) {
      stop_short("the drivers' event log has lost entries: too much happened at a time");
      return any;
    }
    if (log.Count == 0 && before_ + log_.size() < log.Total) {
      stop_short("the drivers' event log does not give what it says it has");
      return any;
    }
    const size_t count =
        std::min<size_t>(log.Count, (answer->output.size() - offsetof(RXPROBE_LOG, Entries)) / sizeof(RXCHECK_EVENT));
    for (size_t i = 0; i < count; ++i) {
      RXCHECK_EVENT event;
      std::memcpy(&event, answer->output.data() + offsetof(RXPROBE_LOG, Entries) + i * sizeof event, sizeof event);
      log_.push_back(event);
      standings_.told(static_cast<EventKind>(event.Kind), standings_.operation_of(event.Tag),
                      standings_.operation_of(event.Target));
    }
    any = any || count != 0;
    seen_ = std::max(seen_, before_ + static_cast<uint32_t>(log_.size()));
    if (before_ + log_.size() >= log.Total) return any;
  }
}

// Requests that are pending and can go no further on their own: their operations return. False if there are none.
bool GuestSession::settle() {
  bool any = false;
  for (uint16_t i = 0; i < courses_.size(); ++i) {
    if (!courses_[i].settling || standings_[i].returned) continue;
    courses_[i].settling = false;
    returned(i, status::kPending, 0);
    any = true;
  }
  return any;
}

// One operation of the environment, to its return. False if there is none.
bool GuestSession::call_environment(bool left) {
  const auto next = environment_.next(result_->history.program, standings_.all(), left);
  if (!next) return false;
  const auto index = static_cast<uint16_t>(standings_.size());
  result_->history.program.operations.push_back(*next);
  result_->history.program.operations.back().actor = 0;
  standings_.add();
  courses_.emplace_back();
  actors_[0].push_back(index);
  return true;
}

// Tells the drivers which variants are to be in force, and writes down which are.
bool GuestSession::settle_variants(const Program& program) {
  VariantSet in_force;
  if (const auto why = rxcheck::settle_variants(through(channel_, patience_.stuck), program.variants, in_force))
    return stop_short(channel_.broken() ? channel_.why() : *why), false;
  // What choosing has logged is not the program's.
  read_log();
  before_ += static_cast<uint32_t>(log_.size());
  log_.clear();
  if (!in_force.empty()) mark(EventKind::variants, kNoOperation, 0, 0, in_force.bits());
  return !failed_;
}

void GuestSession::run(const Program& program, RunResult& result) {
  result_ = &result;
  result.end = RunResult::End::finished;
  prepare(program);
  read_log();
  before_ = static_cast<uint32_t>(log_.size());
  log_.clear();
  if (!settle_variants(program)) return;
  const auto begin = Clock::now();
  auto last_news = begin;
  while (!failed_) {
    if (Clock::now() - begin > patience_.whole) {
      stop_short("the program takes too long in the guest");
      break;
    }
    // The log is a ring: what is in it must be fetched before it goes round.
    const bool much = seen_ - before_ - log_.size() > RXPROBE_LOG_MAX / 3;
    if ((much && read_log()) || advance_all() || pump(patience_.quiet) || read_log()) {
      last_news = Clock::now();
      continue;
    }
    // Nothing goes on by itself.
    if (settle()) continue;
    const bool left = actors_left();
    const bool busy = next_[0] < actors_[0].size();
    if (!busy && call_environment(left)) continue;
    if (!left && !busy) break;
    if (Clock::now() - last_news < patience_.stuck) continue;
    result.end = RunResult::End::violation;
    result.violation =
        Violation{"hang", "guest", "", "nothing goes on in the guest, and operations have not returned", kNoOperation};
    break;
  }
  if (result.end == RunResult::End::finished) mark(EventKind::end, kNoOperation, seen_);
  write_history();
}

// Marks and entries in one order. Marks keep theirs.
void GuestSession::write_history() {
  std::vector<Event>& events = result_->history.events;
  events.clear();
  uint32_t entry = 0;
  const auto entries_until = [&](uint32_t end) {
    for (; before_ + entry < end && entry < log_.size(); ++entry) {
      const RXCHECK_EVENT& from = log_[entry];
      if (from.Tag == RXPROBE_TAG_ROUTINE || from.Kind < RxEventStart) continue;  // the lower numbers are ours
      events.push_back({.kind = static_cast<EventKind>(from.Kind),
                        .operation = standings_.operation_of(from.Tag),
                        .target = standings_.operation_of(from.Target),
                        .status = from.Status,
                        .value = from.Value});
    }
  };
  std::ranges::stable_sort(marks_, {}, &Mark::after);
  for (const Mark& mark : marks_) {
    entries_until(mark.after);
    events.push_back(mark.event);
  }
}

}  // namespace rxcheck
