// SPDX-License-Identifier: Apache-2.0
//
// The entry of both engines: the first byte says which format (formats.h), the rest is read as that. Here the readers
// are what is instrumented.
//
// RXCHECK_FORMAT: the number of a format, for inputs that are files as they stand, without the first byte.
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "fuzzers/formats/formats.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rxcheck::fuzz;
  static const char* const chosen = std::getenv("RXCHECK_FORMAT");
  std::span<const uint8_t> bytes(data, size);
  unsigned format = 0;
  if (chosen != nullptr) {
    format = static_cast<unsigned>(std::atoi(chosen)) % kFormats;
  } else {
    if (bytes.empty()) return 0;
    format = bytes.front() % kFormats;
    bytes = bytes.subspan(1);
  }
  const auto wrong = try_format(format, bytes);
  if (!wrong) return 0;
  std::fprintf(stderr, "formats_fuzzer: %s: %s\n", std::string(name_of_format(format)).c_str(), wrong->c_str());
  std::abort();
}
