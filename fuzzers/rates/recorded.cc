// SPDX-License-Identifier: Apache-2.0
//
// Between libFuzzer and a target (the linker's --wrap): each input is appended to the file RXCHECK_INPUTS, its length
// in four bytes (little-endian) before it, and run. So a run is known input by input: with the same seed the target
// alone runs the same ones (script/measure-fuzzers).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int __real_LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int __wrap_LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int __wrap_LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static std::FILE* const file = [] {
    const char* path = std::getenv("RXCHECK_INPUTS");
    return path != nullptr ? std::fopen(path, "wb") : nullptr;
  }();
  const auto length = static_cast<uint32_t>(size);
  if (file == nullptr || std::fwrite(&length, sizeof length, 1, file) != 1 ||
      std::fwrite(data, 1, size, file) != size) {
    std::fprintf(stderr, "RXCHECK_INPUTS must name a file that can be written\n");
    std::_Exit(1);
  }
  return __real_LLVMFuzzerTestOneInput(data, size);
}
