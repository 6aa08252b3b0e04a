// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/ioctl/requests.h"

#include <algorithm>

#include "driver/protocol/rxprobe_protocol.h"

namespace rxcheck::fuzz {

namespace {

constexpr uint8_t kNumbers = 64;
constexpr uint8_t kCancels = 128;
constexpr uint16_t kNoOutput = 0xffff;

// Reads bytes; beyond the end there are zeros.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  uint32_t number(unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes && !rest_.empty(); ++i, rest_ = rest_.subspan(1))
      value |= static_cast<uint32_t>(rest_.front()) << (8 * i);
    return value;
  }
  std::vector<uint8_t> take(size_t length) {
    const auto here = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(here.size());
    std::vector<uint8_t> taken(here.begin(), here.end());
    taken.resize(length);
    return taken;
  }

 private:
  std::span<const uint8_t> rest_;
};

void put(std::vector<uint8_t>& bytes, uint32_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

}  // namespace

bool is_known(uint32_t code) {
  const uint32_t number = (code - RXPROBE_IOCTL(0)) / 4;
  return number < kNumbers && RXPROBE_IOCTL(number) == code;
}

RawProgram decode_requests(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  RawProgram program;
  program.refused_allocation = reader.number(1);
  while (!reader.empty() && program.requests.size() < kMaxRequests) {
    RawRequest request;
    const uint32_t what = reader.number(1);
    if (what >= kCancels) {
      request.cancels = true;
      request.back = what - kCancels;
      program.requests.push_back(request);
      continue;
    }
    request.cancelled = (reader.number(1) & 1) != 0;
    const uint32_t input = reader.number(2);
    const uint32_t output = reader.number(2);
    request.output_length = output == kNoOutput ? 0 : sizeof(RXPROBE_REPLY) + output % (kMaxBuffer + 1);
    request.code = what < kNumbers ? RXPROBE_IOCTL(what) : reader.number(4);
    request.input = reader.take(input % (kMaxBuffer + 1));
    program.requests.push_back(std::move(request));
  }
  return program;
}

std::vector<uint8_t> encode(const RawProgram& program) {
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(program.refused_allocation)};
  for (const RawRequest& request : program.requests) {
    if (request.cancels) {
      bytes.push_back(static_cast<uint8_t>(kCancels + request.back));
      continue;
    }
    const bool known = is_known(request.code);
    bytes.push_back(known ? static_cast<uint8_t>((request.code - RXPROBE_IOCTL(0)) / 4) : kNumbers);
    bytes.push_back(request.cancelled ? 1 : 0);
    put(bytes, static_cast<uint32_t>(request.input.size()), 2);
    put(bytes, request.output_length == 0 ? kNoOutput : request.output_length - uint32_t{sizeof(RXPROBE_REPLY)}, 2);
    if (!known) put(bytes, request.code, 4);
    bytes.insert(bytes.end(), request.input.begin(), request.input.end());
  }
  return bytes;
}

}  // namespace rxcheck::fuzz
