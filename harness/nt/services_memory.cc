// SPDX-License-Identifier: Apache-2.0
//
// Copying, filling and comparing memory.
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

void read_by(Executive& ex, const void* from, uint64_t length, void* site) {
  if (length != 0) ex.access(const_cast<void*>(from), static_cast<uint32_t>(length), RX_ACCESS_READ, site);
}

void written_by(Executive& ex, void* to, uint64_t length, void* site) {
  if (length != 0) ex.access(to, static_cast<uint32_t>(length), RX_ACCESS_WRITE, site);
}

}  // namespace

extern "C" {

uint64_t MS nt_RtlCompareMemory(const uint8_t* a, const uint8_t* b, uint64_t length) {
  ENTER(RtlCompareMemory);
  ex.check_memory(a, static_cast<uint32_t>(length), "RtlCompareMemory", site, Touch::read);
  ex.check_memory(b, static_cast<uint32_t>(length), "RtlCompareMemory", site, Touch::read);
  uint64_t same = 0;
  while (same < length && a[same] == b[same]) ++same;
  return same;
}

// Compilers call these four for copies that a driver's source does not spell as a call. What they touch is checked, and
// is a yield point, like an access of the driver's own.
void* MS nt_memcpy(void* to, const void* from, uint64_t length) {
  ENTER(memcpy);
  read_by(ex, from, length, site);
  written_by(ex, to, length, site);
  return std::memmove(to, from, length);
}

void* MS nt_memmove(void* to, const void* from, uint64_t length) {
  ENTER(memmove);
  read_by(ex, from, length, site);
  written_by(ex, to, length, site);
  return std::memmove(to, from, length);
}

void* MS nt_memset(void* to, int32_t value, uint64_t length) {
  ENTER(memset);
  written_by(ex, to, length, site);
  return std::memset(to, value, length);
}

int32_t MS nt_memcmp(const void* a, const void* b, uint64_t length) {
  ENTER(memcmp);
  read_by(ex, a, length, site);
  read_by(ex, b, length, site);
  return std::memcmp(a, b, length);
}

}  // extern "C"

}  // namespace rxcheck::nt
