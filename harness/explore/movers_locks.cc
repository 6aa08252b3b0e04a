// SPDX-License-Identifier: Apache-2.0
//
// Sections under locks: which go as one step, and which somebody had to be let into.
#include <algorithm>

#include "harness/explore/movers.h"

namespace rxcheck {

using nt::Touch;

void Movers::split(const Section& section) {
  learned_ = sections_.insert(section).second || learned_;
  ordering_.insert(section.lock_class);
}

std::optional<Touch> Movers::touch_lock(unsigned thread, Shadow& shadow, Touch how, uint32_t lock_class) {
  Line& line = lines_[thread];
  if (shadow.bit == 0 && locks_met_ < 64) shadow.bit = 1ull << locks_met_++;
  if (how == Touch::acquire) {
    if (!fresh_) stay_put();
    line.locks |= shadow.bit;
    return acquire(line, lock_class);
  }
  past_ = true;
  Line& holder = holder_of(shadow, line);
  holder.locks &= ~shadow.bit;
  return release(holder, lock_class);
}

// One thread may give back what another has taken: a resource, for whoever owns it.
Movers::Line& Movers::holder_of(const Shadow& lock, Line& otherwise) {
  for (unsigned i = 0; i < threads_; ++i)
    if ((lines_[i].locks & lock.bit) != 0) return lines_[i];
  return otherwise;
}

// Two who take locks crosswise can wait for each other for ever, which sections that go as one step do not show.
std::optional<Touch> Movers::acquire(Line& line, uint32_t lock_class) {
  const Section section{lock_class, line.position};
  bool crosswise = false;
  for (const Section& held : line.held) {
    nested_.insert({held, section});
    crosswise = order_.add(held.lock_class, lock_class) || held.lock_class == lock_class || crosswise;
  }
  if (crosswise)
    for (const Section& nested : nested_) split(nested);
  line.held.push_back(section);
  if (!ordering_.contains(lock_class)) return std::nullopt;
  return is_split(section) ? Touch::acquire : Touch::pass;
}

std::optional<Touch> Movers::release(Line& line, uint32_t lock_class) {
  const auto held = std::ranges::find(line.held, lock_class, &Section::lock_class);
  if (held == line.held.end()) return Touch::release;
  const bool orders = is_split(*held);
  line.held.erase(held);
  if (orders) return Touch::release;
  return std::nullopt;
}

void Movers::stuck() {
  for (unsigned i = 0; i < threads_; ++i)
    for (const Section& held : lines_[i].held) split(held);
}

}  // namespace rxcheck
