// SPDX-License-Identifier: Apache-2.0
//
// The mutator of the target `ioctl`.
#include "fuzzers/mutate/mutate.h"

namespace rxcheck::fuzz {

Bytes mutate(std::span<const uint8_t> input, uint64_t seed) { return mutate_requests(input, seed); }
Bytes cross(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed) {
  return cross_requests(one, other, seed);
}
Part part(std::span<const uint8_t> input, uint64_t seed) { return part_of_requests(input, seed); }

}  // namespace rxcheck::fuzz
