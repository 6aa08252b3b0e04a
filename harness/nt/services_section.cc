// SPDX-License-Identifier: Apache-2.0
//
// Stubs about sections: no file is mapped by anyone, so nothing keeps it from being flushed, closed or truncated.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

uint8_t MS nt_MmFlushImageSection(const SectionObjectPointers*, int32_t) {
  ENTER_YIELD(MmFlushImageSection);
  return 1;
}

uint8_t MS nt_MmForceSectionClosed(const SectionObjectPointers*, uint8_t) {
  ENTER_YIELD(MmForceSectionClosed);
  return 1;
}

uint8_t MS nt_MmCanFileBeTruncated(const SectionObjectPointers*, const int64_t*) {
  ENTER_YIELD(MmCanFileBeTruncated);
  return 1;
}

// MmSmallSystem.
int32_t MS nt_MmQuerySystemSize() {
  ENTER(MmQuerySystemSize);
  return 0;
}

}  // extern "C"

}  // namespace rxcheck::nt
