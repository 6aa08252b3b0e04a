// SPDX-License-Identifier: Apache-2.0
//
// The pass that looks for a schedule with fewer switches. The points where the case switches now hold the window of the
// race, but the way there may be long: each switch only makes up for the one before it. So every set of one, two and
// three of these points is tried from each actor's turn at the beginning; sets of one and two with every line to go to,
// sets of three with the lines as they are.
#include <algorithm>

#include "harness/shrink/passes.h"

namespace rxcheck::passes {

namespace {

constexpr unsigned kSearch = 3000;
constexpr uint64_t kMostRuns = 30'000;  // per call

class FewSwitches {
 public:
  FewSwitches(Trial& trial, Case& current) : trial_(trial), current_(current), limit_(trial.tried() + kMostRuns) {
    for (const Choice& choice : current.schedule.choices) {
      if (choice.kind == Choice::Kind::switch_) points_.push_back(choice);
      add_line(choice.to);
    }
    for (const Operation& op : current.program.operations) add_line({op.actor, false, 0});
    add_beginnings();
  }

  bool find() {
    const unsigned switches = switches_in(current_.schedule);
    for (unsigned count = 1; count < switches && count <= 3; ++count)
      for (const auto& beginning : beginnings_)
        if (extend(beginning, 0, count, count < 3)) return true;
    return false;
  }

 private:
  void add_line(const Line& line) {
    if (std::ranges::find(lines_, line) == lines_.end()) lines_.push_back(line);
  }

  // The choice of who begins, if the schedule has one, to every actor; and none.
  void add_beginnings() {
    beginnings_.push_back({});
    const auto& choices = current_.schedule.choices;
    if (choices.empty() || choices[0].kind != Choice::Kind::pick) return;
    for (const Line& line : lines_) {
      if (line.worker) continue;
      beginnings_.push_back({choices[0]});
      beginnings_.back()[0].to = line;
    }
  }

  // Tries all ways to add `count` more choices at points from `first` on.
  bool extend(const std::vector<Choice>& chosen, size_t first, unsigned count, bool any_line) {
    if (count == 0) return attempt(chosen);
    for (size_t i = first; i + count <= points_.size(); ++i) {
      std::vector<Choice> longer = chosen;
      longer.push_back(points_[i]);
      if (extend(longer, i + 1, count - 1, any_line)) return true;
      for (const Line& line : lines_) {
        if (!any_line || line == points_[i].to || line == points_[i].at.line) continue;
        longer.back().to = line;
        if (extend(longer, i + 1, count - 1, any_line)) return true;
      }
    }
    return false;
  }

  bool attempt(const std::vector<Choice>& choices) {
    if (trial_.tried() >= limit_) return false;
    Case candidate{current_.program, {choices}};
    return trial_.exact(candidate) && take_if_smaller(current_, std::move(candidate));
  }

  Trial& trial_;
  Case& current_;
  uint64_t limit_;
  std::vector<Choice> points_;
  std::vector<Line> lines_;
  std::vector<std::vector<Choice>> beginnings_;
};

}  // namespace

bool find_fewer_switches(Trial& trial, Case& current) {
  const unsigned switches = switches_in(current.schedule);
  if (switches < 2) return false;
  if (FewSwitches(trial, current).find()) return true;
  Case candidate = current;
  return trial.search(candidate, kSearch, switches - 1) && take_if_smaller(current, std::move(candidate));
}

}  // namespace rxcheck::passes
