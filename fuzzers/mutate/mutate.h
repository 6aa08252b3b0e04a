// SPDX-License-Identifier: Apache-2.0
//
// Changes an input as what it means, not as bytes: operations or requests are put in, taken out, swapped, moved and
// spliced. One implementation a target (program_mutation.cc, ioctl_mutation.cc), behind libFuzzer's custom mutator and
// crossover (mutator_libfuzzer.cc) and AFL++'s library (mutator_afl.cc). The same seed makes the same change. What
// comes out is in the encoded form of its format. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rxcheck::fuzz {

using Bytes = std::vector<uint8_t>;

Bytes mutate_program(std::span<const uint8_t> input, uint64_t seed);
Bytes cross_programs(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed);

Bytes mutate_requests(std::span<const uint8_t> input, uint64_t seed);
Bytes cross_requests(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed);

// Where in an input an operation, or the header of a request, lies: for what an engine does by itself to so few bytes.
// Empty if it has none. REQUIRES: the input is in the encoded form.
struct Part {
  size_t begin = 0;
  size_t size = 0;
};
Part part_of_program(std::span<const uint8_t> input, uint64_t seed);
Part part_of_requests(std::span<const uint8_t> input, uint64_t seed);

// Those of the target that the engine's side is linked for.
Bytes mutate(std::span<const uint8_t> input, uint64_t seed);
Bytes cross(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed);
Part part(std::span<const uint8_t> input, uint64_t seed);

}  // namespace rxcheck::fuzz
