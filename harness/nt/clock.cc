// SPDX-License-Identifier: Apache-2.0
//
// Time, DPCs and work items. Time passes only when somebody says so (advance_time): then timers that are due fire in
// the order of their due times, and waits whose time-out has passed come to an end. A DPC runs on the line that queued
// it, or that lets time pass, as soon as that line is below DISPATCH_LEVEL: the documented behaviour of one processor's
// queue. Other lines go on meanwhile, as other processors would.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "harness/nt/executive.h"

namespace rxcheck::nt {

void Executive::arm_timer(Timer* timer, int64_t due_time, uint32_t period_ms, Dpc* dpc) {
  // A negative due time is relative; a time of the past, and 0, fires at once.
  const uint64_t due = due_time < 0 ? now_ + (0 - static_cast<uint64_t>(due_time)) : static_cast<uint64_t>(due_time);
  timer->header.signal_state = 0;
  timer->due_time = due;
  timer->period = period_ms;
  timer->dpc = dpc;
  timers_.push_back(timer);
  synchronize(timer, Sync::release);
  if (due <= now_) fire_due_timers(now_);
}

bool Executive::disarm_timer(Timer* timer) {
  const auto it = std::find(timers_.begin(), timers_.end(), timer);
  if (it == timers_.end()) return false;
  timers_.erase(it);
  return true;
}

bool Executive::is_armed(const Timer* timer) const {
  return std::find(timers_.begin(), timers_.end(), timer) != timers_.end();
}

// The timer that is due first by `until`; of several the one that was set first.
void Executive::fire_due_timers(uint64_t until) {
  for (;;) {
    Timer* next = nullptr;
    for (Timer* timer : timers_)
      if (timer->due_time <= until && (next == nullptr || timer->due_time < next->due_time)) next = timer;
    if (next == nullptr) return;
    now_ = std::max(now_, next->due_time);
    disarm_timer(next);
    synchronize(next, Sync::acquire);
    synchronize(next, Sync::release);
    next->header.signal_state = 1;
    if (next->period != 0) {
      next->due_time += static_cast<uint64_t>(next->period) * 10'000;
      timers_.push_back(next);
    }
    if (next->dpc != nullptr) {
      queue_dpc(next->dpc);
      run_dpcs();
    }
    if (--hook_.AccessesLeft < 0) too_many_accesses(nullptr);  // a periodic timer and a long time
  }
}

void Executive::advance_time(uint64_t ticks_100ns) {
  const uint64_t until = now_ + ticks_100ns;
  fire_due_timers(until);
  now_ = until;
  for (auto& thread : threads_)
    if (thread->alive && thread->deadline <= now_) parked_ &= ~(1u << thread->number);
}

bool Executive::queue_dpc(Dpc* dpc) {
  if (std::find(dpcs_.begin(), dpcs_.end(), dpc) != dpcs_.end()) return false;
  dpcs_.push_back(dpc);
  synchronize(dpc, Sync::release);
  return true;
}

bool Executive::unqueue_dpc(Dpc* dpc) {
  const auto it = std::find(dpcs_.begin(), dpcs_.end(), dpc);
  if (it == dpcs_.end()) return false;
  dpcs_.erase(it);
  return true;
}

void Executive::run_dpcs() {
  const uint8_t irql = running_->irql;
  if (irql >= kDispatchLevel) return;  // they run when the line lowers its IRQL
  while (!dpcs_.empty()) {
    Dpc* dpc = dpcs_.front();
    dpcs_.erase(dpcs_.begin());
    const size_t locks = running_->locks.size();
    running_->irql = kDispatchLevel;
    synchronize(dpc, Sync::acquire);
    dpc->routine(dpc, dpc->context, dpc->argument1, dpc->argument2);
    if (running_->irql != kDispatchLevel || running_->locks.size() != locks)
      violate("unreleased-lock", "DPC", "a DPC returned with a lock, or at another IRQL than DISPATCH_LEVEL",
              reinterpret_cast<uint8_t*>(dpc->routine) + 1);
    running_->irql = irql;
    synchronize(&dpcs_, Sync::release);
  }
}

// A work item runs on a system thread that works for whoever queued it. If there is no thread left, one that has ended
// its item goes on with the next.
void Executive::queue_work(const WorkItem& item) {
  synchronize(item.item, Sync::release);
  work_items_.push_back(item);
  const unsigned number = create_system_thread(&Executive::work_main, nullptr);
  work_items_.back().thread = static_cast<uint8_t>(number);
  if (number != 0) give_work(*threads_[number], item.work);
}

void __attribute__((ms_abi)) Executive::work_main(void*) {
  Executive& ex = current();
  for (;;) {
    const auto mine = [&ex](const WorkItem& item) { return item.thread == ex.running_->number; };
    auto it = std::find_if(ex.work_items_.begin(), ex.work_items_.end(), mine);
    if (it == ex.work_items_.end())
      it = std::find_if(ex.work_items_.begin(), ex.work_items_.end(), [](const WorkItem& i) { return i.thread == 0; });
    if (it == ex.work_items_.end()) return;
    const WorkItem item = *it;
    ex.work_items_.erase(it);
    ex.synchronize(item.item, Sync::acquire);
    ex.touch_memory(item.item, 8, Touch::write, nullptr);
    ex.give_work(*ex.running_, item.work);
    if (item.device != nullptr) {
      item.io_routine(item.device, item.context);
    } else {
      item.routine(item.context);
    }
    ex.check_no_locks("a work item's routine returned");
  }
}

// Whether memory that is about to be freed still counts: a timer in it is set, a DPC or work item is queued.
const char* Executive::still_in_use(const void* memory, uint64_t size) {
  const auto inside = [memory, size](const void* address) {
    return static_cast<uint64_t>(static_cast<const uint8_t*>(address) - static_cast<const uint8_t*>(memory)) < size;
  };
  if (std::any_of(timers_.begin(), timers_.end(), inside)) return "a timer that is set";
  if (std::any_of(dpcs_.begin(), dpcs_.end(), inside)) return "a DPC that is queued";
  if (std::any_of(work_items_.begin(), work_items_.end(), [&](const WorkItem& item) { return inside(item.item); }))
    return "a work item that is queued";
  if (std::ranges::any_of(belongings.resources.all(), inside)) return "a resource that was not deleted";
  if (std::ranges::any_of(belongings.lookaside_lists.all(), inside)) return "a lookaside list that was not deleted";
  for (const uint32_t number : built_)
    if (inside(irps_[number].irp->user_iosb) || inside(irps_[number].irp->user_event))
      return "the status block or event of a request under way";
  for (uint32_t left = alive_; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<unsigned>(std::countr_zero(left))];
    for (const HeldLock& lock : thread.locks.all())
      if (inside(reinterpret_cast<const void*>(lock.address))) return "a lock that a thread holds";
    if (inside(thread.wait_object) && thread.wait != Wait::none && thread.wait != Wait::condition && !can_run(thread))
      return "an object for which a thread waits";
  }
  return nullptr;
}

}  // namespace rxcheck::nt
