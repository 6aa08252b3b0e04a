// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/access_log.h"

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

void AccessLog::begin(const Schedule& schedule, nt::Executive& executive, const History& history) {
  Replayer::begin(schedule, executive);
  executive_ = &executive;
  history_ = &history;
  accesses_.clear();
  turns_.clear();
  pending_.fill({});
}

void AccessLog::look_at_locks(LoggedAccess& access) {
  access.locks.clear();
  for (const nt::HeldLock& lock : executive_->thread(access.thread).locks.all())
    access.locks.push_back({executive_->name_of_object(lock.address), lock.address, lock.exclusive});
}

void AccessLog::write_down(unsigned thread) {
  Pending& pending = pending_[thread];
  const nt::Names& names = executive_->names();
  const nt::Point& point = pending.point;
  pending.waits = false;
  pending.index = accesses_.size();
  LoggedAccess& access = accesses_.emplace_back();
  access.at = {point.line, names.text(point.function), point.access, names.text(point.object), point.occurrence};
  access.thread = thread;
  access.site = reinterpret_cast<uintptr_t>(point.site);
  access.event = history_->events.size();
  look_at_locks(access);
}

unsigned AccessLog::preempt_at(const nt::Point& point, unsigned current, uint32_t runnable) {
  if (pending_[current].waits) write_down(current);  // a call that touches nothing
  pending_[current] = {true, point, kNone};
  const unsigned met = choices_met();
  const size_t position = accesses_.size();
  const unsigned next = Replayer::preempt_at(point, current, runnable);
  if (choices_met() != met) turns_.push_back({Choice::Kind::switch_, current, position});
  return next;
}

unsigned AccessLog::pick_at(const nt::Point& point, uint32_t runnable, unsigned baseline) {
  const unsigned met = choices_met();
  const unsigned next = Replayer::pick_at(point, runnable, baseline);
  if (choices_met() != met) turns_.push_back({Choice::Kind::pick, baseline, accesses_.size()});
  return next;
}

void AccessLog::touch(unsigned thread, uint64_t object, Touch how, const void*) {
  Pending& pending = pending_[thread];
  if (pending.waits) write_down(thread);
  if (pending.index == kNone) return;
  LoggedAccess& access = accesses_[pending.index];
  if (object >> 56 != static_cast<uint64_t>(ObjectKind::memory)) return;
  // A service may take locks itself.
  if (executive_->thread(thread).locks.size() > access.locks.size()) look_at_locks(access);
  const uint64_t address = (object & ((1ull << 56) - 1)) << 3;
  const nt::Allocation* block = executive_->pool().contains(reinterpret_cast<void*>(address))
                                    ? executive_->pool().find(reinterpret_cast<void*>(address))
                                    : nullptr;
  access.touched.push_back(
      {object, how != Touch::read, block == nullptr ? 0 : reinterpret_cast<uint64_t>(block->base)});
}

}  // namespace rxcheck
