// SPDX-License-Identifier: Apache-2.0
//
// Threads and who runs next. What they wait for is in waiting.cc, yield points in yield.cc, memory checks in
// memory_check.cc, locks in held_locks.cc, I/O in io.cc.
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
  belongings.forget();
  semaphore_units_.clear();
  workers_of_.clear();
  now_ = kBeginning;
  timers_.clear();
  dpcs_.clear();
  work_items_.clear();
  built_.clear();
  lock_order_.forget();
  unloading = false;
  refuse_allocation(0);
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
    if (thread.alive || belongings.is_known(number)) continue;  // it is still known
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

void Executive::give_work(Thread& thread, const Work& work) {
  if (thread.work.operation == work.operation) return;
  thread.work = work;
  if (work.operation == 0xffff) return;
  if (workers_of_.size() <= work.operation) workers_of_.resize(work.operation + 1u, 0);
  thread.work.worker = static_cast<uint8_t>(std::min<unsigned>(++workers_of_[work.operation], kMaxWorkers));
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

}  // namespace rxcheck::nt
