// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer's custom mutator and crossover. Half of the changes are libFuzzer's own, which knows what the drivers
// compared and the dictionary: to all of the input, or to one part of it that it could hardly hit.
#include <algorithm>
#include <cstring>

#include "fuzzers/mutate/mutate.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed);
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* one, size_t one_size, const uint8_t* other,
                                            size_t other_size, uint8_t* out, size_t max_size, unsigned seed);

namespace {

size_t put(const rxcheck::fuzz::Bytes& bytes, uint8_t* out, size_t max_size) {
  const size_t size = std::min(bytes.size(), max_size);
  if (size != 0) std::memcpy(out, bytes.data(), size);
  return size;
}

}  // namespace

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  if (seed % 8 == 0) return LLVMFuzzerMutate(data, size, max_size);
  if (seed % 8 < 4) {
    const rxcheck::fuzz::Part part = rxcheck::fuzz::part({data, size}, seed);
    if (part.size != 0) {
      LLVMFuzzerMutate(data + part.begin, part.size, part.size);
      return size;
    }
  }
  return put(rxcheck::fuzz::mutate({data, size}, seed), data, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t* one, size_t one_size, const uint8_t* other, size_t other_size,
                                 uint8_t* out, size_t max_size, unsigned seed) {
  return put(rxcheck::fuzz::cross({one, one_size}, {other, other_size}, seed), out, max_size);
}
