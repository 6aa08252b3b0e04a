// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/learner.h"

namespace rxcheck::nt {

bool Learner::access(uintptr_t address, bool writes, uint8_t actor, std::span<const HeldLock> locks) {
  auto [it, fresh] = cells_.try_emplace(address & ~uintptr_t{7});
  Cell& cell = it->second;
  // A lock held shared protects against writers only.
  const auto protects = [writes](const HeldLock& held) { return held.exclusive || !writes; };
  if (fresh) {
    cell.actor = actor;
    cell.written = writes;
    return false;
  }
  if (cell.phase == Phase::exclusive) {
    if (cell.actor == actor) {
      cell.written |= writes;
      return false;
    }
    cell.phase = writes || cell.written ? Phase::modified : Phase::shared;
    for (const HeldLock& held : locks)
      if (protects(held) && cell.lock_count < kMaxLocks) cell.locks[cell.lock_count++] = held.address;
  } else {
    if (writes) cell.phase = Phase::modified;
    unsigned kept = 0;
    for (unsigned i = 0; i < cell.lock_count; ++i)
      for (const HeldLock& held : locks)
        if (held.address == cell.locks[i] && protects(held)) {
          cell.locks[kept++] = cell.locks[i];
          break;
        }
    cell.lock_count = static_cast<uint8_t>(kept);
  }
  return cell.phase == Phase::modified && cell.lock_count == 0;
}

}  // namespace rxcheck::nt
