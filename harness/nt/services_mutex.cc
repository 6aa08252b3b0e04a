// SPDX-License-Identifier: Apache-2.0
//
// Mutexes (mutant objects) and fast mutexes, after their routine pages in wdm.h. A mutex may be acquired again by its
// owner and is free after as many releases; a fast mutex may not, and keeps its owner at APC_LEVEL.
#include <cstring>

#include "harness/nt/mutant.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

Mutant* mutant_at(Executive& ex, Mutant* mutant, void* site) {
  ex.check_object(mutant, sizeof *mutant, "use as a mutex", site);
  if (mutant->header.type != static_cast<uint8_t>(ObjectType::mutant))
    ex.violate("uninitialized-object", "KMUTEX", "a mutex is used that was not initialized", site);
  return mutant;
}

FastMutex* fast_mutex_at(Executive& ex, FastMutex* mutex, void* site) {
  ex.check_object(mutex, sizeof *mutex, "use as a fast mutex", site);
  if (mutex->event.type != static_cast<uint8_t>(ObjectType::synchronization_event) || mutex->count > 1)
    ex.violate("uninitialized-lock", "FAST_MUTEX", "a fast mutex is used that was not initialized", site);
  return mutex;
}

void acquire_fast_mutex(Executive& ex, FastMutex* mutex, void* site) {
  fast_mutex_at(ex, mutex, site);
  Thread& me = ex.running();
  if (mutex->owner == me.object)
    ex.violate("deadlock", "FAST_MUTEX", "a thread acquires a fast mutex that it holds", site);
  if (!me.locks.empty()) ex.follow_lock_order(mutex, site);
  while (mutex->count <= 0) {
    ++mutex->contention;
    ex.block(Wait::fast_mutex, mutex);
    fast_mutex_at(ex, mutex, site);
  }
}

void own_fast_mutex(Executive& ex, FastMutex* mutex, uint32_t old_irql) {
  ex.synchronize(mutex, Sync::acquire);
  mutex->count = 0;
  mutex->owner = ex.running().object;
  mutex->old_irql = old_irql;
  ex.lock_taken(mutex, true, false, old_irql != kUnsafe);
}

void release_fast_mutex(Executive& ex, FastMutex* mutex, bool unsafe, void* site) {
  fast_mutex_at(ex, mutex, site);
  if (mutex->owner != ex.running().object)
    ex.violate("lock-not-held", "FAST_MUTEX", "a thread releases a fast mutex that it does not hold", site);
  if ((mutex->old_irql == kUnsafe) != unsafe)
    ex.violate("fast-mutex-wrong-release", "FAST_MUTEX",
               "a fast mutex is released by the routine that does not belong to the one that acquired it", site);
  mutex->owner = nullptr;
  mutex->count = 1;
  ex.synchronize(mutex, Sync::release);
  ex.lock_given(mutex);
}

}  // namespace

NtStatus wait_for_mutant(Executive& ex, Mutant* mutant, const int64_t* timeout, void* site) {
  Thread& me = ex.running();
  if (mutant->owner != me.object) {
    if (timeout == nullptr && !me.locks.empty()) ex.follow_lock_order(mutant, site);
    const uint64_t deadline = ex.deadline_of(timeout);
    while (mutant->header.signal_state <= 0) {
      if (!ex.wait_until(Wait::dispatcher, mutant, deadline) && mutant->header.signal_state <= 0) return kStatusTimeout;
      mutant_at(ex, mutant, site);
    }
  }
  ex.synchronize(mutant, Sync::acquire);
  --mutant->header.signal_state;
  mutant->owner = me.object;
  ex.lock_taken(mutant, true, false, true);
  return kStatusSuccess;
}

extern "C" {

void MS nt_KeInitializeMutex(Mutant* mutant, uint32_t) {
  ENTER(KeInitializeMutex);
  ex.check_memory(mutant, sizeof *mutant, "use as a mutex", site);
  std::memset(static_cast<void*>(mutant), 0, sizeof *mutant);
  mutant->header.type = static_cast<uint8_t>(ObjectType::mutant);
  mutant->header.signal_state = 1;
  mutant->apc_disable = 1;
}

int32_t MS nt_KeReleaseMutex(Mutant* mutant, uint8_t) {
  ENTER_YIELD(KeReleaseMutex);
  mutant_at(ex, mutant, site);
  if (mutant->owner != ex.running().object)
    ex.violate("lock-not-held", "KMUTEX", "a thread releases a mutex that it does not own", site);
  const int32_t old = mutant->header.signal_state++;
  if (mutant->header.signal_state == 1) mutant->owner = nullptr;
  ex.synchronize(mutant, Sync::release);
  ex.lock_given(mutant);
  return old;
}

int32_t MS nt_KeReadStateMutex(Mutant* mutant) {
  ENTER_YIELD(KeReadStateMutex);
  return mutant_at(ex, mutant, site)->header.signal_state;
}

void MS nt_ExAcquireFastMutex(FastMutex* mutex) {
  ENTER_YIELD(ExAcquireFastMutex);
  const uint8_t old_irql = ex.running().irql;
  ex.raise_irql(kApcLevel);
  acquire_fast_mutex(ex, mutex, site);
  own_fast_mutex(ex, mutex, old_irql);
}

uint8_t MS nt_ExTryToAcquireFastMutex(FastMutex* mutex) {
  ENTER_YIELD(ExTryToAcquireFastMutex);
  if (fast_mutex_at(ex, mutex, site)->count <= 0) return 0;
  own_fast_mutex(ex, mutex, ex.running().irql);
  ex.raise_irql(kApcLevel);
  return 1;
}

void MS nt_ExReleaseFastMutex(FastMutex* mutex) {
  ENTER_YIELD(ExReleaseFastMutex);
  const auto old_irql = static_cast<uint8_t>(fast_mutex_at(ex, mutex, site)->old_irql);
  release_fast_mutex(ex, mutex, false, site);
  if (ex.running().irql != kApcLevel)
    ex.violate("irql", "ExReleaseFastMutex", "a fast mutex is released at another IRQL than APC_LEVEL", site);
  ex.raise_irql(old_irql);
}

void MS nt_ExAcquireFastMutexUnsafe(FastMutex* mutex) {
  ENTER_YIELD(ExAcquireFastMutexUnsafe);
  if (ex.running().irql < kApcLevel && ex.running().critical_regions == 0)
    ex.violate("fast-mutex-without-critical-region", "FAST_MUTEX",
               "ExAcquireFastMutexUnsafe was called with normal APCs enabled", site);
  acquire_fast_mutex(ex, mutex, site);
  own_fast_mutex(ex, mutex, kUnsafe);
}

void MS nt_ExReleaseFastMutexUnsafe(FastMutex* mutex) {
  ENTER_YIELD(ExReleaseFastMutexUnsafe);
  release_fast_mutex(ex, mutex, true, site);
}

}  // extern "C"

}  // namespace rxcheck::nt
