// SPDX-License-Identifier: Apache-2.0
//
// What the driver may touch, and what it must have given back at the end.
#include <fmt/format.h>

#include "harness/nt/executive.h"

namespace rxcheck::nt {

void Executive::check_pool(const void* address, uint32_t size, const char* what, void* site) {
  const Allocation* allocation = pool_.find(address);
  if (allocation == nullptr)
    violate("wild-access", "pool", fmt::format("{} to pool memory that was never allocated", what), site);
  const auto offset = static_cast<uint64_t>(static_cast<const uint8_t*>(address) - allocation->base);
  if (!allocation->freed && offset + size <= allocation->size) {
    if (allocation->paged && running_->irql >= kDispatchLevel)
      violate("paged-access", fmt::format("{}+{:#x}", tag_name(allocation->tag), offset),
              fmt::format("{} of {} bytes to paged pool at DISPATCH_LEVEL", what, size), site);
    return;
  }
  // The gap belongs to the allocation before it, but its last bytes are before the beginning of the next one.
  const auto next = static_cast<size_t>(allocation - pool_.allocations().data()) + 1;
  if (offset >= allocation->size + 8ull && next < pool_.allocations().size() &&
      pool_.allocations()[next].base - static_cast<const uint8_t*>(address) <= 8) {
    const Allocation& after = pool_.allocations()[next];
    const auto before = after.base - static_cast<const uint8_t*>(address);
    violate("underrun", fmt::format("{}-{:#x}", tag_name(after.tag), before),
            fmt::format("{} of {} bytes, {} before the beginning of an allocation", what, size, before), site);
  }
  const std::string object = fmt::format("{}+{:#x}", tag_name(allocation->tag), offset);
  const auto number = allocation - pool_.allocations().data() + 1;
  if (allocation->freed) {
    if (allocation->tag == make_tag("Irp ") || allocation->tag == make_tag("Ibuf"))
      violate("irp-after-completion", object,
              fmt::format("{} of {} bytes to a request that has been completed (allocation {})", what, size, number),
              site);
    violate("use-after-free", object, fmt::format("{} of {} bytes to freed memory (allocation {})", what, size, number),
            site);
  }
  violate("overrun", object,
          fmt::format("{} of {} bytes at offset {} of an allocation of {} bytes", what, size, offset, allocation->size),
          site);
}

void* Executive::allocate_for_driver(uint32_t size, uint32_t tag, bool to_be_freed) {
  if (!is_short_of_memory()) return pool_.allocate(size, tag, to_be_freed);
  touch(object_name(ObjectKind::executive, 1), Touch::write);  // who is refused
  if (running_->work.actor != 0 && running_->has_work() && ++counted_allocations_ == refused_allocation_) {
    observer_->allocation_refused(running_->work);
    return nullptr;
  }
  return pool_.allocate(size, tag, to_be_freed);
}

void Executive::free_for_driver(void* address, uint32_t tag, void* site) {
  Allocation* allocation = pool_.find(address);
  if (allocation != nullptr && !allocation->freed && tag != 0 && allocation->tag != tag)
    violate("wrong-tag", tag_name(allocation->tag),
            fmt::format("memory with tag {} is freed with tag {}", tag_name(allocation->tag), tag_name(tag)), site);
  if (allocation == nullptr || !allocation->driver || allocation->base != address)
    violate("wild-free", "pool", "memory is freed that no allocation began at", site);
  if (allocation->freed) violate("double-free", tag_name(allocation->tag), "memory is freed a second time", site);
  if (allocation->paged && running_->irql >= kDispatchLevel)
    violate("irql", "ExFreePoolWithTag", "paged pool is freed at DISPATCH_LEVEL", site);
  if (const char* what = still_in_use(allocation->base, allocation->size))
    violate("freed-while-in-use", tag_name(allocation->tag), fmt::format("memory is freed that holds {}", what), site);
  release_memory(*allocation, site);
}

std::optional<Broken> Executive::find_leak() {
  for (const IrpRecord& record : irps_)  // a driver's own that came back is its memory, and like what it never sent
    if (!record.completed && (record.of_driver ? record.in_use() : record.sent || !record.built))
      return Broken{"irp-never-completed", "Irp", "", "the driver was unloaded and a request was never completed",
                    record.work.operation};
  for (const Allocation& allocation : pool_.allocations())
    if (allocation.driver && !allocation.freed) {
      return Broken{"leak", tag_name(allocation.tag), "",
                    fmt::format("{} bytes with tag {} were never freed (allocation {})", allocation.size,
                                tag_name(allocation.tag), &allocation - pool_.allocations().data() + 1),
                    0xffff};
    }
  for (unsigned i = kFirstSystemThread; i < kMaxThreads; ++i)
    if (threads_[i]->alive) return Broken{"leak", "thread", "", "a system thread is still there after unload", 0xffff};
  if (!timers_.empty()) return Broken{"leak", "timer", "", "a timer is still set after unload", 0xffff};
  if (!dpcs_.empty()) return Broken{"leak", "DPC", "", "a DPC is still queued after unload", 0xffff};
  if (!work_items_.empty()) return Broken{"leak", "work-item", "", "a work item is still queued after unload", 0xffff};
  return belongings.find_leak();
}

}  // namespace rxcheck::nt
