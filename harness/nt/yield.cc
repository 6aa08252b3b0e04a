// SPDX-License-Identifier: Apache-2.0
//
// Yield points: where the scheduler is asked, and how a choice is named.
#include <fmt/format.h>

#include "harness/core/random.h"
#include "harness/nt/executive.h"

namespace rxcheck::nt {

namespace {
uint64_t visit_key(const Line& line, uint32_t function, Access access, uint32_t object) {
  return static_cast<uint64_t>(line.actor) << 60 | static_cast<uint64_t>(line.worker & 0xf) << 56 |
         static_cast<uint64_t>(line.operation & 0xfff) << 44 | static_cast<uint64_t>(function & 0x1fff) << 31 |
         static_cast<uint64_t>(access) << 28 | (object & 0xfffffff);
}
}  // namespace

Line Executive::line_of(const Thread& thread) const {
  return {thread.work.actor, thread.work.worker, thread.work.ordinal};
}

// How a choice names the line that it goes to: an actor's own line whichever operation it is at.
Line Executive::target_line(const Thread& thread) const {
  return thread.system ? line_of(thread) : Line{thread.work.actor, 0, 0};
}

Point Executive::make_point(const Thread& thread, Access access, uint32_t object, void* site) {
  Point point;
  point.line = line_of(thread);
  point.access = access;
  point.object = object;
  point.site = site;
  if (site != nullptr) {
    const auto key = reinterpret_cast<uint64_t>(site);
    if (const uint32_t* known = names_.cached(key)) {
      point.function = *known;
    } else {
      for (PeImage* image : images_)
        if (image->contains(site))
          point.function = names_.intern(image->symbol_at(static_cast<uint8_t*>(site) - 1).name);
      names_.cache(key, point.function);
    }
  }
  point.occurrence = names_.visit(visit_key(point.line, point.function, access, object));
  return point;
}

YieldPoint Executive::spell(const Point& point) const {
  return {point.line, names_.text(point.function), point.access, names_.text(point.object), point.occurrence};
}

// "RxCx+0x48" for pool, "rxrdbss.sys!RxActiveContexts+0x0" for a driver's data.
uint32_t Executive::object_of(void* address) {
  uint64_t key = 0;
  if (Allocation* allocation = pool_.find(address)) {
    const auto offset = static_cast<uint64_t>(static_cast<uint8_t*>(address) - allocation->base);
    key = 1ull << 63 | static_cast<uint64_t>(allocation->tag) << 24 | (offset & 0xffffff);
    if (const uint32_t* known = names_.cached(key)) return *known;
    const uint32_t id = names_.intern(fmt::format("{}+{:#x}", tag_name(allocation->tag), offset));
    names_.cache(key, id);
    return id;
  }
  key = 1ull << 62 | reinterpret_cast<uint64_t>(address);
  if (const uint32_t* known = names_.cached(key)) return *known;
  uint32_t id = names_.intern("?");
  if (address == &cancel_lock_) id = names_.intern("cancel-spin-lock");
  for (PeImage* image : images_)
    if (image->contains(address)) {
      const auto& symbol = image->symbol_at(address);
      id = names_.intern(fmt::format("{}!{}+{:#x}", image->name(), symbol.name,
                                     static_cast<uint8_t*>(address) - image->base() - symbol.rva));
    }
  names_.cache(key, id);
  return id;
}

// What it is about is a lock's or the service's own matter: calls of services that change only their objects concern
// nobody before they are carried out.
void Executive::stand_before_call(Service service) {
  uint64_t object = object_name(ObjectKind::executive, touches_only_its_objects(service) ? 1 + running_->number : 0);
  if (running_->standing_lock != nullptr)
    object = object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(running_->standing_lock));
  scheduler_->stands_before(running_->number, object, Touch::write);
}

void Executive::stand_before_access(const void* address, bool reads) {
  scheduler_->stands_before(running_->number, memory_object(address), reads ? Touch::read : Touch::write);
}

void Executive::ask(void* site) {
  asked_at_ = site;
  uint64_t next_question = kNever;
  const unsigned next = scheduler_->preempt(running_->number, runnable(), hook_.Yields, next_question);
  set_question(next_question);
  if (next != running_->number) preempt_to(next, nullptr);
}

void Executive::preempt_to(unsigned next, const Point* point) {
  ++switches_;
  choices_hash_ = mix64(choices_hash_ ^ (hook_.Yields << 8) ^ next ^ 0x80);
  if (recorder_ != nullptr && point != nullptr)
    recorder_->choices.push_back({Choice::Kind::switch_, spell(*point), target_line(*threads_[next])});
  switch_to(next);
}

// The slow way, while recording, replaying or learning: every point is named and counted. `yields_here` says whether it
// would be a yield point in a run that does neither.
void Executive::named_yield(Access access, void* address, uint32_t service, void* site, bool yields_here) {
  const uint32_t object = access == Access::call
                              ? names_.intern(std::string(service_name(static_cast<Service>(service))))
                              : object_of(address);
  const Point point = make_point(*running_, access, object, site);
  if (scheduler_ != nullptr && scheduler_->by_name()) {
    if (yields_here) ++hook_.Yields;
    const unsigned next = scheduler_->preempt_at(point, running_->number, runnable());
    if (next != running_->number) preempt_to(next, &point);
    return;
  }
  if (!yields_here || ++hook_.Yields < question_at_ || scheduler_ == nullptr) return;
  if (by_object_ && access == Access::call) stand_before_call(static_cast<Service>(service));
  if (by_object_ && access != Access::call) stand_before_access(address, access == Access::read);
  uint64_t next_question = kNever;
  const unsigned next = scheduler_->preempt(running_->number, runnable(), hook_.Yields, next_question);
  set_question(next_question);
  if (next != running_->number) preempt_to(next, &point);
}

void Executive::too_many_accesses(void* site) {
  violate("livelock", "accesses", "the program makes no end of memory accesses", site);
}

void Executive::access_pool(void* address, uint32_t size, uint32_t kind, void* site) {
  const uint8_t shadow = pool_.shadow(address);
  if (shadow == Pool::kClosed || shadow == Pool::kPartial || shadow == Pool::kPaged || size > 8)
    check_pool(address, size, "a memory access", site);
  bool yields_here = shadow == Pool::kOpenYield || RX_ACCESS_KIND(kind) == RX_ACCESS_ATOMIC;
  if (shadow == Pool::kLayered) {
    const Irp* irp = nullptr;
    const IrpRecord& record = record_at(address, irp);
    if (record.in_transit)
      violate("passed-down-irp-touched", "Irp",
              "a driver touches a request that it has passed down before it has come back", site);
    yields_here = yields_here || record.work.operation != running_->work.operation;
  }
  if (shadow == Pool::kRequest) {
    // A request is handed over by protocol, not under a lock, and its memory ends with its completion: whoever touches
    // one that it does not work for (a canceller, an answer from the server) may be touching what is gone.
    const Irp* irp = nullptr;
    IrpRecord& record = record_at(address, irp);
    yields_here = yields_here || record.work.operation != running_->work.operation;
    if (record.sender != running_->number) {
      record.handed_over = true;
    } else if (record.handed_over && RX_ACCESS_KIND(kind) != RX_ACCESS_READ &&
               address == &irp->current_stack_location->control) {
      violate("marked-pending-late", "Irp", "a request is marked pending after another line has had it", site);
    }
  }
  if (size > 8 || shadow == Pool::kPaged) {
    const auto* allocation = pool_.find(address);
    const auto first = static_cast<uint64_t>(static_cast<uint8_t*>(address) - allocation->base);
    for (uint64_t offset = first; offset < first + size && !yields_here && allocation->yields != nullptr; offset += 8)
      yields_here = allocation->yields->has(offset >> 3);
  }
  access_shared(address, size, kind, site, yields_here);
  // Others may have run since: the access itself only happens now.
  if (pool_.shadow(address) == Pool::kClosed) check_pool(address, size, "a memory access", site);
}

void Executive::access_image(void* address, uint32_t size, uint32_t kind, void* site) {
  for (size_t i = 0; i < images_.size(); ++i) {
    if (!images_[i]->contains(address)) continue;
    const auto rva = static_cast<uint64_t>(static_cast<uint8_t*>(address) - images_[i]->base());
    access_shared(address, size, kind, site,
                  RX_ACCESS_KIND(kind) == RX_ACCESS_ATOMIC || image_fields_[i].yields[rva >> 3] != 0);
    return;
  }
}

void Executive::learn_conflict(void* address) {
  if (Allocation* allocation = pool_.find(address)) {
    const auto offset = static_cast<uint64_t>(static_cast<uint8_t*>(address) - allocation->base);
    pool_.yield_fields(allocation->tag).add(offset >> 3);
    return;
  }
  for (size_t i = 0; i < images_.size(); ++i)
    if (images_[i]->contains(address)) {
      image_fields_[i].yields[static_cast<uint64_t>(static_cast<uint8_t*>(address) - images_[i]->base()) >> 3] = 1;
      pool_.mark_yield(address);
    }
}

void Executive::access_shared(void* address, uint32_t size, uint32_t kind, void* site, bool yields_here) {
  if (!exploring_) return;
  yields_here = (yields_here || every_access_) && access_yields_;
  if (learner_ != nullptr && running_->work.actor != 0 &&
      learner_->access(reinterpret_cast<uintptr_t>(address), RX_ACCESS_KIND(kind) != RX_ACCESS_READ,
                       running_->work.actor, running_->locks.all()))
    learn_conflict(address);
  static constexpr Access kKinds[] = {Access::read, Access::write, Access::atomic};
  if (slow_ && names_points()) {
    named_yield(kKinds[RX_ACCESS_KIND(kind) % 3], address, 0, site, yields_here);
  } else if (yields_here && ++hook_.Yields >= question_at_) {
    if (by_object_) stand_before_access(address, RX_ACCESS_KIND(kind) == RX_ACCESS_READ);
    ask(site);
  }
  if (sink_ != nullptr) use_memory(address, size, use_of(address, size, kind), site);
}

__attribute__((ms_abi)) void Executive::set_hook(void* set, void* entry, unsigned use) {
  current().use_set(set, entry, use);
}

// What is larger than eight bytes the processor does in several steps, volatile or not. IRP.Cancel is the I/O manager's
// to set at any time, and drivers' to read without a lock: "Cancel-Safe IRP Queues" and the page of IoSetCancelRoutine
// tell them to, after they have set a routine.
MemoryUse Executive::use_of(const void* address, uint32_t size, uint32_t kind) {
  const bool marked = (kind & RX_ACCESS_MARKED) != 0 && size <= 8;
  if (RX_ACCESS_KIND(kind) == RX_ACCESS_ATOMIC) return marked ? MemoryUse::interlocked_read : MemoryUse::interlocked;
  if (RX_ACCESS_KIND(kind) == RX_ACCESS_WRITE) return marked ? MemoryUse::marked_write : MemoryUse::write;
  if (marked) return MemoryUse::marked_read;
  if (!pool_.contains(address) || pool_.shadow(address) <= Pool::kOpenYield) return MemoryUse::read;
  const Allocation* allocation = pool_.find(address);
  const bool cancel = allocation != nullptr && allocation->is_request() &&
                      address == &reinterpret_cast<const Irp*>(allocation->base)->cancel;
  return cancel ? MemoryUse::marked_read : MemoryUse::read;
}

void Executive::look_at_workers(uint16_t operation) {
  if (sink_ == nullptr) return;
  for (uint32_t left = alive_ >> kFirstSystemThread << kFirstSystemThread; left != 0; left &= left - 1) {
    const Thread& thread = *threads_[static_cast<unsigned>(std::countr_zero(left))];
    if (thread.work.operation != operation) continue;
    touch(object_name(ObjectKind::thread, thread.number), Touch::read);
    if (thread.standing_resource != nullptr)
      touch_memory(thread.standing_resource, sizeof(Resource), Touch::write, nullptr);
  }
}

}  // namespace rxcheck::nt
