// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "fuzzers/mutate/list_change.h"
#include "fuzzers/mutate/mutate.h"
#include "fuzzers/program/bytes.h"
#include "harness/core/program_rules.h"
#include "harness/core/random.h"

namespace rxcheck::fuzz {

namespace {

// An input in the encoded form, as the sixes that it consists of; what an operation is on is relative, so that a six
// means something wherever it stands.
using Six = std::array<uint8_t, 6>;
struct Parts {
  std::array<uint8_t, 5> head{};
  std::vector<Six> operations;
  std::vector<Six> switches;
};

Parts parts_of(std::span<const uint8_t> input) {
  const Bytes bytes = encode(decode(input));
  Parts parts;
  std::copy_n(bytes.begin(), parts.head.size(), parts.head.begin());
  for (size_t at = parts.head.size(); at + 6 <= bytes.size(); at += 6) {
    Six six;
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(at), 6, six.begin());
    (six[0] >= kSwitchByte ? parts.switches : parts.operations).push_back(six);
  }
  return parts;
}

Bytes bytes_of(const Parts& parts) {
  Bytes bytes(parts.head.begin(), parts.head.end());
  for (const auto* sixes : {&parts.operations, &parts.switches})
    for (const Six& six : *sixes) bytes.insert(bytes.end(), six.begin(), six.end());
  return encode(decode(bytes));
}

uint8_t byte(Random& random) { return static_cast<uint8_t>(random.below(256)); }

Six made(Random& random) {
  Six six = {static_cast<uint8_t>(random.below(kOpKinds)),
             static_cast<uint8_t>(random.below(kInputActors)),
             static_cast<uint8_t>(random.below(4)),
             static_cast<uint8_t>(random.below(8)),
             0,
             0};
  if (random.chance(1, 3)) six[1] = static_cast<uint8_t>(six[1] | 1u << (3 + random.below(3)));
  if (random.chance(1, 3)) six[4] = static_cast<uint8_t>(1u << random.below(8));
  if (random.chance(1, 8)) six[5] = static_cast<uint8_t>(random.below(4));
  return six;
}

void put_at(Six& six, unsigned at) {
  six[1] = static_cast<uint8_t>(at);
  six[2] = static_cast<uint8_t>(at >> 8);
}

Six made_switch(Random& random) {
  Six six = {random.chance(1, 8) ? kPickByte : kSwitchByte, 0, 0, static_cast<uint8_t>(random.below(8)), 0, 0};
  // There are some thirty occasions to pick in a run, and hundreds of yield points.
  const unsigned most = six[0] == kPickByte ? 30 : random.chance(1, 2) ? 300 : kMaxSwitchAt - 1;
  put_at(six, 1 + random.below(most));
  return six;
}

// A small step, or a long one.
void move_switch(Random& random, Six& six) {
  const unsigned at = six[1] | static_cast<unsigned>(six[2]) << 8;
  const unsigned step = 1 + random.below(random.chance(1, 2) ? 4 : 64);
  put_at(six, random.chance(1, 2) || at <= step ? std::min(at + step, kMaxSwitchAt - 1) : at - step);
  if (random.chance(1, 4)) six[3] = static_cast<uint8_t>(random.below(kMaxSwitchTo));
}

void change_head(Random& random, Parts& parts) {
  const size_t which = any(random, parts.head.size());
  parts.head[which] = which == 4 && random.chance(3, 4) ? uint8_t{0} : byte(random);
}

void change_operation(Random& random, Six& six) {
  switch (random.below(6)) {
    case 0:
      six[2] = static_cast<uint8_t>(random.below(6));  // another handle, request or connection
      break;
    case 1:
      six[3] = static_cast<uint8_t>(random.below(8));  // force level, routine, path
      break;
    case 2:
      six[1] = static_cast<uint8_t>((six[1] & ~7u) | random.below(kInputActors));
      break;
    case 3:
      six[1] = static_cast<uint8_t>(six[1] ^ 1u << (3 + random.below(3)));
      break;
    case 4:
      six[4] = static_cast<uint8_t>(six[4] ^ 1u << random.below(8));
      break;
    default:
      six[random.chance(1, 2) ? 0 : 5] = byte(random) % kSwitchByte;
      break;
  }
}

void change(Random& random, Parts& parts) {
  auto& ops = parts.operations;
  auto& switches = parts.switches;
  const unsigned what = ops.empty() ? 0 : random.below(14);
  if (what < kListChanges) {
    change_list(what, random, ops, kMaxInputOperations, made);
  } else if (what < 10) {
    change_operation(random, ops[any(random, ops.size())]);
  } else if (what == 10) {
    change_head(random, parts);
  } else if (what == 11 || switches.empty()) {
    if (switches.size() < kMaxSwitches) switches.push_back(made_switch(random));
  } else if (what == 12) {
    move_switch(random, switches[any(random, switches.size())]);
  } else {
    switches.erase(switches.begin() + static_cast<ptrdiff_t>(any(random, switches.size())));
  }
}

}  // namespace

Bytes mutate_program(std::span<const uint8_t> input, uint64_t seed) {
  Random random(seed);
  Parts parts = parts_of(input);
  for (unsigned left = 1 + random.below(4); left != 0; --left) change(random, parts);
  return bytes_of(parts);
}

Part part_of_program(std::span<const uint8_t> input, uint64_t seed) {
  constexpr size_t kHead = 5;
  if (input.size() < kHead + 6) return {};
  Random random(seed);
  return {kHead + 6 * any(random, (input.size() - kHead) / 6), 6};
}

// The beginning of one and the end of the other; or, of the other, what its actors do beside what the first one's do.
Bytes cross_programs(std::span<const uint8_t> one, std::span<const uint8_t> other, uint64_t seed) {
  Random random(seed);
  Parts parts = parts_of(one);
  const Parts from = parts_of(other);
  auto& ops = parts.operations;
  const auto end = from.operations.begin() + static_cast<ptrdiff_t>(any(random, from.operations.size() + 1));
  if (random.chance(1, 2)) {
    ops.resize(any(random, ops.size() + 1));
    ops.insert(ops.end(), end, from.operations.end());
  } else {
    const size_t at = any(random, ops.size() + 1);
    ops.insert(ops.begin() + static_cast<ptrdiff_t>(at), from.operations.begin(), end);
  }
  if (random.chance(1, 2)) parts.switches = from.switches;
  return bytes_of(parts);
}

}  // namespace rxcheck::fuzz
