// SPDX-License-Identifier: Apache-2.0
//
// Memory descriptor lists. There is one address space and nothing is paged: pages are locked as a count would have it,
// and mapped where they are.
#include <cstring>

#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint64_t kPageSize = 4096;
constexpr uint32_t kMdlTag = make_tag("Mdl ");

Mdl* mdl_at(Executive& ex, Mdl* mdl, void* site) {
  ex.check_memory(mdl, sizeof *mdl, "use as a memory descriptor list", site);
  return mdl;
}

void free_mdl(Executive& ex, Mdl* mdl, void* site) {
  const Allocation* allocation = ex.pool().find(mdl);
  const bool known = allocation != nullptr && !allocation->freed && allocation->tag == kMdlTag;
  if (known && (mdl->flags & kMdlLocked) != 0)
    ex.violate("freed-while-in-use", "MDL", "a memory descriptor list is freed whose pages are locked", site);
  ex.free_for_driver(mdl, kMdlTag, site);
}

void* map(Executive& ex, Mdl* mdl, void* site) {
  mdl_at(ex, mdl, site);
  if ((mdl->flags & (kMdlLocked | kMdlNonPaged)) == 0)
    ex.violate("page-lock", "MDL", "pages are mapped that are not locked", site);
  mdl->flags |= kMdlMapped;
  mdl->mapped_address = mdl->start + mdl->byte_offset;
  return mdl->mapped_address;
}

}  // namespace

// At completion: locked pages are unlocked, which for a driver that frees its list would be an error.
void Executive::free_mdl_chain(void* first, void* site) {
  for (auto* mdl = static_cast<Mdl*>(first); mdl != nullptr;) {
    mdl_at(*this, mdl, site);
    Mdl* next = mdl->next;
    mdl->flags &= static_cast<uint16_t>(~(kMdlLocked | kMdlMapped));
    free_mdl(*this, mdl, site);
    mdl = next;
  }
}

extern "C" {

Mdl* MS nt_IoAllocateMdl(uint8_t* address, uint32_t length, uint8_t secondary, uint8_t, Irp* irp) {
  ENTER_YIELD(IoAllocateMdl);
  const uint64_t offset = reinterpret_cast<uint64_t>(address) % kPageSize;
  const auto pages = (offset + length + kPageSize - 1) / kPageSize;
  const auto size = static_cast<uint32_t>(sizeof(Mdl) + 8 * pages);
  auto* mdl = static_cast<Mdl*>(ex.allocate_for_driver(size, kMdlTag));
  if (mdl == nullptr) return nullptr;
  std::memset(static_cast<void*>(mdl), 0, size);
  mdl->size = static_cast<int16_t>(size);
  mdl->start = address - offset;
  mdl->byte_count = length;
  mdl->byte_offset = static_cast<uint32_t>(offset);
  if (irp == nullptr) return mdl;
  ex.request_at(irp, "IoAllocateMdl", site);
  if (secondary == 0 || irp->mdl_address == nullptr) {
    irp->mdl_address = mdl;
    return mdl;
  }
  auto* last = static_cast<Mdl*>(irp->mdl_address);
  while (last->next != nullptr) last = last->next;
  last->next = mdl;
  return mdl;
}

void MS nt_IoFreeMdl(Mdl* mdl) {
  ENTER_YIELD(IoFreeMdl);
  free_mdl(ex, mdl, site);
}

void MS nt_MmBuildMdlForNonPagedPool(Mdl* mdl) {
  ENTER(MmBuildMdlForNonPagedPool);
  mdl_at(ex, mdl, site);
  uint8_t* address = mdl->start + mdl->byte_offset;
  ex.check_memory(address, mdl->byte_count, "describing nonpaged pool", site);
  const Allocation* allocation = ex.pool().find(address);
  if (allocation != nullptr && allocation->paged)
    ex.violate("paged-access", tag_name(allocation->tag), "paged pool is described as nonpaged", site);
  mdl->flags |= kMdlNonPaged;
  mdl->mapped_address = address;
}

void MS nt_MmProbeAndLockPages(Mdl* mdl, int8_t, int32_t) {
  ENTER_YIELD(MmProbeAndLockPages);
  mdl_at(ex, mdl, site);
  if ((mdl->flags & (kMdlLocked | kMdlNonPaged)) != 0)
    ex.violate("page-lock", "MDL", "pages are locked that are locked, or cannot be paged", site);
  ex.check_memory(mdl->start + mdl->byte_offset, mdl->byte_count, "locking pages", site);
  mdl->flags |= kMdlLocked;
}

void MS nt_MmUnlockPages(Mdl* mdl) {
  ENTER_YIELD(MmUnlockPages);
  mdl_at(ex, mdl, site);
  if ((mdl->flags & kMdlLocked) == 0) ex.violate("page-lock", "MDL", "pages are unlocked that are not locked", site);
  mdl->flags &= static_cast<uint16_t>(~(kMdlLocked | kMdlMapped));
}

void* MS nt_MmMapLockedPages(Mdl* mdl, int8_t) {
  ENTER(MmMapLockedPages);
  return map(ex, mdl, site);
}

void* MS nt_MmMapLockedPagesSpecifyCache(Mdl* mdl, int8_t, int32_t, void*, uint32_t, uint32_t) {
  ENTER(MmMapLockedPagesSpecifyCache);
  return map(ex, mdl, site);
}

void MS nt_MmUnmapLockedPages(void*, Mdl* mdl) {
  ENTER(MmUnmapLockedPages);
  mdl_at(ex, mdl, site);
  if ((mdl->flags & kMdlMapped) == 0) ex.violate("page-lock", "MDL", "pages are unmapped that are not mapped", site);
  mdl->flags &= static_cast<uint16_t>(~kMdlMapped);
}

}  // extern "C"

}  // namespace rxcheck::nt
