// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/program/bytes.h"

#include <algorithm>
#include <array>

#include "harness/core/program_rules.h"
#include "harness/explore/themes.h"

namespace rxcheck::fuzz {
namespace {

using explore::kPaths;
using explore::kRemotes;

// In an order that must not change: files of inputs depend on it.
constexpr std::array<Level, 3> kLevels = {Level::not_forced, Level::forced, Level::drop_reference};

struct Way {
  Plan::Kind kind;
  uint32_t amount;  // random: period; pct: depth
};
constexpr std::array<Way, 8> kWays = {{{Plan::Kind::baseline, 0},
                                       {Plan::Kind::random, 4},
                                       {Plan::Kind::random, 8},
                                       {Plan::Kind::random, 16},
                                       {Plan::Kind::random, 32},
                                       {Plan::Kind::pct, 2},
                                       {Plan::Kind::pct, 3},
                                       {Plan::Kind::pct, 4}}};

constexpr uint8_t kHoldBit = 1 << 3, kBareBit = 1 << 4, kAsynchronousBit = 1 << 5;

// Reads bytes; beyond the end there are zeros.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : rest_(bytes) {}

  size_t left() const { return rest_.size(); }
  uint8_t next() {
    if (rest_.empty()) return 0;
    const uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }
  uint8_t below(size_t bound) { return bound == 0 ? (next(), uint8_t{0}) : static_cast<uint8_t>(next() % bound); }

 private:
  std::span<const uint8_t> rest_;
};

// The operations that `user` may use, latest first.
std::vector<int32_t> fitting(const Program& program, const Operation& user, size_t before) {
  std::vector<int32_t> found;
  for (size_t i = before; i-- > 0;)
    if (slot_fits(user, program.operations[i])) found.push_back(static_cast<int32_t>(i));
  return found;
}

uint8_t path_index(Program& program, const char* path) {
  const auto known = std::ranges::find(program.paths, path);
  const auto index = static_cast<uint8_t>(known - program.paths.begin());
  if (known == program.paths.end()) program.paths.emplace_back(path);
  return index;
}

void append_operation(Reader& reader, Program& program) {
  Operation op;
  op.kind = static_cast<OpKind>(reader.below(kOpKinds));
  const uint8_t who = reader.next();
  op.actor = static_cast<uint8_t>(1 + (who & 7) % kInputActors);
  op.hold = (who & kHoldBit) != 0;
  op.bare = (who & kBareBit) != 0;
  op.asynchronous = (who & kAsynchronousBit) != 0;
  if (uses_connection(op.kind)) {
    op.connection = reader.below(program.connections.size());
  } else if (needs_slot(op.kind)) {
    const auto candidates = fitting(program, op, program.operations.size());
    const uint8_t back = reader.below(candidates.size());
    if (candidates.empty()) {
      reader.next();
      return;
    }
    op.slot = candidates[back];
  } else {
    reader.next();
  }
  const char* path = nullptr;
  if (is_delete(op.kind)) {
    op.level = kLevels[reader.below(kLevels.size())];
  } else if (op.kind == OpKind::set_routine) {
    op.routine = static_cast<Routine>(reader.below(3));
  } else if (op.kind == OpKind::open) {
    path = kPaths[reader.below(kPaths.size())];
  } else {
    reader.next();
  }
  if (path != nullptr) op.path = path_index(program, path);
  program.operations.push_back(op);
  const size_t index = program.operations.size() - 1;
  if (!why_bad_operation(program, index)) return;
  Operation& added = program.operations.back();
  added.hold = added.bare = added.asynchronous = false;
  if (why_bad_operation(program, index)) program.operations.pop_back();
}

uint8_t index_of_path(const std::string& path) {
  return static_cast<uint8_t>(std::ranges::find(kPaths, path) - kPaths.begin());
}

}  // namespace

Plan Input::plan() const {
  Plan plan;
  plan.kind = kWays[way].kind;
  plan.seed = seed;
  if (plan.kind == Plan::Kind::random) plan.period = kWays[way].amount;
  if (plan.kind == Plan::Kind::pct) plan.depth = kWays[way].amount;
  return plan;
}

Input decode(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  Input input;
  const uint8_t names = reader.below(kRemotes.size() * kRemotes[0].size());
  input.names = static_cast<uint8_t>(names / kRemotes[0].size());
  for (unsigned i = 0; i <= names % kRemotes[0].size(); ++i) {
    const auto& remote = kRemotes[input.names][i];
    input.program.connections.push_back({remote.device, remote.remote});
  }
  input.way = reader.below(kWays.size());
  input.seed = reader.next();
  input.seed = static_cast<uint16_t>(input.seed | reader.next() << 8);
  for (unsigned i = 0; i < kMaxInputOperations && reader.left() >= 4; ++i) append_operation(reader, input.program);
  tidy_paths(input.program);
  return input;
}

std::vector<uint8_t> encode(const Input& input) {
  const Program& program = input.program;
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(input.names * kRemotes[0].size() + program.connections.size() - 1),
                                input.way, static_cast<uint8_t>(input.seed), static_cast<uint8_t>(input.seed >> 8)};
  for (size_t i = 0; i < program.operations.size(); ++i) {
    const Operation& op = program.operations[i];
    uint8_t on = uses_connection(op.kind) ? op.connection : 0;
    if (needs_slot(op.kind)) {
      const auto candidates = fitting(program, op, i);
      on = static_cast<uint8_t>(std::ranges::find(candidates, op.slot) - candidates.begin());
    }
    uint8_t last = 0;
    if (is_delete(op.kind)) last = static_cast<uint8_t>(std::ranges::find(kLevels, op.level) - kLevels.begin());
    if (op.kind == OpKind::set_routine) last = static_cast<uint8_t>(op.routine);
    if (op.kind == OpKind::open) last = index_of_path(program.paths[op.path]);
    const auto who = static_cast<uint8_t>((op.actor - 1) | (op.hold ? kHoldBit : 0) | (op.bare ? kBareBit : 0) |
                                          (op.asynchronous ? kAsynchronousBit : 0));
    bytes.insert(bytes.end(), {static_cast<uint8_t>(op.kind), who, on, last});
  }
  return bytes;
}

}  // namespace rxcheck::fuzz
