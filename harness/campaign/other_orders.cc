// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/other_orders.h"

#include <algorithm>
#include <span>
#include <utility>

namespace rxcheck {

namespace {

constexpr uint64_t kMostStates = 1 << 22;             // of one execution: some two seconds, 200 MB
constexpr uint64_t kMostOnceInPart = 1 << 8;          // ...when the verdict cannot be about all any more
constexpr uint64_t kMoreWithEachExecution = 1 << 10;  // of all: they cost about as much as running it
constexpr size_t kMostRemembered = 1 << 24;           // histories: 500 MB

}  // namespace

OtherOrders::Seen OtherOrders::look(Judge& judge, const RunResult& run) {
  Seen seen;
  history_ = run.history;
  const auto visit = [&](const Digest& digest, std::span<const uint32_t> steps) {
    if (histories_.contains(digest)) return true;
    extensions_.history_of(steps, history_.events);
    seen.found = judge.judge(std::as_const(history_));
    if (seen.found)
      steps_.assign(steps.begin(), steps.end());
    else
      judged_ += histories_.insert(digest);
    return !seen.found;
  };
  if (histories_.size() > kMostRemembered) histories_.clear();  // they are judged again if they come again
  seen.all = extensions_.visit(visit, std::min(all_ ? kMostStates : kMostOnceInPart, states_left_));
  states_left_ -= std::min(states_left_, extensions_.states());
  all_ = all_ && (seen.all || seen.found);
  return seen;
}

OtherOrders::Judged OtherOrders::judge(Judge& judge, const RunResult& run) {
  Judged judged;
  states_left_ += kMoreWithEachExecution;
  if (!order_.covers(run.history.events.size())) {
    all_ = false;
    return judged;
  }
  extensions_.begin(order_, run.history.events, LinearExtensions::Locks::left_out);
  const Digest order = extensions_.digest();
  if (looked_at_.contains(order)) return judged;
  if (!doubtful_.contains(order)) {
    const Seen seen = look(judge, run);
    (seen.found ? doubtful_ : looked_at_).insert(order);
    if (!seen.found) return judged;
  }
  extensions_.begin(order_, run.history.events, LinearExtensions::Locks::kept);
  if (!exact_.insert(extensions_.digest())) return judged;
  Seen seen = look(judge, run);
  judged.found = std::move(seen.found);
  if (judged.found) judged.threads = extensions_.threads_of(steps_);
  return judged;
}

}  // namespace rxcheck
