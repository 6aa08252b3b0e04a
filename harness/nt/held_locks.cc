// SPDX-License-Identifier: Apache-2.0
//
// Spin locks, and what a thread holds: in which order it may take locks, and what it must have given back where.
#include <fmt/format.h>

#include <algorithm>

#include "harness/nt/executive.h"

namespace rxcheck::nt {

// A lock is an object of its own for the access sink; its memory is only read, so that giving it back conflicts.
void Executive::acquire_spin_lock(uint64_t* lock, Service service, void* site) {
  running_->standing_lock = lock;
  call_yield(service, site);
  running_->standing_lock = nullptr;
  check_memory(lock, 8, "use as a spin lock", site, Touch::read);
  touch(object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(lock)), Touch::acquire, site);
  const uint64_t me = running_->number + 1u;
  if (!running_->holds_spin_lock()) running_->base_irql = running_->irql;
  if (*lock == me)
    violate("deadlock", names_.text(object_of(lock)), "a thread acquires a spin lock that it holds", site);
  if (!running_->locks.empty()) follow_lock_order(lock, site);
  while (*lock != 0) {
    block(Wait::spin_lock, lock);
    check_memory(lock, 8, "use as a spin lock after a wait", site, Touch::read);
    touch(object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(lock)), Touch::acquire, site);
  }
  *lock = me;
  lock_taken(lock, true, true);
}

void Executive::release_spin_lock(uint64_t* lock, Service service, void* site) {
  call_yield(service, site);
  check_memory(lock, 8, "use as a spin lock", site, Touch::read);
  touch(object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(lock)), Touch::release, site);
  if (*lock != running_->number + 1u)
    violate("lock-not-held", names_.text(object_of(lock)), "a thread releases a spin lock that it does not hold", site);
  *lock = 0;
  lock_given(lock);
}

// Locks may be released in another order than that in which they were taken (their IRQLs then change places), so what
// counts is: DISPATCH_LEVEL while another is held, and in the end the level from before the first.
void Executive::restore_irql(uint8_t irql, void* site) {
  if (running_->holds_spin_lock() && irql < kDispatchLevel)
    violate("wrong-irql-restored", "KeReleaseSpinLock",
            fmt::format("a spin lock is released to IRQL {} while another one is held", irql), site);
  if (!running_->holds_spin_lock() && irql != running_->base_irql)
    violate("wrong-irql-restored", "KeReleaseSpinLock",
            fmt::format("the last spin lock is released to IRQL {}, the first was acquired at {}", irql,
                        running_->base_irql),
            site);
  raise_irql(irql);
}

void Executive::follow_lock_order(const void* lock, void* site) {
  for (const HeldLock& held : running_->locks.all()) {
    if (!held.exclusive || held.address == reinterpret_cast<uintptr_t>(lock)) continue;
    const uint32_t from = object_of(reinterpret_cast<void*>(held.address));
    const uint32_t to = object_of(const_cast<void*>(lock));
    if (lock_order_.add(from, to))
      violate("lock-order", names_.text(to),
              fmt::format("{} is taken while {} is held, elsewhere it is the other way round", names_.text(to),
                          names_.text(from)),
              site);
  }
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

}  // namespace rxcheck::nt
