// SPDX-License-Identifier: Apache-2.0
//
// What threads wait for, and which of them can go on.
#include <fmt/format.h>

#include <bit>

#include "harness/nt/executive.h"

namespace rxcheck::nt {

namespace {

// What is released goes to one of those who wait; other objects are signalled, and whoever comes first takes it.
bool hands_over(const DispatcherHeader& header) {
  return header.type == static_cast<uint8_t>(ObjectType::semaphore) ||
         header.type == static_cast<uint8_t>(ObjectType::queue);
}

bool is_mutant(const Thread& thread) {
  return thread.wait == Wait::dispatcher &&
         static_cast<const DispatcherHeader*>(thread.wait_object)->type == static_cast<uint8_t>(ObjectType::mutant);
}

}  // namespace

bool Executive::can_run(Thread& thread) {
  if (!thread.alive) return false;
  switch (thread.wait) {
    case Wait::none:
      return true;
    case Wait::condition:
      return thread.condition(thread.condition_argument);
    case Wait::spin_lock:
      return *static_cast<uint64_t*>(thread.wait_object) == 0;
    case Wait::dispatcher: {
      const auto* header = static_cast<DispatcherHeader*>(thread.wait_object);
      if (thread.deadline <= now_) return true;
      if (hands_over(*header)) return thread.granted;
      return header->signal_state > 0;
    }
    case Wait::delay:
      return thread.deadline <= now_;
    case Wait::resource_exclusive: {
      const auto* resource = static_cast<Resource*>(thread.wait_object);
      uint64_t held = resource->exclusive_owner | resource->pointers;
      for (unsigned i = 0; i < kMaxThreads; ++i) held |= resource->shared_depth[i];
      return held == 0;
    }
    case Wait::fast_mutex:
      return static_cast<FastMutex*>(thread.wait_object)->count > 0;
    case Wait::starving:
      return static_cast<Resource*>(thread.wait_object)->exclusive_owner == 0;
    case Wait::resource_shared: {
      const auto* resource = static_cast<Resource*>(thread.wait_object);
      if (resource->exclusive_owner != 0) return false;
      if (resource->exclusive_waiters == 0) return true;
      // Not before who has waited longer for exclusive access.
      for (auto& other : threads_)
        if (other->alive && other->wait == Wait::resource_exclusive && other->wait_object == resource &&
            other->wait_since < thread.wait_since)
          return false;
      return true;
    }
  }
  return false;
}

uint32_t Executive::runnable() {
  uint32_t mask = 0;
  for (uint32_t left = alive_ & ~parked_; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    Thread& thread = *threads_[i];
    // The two common cases here: can_run()'s jump by the kind of wait is predicted wrong most times.
    const bool can = thread.wait == Wait::none ||
                     (thread.wait == Wait::condition ? thread.condition(thread.condition_argument) : can_run(thread));
    if (lazy_locks_ && thread.standing_lock != nullptr && *thread.standing_lock != 0) continue;
    mask |= static_cast<uint32_t>(can) << i;
  }
  return mask;
}

uint32_t Executive::held_up() const {
  uint32_t mask = 0;
  for (uint32_t left = alive_ & ~parked_; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const Thread& thread = *threads_[i];
    if (thread.wait == Wait::none && thread.standing_lock != nullptr && *thread.standing_lock != 0) mask |= 1u << i;
  }
  return mask;
}

bool Executive::worker_can_run(uint16_t operation) {
  for (uint32_t left = (alive_ & ~parked_) >> kFirstSystemThread << kFirstSystemThread; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<unsigned>(std::countr_zero(left))];
    const bool waits = thread.standing_resource != nullptr && *thread.standing_lock != 0;
    if (thread.work.operation == operation && can_run(thread) && !waits) return true;
  }
  return false;
}

void Executive::block(Wait wait, void* object) {
  Thread& me = *running_;
  me.wait = wait;
  me.wait_object = object;
  me.wait_since = ++wait_counter_;
  if (wait == Wait::dispatcher && hands_over(*static_cast<DispatcherHeader*>(object))) {
    parked_ |= 1u << me.number;
    if (me.system) me.work = {0, 0, 0xffff, 0};  // back in its pool: it works for nobody
  }
  reschedule();
}

bool Executive::wait_until(Wait wait, void* object, uint64_t deadline) {
  Thread& me = *running_;
  if (deadline <= now_) return false;
  me.deadline = deadline;
  block(wait, object);
  const bool timed_out = me.deadline <= now_;
  me.deadline = kNever;
  return !timed_out;
}

void Executive::wait_for(bool (*condition)(void*), void* argument) {
  if (condition(argument)) return;
  running_->condition = condition;
  running_->condition_argument = argument;
  block(Wait::condition, nullptr);
}

std::string Executive::describe_wait(const Thread& thread) {
  switch (thread.wait) {
    case Wait::none:
      return "can run";
    case Wait::condition:
      return "waits for its request";
    case Wait::spin_lock:
      return "waits for the spin lock " + names_.text(object_of(thread.wait_object));
    case Wait::delay:
      return "waits for time to pass";
    case Wait::dispatcher:
      return "waits for " + names_.text(object_of(thread.wait_object));
    case Wait::fast_mutex:
      return "waits for the fast mutex " + names_.text(object_of(thread.wait_object));
    case Wait::resource_exclusive:
    case Wait::resource_shared:
    case Wait::starving:
      return "waits for the resource " + names_.text(object_of(thread.wait_object));
  }
  return "";
}

std::optional<Broken> Executive::find_stuck() {
  Broken broken{"hang", "request", "", "no line can go on:", 0xffff};
  for (auto& thread : threads_) {
    if (!thread->alive || thread->wait == Wait::none) continue;
    const bool lock = thread->wait == Wait::spin_lock || thread->wait == Wait::resource_exclusive ||
                      thread->wait == Wait::resource_shared || thread->wait == Wait::starving ||
                      thread->wait == Wait::fast_mutex || is_mutant(*thread);
    if (!thread->has_work() && !lock && (thread->system || thread->wait == Wait::condition)) continue;
    if (lock && broken.rule != "deadlock") {
      broken.rule = "deadlock";
      broken.object = names_.text(object_of(thread->wait_object));
      broken.operation = thread->work.operation;
    }
    if (broken.operation == 0xffff) broken.operation = thread->work.operation;
    broken.text += fmt::format(" {}{} {};", thread->system ? "worker of actor " : "actor ", thread->work.actor,
                               describe_wait(*thread));
  }
  return broken;
}

}  // namespace rxcheck::nt
