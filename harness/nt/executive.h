// SPDX-License-Identifier: Apache-2.0
//
// The simulated NT executive: threads (fibers of one host thread), IRQL, locks, dispatcher objects, pool and I/O,
// deterministic. It decides nothing about order by itself: at yield points it asks a Scheduler. It knows no model and
// no operation beyond their numbers. A rule broken by the driver ends the program with a Violation; the process goes
// on.
//
// One program: reset(), start threads, run() until it returns, look at `violation()`, again. One Executive is current
// in a process at a time (make_current); nothing here is thread-safe.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "driver/protocol/rxcheck_events.h"
#include "harness/core/schedule.h"
#include "harness/nt/access_record.h"
#include "harness/nt/belongings.h"
#include "harness/nt/broken.h"
#include "harness/nt/io_layout.h"
#include "harness/nt/layout.h"
#include "harness/nt/learner.h"
#include "harness/nt/lock_order.h"
#include "harness/nt/names.h"
#include "harness/nt/pe_image.h"
#include "harness/nt/pool.h"
#include "harness/nt/request_record.h"
#include "harness/nt/scheduler.h"
#include "harness/nt/services.h"
#include "harness/nt/thread.h"

namespace rxcheck::nt {

// What a thread holds before it calls a routine that must leave it so.
struct Held {
  size_t locks = 0;
  uint8_t irql = kPassiveLevel;
  uint8_t critical_regions = 0;
};

class Executive {
 public:
  static constexpr unsigned kFirstSystemThread = 10;  // 0 is the environment, 1..8 are actors

  Executive();
  ~Executive();

  void make_current();
  static Executive& current() { return *current_executive_; }
  static Executive* current_or_null() { return current_executive_; }
  // True while a thread of the executive runs, false in run()'s caller.
  bool on_thread() const { return running_ != nullptr; }

  // --- one program ---
  // Ends everything: threads, pool, IRPs. The images are the caller's to restore.
  void reset();
  // Thread `number` will begin with `entry(argument)` (which may return). REQUIRES: it is not alive.
  void start_thread(unsigned number, void (*entry)(void*), void* argument);
  // Runs until no thread can go on, or a rule is broken. While `exploring` is set the scheduler is asked; else the
  // baseline rules.
  void run();
  const std::optional<Broken>& violation() const { return violation_; }

  void set_scheduler(Scheduler* scheduler);  // nullptr: baseline
  void set_exploring(bool exploring);
  void set_observer(IoObserver* observer) { observer_ = observer; }
  // Yield points at memory accesses (as well as at calls). Interlocked instructions always, other accesses where
  // learned.
  void set_access_yields(bool on) {
    access_yields_ = on;
    set_question(question_at_);
  }
  // All memory accesses are yield points, learned or not.
  void set_every_access(bool on) {
    every_access_ = on;
    update_slow();
  }
  // A thread that stands before a spin lock which another holds is not offered to the scheduler: to let it go on would
  // only make it wait. It counts as one that can go on, for it would spin.
  void set_lazy_locks(bool on) { lazy_locks_ = on; }
  bool lazy_locks() const { return lazy_locks_; }
  uint32_t held_up() const;  // those threads
  // For a scheduler that is asked: where in the driver; nullptr in the harness.
  const void* asked_at() const { return asked_at_; }
  // Locks at one place in structures of one kind have one class.
  uint32_t lock_class(const uint64_t* lock) { return object_of(const_cast<uint64_t*>(lock)); }
  void set_images(std::vector<PeImage*> images);
  void set_learner(Learner* learner) {
    learner_ = learner;
    update_slow();
  }
  // Recording names every choice that departs from the baseline.
  void set_recorder(Schedule* recorder) {
    recorder_ = recorder;
    update_slow();
  }
  // Is told what threads touch while `exploring` is set; nullptr: nobody.
  void set_access_sink(AccessSink* sink) {
    sink_ = sink;
    hook_.Set = sink != nullptr ? &set_hook : nullptr;
    update_slow();
  }

  uint64_t yields() const { return hook_.Yields; }
  // Threads that have been there since the reset, ended ones too: among how many the scheduler chooses at most.
  unsigned lines() const { return static_cast<unsigned>(std::popcount(started_)); }
  uint32_t switches() const { return switches_; }
  uint64_t choices_hash() const { return choices_hash_; }
  RX_HOOK_TABLE& hook() { return hook_; }
  Names& names() { return names_; }
  Pool& pool() { return pool_; }
  // One byte for each 8 bytes of an image: 1 where a switch can matter.
  const std::vector<uint8_t>& global_fields(size_t image) const { return image_fields_[image].yields; }
  const std::vector<PeImage*>& images() const { return images_; }
  Thread& thread(unsigned number) { return *threads_[number]; }
  Thread& running() { return *running_; }
  uint32_t alive() const { return alive_; }  // one bit a thread
  unsigned thread_limit() const { return static_cast<unsigned>(threads_.size()); }
  // Hands a unit of the semaphore, or an entry of the queue, that it waits for to a thread.
  void grant(Thread& thread) {
    synchronize(object_name(ObjectKind::thread, thread.number), Sync::release);
    thread.granted = true;
    parked_ &= ~(1u << thread.number);
  }
  // Whether the running thread was handed one. Its wait is over.
  bool take_grant() {
    const bool granted = std::exchange(running_->granted, false);
    if (granted) synchronize(object_name(ObjectKind::thread, running_->number), Sync::acquire);
    return granted;
  }
  // The thread works for the operation from now on.
  void give_work(Thread& thread, const Work& work);
  // The line that a thread is: an actor, or the worker of an operation.
  Line line_of(const Thread& thread) const;
  // Whether a system thread that works for the operation could go on.
  bool worker_can_run(uint16_t operation);

  // --- for code that runs on a thread of the executive ---
  // Waits until `condition()`; a yield point by name "block". It is asked while others run, too.
  template <typename Condition>
  void wait_for(const Condition& condition) {
    wait_for([](void* it) { return (*static_cast<const Condition*>(it))(); },
             const_cast<void*>(static_cast<const void*>(&condition)));
  }
  void block(Wait wait, void* object);
  // A yield point at a call: `site` is the return address in the driver, nullptr for the harness.
  void call_yield(Service service, void* site) {
    if (!exploring_) return;
    if (slow_ && names_points()) {
      named_yield(Access::call, nullptr, static_cast<uint32_t>(service), site, true);
    } else if (++hook_.Yields >= question_at_) {
      if (by_object_) stand_before_call(service);
      ask(site);
    }
    if (sink_ != nullptr && !touches_only_its_objects(service))
      touch(object_name(ObjectKind::executive, 0), Touch::write, site);
  }
  // An access of the driver, about to happen, that may concern somebody (RX_HOOK_TABLE). True if it does not: most
  // blocks that are filled or copied, interlocked instructions at which nobody is asked, a line's own requests.
  bool access_is_quiet(const void* address, uint32_t size, uint32_t kind) {
    if (hook_.AccessesLeft < 0 || slow_) return false;
    const bool interlocked = RX_ACCESS_KIND(kind) == RX_ACCESS_ATOMIC;
    if (!pool_.contains(address))
      return !interlocked && (reinterpret_cast<uint64_t>(address) >= kLowEnd || pool_.shadow(address) == Pool::kOpen);
    const uint8_t shadow = pool_.shadow(address);
    if (shadow == Pool::kRequest && size <= 8 && !interlocked) return is_own_request(address);
    if (shadow > Pool::kOpenYield) return false;
    if (size > 8) {
      const uint64_t all = pool_.shadows(address, size);
      if (all == 0) return true;
      if ((all & Pool::kNotOpen) != 0 || (reinterpret_cast<uint64_t>(address) & 7) != 0) return false;
    } else if (shadow == Pool::kOpen && !interlocked) {
      return true;
    }
    const uint64_t yields = hook_.Yields + (hook_.Step & 1);
    if (yields >= hook_.Question) return false;
    hook_.Yields = yields;
    return true;
  }
  // The same where it is neither.
  void access(void* address, uint32_t size, uint32_t kind, void* site) {
    if (hook_.AccessesLeft < 0) too_many_accesses(site);
    if (pool_.contains(address)) {
      access_pool(address, size, kind, site);
    } else if (static_cast<uint64_t>(static_cast<uint8_t*>(address) - image_low_) < image_span_) {
      access_image(address, size, kind, site);
    }  // else a stack, or nothing mapped: then the processor faults
  }
  // Ends the program. Does not return. Call on a thread of the executive.
  [[noreturn]] void violate(std::string rule, std::string object, std::string text, void* site = nullptr);
  [[noreturn]] void violate(Broken broken);
  // The same for a scheduler, which may be asked when no thread runs: then it returns, and no thread begins.
  void break_off(std::string rule) {
    if (running_ != nullptr) violate(std::move(rule), "", "");
    if (!violation_) violation_ = Broken{std::move(rule), "", "", "", 0xffff};
  }
  // Checks that the driver may touch these bytes, which a service is about to use; violates if not.
  // `how` is what the service does with them.
  void check_memory(const void* address, uint32_t size, const char* what, void* site, Touch how = Touch::write) {
    if (sink_ != nullptr) use_memory(address, size, how == Touch::read ? MemoryUse::read : MemoryUse::write, site);
    check_untouched(address, size, what, site);
  }
  // The same for an object that its services may use from several threads at a time.
  void check_object(const void* address, uint32_t size, const char* what, void* site, Touch how = Touch::write) {
    if (sink_ != nullptr) touch_memory(address, size, how, site);
    check_untouched(address, size, what, site);
  }
  void check_untouched(const void* address, uint32_t size, const char* what, void* site) {
    if (!pool_.contains(address)) return;
    if ((pool_.shadows(address, size) & Pool::kNotOpen) != 0) check_pool(address, size, what, site);
  }
  // The running thread touches the object, for the access sink.
  void touch(uint64_t object, Touch how, const void* site = nullptr) {
    if (sink_ != nullptr && exploring_ && running_ != nullptr) sink_->touch(running_->number, object, how, site);
  }
  void use_memory(const void* address, uint32_t size, MemoryUse use, const void* site) {
    if (sink_ != nullptr && exploring_ && running_ != nullptr)
      sink_->access(running_->number, address, size, use, site);
  }
  // As an object's own services use it.
  void touch_memory(const void* address, uint32_t size, Touch how, const void* site) {
    use_memory(address, size, how == Touch::read ? MemoryUse::marked_read : MemoryUse::marked_write, site);
  }
  void use_set(const void* set, const void* entry, uint32_t use) {
    if (sink_ != nullptr && running_ != nullptr) sink_->use_set(running_->number, set, entry, static_cast<SetUse>(use));
  }
  // The running thread is synchronized with others through the object. Of a kernel object: by its address.
  void synchronize(uint64_t object, Sync how) {
    if (sink_ != nullptr && exploring_ && running_ != nullptr) sink_->synchronize(running_->number, object, how);
  }
  void synchronize(const void* object, Sync how) {
    synchronize(object_name(ObjectKind::dispatcher, reinterpret_cast<uintptr_t>(object)), how);
  }
  // Whether a thread can go on is looked at by the running one.
  void look_at_workers(uint16_t operation);
  // Memory of the pool goes back: whoever touched it must have been before.
  void release_memory(Allocation& allocation, void* site) {
    use_memory(allocation.base, allocation.size, MemoryUse::free, site);
    pool_.release(allocation);
  }
  void check_irql(uint8_t highest, Service service, void* site) {
    if (running_->irql > highest) too_high(highest, service, site);
  }

  void raise_irql(uint8_t irql) { running_->irql = irql; }
  // The IRQL that a spin lock's release brings back; violates if it is not the right one. The lock is no longer held.
  void restore_irql(uint8_t irql, void* site);
  // The running thread, which holds locks, takes one more and could wait for it.
  void follow_lock_order(const void* lock, void* site);
  // The driver's function that a call returns to; "" if it is none's.
  std::string function_at(const void* site) const;
  std::string name_of_object(uintptr_t address) { return names_.text(object_of(reinterpret_cast<void*>(address))); }
  void lock_taken(const void* lock, bool exclusive, bool spin, bool self_guarding = false);
  // False if the running thread does not hold it.
  bool lock_given(const void* lock);
  // The thread whose object this is; nullptr if it is none's.
  Thread* thread_of(const void* object) {
    for (auto& thread : threads_)
      if (object != nullptr && thread->object == object) return thread.get();
    return nullptr;
  }
  [[noreturn]] void end_thread();  // of the running thread
  unsigned create_system_thread(WorkerRoutine routine, void* context);
  void check_no_locks(const char* where) { check_held(where, {}); }
  // Violates if the running thread holds anything else than `before`.
  void check_held(const char* where, const Held& before);

  // --- time (clock.cc) ---
  // Time passes. Call on a thread of the executive, below DISPATCH_LEVEL. Due timers fire in the order of their due
  // times; their DPCs run on the calling line, at DISPATCH_LEVEL; waits that time out can go on.
  void advance_time(uint64_t ticks_100ns);
  uint64_t now() const { return now_; }  // in 100 ns, as system time
  // `interval` as KeWaitForSingleObject and KeDelayExecutionThread take it: negative is relative, nullptr is never.
  uint64_t deadline_of(const int64_t* interval) const {
    if (interval == nullptr) return kNever;
    return *interval <= 0 ? now_ + (0 - static_cast<uint64_t>(*interval)) : static_cast<uint64_t>(*interval);
  }
  // Blocks until the object is signalled or the deadline has passed. False if it was the deadline.
  bool wait_until(Wait wait, void* object, uint64_t deadline);
  void arm_timer(Timer* timer, int64_t due_time, uint32_t period_ms, Dpc* dpc);
  bool disarm_timer(Timer* timer);  // false if it was not set
  bool is_armed(const Timer* timer) const;
  bool queue_dpc(Dpc* dpc);    // false if it is queued already
  bool unqueue_dpc(Dpc* dpc);  // false if it was not queued
  bool dpcs_waiting() const { return !dpcs_.empty(); }
  const void* dpcs_done() const { return &dpcs_; }  // what the end of each DPC releases, for synchronize()
  // Runs the queued DPCs if the running line is below DISPATCH_LEVEL.
  void run_dpcs();
  void queue_work(const WorkItem& item);
  bool is_queued(const void* item) const {
    for (const WorkItem& queued : work_items_)
      if (queued.item == item) return true;
    return false;
  }

  // --- pool, as drivers see it ---
  // Memory is short from now on: the n-th allocation that drivers make for an actor's operation fails, and requests of
  // build_ioctl get the memory of those that are gone while they are cancelled. 0: it is not.
  void refuse_allocation(uint32_t number) {
    refused_allocation_ = number;
    counted_allocations_ = 0;
    spare_requests_.clear();
  }
  bool is_short_of_memory() const { return refused_allocation_ != 0; }
  // nullptr if there is none left.
  void* allocate_for_driver(uint32_t size, uint32_t tag, bool to_be_freed = true);
  // Violates if it may not be freed. A tag of 0 fits every allocation.
  void free_for_driver(void* address, uint32_t tag, void* site);

  // --- I/O ---
  // Builds an IRP_MJ_DEVICE_CONTROL request; returns its record's number, or -1 if the pool is exhausted.
  int build_ioctl(DeviceObject* device, uint32_t code, const void* input, uint32_t input_size, void* output,
                  uint32_t output_size, const Work& work);
  // Sends it to the driver's dispatch routine on the running thread. Returns what that returned.
  NtStatus send(int record);
  // IoCancelIrp on a request that may have completed. True if a cancel routine was called.
  bool cancel(int record) { return cancel(static_cast<uint32_t>(record), nullptr); }
  // The same for a driver, at `site`: a request that has completed is none that it may touch.
  bool cancel(uint32_t record, void* site);
  std::vector<IrpRecord>& irps() { return irps_; }
  void complete_irp(Irp* irp, void* site);
  // What IoAllocateIrp gives; nullptr if memory is refused. Its record is the last of irps().
  Irp* make_irp(uint8_t locations);
  void free_irp(Irp* irp, void* site);
  // Of a request that could not be made whole, with its buffer.
  void discard_irp(Irp* irp);
  // IofCallDriver.
  NtStatus pass_down(DeviceObject* device, Irp* irp, void* site);
  // Under this option pass_down() always answers STATUS_PENDING, and the lower driver gets the request on another line:
  // what any lower driver may do, and few do while they are tested.
  void set_force_pending(bool on) { force_pending_ = on; }
  // The record of what must be a request that is not completed; violates if it is not.
  IrpRecord& request_at(const Irp* irp, const char* who, void* site);
  // Violates if a driver has written over what its request says of itself, which it does that uses a stack location
  // that the request does not have.
  void check_location(const Irp* irp, uint32_t record, void* site) {
    if (irp->rest != record || irp->current_stack_location != location_of(irp, irp->current_location))
      location_lost(site);
  }
  bool has_request(const DeviceObject* device);
  // Records of requests that will write a driver's status block and set its event.
  std::vector<uint32_t>& built_requests() { return built_; }
  // Unlocks and frees the memory descriptor lists of a completed request; violates if one is freed already.
  void free_mdl_chain(void* first, void* site);
  // The common case of the two: nobody is asked, no other lock is held, this one is free, its memory is good. False if
  // it is not that case, and then nothing has happened.
  bool try_acquire_spin_lock(uint64_t* lock) {
    if (slow_ || (exploring_ && hook_.Yields + 1 >= question_at_) || !plain_lock(lock) || *lock != 0 ||
        !running_->locks.empty())
      return false;
    hook_.Yields += exploring_ ? 1 : 0;
    *lock = running_->number + 1u;
    running_->base_irql = running_->irql;
    running_->locks.push({reinterpret_cast<uintptr_t>(lock), true, true});
    return true;
  }
  bool try_release_spin_lock(uint64_t* lock, uint8_t old_irql) {
    if (slow_ || (exploring_ && hook_.Yields + 1 >= question_at_) || !plain_lock(lock) ||
        *lock != running_->number + 1u)
      return false;
    if (running_->locks.size() != 1 || running_->locks.last().address != reinterpret_cast<uintptr_t>(lock) ||
        old_irql != running_->base_irql)
      return false;
    hook_.Yields += exploring_ ? 1 : 0;
    *lock = 0;
    running_->locks.pop();
    return true;
  }
  uint64_t* cancel_lock() { return &cancel_lock_; }
  void cancel_lock_released() { cancelling_ = nullptr; }
  void acquire_spin_lock(uint64_t* lock, Service service, void* site);
  void release_spin_lock(uint64_t* lock, Service service, void* site);
  std::vector<std::pair<void*, Work>>& semaphore_units() { return semaphore_units_; }
  DriverObject* driver_starting = nullptr;  // while DriverEntry runs
  bool unloading = false;                   // while DriverUnload runs
  Belongings belongings;                    // of the drivers

  // The first thing that should be gone after unload and is not.
  std::optional<Broken> find_leak();
  // REQUIRES: no thread can go on. Who waits for what: rule `deadlock` if a lock is among it, else `hang`.
  std::optional<Broken> find_stuck();

  uint32_t runnable();
  bool can_run(Thread& thread);

 private:
  friend class FaultGuard;
  void wait_for(bool (*condition)(void*), void* argument);
  void update_slow() {
    slow_ = recorder_ != nullptr || learner_ != nullptr || sink_ != nullptr || every_access_ ||
            (scheduler_ != nullptr && scheduler_->by_name());
    set_question(question_at_);
  }
  // The scheduler is asked at this yield point, or as soon after as there is one.
  void set_question(uint64_t at) {
    question_at_ = at;
    const bool yields = exploring_ && access_yields_;
    hook_.Step = yields ? RX_STEP_ONE : RX_STEP_NONE;
    hook_.Question = yields ? std::min<uint64_t>(at, RX_QUESTION_NEVER) : RX_QUESTION_NEVER;
    if (slow_) hook_.Question = 0;  // each access is looked at more closely
  }
  static constexpr int64_t kMaxAccesses = 50'000'000;  // a program of 4,096 operations makes about 2,000,000
  [[noreturn]] void too_many_accesses(void* site);
  [[noreturn]] void location_lost(void* site);
  [[noreturn]] void too_high(uint8_t highest, Service service, void* site);
  void check_pool(const void* address, uint32_t size, const char* what, void* site);
  void access_pool(void* address, uint32_t size, uint32_t kind, void* site);
  void access_image(void* address, uint32_t size, uint32_t kind, void* site);
  void* allocate_request(uint32_t size);
  void release_request(const IrpRecord& record, void* site);
  void set_cancelling(uint32_t record, bool cancelling);
  // Of the request that lies there. REQUIRES: its shadow is kRequest.
  IrpRecord& record_at(const void* address, const Irp*& irp) {
    if (static_cast<uint64_t>(static_cast<const uint8_t*>(address) - recent_request_) >= kRequestSize) {
      const Allocation* allocation = pool_.find(address);
      recent_request_ = allocation->base;
      recent_record_ = allocation->record;
    }
    irp = reinterpret_cast<const Irp*>(recent_request_);
    return irps_[recent_record_];
  }
  bool is_own_request(const void* address) {
    const Irp* irp = nullptr;
    IrpRecord& record = record_at(address, irp);
    if (record.sender != running_->number) {
      record.handed_over = true;
    } else if (record.handed_over) {
      return false;
    }
    return record.work.operation == running_->work.operation;
  }
  MemoryUse use_of(const void* address, uint32_t size, uint32_t kind);
  void learn_conflict(void* address);
  void access_shared(void* address, uint32_t size, uint32_t kind, void* site, bool yields_here);
  bool names_points() const { return recorder_ != nullptr || (scheduler_ != nullptr && scheduler_->by_name()); }
  bool plain_lock(const uint64_t* lock) const {
    return !pool_.contains(lock) || pool_.shadow(lock) <= Pool::kOpenYield;
  }
  void ask(void* site);
  void stand_before_call(Service service);
  void stand_before_access(const void* address, bool reads);
  void named_yield(Access access, void* address, uint32_t service, void* site, bool yields_here);
  void preempt_to(unsigned next, const Point* point);
  void switch_to(unsigned next);
  void reschedule();
  unsigned baseline_next(const Thread& from, uint32_t runnable) const;
  unsigned expected_next(const Thread& from, uint32_t ready, unsigned next) const;
  Point make_point(const Thread& thread, Access access, uint32_t object, void* site);
  YieldPoint spell(const Point& point) const;
  uint32_t object_of(void* address);
  __attribute__((ms_abi)) static void set_hook(void* set, void* entry, unsigned use);
  Line target_line(const Thread& thread) const;
  std::string describe_wait(const Thread& thread);
  static void thread_main(void* thread);
  static void __attribute__((ms_abi)) work_main(void*);
  void fire_due_timers(uint64_t until);
  void check_completion(const Irp* irp, void* site);
  void finish_irp(Irp* irp, uint32_t record, void* site);
  void finish_built_irp(const Irp* irp, uint32_t record, void* site);
  void complete_layered(Irp* irp, uint32_t record, void* site);
  NtStatus dispatch(uint32_t record, bool forced);
  static void __attribute__((ms_abi)) arrive_below(void* record);
  void check_status_blocks(const char* where, const void* frame);
  const char* still_in_use(const void* memory, uint64_t size);
  void leave_program();

  static Executive* current_executive_;

  Pool pool_;
  Names names_;
  std::vector<std::unique_ptr<Thread>> threads_;
  Fiber main_fiber_;
  Thread* running_ = nullptr;
  uint32_t alive_ = 0;  // one bit a thread
  uint32_t started_ = 0;
  uint32_t parked_ = 0;  // waits for a unit of a semaphore, and nobody has handed it one
  uint8_t* image_low_ = nullptr;
  uint64_t image_span_ = 0;
  Scheduler* scheduler_ = nullptr;
  IoObserver* observer_ = nullptr;
  Learner* learner_ = nullptr;
  Schedule* recorder_ = nullptr;
  AccessSink* sink_ = nullptr;
  std::vector<PeImage*> images_;
  struct ImageFields {
    const uint8_t* base;
    uint64_t size;
    std::vector<uint8_t> yields;
  };
  std::vector<ImageFields> image_fields_;  // as images_
  bool exploring_ = false;
  bool access_yields_ = true;
  bool every_access_ = false;
  bool lazy_locks_ = false;
  bool by_object_ = false;  // the scheduler is
  bool slow_ = false;
  RX_HOOK_TABLE hook_{};  // Yields counts those at calls too
  uint64_t question_at_ = kNever;
  const void* asked_at_ = nullptr;
  uint32_t switches_ = 0;
  uint64_t choices_hash_ = 0;
  uint64_t wait_counter_ = 0;
  std::optional<Broken> violation_;
  std::vector<IrpRecord> irps_;
  std::vector<uint32_t> spare_requests_;  // allocations that go to others: those of who was gone first, first
  static constexpr uint64_t kRequestSize = sizeof(Irp) + sizeof(StackLocation);
  const uint8_t* recent_request_ = nullptr;  // that was accessed last: most accesses are to one and the same
  uint64_t recent_record_ = 0;
  uint64_t cancel_lock_ = 0;
  const Irp* cancelling_ = nullptr;  // its cancel routine runs and has not released the cancel spin lock
  std::vector<std::pair<void*, Work>> semaphore_units_;
  static constexpr uint64_t kBeginning = 0x01da'0000'0000'0000;  // a day of 2023: any will do
  uint64_t now_ = kBeginning;
  std::vector<Timer*> timers_;  // that are set, in the order in which they were
  std::vector<Dpc*> dpcs_;
  std::vector<WorkItem> work_items_;
  bool force_pending_ = false;
  std::vector<uint32_t> built_;
  LockOrder lock_order_;
  uint32_t refused_allocation_ = 0;
  uint32_t counted_allocations_ = 0;
  std::vector<uint8_t> workers_of_;  // by operation: how many system threads have taken it up
};

}  // namespace rxcheck::nt
