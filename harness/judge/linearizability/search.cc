// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/search.h"

#include <algorithm>
#include <utility>

#include "harness/judge/linearizability/open_operations.h"
#include "harness/judge/linearizability/outlook.h"
#include "harness/judge/linearizability/visited.h"

namespace rxcheck::linear {

namespace {

constexpr uint32_t kLooksEvery = 1024;      // steps between two looks at the limits
constexpr uint64_t kComparisonsAStep = 16;  // what a comparison costs, of a step
constexpr uint32_t kNoMore = 0xffffffff;

class Search {
 public:
  Search(Model& model, std::span<const TimedOperation> operations, std::span<const Traits> traits,
         const OpenOperations& open, SearchLimits limits, uint32_t goal)
      : model_(model),
        operations_(operations),
        traits_(traits),
        open_(open),
        limits_(limits),
        goal_(goal),
        outlook_(model, operations, traits, goal),
        open_words_((open.slot_count + 63) / 64),
        bits_(open_words_ + (open.pending.size() + 63) / 64),
        visited_(open_words_, bits_.size() - open_words_, limits.bytes),
        fixed_bytes_(open.bytes() + operations.size() * 64 + model.values() * uint64_t{16}) {}

  SearchResult run();

 private:
  // A configuration on the path, and how far it was tried.
  struct Frame {
    State state;
    uint32_t next_return;
    uint32_t operation;   // that led here
    uint32_t object;      // of the next return
    uint32_t remembered;  // index in visited_
    uint32_t at = 0;      // the next candidate: open ones, then pending ones; kNoMore
    uint32_t trying = 0;
    size_t successors_begin;  // those of `trying` in successors_, and the next of them
    size_t successors_at;
    size_t successors_end;
  };

  bool is_over(const Frame& frame) const { return frame.next_return == open_.returns.size(); }
  // The next operation to try, or kNone.
  uint32_t next_candidate(Frame& frame);
  // Whether an operation that never returns, an index into open_.pending, is one.
  bool is_candidate(const Frame& frame, uint32_t index) const;
  void step(Frame& frame, uint32_t operation);
  // Whether the operation that led to `from` never returns and makes no difference to the next one.
  bool is_reached_without(const Frame& from, uint32_t operation, State state);
  // Goes on to the state after an operation, if there is use in it.
  void enter(uint32_t operation, State state);
  void leave();
  // The configuration at the end of the path fails because of the object: goes back to the last one with a choice for
  // it. False if there is none.
  bool go_back(uint32_t object);
  uint64_t bit_of(uint32_t operation, size_t& word) const {
    const size_t bit = open_.slots[operation] + (operations_[operation].ret == kNever ? open_words_ * 64 : 0);
    word = bit / 64;
    return uint64_t{1} << (bit % 64);
  }
  void set(uint32_t operation) {
    size_t word;
    const uint64_t bit = bit_of(operation, word);
    bits_[word] |= bit;
  }
  void clear(uint32_t operation) {
    size_t word;
    const uint64_t bit = bit_of(operation, word);
    bits_[word] &= ~bit;
  }
  void keep_path(SearchResult& result) const;
  uint64_t work() const { return steps_ + visited_.compared() / kComparisonsAStep; }

  Model& model_;
  std::span<const TimedOperation> operations_;
  std::span<const Traits> traits_;
  const OpenOperations& open_;
  SearchLimits limits_;
  uint32_t goal_;
  Outlook outlook_;
  size_t open_words_;
  std::vector<uint64_t> bits_;
  Visited visited_;
  uint64_t fixed_bytes_;
  std::vector<Frame> path_;
  std::vector<State> successors_;
  std::vector<State> without_;
  uint64_t steps_ = 0;
  uint64_t next_look_ = 0;
  bool no_memory_ = false;
  bool is_refused_ = false;
  SearchResult longest_;
  std::pair<uint32_t, size_t> longest_size_{0, 1};
};

uint32_t Search::next_candidate(Frame& frame) {
  const uint32_t begin = open_.open_begin[frame.next_return];
  const uint32_t count = open_.open_begin[frame.next_return + 1] - begin;
  while (frame.at < count) {
    const uint32_t operation = open_.open[begin + frame.at++];
    if (!outlook_.is_done(operation)) return operation;
  }
  if (frame.at == kNoMore) return kNone;
  const auto any_count = static_cast<uint32_t>(open_.pending_on_any.size());
  while (frame.at - count < any_count) {
    const uint32_t index = open_.pending_on_any[frame.at++ - count];
    if (is_candidate(frame, index)) return open_.pending[index];
  }
  const uint32_t value = model_.value(frame.state, frame.object);
  const auto first = std::ranges::lower_bound(open_.pending_on, std::pair(value, 0u));
  for (auto each = first + (frame.at - count - any_count); each != open_.pending_on.end(); ++each) {
    if (each->first != value) break;
    ++frame.at;
    if (is_candidate(frame, each->second)) return open_.pending[each->second];
  }
  frame.at = kNoMore;
  return kNone;
}

bool Search::is_candidate(const Frame& frame, uint32_t index) const {
  const uint32_t operation = open_.pending[index];
  const uint32_t before = open_.alike_before[index];
  return index < open_.pending_count[frame.next_return] && traits_[operation].object == frame.object &&
         !outlook_.is_done(operation) && (before == kNone || outlook_.is_done(open_.pending[before]));
}

void Search::step(Frame& frame, uint32_t operation) {
  frame.trying = operation;
  successors_.resize(frame.successors_begin);
  frame.successors_at = frame.successors_begin;
  ++steps_;
  model_.step(frame.state, operations_[operation], traits_[operation], successors_);
  frame.successors_end = successors_.size();
  if (traits_[operation].pure && successors_.size() > frame.successors_begin) frame.at = kNoMore;
}

bool Search::is_reached_without(const Frame& from, uint32_t operation, State state) {
  if (from.operation == kNone || operations_[from.operation].ret != kNever) return false;
  without_.clear();
  ++steps_;
  model_.step(path_[path_.size() - 2].state, operations_[operation], traits_[operation], without_);
  return std::ranges::find(without_, state) != without_.end();
}

void Search::enter(uint32_t operation, State state) {
  const Frame& from = path_.back();
  const uint32_t object = from.object;
  if (operations_[operation].ret == kNever && state == from.state) return;  // as if it never took effect
  if (is_reached_without(from, operation, state)) return;
  outlook_.take(operation);
  if (!traits_[operation].pure && operation != goal_ &&
      outlook_.is_hopeless(object, model_.value(from.state, object), model_.value(state, object))) {
    outlook_.untake(operation);
    return;
  }
  set(operation);
  uint32_t next = from.next_return;
  for (; next < open_.returns.size() && outlook_.is_done(open_.returns[next]); ++next) clear(open_.returns[next]);
  path_.push_back(
      {state, next, operation, kNone, kNone, 0, 0, successors_.size(), successors_.size(), successors_.size()});
  Frame& frame = path_.back();
  if (is_over(frame)) return;
  frame.object = traits_[open_.returns[next]].object;
  if (goal_ != kNoGoal && std::pair(next, path_.size()) > longest_size_) {
    longest_size_ = {next, path_.size()};
    keep_path(longest_);
  }
  const auto added = visited_.add(next, state, bits_);
  frame.remembered = visited_.last();
  if (added == Visited::Added::yes) return;
  no_memory_ = added == Visited::Added::no_memory;
  // What stands for this one failed, or is on the path: then only operations on this object are in between.
  const uint32_t blame = visited_.blame_of(frame.remembered);
  leave();
  if (blame != Visited::kUndecided && blame != object) is_refused_ = !go_back(blame);
}

void Search::leave() {
  const Frame frame = path_.back();
  path_.pop_back();
  for (uint32_t i = path_.back().next_return; i < frame.next_return; ++i) set(open_.returns[i]);
  clear(frame.operation);
  outlook_.untake(frame.operation);
}

bool Search::go_back(uint32_t object) {
  do {
    if (path_.size() == 1) return false;
    visited_.set_blame(path_.back().remembered, object);
    leave();
  } while (path_.back().object != object);
  successors_.resize(path_.back().successors_end);
  return true;
}

void Search::keep_path(SearchResult& result) const {
  result.order.clear();
  for (size_t i = 1; i < path_.size(); ++i) result.order.push_back(path_[i].operation);
  result.state = path_.back().state;
}

SearchResult Search::run() {
  path_.push_back({model_.initial(), 0, kNone, kNone, kNone, 0, 0, 0, 0, 0});
  if (!is_over(path_.back())) path_.back().object = traits_[open_.returns[0]].object;
  longest_.state = path_.back().state;
  SearchResult result;
  result.outcome = Outcome::refused;
  for (;;) {
    Frame& frame = path_.back();
    if (is_over(frame)) {
      result.outcome = Outcome::accepted;
      keep_path(result);
      break;
    }
    if (no_memory_) {
      result.outcome = Outcome::out_of_memory;
      break;
    }
    if (is_refused_) break;
    if (steps_ >= next_look_) {
      next_look_ = std::min(steps_ + kLooksEvery, limits_.steps);
      visited_.set_other_bytes(fixed_bytes_ + model_.bytes() + path_.capacity() * sizeof(Frame));
      if (work() >= limits_.steps) {
        result.outcome = Outcome::out_of_steps;
        break;
      }
    }
    if (frame.successors_at < frame.successors_end) {
      enter(frame.trying, successors_[frame.successors_at++]);
      continue;
    }
    if (const uint32_t operation = next_candidate(frame); operation != kNone) {
      step(frame, operation);
      continue;
    }
    is_refused_ = !go_back(frame.object);
  }
  if (result.outcome == Outcome::refused) {
    result.order = std::move(longest_.order);
    result.state = longest_.state;
  }
  result.steps = steps_;
  result.work = work();
  result.configurations = visited_.size();
  return result;
}

}  // namespace

SearchResult search(Model& model, std::span<const TimedOperation> operations, SearchLimits limits, uint32_t goal) {
  std::vector<Traits> traits;
  traits.reserve(operations.size());
  for (const TimedOperation& each : operations) traits.push_back(model.traits(each));
  model.refine(operations, traits, goal);
  OpenOperations open;
  if (!find_open_operations(operations, traits, limits.bytes / 4, open)) {
    SearchResult result;
    result.outcome = Outcome::out_of_memory;
    return result;
  }
  return Search(model, operations, traits, open, limits, goal).run();
}

}  // namespace rxcheck::linear
