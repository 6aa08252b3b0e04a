// SPDX-License-Identifier: Apache-2.0
//
// AFL++'s custom mutator, a library for AFL_CUSTOM_MUTATOR_LIBRARY (its documentation, docs/custom_mutators.md; Debian
// installs no header, so the three functions are declared here). The n-th change of a process follows from the seed
// that AFL++ gives (-s).
#include <algorithm>
#include <cstring>

#include "fuzzers/mutate/mutate.h"
#include "harness/core/random.h"

extern "C" void* afl_custom_init(void* afl, unsigned seed);
extern "C" size_t afl_custom_fuzz(void* state, uint8_t* data, size_t size, uint8_t** out, uint8_t* other,
                                  size_t other_size, size_t max_size);
extern "C" void afl_custom_deinit(void* state);

namespace {

struct State {
  uint64_t seed = 0;
  uint64_t count = 0;
  rxcheck::fuzz::Bytes bytes;  // AFL++ reads it until the next call
};

}  // namespace

void* afl_custom_init(void*, unsigned seed) { return new State{seed, 0, {}}; }

void afl_custom_deinit(void* state) { delete static_cast<State*>(state); }

size_t afl_custom_fuzz(void* state, uint8_t* data, size_t size, uint8_t** out, uint8_t* other, size_t other_size,
                       size_t max_size) {
  auto& mine = *static_cast<State*>(state);
  const uint64_t seed = rxcheck::derive_seed(mine.seed, 0x61666c, ++mine.count);
  const bool splices = other != nullptr && other_size != 0 && seed % 8 == 0;
  mine.bytes = splices ? rxcheck::fuzz::cross({data, size}, {other, other_size}, seed)
                       : rxcheck::fuzz::mutate({data, size}, seed);
  mine.bytes.resize(std::min(mine.bytes.size(), max_size));
  *out = mine.bytes.data();
  return mine.bytes.size();
}
