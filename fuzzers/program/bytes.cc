// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/program/bytes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/core/program_rules.h"
#include "harness/explore/themes.h"

namespace rxcheck::fuzz {
namespace {

using explore::kPaths;
using explore::kSeconds;
using Row = std::array<explore::Remote, 3>;

// In an order that must not change: files of inputs depend on it.
constexpr std::array<Level, 4> kLevels = {Level::not_forced, Level::forced, Level::drop_reference, Level::other};

constexpr size_t kRows = explore::kRemotes.size() + explore::kBadRemotes.size() + explore::kSessionRemotes.size() +
                         explore::kShortRemotes.size();
const Row& names_of(size_t row) {
  if (row < explore::kRemotes.size()) return explore::kRemotes[row];
  row -= explore::kRemotes.size();
  if (row < explore::kBadRemotes.size()) return explore::kBadRemotes[row];
  row -= explore::kBadRemotes.size();
  if (row < explore::kSessionRemotes.size()) return explore::kSessionRemotes[row];
  return explore::kShortRemotes[row - explore::kSessionRemotes.size()];
}
constexpr size_t kMostNames = std::tuple_size_v<Row>;

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

// Flags of an operation, each with its bit in the two bytes that hold them: byte 1 above the actor, and byte 4.
struct Flag {
  bool Operation::*flag;
  uint16_t bit;
};
constexpr std::array<Flag, 11> kFlags = {{{&Operation::hold, 1 << 3},
                                          {&Operation::bare, 1 << 4},
                                          {&Operation::asynchronous, 1 << 5},
                                          {&Operation::directory, 1 << 8},
                                          {&Operation::keep, 1 << 9},
                                          {&Operation::sync, 1 << 10},
                                          {&Operation::cancelled, 1 << 11},
                                          {&Operation::retry, 1 << 12},
                                          {&Operation::transport, 1 << 13},
                                          {&Operation::nowait, 1 << 14},
                                          {&Operation::leftover, 1 << 15}}};
constexpr size_t kBytesPerOperation = 6;

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

bool is_raw(OpKind kind) { return kind == OpKind::raw_add || kind == OpKind::raw_del; }

// What byte 3 says.
void read_detail(uint8_t byte, Operation& op, uint8_t& path) {
  path = static_cast<uint8_t>(byte % kPaths.size());
  if (is_delete(op.kind)) op.level = kLevels[byte % kLevels.size()];
  if (op.kind == OpKind::finalize_view) op.level = byte % 2 != 0 ? Level::forced : Level::not_forced;
  if (op.kind == OpKind::set_routine) op.routine = static_cast<Routine>(byte % 4);
  if (op.kind == OpKind::tick) op.seconds = kSeconds[byte % kSeconds.size()];
  if (is_raw(op.kind)) op.length = static_cast<uint8_t>(byte % (kMaxRawLength + 1));
}

uint8_t detail_of(const Program& program, const Operation& op) {
  if (is_delete(op.kind)) return static_cast<uint8_t>(std::ranges::find(kLevels, op.level) - kLevels.begin());
  if (op.kind == OpKind::finalize_view) return op.level == Level::forced ? 1 : 0;
  if (op.kind == OpKind::set_routine) return static_cast<uint8_t>(op.routine);
  if (op.kind == OpKind::tick) return static_cast<uint8_t>(std::ranges::find(kSeconds, op.seconds) - kSeconds.begin());
  if (is_raw(op.kind)) return op.length;
  if (!uses_path(op)) return 0;
  return static_cast<uint8_t>(std::ranges::find(kPaths, program.paths[op.path]) - kPaths.begin());
}

// Sets what the last operation of the program may have of the flags, one after the other, and its redirector.
void add_flags(Program& program, uint16_t bits, uint8_t path, Redirector redirector) {
  const size_t index = program.operations.size() - 1;
  const auto take = [&](auto change) {
    const Operation before = program.operations[index];
    change(program.operations[index]);
    if (why_bad_operation(program, index)) program.operations[index] = before;
  };
  for (const Flag& flag : kFlags) {
    if ((bits & flag.bit) == 0) continue;
    if (flag.flag == &Operation::leftover && program.operations[index].kind == OpKind::connect) {
      program.operations[index].path = path_index(program, kPaths[path]);
      program.operations[index].leftover = true;
      continue;
    }
    take([&](Operation& op) { op.*flag.flag = true; });
  }
  take([&](Operation& op) { op.redirector = redirector; });
}

void append_switch(uint8_t kind, Reader& reader, Input& input) {
  std::vector<Switch>& switches = kind >= kPickByte ? input.picks : input.switches;
  Switch one;
  const unsigned low = reader.next();
  one.at = static_cast<uint16_t>((low | static_cast<unsigned>(reader.next()) << 8) % kMaxSwitchAt);
  one.to = reader.below(kMaxSwitchTo);
  reader.next(), reader.next();
  const auto place = std::ranges::lower_bound(switches, one.at, {}, &Switch::at);
  if (one.at == 0 || input.switches.size() + input.picks.size() == kMaxSwitches ||
      (place != switches.end() && place->at == one.at))
    return;
  switches.insert(place, one);
}

void append_operation(uint8_t kind, Reader& reader, Program& program) {
  Operation op;
  op.kind = static_cast<OpKind>(kind % kOpKinds);
  const uint8_t who = reader.next();
  op.actor = static_cast<uint8_t>(1 + (who & 7) % kInputActors);
  const uint8_t on = reader.next();
  uint8_t path = 0;
  read_detail(reader.next(), op, path);
  const auto bits = static_cast<uint16_t>((who & ~7) | reader.next() << 8);
  const auto redirector = static_cast<Redirector>(reader.below(4));
  if (uses_connection(op.kind)) {
    op.connection = static_cast<uint8_t>(on % program.connections.size());
  } else if (needs_slot(op.kind)) {
    const auto candidates = fitting(program, op, program.operations.size());
    if (candidates.empty()) return;
    op.slot = candidates[on % candidates.size()];
  }
  if (op.kind == OpKind::open) {
    op.path = path_index(program, kPaths[path]);
    op.directory = program.paths[op.path] == "\\";  // the root cannot be opened otherwise
  }
  program.operations.push_back(op);
  if (why_bad_operation(program, program.operations.size() - 1))
    program.operations.pop_back();
  else
    add_flags(program, bits, path, redirector);
}

}  // namespace

Plan Input::plan(Switches& departures) const {
  Plan plan;
  if (!switches.empty() || !picks.empty()) {
    departures.set(switches, picks);
    plan.kind = Plan::Kind::scheduled;
    plan.scheduler = &departures;
    return plan;
  }
  plan.kind = kWays[way].kind;
  plan.seed = seed;
  if (plan.kind == Plan::Kind::random) plan.period = kWays[way].amount;
  if (plan.kind == Plan::Kind::pct) plan.depth = kWays[way].amount;
  return plan;
}

Input decode(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  Input input;
  const uint8_t names = reader.below(kRows * kMostNames);
  input.names = static_cast<uint8_t>(names / kMostNames);
  for (unsigned i = 0; i <= names % kMostNames; ++i) {
    const auto& remote = names_of(input.names)[i];
    input.program.connections.push_back({remote.device, remote.remote, remote.session});
  }
  input.way = reader.below(kWays.size());
  input.seed = reader.next();
  input.seed = static_cast<uint16_t>(input.seed | reader.next() << 8);
  input.program.low_memory = reader.next();
  unsigned operations = 0;
  while (reader.left() >= kBytesPerOperation) {
    const uint8_t kind = reader.next();
    if (kind >= kSwitchByte)
      append_switch(kind, reader, input);
    else if (operations++ < kMaxInputOperations)
      append_operation(kind, reader, input.program);
    else
      break;
  }
  tidy_paths(input.program);
  return input;
}

std::vector<uint8_t> encode(const Input& input) {
  const Program& program = input.program;
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(input.names * kMostNames + program.connections.size() - 1),
                                input.way, static_cast<uint8_t>(input.seed), static_cast<uint8_t>(input.seed >> 8),
                                static_cast<uint8_t>(program.low_memory)};
  for (size_t i = 0; i < program.operations.size(); ++i) {
    const Operation& op = program.operations[i];
    uint8_t on = uses_connection(op.kind) ? op.connection : 0;
    if (needs_slot(op.kind)) {
      const auto candidates = fitting(program, op, i);
      on = static_cast<uint8_t>(std::ranges::find(candidates, op.slot) - candidates.begin());
    }
    uint16_t bits = 0;
    for (const Flag& flag : kFlags)
      if (op.*flag.flag) bits |= flag.bit;
    bytes.insert(bytes.end(),
                 {static_cast<uint8_t>(op.kind), static_cast<uint8_t>((op.actor - 1) | (bits & 0xff)), on,
                  detail_of(program, op), static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(op.redirector)});
  }
  for (const auto& [kind, list] : {std::pair(kSwitchByte, &input.switches), std::pair(kPickByte, &input.picks)})
    for (const Switch& one : *list)
      bytes.insert(bytes.end(), {kind, static_cast<uint8_t>(one.at), static_cast<uint8_t>(one.at >> 8), one.to, 0, 0});
  return bytes;
}

}  // namespace rxcheck::fuzz
