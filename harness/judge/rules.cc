// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/rules.h"

#include <algorithm>

namespace rxcheck {

namespace {
constexpr Rule kRules[] = {
    {"bugcheck", "The driver does not stop the system."},
    {"cancel-lock-held", "A cancel routine releases the cancel spin lock."},
    {"cancel-routine-left-set", "A request has no cancel routine when it is completed."},
    {"completed-while-cancelling",
     "A request is not completed before its cancel routine has released the cancel spin lock."},
    {"completed-with-lock", "A request is not completed while a spin lock is held."},
    {"completed-with-pending", "A request is not completed with STATUS_PENDING."},
    {"critical-region-left", "A critical region is not left with a resource or an unsafe fast mutex held."},
    {"data-race",
     "Two threads do not use the same memory unordered, one of them writing, unless both do it volatile or "
     "interlocked."},
    {"deadlock", "No threads wait for each other's locks."},
    {"device-deleted-in-use",
     "A device is not deleted while a request to it is outstanding, or another device is attached on top of it."},
    {"double-completion", "A request is completed once."},
    {"double-free", "Pool memory is freed once."},
    {"fast-mutex-without-critical-region", "A fast mutex is acquired the unsafe way with normal APCs disabled."},
    {"fast-mutex-wrong-release", "A fast mutex is released by the routine that belongs to the one that acquired it."},
    {"fault", "The driver executes nothing that the processor refuses."},
    {"freed-while-in-use",
     "Memory is not freed while it holds a timer that is set, a queued DPC or work item, a lock, an object waited for, "
     "locked pages or what a request under way will write."},
    {"hang", "Whoever waits is woken in the end."},
    {"initialized-twice", "A lock that is in use is not initialized again."},
    {"irp-after-completion", "A request's memory is not touched after its completion."},
    {"irp-never-completed", "Every request is completed before the driver is unloaded."},
    {"irql", "A service is called at an IRQL that it allows."},
    {"leak", "Nothing that the drivers took is left after unload."},
    {"livelock", "A program comes to an end."},
    {"lock-not-held", "A lock is released by whoever holds it."},
    {"lock-order", "Locks are taken in one order everywhere, so that no two threads can wait for each other."},
    {"marked-pending-late", "A request is marked pending before another line can have it."},
    {"no-more-stack-locations",
     "A driver writes only stack locations that its request has, and passes it down only while there is one left."},
    {"not-completed", "A dispatch routine that returns a final status has completed the request."},
    {"object-underflow", "An object is dereferenced no more often than it was referenced."},
    {"out-of-pool", "A program gets by with the executive's pool."},
    {"overrun", "An access stays inside its allocation."},
    {"own-irp-not-taken-back", "A driver takes back a request that it allocated, in a completion routine."},
    {"page-lock", "Pages are locked once, mapped only while they are locked, and unlocked once."},
    {"paged-access", "Paged pool is not touched at DISPATCH_LEVEL."},
    {"passed-down-irp-touched", "A driver leaves a request alone that it passed down, until it comes back."},
    {"pending-mismatch",
     "A dispatch routine returns STATUS_PENDING for a request that is marked pending, and for no other."},
    {"resource-deleted-while-held", "A resource is not deleted while a thread holds it."},
    {"resource-without-critical-region", "A resource is acquired with normal APCs disabled."},
    {"semaphore-limit", "A semaphore is not released beyond its limit."},
    {"stack-gone", "What a request under way will write at its completion does not lie on a stack that was left."},
    {"too-many-locks", "A thread holds no more locks at a time than any driver should."},
    {"underrun", "An access stays at or behind the beginning of its allocation."},
    {"unhandled-exception", "An exception that the driver raises finds a handler."},
    {"uninitialized-lock", "A lock is initialized before its use."},
    {"uninitialized-object", "A timer, DPC, mutex or queue is initialized before its use."},
    {"unreleased-lock", "A thread leaves the driver without locks, at the IRQL at which it came."},
    {"use-after-free", "Freed memory is not touched."},
    {"wild-access", "Only memory that was allocated is touched."},
    {"wild-free", "Only what the pool gave out is freed, at its beginning."},
    {"work-item-queued-twice", "A work item is not queued again before its routine has begun."},
    {"wrong-irql-restored",
     "Releasing a spin lock restores the IRQL from before, and DISPATCH_LEVEL while another is held."},
    {"wrong-tag", "Memory is freed with the tag with which it was allocated."},
    {"zero-allocation", "Pool is not asked for no bytes."},
};
}  // namespace

std::span<const Rule> executive_rules() { return kRules; }

const Rule* find_rule(std::string_view name) {
  const auto* rule = std::ranges::find(kRules, name, &Rule::name);
  return rule == std::end(kRules) ? nullptr : rule;
}

}  // namespace rxcheck
