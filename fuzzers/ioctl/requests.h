// SPDX-License-Identifier: Apache-2.0
//
// Raw requests to the mini-redirector's device, as bytes that a fuzzer may change at will. Every input is some. The
// first byte is the allocation that is refused, or 0; then for each request
//
//   0     what is sent: below 64 the probe's IOCTL of that number; below 128 any code, which bytes 6-9 are; from 128 on
//         nothing is sent, an earlier request is cancelled: the one that many before
//   1     bit 0: the request is cancelled before it is sent
//   2-3   length of the input buffer, modulo kMaxBuffer + 1
//   4-5   length of the output buffer, likewise, added to what most replies need, unless it is 0xffff: no output then
//   ...   the input buffer; what is missing of it is 0
//
// Requests after the kMaxRequests-th are left out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rxcheck::fuzz {

inline constexpr size_t kMaxRequests = 24;
inline constexpr size_t kMaxBuffer = 700;  // the longest name and more

struct RawRequest {
  bool cancels = false;  // nothing is sent: the request `back` before is cancelled
  size_t back = 0;
  uint32_t code = 0;
  bool cancelled = false;
  uint32_t output_length = 0;
  std::vector<uint8_t> input;

  friend bool operator==(const RawRequest&, const RawRequest&) = default;
};

struct RawProgram {
  uint32_t refused_allocation = 0;
  std::vector<RawRequest> requests;

  friend bool operator==(const RawProgram&, const RawProgram&) = default;
};

// One of the probe's numbers, whether it has such a request or not.
bool is_known(uint32_t code);

RawProgram decode_requests(std::span<const uint8_t> bytes);
// decode_requests(encode(program)) == program. REQUIRES: the program was decoded, perhaps with requests taken out,
// swapped or taken over from another.
std::vector<uint8_t> encode(const RawProgram& program);

}  // namespace rxcheck::fuzz
