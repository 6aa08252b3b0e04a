// SPDX-License-Identifier: Apache-2.0
//
// A fuzz target that does nothing: how fast an engine is by itself (script/measure-fuzzers).
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t*, size_t) { return 0; }
