// SPDX-License-Identifier: Apache-2.0
//
// Resources (ERESOURCE), after their routine pages in wdm.h and ntifs.h. Owned shared by any number of owners or
// exclusively by one, by either once more. An owner is a thread, or a pointer that a thread has put in its place.
//
// With lazy locks nobody waits for a resource that another owns exclusively: who would is not offered, as before a spin
// lock, and for the access sink exclusive access is such a lock. Nothing is lost: while it is owned that way all others
// wait or are refused whether there are more who wait or not, and when it is given back each may be the next. All that
// is about shared access, about no waiting and about other owners writes the resource, what takes and gives that lock
// reads it.
#include <algorithm>
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

Resource* resource_at(Executive& ex, Resource* resource, void* site, Touch how = Touch::write) {
  ex.check_object(resource, sizeof *resource, "use as a resource", site, how);
  if (resource->magic != kResourceMagic)
    ex.violate("uninitialized-lock", "ERESOURCE", "a resource is used that was not initialized, or was deleted", site);
  return resource;
}

Touch as_lock(const Executive& ex) { return ex.lazy_locks() ? Touch::read : Touch::write; }

void write(Executive& ex, const Resource* resource, void* site) {
  ex.touch_memory(resource, sizeof *resource, Touch::write, site);
}

void touch_lock(Executive& ex, const Resource* resource, Touch how, void* site) {
  if (ex.lazy_locks())
    ex.touch(object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(&resource->exclusive_owner)), how, site);
}

// A yield point before exclusive access is asked for. Whoever would wait stands there while another owns the resource,
// and those who look at workers see it: they look at the resource, too. An address that is no resource is found out
// when the thread goes on.
void stand_before(Executive& ex, const Resource* resource, Service service, void* site) {
  Thread& me = ex.running();
  if (ex.lazy_locks() && resource->magic == kResourceMagic && resource->exclusive_owner != me.number + 1u &&
      resource->shared_depth[me.number] == 0) {
    ex.touch(object_name(ObjectKind::thread, me.number), Touch::write, site);
    me.standing_lock = &resource->exclusive_owner;
    me.standing_resource = resource;
  }
  ex.call_yield(service, site);
  me.standing_lock = nullptr;
  me.standing_resource = nullptr;
}

void give_exclusive(Executive& ex, Resource* resource, void* site) {
  touch_lock(ex, resource, Touch::release, site);
  resource->exclusive_owner = 0;
  resource->exclusive_depth = 0;
}

// Who has had shared access is ordered with who gets exclusive access, and not with each other.
uint64_t writers_of(const Resource* resource) {
  return object_name(ObjectKind::dispatcher, reinterpret_cast<uintptr_t>(resource));
}
uint64_t readers_of(const Resource* resource) {
  return object_name(ObjectKind::dispatcher, reinterpret_cast<uintptr_t>(resource) + 1);
}

// What all kinds of acquisition begin with. True if the thread owns the resource exclusively: then it has it once more.
bool acquire_again(Executive& ex, Resource* resource, Touch how, void* site) {
  resource_at(ex, resource, site, how);
  const Thread& me = ex.running();
  if (me.critical_regions == 0 && me.irql < kApcLevel)
    ex.violate("resource-without-critical-region", "ERESOURCE", "a resource is acquired with normal APCs enabled",
               site);
  if (resource->exclusive_owner != me.number + 1u) return false;
  ++resource->exclusive_depth;
  ex.lock_taken(resource, true, false);
  return true;
}

// `behind`: not before who waits for exclusive access.
uint8_t acquire_shared(Executive& ex, Resource* resource, uint8_t wait, bool behind, void* site) {
  if (resource->exclusive_owner != 0 || (behind && resource->exclusive_waiters != 0)) {
    if (wait == 0) return 0;
    ex.block(behind ? Wait::resource_shared : Wait::starving, resource);
    resource_at(ex, resource, site);
  }
  ex.synchronize(writers_of(resource), Sync::acquire);
  ++resource->shared_depth[ex.running().number];
  ex.lock_taken(resource, false, false);
  return 1;
}

void release_of_thread(Executive& ex, Resource* resource, Thread& thread, void* site) {
  const bool exclusive = resource->exclusive_owner == thread.number + 1u;
  ex.synchronize(exclusive ? writers_of(resource) : readers_of(resource), Sync::release);
  if (exclusive) {
    if (--resource->exclusive_depth == 0) give_exclusive(ex, resource, site);
  } else if (resource->shared_depth[thread.number] != 0) {
    --resource->shared_depth[thread.number];
  } else {
    ex.violate("lock-not-held", "ERESOURCE", "a resource is released for a thread that does not hold it", site);
  }
  thread.locks.remove(reinterpret_cast<uintptr_t>(resource));
}

// The place of an owner that is no thread; resource->pointers if it is none.
unsigned place_of(const Resource* resource, uint64_t owner) {
  unsigned at = 0;
  while (at < resource->pointers && resource->pointer[at] != owner) ++at;
  return at;
}

void release_of_pointer(Executive& ex, Resource* resource, uint64_t owner, void* site) {
  const unsigned at = place_of(resource, owner);
  if (at == resource->pointers)
    ex.violate("lock-not-held", "ERESOURCE", "a resource is released for an owner that does not hold it", site);
  ex.synchronize(resource->exclusive_owner != 0 ? writers_of(resource) : readers_of(resource), Sync::release);
  if (--resource->pointer_depth[at] != 0) return;
  --resource->pointers;
  for (unsigned i = at; i < resource->pointers; ++i) {
    resource->pointer[i] = resource->pointer[i + 1];
    resource->pointer_depth[i] = resource->pointer_depth[i + 1];
  }
  resource->exclusive_owner = 0;  // as the pointer may have been; if it was shared there was none
}

}  // namespace

extern "C" {

NtStatus MS nt_ExInitializeResourceLite(Resource* resource) {
  ENTER(ExInitializeResourceLite);
  ex.check_memory(resource, sizeof *resource, "use as a resource", site);
  if (!ex.belongings.resources.add(resource))
    ex.violate("initialized-twice", "ERESOURCE", "a resource is initialized that is in use", site);
  std::memset(resource, 0, sizeof *resource);
  resource->magic = kResourceMagic;
  return kStatusSuccess;
}

NtStatus MS nt_ExDeleteResourceLite(Resource* resource) {
  ENTER_YIELD(ExDeleteResourceLite);
  resource_at(ex, resource, site);
  bool held = resource->exclusive_owner != 0 || resource->pointers != 0;
  for (uint8_t depth : resource->shared_depth) held = held || depth != 0;
  if (held)
    ex.violate("resource-deleted-while-held", "ERESOURCE", "a resource is deleted while a thread holds it", site);
  ex.use_memory(resource, sizeof *resource, MemoryUse::write, site);
  resource->magic = 0;
  ex.belongings.resources.remove(resource);
  return kStatusSuccess;
}

uint8_t MS nt_ExAcquireResourceExclusiveLite(Resource* resource, uint8_t wait) {
  ENTER(ExAcquireResourceExclusiveLite);
  if (wait != 0)
    stand_before(ex, resource, Service::ExAcquireResourceExclusiveLite, site);
  else
    ex.call_yield(Service::ExAcquireResourceExclusiveLite, site);
  if (acquire_again(ex, resource, wait != 0 ? as_lock(ex) : Touch::write, site)) return 1;
  if (wait != 0 && !ex.running().locks.empty()) ex.follow_lock_order(resource, site);
  Thread& me = ex.running();
  me.wait_object = resource;
  me.wait = Wait::resource_exclusive;
  const bool free = ex.can_run(me);
  me.wait = Wait::none;
  if (!free) {
    if (wait == 0) return 0;
    if (resource->shared_depth[me.number] != 0)
      ex.violate("deadlock", "ERESOURCE", "a thread waits for exclusive access to a resource that it holds shared",
                 site);
    write(ex, resource, site);
    ++resource->exclusive_waiters;
    ex.block(Wait::resource_exclusive, resource);
    resource_at(ex, resource, site);
    --resource->exclusive_waiters;
  }
  ex.synchronize(writers_of(resource), Sync::acquire);
  ex.synchronize(readers_of(resource), Sync::acquire);
  touch_lock(ex, resource, Touch::acquire, site);
  resource->exclusive_owner = me.number + 1u;
  resource->exclusive_depth = 1;
  ex.lock_taken(resource, true, false);
  return 1;
}

// Behind who waits for exclusive access, unless the thread has shared access already: then waiting could not end.
uint8_t MS nt_ExAcquireResourceSharedLite(Resource* resource, uint8_t wait) {
  ENTER_YIELD(ExAcquireResourceSharedLite);
  if (acquire_again(ex, resource, Touch::write, site)) return 1;
  return acquire_shared(ex, resource, wait, resource->shared_depth[ex.running().number] == 0, site);
}

uint8_t MS nt_ExAcquireSharedStarveExclusive(Resource* resource, uint8_t wait) {
  ENTER_YIELD(ExAcquireSharedStarveExclusive);
  if (acquire_again(ex, resource, Touch::write, site)) return 1;
  return acquire_shared(ex, resource, wait, false, site);
}

uint8_t MS nt_ExAcquireSharedWaitForExclusive(Resource* resource, uint8_t wait) {
  ENTER_YIELD(ExAcquireSharedWaitForExclusive);
  if (acquire_again(ex, resource, Touch::write, site)) return 1;
  if (wait != 0 && resource->exclusive_waiters != 0 && resource->shared_depth[ex.running().number] != 0)
    ex.violate("deadlock", "ERESOURCE",
               "a thread waits behind one that waits for exclusive access to a resource that it holds shared", site);
  return acquire_shared(ex, resource, wait, true, site);
}

void MS nt_ExReleaseResourceLite(Resource* resource) {
  ENTER_YIELD(ExReleaseResourceLite);
  resource_at(ex, resource, site, as_lock(ex));
  if (resource->exclusive_owner != ex.running().number + 1u) write(ex, resource, site);
  release_of_thread(ex, resource, ex.running(), site);
}

// `owner` is a thread object, or what ExSetResourceOwnerPointer was given (its two low bits are set).
void MS nt_ExReleaseResourceForThreadLite(Resource* resource, uint64_t owner) {
  ENTER_YIELD(ExReleaseResourceForThreadLite);
  resource_at(ex, resource, site);
  if ((owner & 3) == 3) {
    release_of_pointer(ex, resource, owner, site);
    return;
  }
  Thread* thread = ex.thread_of(reinterpret_cast<void*>(owner));
  if (thread == nullptr)
    ex.violate("lock-not-held", "ERESOURCE", "a resource is released for an owner that does not hold it", site);
  release_of_thread(ex, resource, *thread, site);
}

void MS nt_ExSetResourceOwnerPointer(Resource* resource, uint64_t owner) {
  ENTER_YIELD(ExSetResourceOwnerPointer);
  resource_at(ex, resource, site);
  Thread& me = ex.running();
  const bool exclusive = resource->exclusive_owner == me.number + 1u;
  const uint8_t depth = exclusive ? resource->exclusive_depth : resource->shared_depth[me.number];
  if (depth == 0 || (owner & 3) != 3)
    ex.violate("lock-not-held", "ERESOURCE",
               "an owner pointer is set by a thread that does not hold the resource, or without its low two bits",
               site);
  const unsigned at = place_of(resource, owner);
  if (at == kMaxPointers)
    ex.violate("too-many-locks", "ERESOURCE", "a resource has more owner pointers than any driver should need", site);
  if (at == resource->pointers) {
    resource->pointer[at] = owner;
    resource->pointer_depth[at] = 0;
    ++resource->pointers;
  }
  resource->pointer_depth[at] = static_cast<uint8_t>(resource->pointer_depth[at] + depth);
  if (exclusive) {  // and owned it is, by whomever: nobody is offered
    touch_lock(ex, resource, Touch::release, site);
    resource->exclusive_owner = kPointerOwner;
    resource->exclusive_depth = 0;
  } else {
    resource->shared_depth[me.number] = 0;
  }
  while (ex.lock_given(resource)) continue;
}

void MS nt_ExConvertExclusiveToSharedLite(Resource* resource) {
  ENTER_YIELD(ExConvertExclusiveToSharedLite);
  resource_at(ex, resource, site);
  Thread& me = ex.running();
  if (resource->exclusive_owner != me.number + 1u)
    ex.violate("lock-not-held", "ERESOURCE", "a thread converts exclusive access that it does not have", site);
  ex.synchronize(writers_of(resource), Sync::release);
  resource->shared_depth[me.number] = resource->exclusive_depth;
  give_exclusive(ex, resource, site);
  while (ex.lock_given(resource)) continue;
  for (unsigned i = 0; i < resource->shared_depth[me.number]; ++i) ex.lock_taken(resource, false, false);
}

uint8_t MS nt_ExIsResourceAcquiredExclusiveLite(Resource* resource) {
  ENTER(ExIsResourceAcquiredExclusiveLite);
  return resource_at(ex, resource, site)->exclusive_owner == ex.running().number + 1u;
}

uint32_t MS nt_ExIsResourceAcquiredSharedLite(Resource* resource) {
  ENTER(ExIsResourceAcquiredSharedLite);
  resource_at(ex, resource, site);
  if (resource->exclusive_owner == ex.running().number + 1u) return resource->exclusive_depth;
  return resource->shared_depth[ex.running().number];
}

}  // extern "C"

}  // namespace rxcheck::nt
