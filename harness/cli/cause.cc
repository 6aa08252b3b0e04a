// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cause.h"

#include <algorithm>
#include <utility>

namespace rxcheck::cli {

namespace {

constexpr unsigned kMostPlacements = 400;  // in each direction

enum class Outcome { diverges, clean, not_there };

class Finder {
 public:
  Finder(Target& target, Judge& judge, const ProgramFile& file) : target_(target), judge_(judge), file_(file) {
    log(file_.schedule, run_);
  }

  Cause find(size_t choice);

 private:
  void log(const Schedule& schedule, AccessLog& log);
  // With the choice's switch before that access instead. Choices after it that are not met then are left out.
  Outcome outcome(size_t choice, const YieldPoint& at);
  void move_later(const Turned& turned, Cause& cause, size_t& from);
  void move_earlier(const Turned& turned, Cause& cause, size_t& until);
  void choose_pair(const Turned& turned, Cause& cause, size_t from, size_t until);
  void choose_remedy(const Turned& turned, Cause& cause);

  Target& target_;
  Judge& judge_;
  const ProgramFile& file_;
  AccessLog run_;
  RunResult result_;
};

void Finder::log(const Schedule& schedule, AccessLog& log) {
  Plan plan = Plan::replaying(schedule);
  plan.log = &log;
  target_.run(file_.program, plan, result_);
}

Outcome Finder::outcome(size_t choice, const YieldPoint& at) {
  Schedule schedule = file_.schedule;
  schedule.choices[choice].at = at;
  Plan plan = Plan::replaying(schedule);
  for (;;) {
    target_.run(file_.program, plan, result_);
    if (result_.end == RunResult::End::lab_fault) return Outcome::not_there;
    if (result_.end != RunResult::End::left_schedule) return judge_.judge(result_) ? Outcome::diverges : Outcome::clean;
    const unsigned met = result_.choices_met;
    if (met <= choice || met >= schedule.choices.size()) return Outcome::not_there;
    schedule.choices.erase(schedule.choices.begin() + met);
  }
}

// `from` becomes the latest access before which the switch still makes the run diverge.
void Finder::move_later(const Turned& turned, Cause& cause, size_t& from) {
  unsigned tried = 0;
  for (size_t i = turned.turn.position + 1; i < turned.onward.size() && tried < kMostPlacements; ++i) {
    if (turned.onward[i].thread != turned.turn.from) continue;
    ++tried;
    const Outcome found = outcome(cause.choice, turned.onward[i].at);
    cause.later_is_clean = found == Outcome::clean;
    if (cause.later_is_clean) return;
    if (found == Outcome::not_there) continue;
    ++cause.placements;
    from = i;
  }
}

// `until` becomes one more than the last access that must come before the switch.
void Finder::move_earlier(const Turned& turned, Cause& cause, size_t& until) {
  const size_t first = cause.choice == 0 ? 0 : run_.turns()[cause.choice - 1].position;
  unsigned tried = 0;
  for (size_t i = turned.turn.position; i-- > first && tried < kMostPlacements;) {
    if (turned.run[i].thread != turned.turn.from) continue;
    ++tried;
    const Outcome found = outcome(cause.choice, turned.run[i].at);
    cause.earlier_is_clean = found == Outcome::clean;
    if (cause.earlier_is_clean) {
      until = i + 1;
      return;
    }
    if (found == Outcome::not_there) continue;
    ++cause.placements;
  }
}

void Finder::choose_pair(const Turned& turned, Cause& cause, size_t from, size_t until) {
  std::optional<Conflict> late = first_conflict(turned, from);
  const std::optional<Conflict> near = first_conflict(turned, turned.turn.position);
  // With the switch moved the others do something else: then the access that decides may meet none of theirs here.
  if (late && near && near->own < from && cause.decided &&
      turned.onward[late->own].at.function != cause.decided->at.function &&
      turned.onward[near->own].at.function == cause.decided->at.function)
    late = near;
  if (late) {
    cause.own = turned.onward[late->own];
    cause.other = turned.run[late->other];
  }
  const std::optional<Conflict> within = last_conflict(turned, turned.turn.position);
  const bool gives = cause.decided && gives_lock(*cause.decided);
  if (within && (!late || (gives && common_lock(turned.run[within->own], turned.run[within->other]) == nullptr))) {
    cause.own = turned.run[within->own];
    cause.other = turned.run[within->other];
    cause.own_is_done = true;
  } else if (const auto early = last_conflict(turned, until)) {
    cause.before = turned.run[early->own];
    cause.one_section = cause.own && (cause.before->at.function == cause.own->at.function ||
                                      cause.before->at.object == cause.own->at.object ||
                                      common_lock(*cause.before, *cause.own) != nullptr);
  }
}

void Finder::choose_remedy(const Turned& turned, Cause& cause) {
  if (!cause.own) return;
  if (frees(*cause.other)) {
    cause.remedy = Remedy::keep;
    if (cause.before && !cause.before->locks.empty()) cause.lock = cause.before->locks.back();
  } else if (const LockAtAccess* common = common_lock(*cause.own, *cause.other)) {
    cause.remedy = cause.one_section ? Remedy::hold_on : Remedy::order;
    cause.lock = *common;
  } else if (!cause.other->locks.empty()) {
    cause.remedy = cause.own->locks.empty() ? Remedy::take_lock : Remedy::one_lock;
    cause.lock = cause.other->locks.back();
  } else if (!cause.own->locks.empty()) {
    cause.remedy = Remedy::take_too;
    cause.lock = cause.own->locks.back();
  } else {
    cause.remedy = Remedy::order;
    const LoggedAccess& field = cause.own->at.access == Access::call ? *cause.other : *cause.own;
    const LoggedAccess* found = guarded_elsewhere(turned.run, field);
    if (found == nullptr) found = guarded_elsewhere(turned.onward, field);
    if (found != nullptr) cause.elsewhere = *found;
  }
}

// How little a cause says of the defect.
unsigned weakness(const Cause& cause) {
  if (cause.remedy == Remedy::none) return 2;
  return cause.remedy == Remedy::order && cause.lock ? 1 : 0;
}

Cause Finder::find(size_t choice) {
  Cause cause;
  cause.choice = choice;
  if (choice >= run_.turns().size()) return cause;
  Schedule without;
  without.choices.assign(file_.schedule.choices.begin(),
                         file_.schedule.choices.begin() + static_cast<ptrdiff_t>(choice));
  AccessLog onward;
  log(without, onward);
  const Turned turned{run_.accesses(), onward.accesses(), run_.turns()[choice]};
  size_t from = turned.turn.position;
  size_t until = turned.turn.position;
  if (turned.turn.kind == Choice::Kind::switch_) {
    cause.placements = 1;
    move_later(turned, cause, from);
    move_earlier(turned, cause, until);
    if (!cause.later_is_clean) from = turned.turn.position;
    while (from < turned.onward.size() && turned.onward[from].thread != turned.turn.from) ++from;
    if (from < turned.onward.size()) cause.decided = turned.onward[from];
  }
  choose_pair(turned, cause, from, until);
  choose_remedy(turned, cause);
  return cause;
}

}  // namespace

std::vector<Cause> causes_of(Target& target, Judge& judge, const ProgramFile& file,
                             const std::vector<size_t>& choices) {
  Finder finder(target, judge, file);
  std::vector<Cause> causes;
  causes.reserve(choices.size());
  for (const size_t choice : choices) causes.push_back(finder.find(choice));
  std::ranges::stable_sort(causes, {}, [](const Cause& cause) { return std::pair(weakness(cause), cause.placements); });
  return causes;
}

std::optional<LoggedAccess> last_access(Target& target, const ProgramFile& file, const Divergence& divergence) {
  if (divergence.operation >= file.program.operations.size()) return std::nullopt;
  AccessLog log;
  RunResult result;
  Plan plan = Plan::replaying(file.schedule);
  plan.log = &log;
  target.run(file.program, plan, result);
  std::optional<LoggedAccess> last;
  for (const LoggedAccess& access : log.accesses())
    if (access.at.line.actor == file.program.operations[divergence.operation].actor && access.site != 0 &&
        access.event <= divergence.event)
      last = access;
  return last;
}

}  // namespace rxcheck::cli
