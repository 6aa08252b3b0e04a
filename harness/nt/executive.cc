// SPDX-License-Identifier: Apache-2.0
//
// Threads and who runs next. Yield points are in yield.cc, memory checks in memory_check.cc, I/O in io.cc.
#include "harness/nt/executive.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "harness/core/random.h"
#include "harness/nt/fault_guard.h"

namespace rxcheck::nt {

Executive* Executive::current_executive_ = nullptr;

Executive::Executive() {
  for (unsigned i = 0; i < kMaxThreads; ++i) {
    threads_.push_back(std::make_unique<Thread>());
    threads_.back()->number = static_cast<uint8_t>(i);
  }
  hook_.Fields = pool_.shadow_map();
  FaultGuard::install();
  make_current();
}

Executive::~Executive() {
  if (current_executive_ == this) current_executive_ = nullptr;
}

void Executive::make_current() { current_executive_ = this; }

void Executive::reset() {
  pool_.reset();
  for (auto& thread : threads_) {
    thread->alive = false;
    thread->object = nullptr;
    thread->locks.clear();
  }
  alive_ = 0;
  started_ = 0;
  parked_ = 0;
  running_ = nullptr;
  exploring_ = false;
  hook_.Yields = 0;
  set_question(kNever);
  hook_.AccessesLeft = kMaxAccesses - 1;
  switches_ = 0;
  choices_hash_ = 0;
  wait_counter_ = 0;
  violation_.reset();
  irps_.clear();
  recent_request_ = nullptr;
  cancel_lock_ = 0;
  cancelling_ = nullptr;
  devices_.clear();
  links_.clear();
  semaphore_units_.clear();
  thread_references_.assign(kMaxThreads, 0);
  thread_handles_.assign(kMaxThreads, 0);
  workers_of_.clear();
  now_ = kBeginning;
  timers_.clear();
  dpcs_.clear();
  work_items_.clear();
  resources_.clear();
  lookaside_lists_.clear();
  built_.clear();
  objects_.forget_references();
  lock_order_.forget();
  unloading = false;
  refuse_allocation(0);
  open_handles = 0;
  if (slow_) names_.forget_visits();
  if (learner_ != nullptr) learner_->forget_objects();
}

void Executive::start_thread(unsigned number, void (*entry)(void*), void* argument) {
  Thread& thread = *threads_[number];
  thread.alive = true;
  alive_ |= 1u << number;
  started_ |= 1u << number;
  parked_ &= ~(1u << number);
  thread.system = false;
  thread.granted = false;
  thread.deadline = kNever;
  thread.irql = kPassiveLevel;
  thread.wait = Wait::none;
  thread.work = {static_cast<uint8_t>(number), 0, 0xffff, 0};
  thread.critical_regions = 0;
  thread.locks.clear();
  thread.standing_lock = nullptr;
  thread.standing_resource = nullptr;
  thread.entry = entry;
  thread.entry_argument = argument;
  thread.top_level_irp = nullptr;
  thread.object = static_cast<uint64_t*>(pool_.allocate(64, make_tag("Thre"), false));
  auto* header = reinterpret_cast<DispatcherHeader*>(thread.object);
  header->type = static_cast<uint8_t>(ObjectType::thread);
  header->signal_state = 0;
  thread.fiber.start(&Executive::thread_main, &thread);
}

unsigned Executive::create_system_thread(WorkerRoutine routine, void* context) {
  for (unsigned number = kFirstSystemThread; number < kMaxThreads; ++number) {
    Thread& thread = *threads_[number];
    if (thread.alive || thread_handles_[number] != 0 || thread_references_[number] != 0) continue;  // it is still known
    start_thread(number, nullptr, context);
    thread.system_routine = routine;
    thread.system = true;
    synchronize(thread.object, Sync::release);
    thread.work = {0, 0, 0xffff, 0};
    return number;
  }
  return 0;
}

void Executive::thread_main(void* argument) {
  auto& thread = *static_cast<Thread*>(argument);
  current_executive_->synchronize(thread.object, Sync::acquire);
  if (thread.system) {
    thread.system_routine(thread.entry_argument);
  } else {
    thread.entry(thread.entry_argument);
  }
  current_executive_->end_thread();
}

void Executive::end_thread() {
  if (running_->system) check_no_locks("a system thread ended");
  reinterpret_cast<DispatcherHeader*>(running_->object)->signal_state = 1;
  synchronize(running_->object, Sync::release);
  running_->alive = false;
  alive_ &= ~(1u << running_->number);
  reschedule();
  std::abort();  // a thread that ended is never resumed
}

// Who goes on in a replay if nothing else is recorded: there those who stand before a held lock are offered, too.
unsigned Executive::expected_next(const Thread& from, uint32_t ready, unsigned next) const {
  return lazy_locks_ ? baseline_next(from, ready | held_up()) : next;
}

void Executive::run() {
  const uint32_t ready = runnable();
  if (ready == 0 || violation_) return;
  unsigned next = baseline_next(*threads_[0], ready);
  if (exploring_ && scheduler_ != nullptr) scheduler_->begins_anew();
  if (exploring_ && sink_ != nullptr) sink_->barrier();
  if (exploring_ && scheduler_ != nullptr && (std::popcount(ready) > 1 || scheduler_->asks_always())) {
    // The first line of a program is a choice like any other: departures are recorded as a pick.
    Thread nobody;
    const Point point = make_point(nobody, Access::block, names_.intern("begin"), nullptr);
    const unsigned chosen =
        scheduler_->by_name() ? scheduler_->pick_at(point, ready, next) : scheduler_->pick(ready, next);
    if (violation_) return;  // the scheduler has broken it off
    if (chosen != expected_next(*threads_[0], ready, next) && recorder_ != nullptr)
      recorder_->choices.push_back({Choice::Kind::pick, spell(point), target_line(*threads_[chosen])});
    if (chosen != next) choices_hash_ = mix64(choices_hash_ ^ (hook_.Yields << 8) ^ chosen);
    next = chosen;
  }
  running_ = threads_[next].get();
  running_->wait = Wait::none;
  FaultGuard::enter_thread(running_->object);
  main_fiber_.switch_to(running_->fiber);
  running_ = nullptr;
}

// Back to run()'s caller: nothing can go on, or the program is over.
void Executive::leave_program() {
  Fiber& from = running_->fiber;
  from.switch_to(main_fiber_);
}

void Executive::switch_to(unsigned next) {
  Thread& from = *running_;
  running_ = threads_[next].get();
  running_->wait = Wait::none;
  FaultGuard::enter_thread(running_->object);
  from.fiber.switch_to(running_->fiber);
}

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

void Executive::give_work(Thread& thread, const Work& work) {
  if (thread.work.operation == work.operation) return;
  thread.work = work;
  if (work.operation == 0xffff) return;
  if (workers_of_.size() <= work.operation) workers_of_.resize(work.operation + 1u, 0);
  thread.work.worker = static_cast<uint8_t>(std::min<unsigned>(++workers_of_[work.operation], kMaxWorkers));
}

bool Executive::worker_can_run(uint16_t operation) {
  for (uint32_t left = (alive_ & ~parked_) >> kFirstSystemThread << kFirstSystemThread; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<unsigned>(std::countr_zero(left))];
    const bool waits = thread.standing_resource != nullptr && *thread.standing_lock != 0;
    if (thread.work.operation == operation && can_run(thread) && !waits) return true;
  }
  return false;
}

// The baseline: another line of the same actor first, then the lowest actor, its own line before its workers.
unsigned Executive::baseline_next(const Thread& from, uint32_t ready) const {
  unsigned best = 0;
  uint64_t best_rank = ~0ull;
  for (uint32_t left = ready; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const Thread& thread = *threads_[i];
    uint64_t rank = static_cast<uint64_t>(thread.work.actor) << 32 | (thread.system ? 1ull << 31 : 0) |
                    static_cast<uint64_t>(thread.work.ordinal) << 8 | i;
    if (thread.work.actor != from.work.actor) rank |= 1ull << 62;
    if (thread.system && !thread.has_work()) rank |= 1ull << 61;  // between two requests: after those that have one
    if (rank < best_rank) {
      best_rank = rank;
      best = i;
    }
  }
  return best;
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

// The running thread cannot go on: somebody else, or nobody.
void Executive::reschedule() {
  Thread& me = *running_;
  const uint32_t ready = runnable();
  if (ready == 0) {
    leave_program();
    return;  // run() was called again and this thread was chosen
  }
  unsigned next = baseline_next(me, ready);
  if (exploring_ && scheduler_ != nullptr && ((ready & (ready - 1)) != 0 || scheduler_->asks_always())) {
    unsigned chosen = next;
    std::optional<Point> point;
    if (names_points()) point = make_point(me, Access::block, names_.intern("wait"), nullptr);
    if (scheduler_->by_name()) {
      chosen = scheduler_->pick_at(*point, ready, next);
    } else {
      chosen = scheduler_->pick(ready, next);
    }
    if (chosen != next) choices_hash_ = mix64(choices_hash_ ^ (hook_.Yields << 8) ^ chosen);
    if (recorder_ != nullptr && chosen != expected_next(me, ready, next))
      recorder_->choices.push_back({Choice::Kind::pick, spell(*point), target_line(*threads_[chosen])});
    next = chosen;
  }
  if (next == me.number && me.alive) {
    me.wait = Wait::none;
    return;
  }
  switch_to(next);
}

void Executive::set_scheduler(Scheduler* scheduler) {
  scheduler_ = scheduler;
  by_object_ = scheduler != nullptr && scheduler->by_object();
  update_slow();
}

void Executive::set_exploring(bool exploring) {
  if (exploring_ && !exploring && scheduler_ != nullptr) scheduler_->begins_anew();
  exploring_ = exploring;
  set_question(exploring && scheduler_ != nullptr && !scheduler_->by_name() && hook_.Yields == 0
                   ? scheduler_->first_question()
                   : question_at_);
}

void Executive::set_images(std::vector<PeImage*> images) {
  images_ = std::move(images);
  image_fields_.clear();
  image_low_ = nullptr;
  image_span_ = 0;
  for (PeImage* image : images_) {
    if (image_low_ == nullptr || image->base() < image_low_) image_low_ = image->base();
  }
  for (PeImage* image : images_)
    image_span_ = std::max<uint64_t>(image_span_, static_cast<uint64_t>(image->base() + image->size() - image_low_));
  for (PeImage* image : images_)
    image_fields_.push_back({image->base(), image->size(), std::vector<uint8_t>((image->size() >> 3) + 1, 0)});
}

void Executive::violate(std::string rule, std::string object, std::string text, void* site) {
  violate(Broken{std::move(rule), std::move(object), function_at(site), std::move(text),
                 running_ != nullptr ? running_->work.operation : uint16_t{0xffff}});
}

std::string Executive::function_at(const void* site) const {
  for (PeImage* image : images_)
    if (site != nullptr && image->contains(site)) return image->symbol_at(static_cast<const uint8_t*>(site) - 1).name;
  return "";
}

void Executive::violate(Broken broken) {
  if (!violation_) violation_ = std::move(broken);
  leave_program();
  std::abort();  // a program that broke a rule is never resumed
}

void Executive::too_high(uint8_t highest, Service service, void* site) {
  violate("irql", std::string(service_name(service)),
          fmt::format("{} was called at IRQL {}, its highest is {}", service_name(service), running_->irql, highest),
          site);
}

bool HeldLocks::remove(uintptr_t address) {
  for (size_t i = count_; i-- > 0;) {
    if (items_[i].address != address) continue;
    std::copy(items_ + i + 1, items_ + count_, items_ + i);
    --count_;
    return true;
  }
  return false;
}

void Executive::lock_taken(const void* lock, bool exclusive, bool spin, bool self_guarding) {
  if (running_->locks.full()) violate("too-many-locks", "locks", "a thread holds more locks than any driver should");
  running_->locks.push({reinterpret_cast<uintptr_t>(lock), exclusive, spin, self_guarding});
}

bool Executive::remember_resource(const void* resource) {
  if (std::find(resources_.begin(), resources_.end(), resource) != resources_.end()) return false;
  resources_.push_back(resource);
  return true;
}

void Executive::forget_resource(const void* resource) {
  const auto it = std::find(resources_.begin(), resources_.end(), resource);
  if (it != resources_.end()) resources_.erase(it);
}

bool Executive::lock_given(const void* lock) { return running_->locks.remove(reinterpret_cast<uintptr_t>(lock)); }

void Executive::check_held(const char* where, const Held& before) {
  Thread& me = *running_;
  if (!built_.empty()) check_status_blocks(where, __builtin_frame_address(0));
  if (me.locks.size() > before.locks)
    violate("unreleased-lock", names_.text(object_of(reinterpret_cast<void*>(me.locks.last().address))),
            fmt::format("{} while it held {} lock(s)", where, me.locks.size() - before.locks));
  if (me.locks.size() < before.locks)
    violate("unreleased-lock", "locks", fmt::format("{} and had released a lock of its caller's", where));
  if (me.irql != before.irql) violate("unreleased-lock", "IRQL", fmt::format("{} at IRQL {}", where, me.irql));
  if (me.critical_regions > before.critical_regions)
    violate("unreleased-lock", "critical-region", fmt::format("{} inside a critical region", where));
  if (me.critical_regions < before.critical_regions)
    violate("unreleased-lock", "critical-region",
            fmt::format("{} and had left a critical region of its caller's", where));
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
