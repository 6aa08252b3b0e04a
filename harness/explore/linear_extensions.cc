// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/linear_extensions.h"

#include <algorithm>

namespace rxcheck {

namespace {

using Step = EventOrder::Step;

Digest digest_of(const Event& event) {
  const uint64_t what = static_cast<uint64_t>(event.kind) << 32 | static_cast<uint64_t>(event.operation) << 16 |
                        static_cast<uint64_t>(event.target);
  return mixed(mixed(Digest{}, what), static_cast<uint64_t>(event.status) << 32 | event.value);
}

}  // namespace

uint32_t LinearExtensions::line_of(uint8_t thread) {
  const auto known = std::ranges::find(threads_, thread);
  if (known != threads_.end()) return static_cast<uint32_t>(known - threads_.begin());
  threads_.push_back(thread);
  if (lines_.size() < threads_.size()) lines_.emplace_back();
  lines_[threads_.size() - 1].clear();
  return static_cast<uint32_t>(threads_.size() - 1);
}

void LinearExtensions::begin(const EventOrder& order, std::span<const Event> events, Locks locks) {
  order_ = &order;
  events_ = events;
  blocks_.clear();
  threads_.clear();
  locks_.clear();
  uses_.clear();
  for (uint32_t i = 0; i < order.steps().size(); ++i)
    if (order.steps()[i].events != 0 || (order.steps()[i].locks != 0 && locks == Locks::kept)) add_block(i, locks);
  find_needs();
  find_quiet();
  find_tied();
}

void LinearExtensions::add_block(uint32_t number, Locks locks) {
  const Step& step = order_->steps()[number];
  Block block;
  block.step = number;
  block.line = line_of(step.thread);
  block.first_use = static_cast<uint32_t>(uses_.size());
  if (locks == Locks::kept) block.uses = step.locks;
  for (const EventOrder::LockUse& use : order_->locks(step).first(block.uses)) {
    const auto known = std::ranges::find(locks_, use.lock);
    uses_.push_back({static_cast<uint32_t>(known - locks_.begin()), use.taken});
    if (known == locks_.end()) locks_.push_back(use.lock);
  }
  const std::span<const Event> made = events_.subspan(step.first_event, step.events);
  block.calls = !made.empty() && std::ranges::all_of(made, [](const Event& e) { return e.kind == EventKind::call; });
  block.returns = !made.empty() && std::ranges::all_of(made, [](const Event& e) { return e.kind == EventKind::ret; });
  for (const Event& event : made)
    block.digest =
        block.calls || block.returns ? sum(block.digest, digest_of(event)) : mixed(block.digest, digest_of(event));
  lines_[block.line].push_back(static_cast<uint32_t>(blocks_.size()));
  blocks_.push_back(block);
}

Digest LinearExtensions::digest() const {
  Digest all;
  for (const Block& block : blocks_) {
    all = mixed(mixed(all, static_cast<uint64_t>(threads_[block.line]) << 32 | block.uses), block.digest);
    for (uint32_t i = 0; i < threads_.size(); ++i) all = mixed(all, needs_[block.needs + i]);
    for (const Use& use : uses(block)) all = mixed(all, locks_[use.lock] << 1 | (use.taken ? 1 : 0));
  }
  return all;
}

bool LinearExtensions::possible(const Block& block) const {
  const uint32_t* needs = &needs_[block.needs];
  for (size_t i = 0; i < threads_.size(); ++i)
    if (at_[i] < needs[i]) return false;
  return std::ranges::none_of(uses(block), [&](const Use& use) { return use.taken && held_[use.lock] != 0; });
}

// Else one of the calls at the end of the history could come after the block.
bool LinearExtensions::needs_calls(const Made& made, const Block& block) const {
  for (size_t i = made.calls_from; i < path_.size(); ++i) {
    const Block& call = blocks_[path_[i]];
    if (!call.calls || call.line == block.line) continue;
    const uint32_t needed = needs_[block.needs + call.line];
    if (needed == 0 || lines_[call.line][needed - 1] < path_[i]) return false;
  }
  return true;
}

void LinearExtensions::do_block(const Block& block) {
  ++at_[block.line];
  path_.push_back(static_cast<uint32_t>(&block - blocks_.data()));
  for (const Use& use : uses(block)) held_[use.lock] = use.taken ? 1 : 0;
}

void LinearExtensions::undo_block() {
  const Block& block = blocks_[path_.back()];
  path_.pop_back();
  --at_[block.line];
  const std::span<const Use> all = uses(block);
  for (size_t i = all.size(); i-- > 0;) held_[all[i].lock] = all[i].taken ? 0 : 1;
}

// Lets a line give locks back, or take and give them, without an event. False if it cannot now.
bool LinearExtensions::do_quiet(uint32_t line) {
  const Block* first = next_of(line);
  if (first == nullptr || first->quiet == 0) return false;
  for (uint32_t i = 0; i < first->quiet; ++i) {
    const Block& block = *next_of(line);
    if (!possible(block)) {
      for (; i > 0; --i) undo_block();
      return false;
    }
    do_block(block);
  }
  return true;
}

// What stands in nobody's way, and returns. True if there was something.
bool LinearExtensions::do_at_once(Made& made) {
  for (uint32_t line = 0; line < threads_.size(); ++line) {
    if (do_quiet(line)) return true;
    const Block* next = next_of(line);
    if (next == nullptr || !next->returns || !possible(*next)) continue;
    if (std::ranges::any_of(uses(*next), &Use::taken) || !needs_calls(made, *next)) continue;
    add(made, *next);
    return true;
  }
  return false;
}

// The block is done next.
void LinearExtensions::add(Made& made, const Block& block) {
  do_block(block);
  if (step_of(block).events == 0) return;
  const EventKind kind = block.calls ? EventKind::call : block.returns ? EventKind::ret : EventKind::end;
  if (kind != made.kind || kind == EventKind::end) {
    made.settled = of(made);
    made.open = {};
    made.kind = kind;
  }
  made.open = sum(made.open, block.digest);
  if (!block.calls) made.calls_from = path_.size();
}

Digest LinearExtensions::of(const Made& made) {
  return mixed(mixed(made.settled, made.open), static_cast<uint64_t>(made.kind));
}

bool LinearExtensions::visit(const Visit& visit, uint64_t most_states) {
  most_states_ = most_states;
  at_.assign(threads_.size(), 0);
  held_.assign(locks_.size(), 0);
  path_.clear();
  reached_.clear();
  states_ = 0;
  return walk({}, visit);
}

// All that can follow.
bool LinearExtensions::walk(Made made, const Visit& visit) {
  const size_t before = path_.size();
  while (do_at_once(made)) {
  }
  Digest here = of(made);
  for (const uint32_t at : at_) here = mixed(here, at);
  const bool more = !reached_.insert(here) || go_on(made, visit);
  while (path_.size() > before) undo_block();
  return more;
}

bool LinearExtensions::go_on(const Made& made, const Visit& visit) {
  if (++states_ > most_states_) return false;
  if (path_.size() == blocks_.size()) {
    steps_.clear();
    for (const uint32_t block : path_) steps_.push_back(blocks_[block].step);
    return visit(of(made), steps_);
  }
  const size_t before = path_.size();
  for (uint32_t line = 0; line < threads_.size(); ++line) {
    Made then = made;
    const bool more = !do_next(line, then) || walk(then, visit);
    while (path_.size() > before) undo_block();
    if (!more) return false;
  }
  return true;
}

// The next block of a line, with those that it is tied to. False if that is not possible, or makes a history that
// another order makes stricter; what was done of it is to be undone.
bool LinearExtensions::do_next(uint32_t line, Made& made) {
  for (bool tied = true; tied;) {
    const Block* next = next_of(line);
    if (next == nullptr || !possible(*next)) return false;
    if (step_of(*next).events != 0 && !next->calls && !needs_calls(made, *next)) return false;
    tied = next->tied;
    add(made, *next);
  }
  return true;
}

void LinearExtensions::history_of(std::span<const uint32_t> steps, std::vector<Event>& history) const {
  history.clear();
  for (const uint32_t number : steps) {
    const Step& step = order_->steps()[number];
    const auto made = events_.subspan(step.first_event, step.events);
    history.insert(history.end(), made.begin(), made.end());
  }
}

std::vector<uint8_t> LinearExtensions::threads_of(std::span<const uint32_t> steps) const {
  const std::vector<Step>& all = order_->steps();
  std::vector<uint8_t> done(all.size(), 0);
  std::vector<uint8_t> result;
  const auto do_step = [&](uint32_t i) {
    done[i] = 1;
    if (all[i].thread != EventOrder::kOutside) result.push_back(all[i].thread);
  };
  size_t segment = 0;  // where the last barrier was
  const auto do_with_needs = [&](uint32_t last) {
    for (uint32_t i = 0; i <= last; ++i) {
      if (done[i] != 0) continue;
      const bool own = all[i].thread == all[last].thread;
      if (!own && all[last].thread != EventOrder::kOutside && !order_->knows(all[last], all[i]) && i >= segment)
        continue;
      do_step(i);
    }
    if (all[last].thread == EventOrder::kOutside) segment = last + 1;
  };
  for (const uint32_t step : steps) do_with_needs(step);
  for (uint32_t i = 0; i < all.size(); ++i)
    if (done[i] == 0) do_step(i);
  return result;
}

}  // namespace rxcheck
