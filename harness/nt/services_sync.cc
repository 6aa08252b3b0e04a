// SPDX-License-Identifier: Apache-2.0
//
// Spin locks, events, semaphores, critical regions. Behaviour after the documented routine pages of wdm.h
// and ntifs.h. A lock's state lives in the driver's own storage.

#include <bit>
#include <cstring>

#include "harness/nt/mutant.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

DispatcherHeader* dispatcher(Executive& ex, void* object, void* site) {
  ex.check_object(object, sizeof(DispatcherHeader), "use as a dispatcher object", site);
  return static_cast<DispatcherHeader*>(object);
}

// The order of those who wait for the semaphore's units, and the units that nobody waits for.
uint64_t waiters_of(const void* semaphore) {
  return object_name(ObjectKind::dispatcher, reinterpret_cast<uintptr_t>(semaphore));
}

unsigned count_waiting(Executive& ex, const void* semaphore) {
  unsigned count = 0;
  for (uint32_t left = ex.alive(); left != 0; left &= left - 1) {
    const Thread& thread = ex.thread(static_cast<unsigned>(std::countr_zero(left)));
    count += thread.wait == Wait::dispatcher && thread.wait_object == semaphore && !thread.granted;
  }
  return count;
}

void initialize(Executive& ex, DispatcherHeader* header, ObjectType type, int32_t state, void* site) {
  ex.check_memory(header, sizeof *header, "initialization of a dispatcher object", site);
  std::memset(header, 0, sizeof *header);
  header->type = static_cast<uint8_t>(type);
  header->signal_state = state;
}

}  // namespace

extern "C" {

// Most spin locks are free and most releases are of the lock taken last. The rest is a second function of the same
// calling convention, reached by a jump: see access_hook in driver_graph.cc for why.
// `site` is the caller's: only an optimizing compiler would find it from here.
__attribute__((noinline)) uint8_t MS nt_acquire_spin_lock(uint64_t* lock, void* site) {
  Executive& ex = Executive::current();
  ex.check_irql(service_irql(Service::KeAcquireSpinLockRaiseToDpc), Service::KeAcquireSpinLockRaiseToDpc, site);
  const uint8_t old = ex.running().irql;
  ex.acquire_spin_lock(lock, Service::KeAcquireSpinLockRaiseToDpc, site);
  ex.raise_irql(kDispatchLevel);
  return old;
}

uint8_t MS nt_KeAcquireSpinLockRaiseToDpc(uint64_t* lock) {
  Executive& ex = Executive::current();
  const uint8_t old = ex.running().irql;
  if (old > kDispatchLevel || !ex.try_acquire_spin_lock(lock))
    return nt_acquire_spin_lock(lock, __builtin_return_address(0));
  ex.raise_irql(kDispatchLevel);
  return old;
}

__attribute__((noinline)) void MS nt_release_spin_lock(uint64_t* lock, uint8_t old_irql, void* site) {
  Executive& ex = Executive::current();
  ex.check_irql(service_irql(Service::KeReleaseSpinLock), Service::KeReleaseSpinLock, site);
  ex.release_spin_lock(lock, Service::KeReleaseSpinLock, site);
  ex.restore_irql(old_irql, site);
  ex.run_dpcs();
}

void MS nt_KeReleaseSpinLock(uint64_t* lock, uint8_t old_irql) {
  Executive& ex = Executive::current();
  if (ex.running().irql > kDispatchLevel || ex.dpcs_waiting() || !ex.try_release_spin_lock(lock, old_irql))
    return nt_release_spin_lock(lock, old_irql, __builtin_return_address(0));
  ex.raise_irql(old_irql);
}

void MS nt_KeAcquireSpinLockAtDpcLevel(uint64_t* lock) {
  ENTER(KeAcquireSpinLockAtDpcLevel);
  if (ex.running().irql < kDispatchLevel)
    ex.violate("irql", "KeAcquireSpinLockAtDpcLevel", "KeAcquireSpinLockAtDpcLevel was called below DISPATCH_LEVEL",
               site);
  ex.acquire_spin_lock(lock, Service::KeAcquireSpinLockAtDpcLevel, site);
}

void MS nt_KeReleaseSpinLockFromDpcLevel(uint64_t* lock) {
  ENTER(KeReleaseSpinLockFromDpcLevel);
  ex.release_spin_lock(lock, Service::KeReleaseSpinLockFromDpcLevel, site);
}

void MS nt_KeInitializeEvent(DispatcherHeader* event, int32_t type, uint8_t state) {
  ENTER(KeInitializeEvent);
  initialize(ex, event, type == 0 ? ObjectType::notification_event : ObjectType::synchronization_event, state != 0,
             site);
}

int32_t MS nt_KeSetEvent(DispatcherHeader* event, int32_t, uint8_t) {
  ENTER_YIELD(KeSetEvent);
  DispatcherHeader* header = dispatcher(ex, event, site);
  const int32_t old = header->signal_state;
  header->signal_state = 1;
  ex.synchronize(header, Sync::release);
  return old;
}

void MS nt_KeClearEvent(DispatcherHeader* event) {
  ENTER_YIELD(KeClearEvent);
  dispatcher(ex, event, site)->signal_state = 0;
}

int32_t MS nt_KeResetEvent(DispatcherHeader* event) {
  ENTER_YIELD(KeResetEvent);
  DispatcherHeader* header = dispatcher(ex, event, site);
  const int32_t old = header->signal_state;
  header->signal_state = 0;
  return old;
}

int32_t MS nt_KeReadStateEvent(DispatcherHeader* event) {
  ENTER_YIELD(KeReadStateEvent);
  return dispatcher(ex, event, site)->signal_state;
}

void MS nt_KeInitializeSemaphore(Semaphore* semaphore, int32_t count, int32_t limit) {
  ENTER(KeInitializeSemaphore);
  initialize(ex, &semaphore->header, ObjectType::semaphore, count, site);
  semaphore->limit = limit;
}

// A unit goes to the thread that has waited longest, which from then on works for the releaser's operation. For the
// access sink threads that wait are alike: a thread that comes to wait matters to a release only if it could be the
// only one, and threads that come to wait matter to each other not at all.
int32_t MS nt_KeReleaseSemaphore(Semaphore* semaphore, int32_t, int32_t adjustment, uint8_t) {
  ENTER_YIELD(KeReleaseSemaphore);
  ex.check_object(semaphore, sizeof(DispatcherHeader), "use as a dispatcher object", site, Touch::read);
  if (adjustment != 1 || count_waiting(ex, semaphore) < 2) ex.touch(waiters_of(semaphore), Touch::write, site);
  const int32_t old = semaphore->header.signal_state;
  for (int32_t i = 0; i < adjustment; ++i) {
    Thread* longest = nullptr;
    for (uint32_t left = ex.alive(); left != 0; left &= left - 1) {
      Thread& thread = ex.thread(static_cast<unsigned>(std::countr_zero(left)));
      if (thread.wait == Wait::dispatcher && thread.wait_object == semaphore && !thread.granted &&
          (longest == nullptr || thread.wait_since < longest->wait_since))
        longest = &thread;
    }
    if (longest != nullptr) {
      ex.grant(*longest);
      if (longest->system) ex.give_work(*longest, ex.running().work);
    } else {
      if (semaphore->header.signal_state >= semaphore->limit)
        ex.violate("semaphore-limit", "KeReleaseSemaphore", "a semaphore was released beyond its limit", site);
      ++semaphore->header.signal_state;
      ex.semaphore_units().push_back({semaphore, ex.running().work});
      ex.synchronize(semaphore, Sync::release);
    }
  }
  return old;
}

NtStatus MS nt_KeWaitForSingleObject(DispatcherHeader* object, int32_t, int32_t, uint8_t, int64_t* timeout) {
  ENTER_YIELD(KeWaitForSingleObject);
  ex.check_object(object, sizeof *object, "use as a dispatcher object", site, Touch::read);
  DispatcherHeader* header = object;
  const bool units = header->type == static_cast<uint8_t>(ObjectType::semaphore);
  const bool parks = units && header->signal_state == 0 && timeout == nullptr;
  if (units)
    ex.touch(waiters_of(header), parks ? Touch::read : Touch::write, site);
  else
    ex.touch_memory(header, sizeof *header, Touch::write, site);
  const bool poll = timeout != nullptr && *timeout == 0;
  if (!poll && ex.running().irql >= kDispatchLevel)
    ex.violate("irql", "KeWaitForSingleObject", "a thread waits at DISPATCH_LEVEL", site);
  Thread& me = ex.running();
  if (units) {
    if (header->signal_state > 0) {
      --header->signal_state;
      ex.synchronize(header, Sync::acquire);
      auto& units = ex.semaphore_units();
      for (size_t i = 0; i < units.size(); ++i)
        if (units[i].first == header) {
          if (me.system) ex.give_work(me, units[i].second);
          units.erase(units.begin() + static_cast<ptrdiff_t>(i));
          break;
        }
      return kStatusSuccess;
    }
    if (poll) return kStatusTimeout;
    me.granted = false;
    ex.wait_until(Wait::dispatcher, header, ex.deadline_of(timeout));
    return ex.take_grant() ? kStatusSuccess : kStatusTimeout;
  }
  if (header->type == static_cast<uint8_t>(ObjectType::mutant))
    return wait_for_mutant(ex, reinterpret_cast<Mutant*>(header), timeout, site);
  const uint64_t deadline = ex.deadline_of(timeout);
  while (header->signal_state <= 0) {
    if (!ex.wait_until(Wait::dispatcher, header, deadline) && header->signal_state <= 0) return kStatusTimeout;
    ex.check_object(header, sizeof *header, "use as a dispatcher object after a wait", site);
  }
  if (header->type == static_cast<uint8_t>(ObjectType::synchronization_event) ||
      header->type == static_cast<uint8_t>(ObjectType::synchronization_timer))
    header->signal_state = 0;
  ex.synchronize(header, Sync::acquire);
  return kStatusSuccess;
}

void MS nt_KeEnterCriticalRegion() {
  ENTER(KeEnterCriticalRegion);
  ++ex.running().critical_regions;
}

void MS nt_KeLeaveCriticalRegion() {
  ENTER(KeLeaveCriticalRegion);
  if (ex.running().critical_regions == 0)
    ex.violate("lock-not-held", "critical-region", "a thread leaves a critical region that it is not in", site);
  if (--ex.running().critical_regions == 0 && ex.running().irql < kApcLevel)
    for (const HeldLock& lock : ex.running().locks.all())
      if (!lock.spin && !lock.self_guarding)
        ex.violate("critical-region-left", ex.name_of_object(lock.address),
                   "a thread leaves its critical region with a resource or an unsafe fast mutex held", site);
}

}  // extern "C"

}  // namespace rxcheck::nt
