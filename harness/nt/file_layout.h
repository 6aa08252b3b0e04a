// SPDX-License-Identifier: Apache-2.0
//
// The parts of the kernel's structures about files and buffers that drivers read and write inline, at their x64 offsets
// (wdm.h). A file object here is the driver's or the harness's memory: the executive makes none by itself.
#pragma once

#include "harness/nt/io_layout.h"

namespace rxcheck::nt {

struct SectionObjectPointers {
  void* data_section;
  void* shared_cache_map;
  void* image_section;
};

struct FileObject {  // FILE_OBJECT
  uint16_t type;
  uint16_t size;
  uint32_t pad;
  DeviceObject* device_object;
  void* vpb;
  void* fs_context;
  void* fs_context2;
  SectionObjectPointers* section_object_pointer;
  void* private_cache_map;
  uint32_t final_status;
  uint32_t pad1;
  FileObject* related;
  uint8_t lock_operation;
  uint8_t delete_pending;
  uint8_t read_access;
  uint8_t write_access;
  uint8_t delete_access;
  uint8_t shared_read;
  uint8_t shared_write;
  uint8_t shared_delete;
  uint32_t flags;
  uint32_t pad2;
  uint8_t rest[0xd8 - 0x58];
};
static_assert(offsetof(FileObject, private_cache_map) == 0x30 && offsetof(FileObject, read_access) == 0x4a);
static_assert(offsetof(FileObject, flags) == 0x50 && sizeof(FileObject) == 0xd8);
inline constexpr uint32_t kFileSynchronous = 0x2;  // FO_SYNCHRONOUS_IO

struct ShareAccess {  // SHARE_ACCESS
  uint32_t open_count;
  uint32_t readers;
  uint32_t writers;
  uint32_t deleters;
  uint32_t shared_read;
  uint32_t shared_write;
  uint32_t shared_delete;
};

struct IoStatusBlock {  // IO_STATUS_BLOCK
  uint64_t status;      // the low half
  uint64_t information;
};

struct Mdl {  // MDL; the numbers of its pages follow
  Mdl* next;
  int16_t size;
  uint16_t flags;
  uint32_t pad;
  void* process;
  void* mapped_address;
  uint8_t* start;  // of its first page
  uint32_t byte_count;
  uint32_t byte_offset;
};
static_assert(offsetof(Mdl, flags) == 0x0a && offsetof(Mdl, byte_count) == 0x28 && sizeof(Mdl) == 0x30);
inline constexpr uint16_t kMdlMapped = 0x1;
inline constexpr uint16_t kMdlLocked = 0x2;
inline constexpr uint16_t kMdlNonPaged = 0x4;

}  // namespace rxcheck::nt
