// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "driver/protocol/rxprobe_protocol.h"
#include "fuzzers/ioctl/requests.h"
#include "fuzzers/mutate/list_change.h"
#include "fuzzers/mutate/mutate.h"
#include "harness/core/random.h"

namespace rxcheck::fuzz {

namespace {

constexpr std::array<std::u16string_view, 8> kNames = {
    u"\\server\\share",  u"\\;X:\\server\\share", u"\\;Y:\\server\\share", u"\\;Z:\\daemon\\share",
    u"\\nowhere\\share", u"\\server\\locked",     u"\\server\\conflict",   u"\\server"};
constexpr std::u16string_view kPath = u"\\file";
constexpr uint32_t kNumbers = 48;
constexpr std::array<uint32_t, 8> kRare = {0, 1, 0xff, 0x100, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff};

void put_name(RawRequest& request, std::u16string_view name, std::u16string_view path) {
  request.input.resize(RXPROBE_REQUEST_HEADER);
  const auto connection = static_cast<uint16_t>(2 * name.size());
  const auto all = static_cast<uint16_t>(connection + 2 * path.size());
  std::memcpy(request.input.data() + 24, &connection, 2);
  std::memcpy(request.input.data() + 26, &all, 2);
  for (const auto part : {name, path})
    for (const char16_t c : part)
      request.input.insert(request.input.end(), {static_cast<uint8_t>(c), static_cast<uint8_t>(c >> 8)});
}

// A request that makes sense, if what it is about is there.
RawRequest made(Random& random) {
  RawRequest request;
  if (random.chance(1, 12)) {
    request.cancels = true;
    request.back = any(random, 3);
    return request;
  }
  request.code = RXPROBE_IOCTL(random.chance(1, 3) ? random.below(3) : random.below(kNumbers));
  request.output_length =
      request.code == IOCTL_RXPROBE_LIST ? sizeof(RXPROBE_REPLY) + kMaxBuffer : sizeof(RXPROBE_REPLY);
  request.input.resize(RXPROBE_REQUEST_HEADER);
  const bool opens = request.code == IOCTL_RXPROBE_OPEN;
  if (random.chance(2, 3) || opens) put_name(request, kNames[any(random, kNames.size())], opens ? kPath : u"");
  const uint32_t header[6] = {1 + random.below(6),
                              1 + random.below(3),
                              1 + random.below(6),
                              random.below(3),
                              random.chance(1, 3) ? 1u << random.below(15) : 0,
                              random.below(2)};
  std::memcpy(request.input.data(), header, sizeof header);
  return request;
}

// Handles, tags and the like are small where they mean something; a byte of them may be anything.
void change_field(Random& random, RawRequest& request) {
  if (request.input.size() < RXPROBE_REQUEST_HEADER) request.input.resize(RXPROBE_REQUEST_HEADER);
  if (random.chance(1, 4)) {
    request.input[random.below(RXPROBE_REQUEST_HEADER)] = static_cast<uint8_t>(random.below(256));
    return;
  }
  const unsigned field = random.below(8);
  uint32_t value = random.below(6);
  if (random.chance(1, 4)) value = kRare[any(random, kRare.size())];
  if (field == 4 && random.chance(3, 4)) value = 1u << random.below(16);  // flags
  if (field < 6)
    std::memcpy(request.input.data() + 4 * field, &value, 4);
  else  // lengths: about what the buffer holds
    for (unsigned i = 0; i < 2; ++i) {
      const size_t more = random.below(5), less = random.chance(1, 2) ? 2 : 0;
      request.input[24 + 2 * (field - 6) + i] =
          static_cast<uint8_t>((request.input.size() - RXPROBE_REQUEST_HEADER + more - less) >> (8 * i));
    }
}

void change_request(Random& random, RawRequest& request) {
  if (request.cancels) {
    request.back = any(random, kMaxRequests);
    return;
  }
  switch (random.below(8)) {
    case 0:
      request.code = random.chance(7, 8) ? RXPROBE_IOCTL(random.below(kNumbers)) : static_cast<uint32_t>(random.next());
      break;
    case 1:
      request.input.resize(any(random, random.chance(1, 2) ? 64 : kMaxBuffer + 1));
      break;
    case 2:
      request.output_length =
          random.chance(1, 4) ? 0 : static_cast<uint32_t>(sizeof(RXPROBE_REPLY) + any(random, kMaxBuffer + 1));
      break;
    case 3:
      request.cancelled = !request.cancelled;
      break;
    case 4:
      if (request.input.size() > RXPROBE_REQUEST_HEADER)
        request.input[RXPROBE_REQUEST_HEADER + any(random, request.input.size() - RXPROBE_REQUEST_HEADER)] =
            static_cast<uint8_t>(random.chance(1, 2) ? '\\' : random.below(256));
      break;
    default:
      change_field(random, request);
      break;
  }
}

void change(Random& random, RawProgram& program) {
  auto& all = program.requests;
  const unsigned what = all.empty() ? 0 : random.below(12);
  if (what < kListChanges) {
    change_list(what, random, all, kMaxRequests, made);
  } else if (what == 6) {
    program.refused_allocation = random.chance(1, 2) ? 0 : random.below(256);
  } else {
    change_request(random, all[any(random, all.size())]);
  }
}

}  // namespace

Bytes mutate_requests(std::span<const uint8_t> input, uint64_t seed) {
  Random random(seed);
  RawProgram program = decode_requests(input);
  for (unsigned left = 1 + random.below(4); left != 0; --left) change(random, program);
  return encode(program);
}

Part part_of_requests(std::span<const uint8_t> input, uint64_t seed) {
  Random random(seed);
  RawProgram program = decode_requests(input);
  if (program.requests.empty()) return {};
  const size_t index = any(random, program.requests.size());
  const size_t buffer = program.requests[index].input.size();
  program.requests.resize(index + 1);
  const size_t end = encode(program).size();  // the input begins alike
  const size_t size = std::min<size_t>(buffer, RXPROBE_REQUEST_HEADER);
  return size != 0 && end <= input.size() ? Part{end - buffer, size} : Part{};
}

Bytes cross_requests(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed) {
  Random random(seed);
  RawProgram program = decode_requests(one);
  const RawProgram from = decode_requests(other);
  program.requests.resize(any(random, program.requests.size() + 1));
  const size_t begin = any(random, from.requests.size() + 1);
  const size_t count = std::min(from.requests.size() - begin, kMaxRequests - program.requests.size());
  program.requests.insert(program.requests.end(), from.requests.begin() + static_cast<ptrdiff_t>(begin),
                          from.requests.begin() + static_cast<ptrdiff_t>(begin + count));
  return encode(program);
}

}  // namespace rxcheck::fuzz
