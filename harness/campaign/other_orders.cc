// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/other_orders.h"

#include <span>
#include <utility>

namespace rxcheck {

namespace {

constexpr uint64_t kMostStates = 1 << 22;  // of one execution: some two seconds, 200 MB

}  // namespace

OtherOrders::Seen OtherOrders::look(Judge& judge, const RunResult& run) {
  Seen seen;
  const std::vector<Event>& events = run.history.events;
  history_ = run.history;
  const auto visit = [&](const Digest& digest, std::span<const uint32_t> steps) {
    if (histories_.contains(digest)) return true;
    history_.events.clear();
    for (const uint32_t number : steps) {
      const EventOrder::Step& step = order_.steps()[number];
      for (uint32_t i = 0; i < step.events; ++i) history_.events.push_back(events[step.first_event + i]);
    }
    seen.found = judge.judge(std::as_const(history_));
    if (seen.found)
      steps_.assign(steps.begin(), steps.end());
    else
      histories_.insert(digest);
    return !seen.found;
  };
  seen.all = extensions_.visit(visit, kMostStates);
  states_ += extensions_.states();
  return seen;
}

OtherOrders::Judged OtherOrders::judge(Judge& judge, const RunResult& run) {
  Judged judged;
  extensions_.begin(order_, run.history.events, LinearExtensions::Locks::left_out);
  const Digest order = extensions_.digest();
  if (conforming_.contains(order)) return judged;
  if (!doubtful_.contains(order)) {
    const Seen seen = look(judge, run);
    if (seen.all) conforming_.insert(order);
    if (seen.found) doubtful_.insert(order);
    judged.all = seen.all || seen.found;
    if (!seen.found) return judged;
  }
  extensions_.begin(order_, run.history.events, LinearExtensions::Locks::kept);
  if (!exact_.insert(extensions_.digest())) return judged;
  Seen seen = look(judge, run);
  judged.found = std::move(seen.found);
  judged.all = seen.all;
  if (!judged.found) return judged;
  for (const uint32_t number : extensions_.whole(steps_))
    if (order_.steps()[number].thread != EventOrder::kOutside) judged.threads.push_back(order_.steps()[number].thread);
  return judged;
}

}  // namespace rxcheck
