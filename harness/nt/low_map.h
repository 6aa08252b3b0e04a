// SPDX-License-Identifier: Apache-2.0
//
// Memory of the drivers lies in the lowest 2 GB of the address space: images, pool and the stacks that their code runs
// on. What may be done with any of it is then found by one index, without asking first which of the three it is: that
// would be a branch at every memory access which no processor can predict.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

#include "driver/protocol/rxcheck_events.h"

namespace rxcheck::nt {

inline constexpr uint64_t kLowEnd = RX_FIELDS_END;

// Fresh, zeroed and writable; costs nothing until it is touched.
inline uint8_t* map_low(uint64_t size) {
  void* got =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_32BIT, -1, 0);
  if (got == MAP_FAILED || reinterpret_cast<uint64_t>(got) + size > kLowEnd)
    std::abort();  // without it nothing can run
  return static_cast<uint8_t*>(got);
}

}  // namespace rxcheck::nt
