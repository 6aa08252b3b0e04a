// SPDX-License-Identifier: Apache-2.0
//
// A program and how its schedule is made, as bytes that a fuzzer may change at will. Every input is one:
//
//   bytes 0-4   the names of the connections (a row of the generator's) and how many; the way in which schedules are
//   made
//               (one of kWays); the low and the high byte of the schedule's seed; the allocation that is refused, or 0
//   then six bytes for each operation:
//     0  kind, modulo the number of kinds
//     1  bits 0-2 actor, modulo kInputActors; bits 3-5 `hold`, `bare`, asynchronous
//     2  what it is on: the connection, modulo their number; or, for an operation that uses what another produced, how
//        many of those that fit to go back, modulo their number
//     3  force level, routine, seconds, length of a bare name, or path, modulo their number
//     4  `dir`, `keep`, `sync`, `cancelled`, `retry`, `transport`, `nowait`, and whether a connect goes on with the
//     path 5  whose delete it is like, modulo 4
//
// A sixth whose first byte is kSwitchByte or more is no operation but a departure from the baseline (switches.h), at a
// yield point or, from kPickByte on, where the running thread cannot go on: bytes 1-2 are its number, modulo
// kMaxSwitchAt, byte 3 is who goes on, modulo kMaxSwitchTo. An input with departures runs under them and nothing else.
//
// Flags that an operation cannot have are dropped; one that is not valid after those before it (nothing fits) is left
// out, and so are those after the kMaxInputOperations-th, and bytes that are short of six. What is missing of the first
// five is 0. `encode` writes a decoded input in the one form that all modulos and omissions lead
// to: decoding that gives the same input again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzzers/program/switches.h"
#include "harness/core/program.h"
#include "harness/targets/target.h"

namespace rxcheck::fuzz {

inline constexpr unsigned kInputActors = 3;
inline constexpr unsigned kMaxInputOperations = 40;
inline constexpr unsigned kMaxSwitches = 16;  // of both kinds
inline constexpr uint8_t kSwitchByte = 0xf0;
inline constexpr uint8_t kPickByte = 0xf8;
inline constexpr unsigned kMaxSwitchAt = 4096;
inline constexpr unsigned kMaxSwitchTo = 8;
inline constexpr size_t kMaxInputBytes = 5 + 6 * (kMaxInputOperations + kMaxSwitches);

struct Input {
  Program program;
  uint8_t names = 0;  // row of names
  uint8_t way = 0;    // index into kWays
  uint16_t seed = 0;
  std::vector<Switch> switches;  // at yield points; in the order of `at`, each once
  std::vector<Switch> picks;     // where a thread cannot go on; alike

  // How the schedule is made: by the departures, made ready in `departures`, or, without any, by chances and priorities
  // from the seed, or the baseline. REQUIRES: this and `departures` outlive the runs.
  Plan plan(Switches& departures) const;

  friend bool operator==(const Input&, const Input&) = default;
};

Input decode(std::span<const uint8_t> bytes);
// REQUIRES: the input was decoded, perhaps with operations taken out.
std::vector<uint8_t> encode(const Input& input);

}  // namespace rxcheck::fuzz
