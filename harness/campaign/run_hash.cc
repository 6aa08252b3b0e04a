// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_hash.h"

#include "harness/core/random.h"

namespace rxcheck {

namespace {

uint64_t fold(uint64_t hash, uint64_t word) { return mix64(hash ^ word); }

uint64_t fold(uint64_t hash, std::string_view text) {
  for (const char c : text) hash = fold(hash, static_cast<uint8_t>(c));
  return fold(hash, text.size());
}

}  // namespace

uint64_t hash_of(const Program& program) {
  uint64_t hash = program.operations.size();
  for (const Connection& connection : program.connections)
    hash = fold(fold(hash, static_cast<uint8_t>(connection.device) | static_cast<uint64_t>(connection.session) << 8),
                connection.remote);
  for (const std::string& path : program.paths) hash = fold(hash, path);
  if (!program.variants.empty()) hash = fold(hash, uint64_t{program.variants.bits()} << 32 | 2);
  if (program.low_memory != 0) hash = fold(hash, uint64_t{program.low_memory} << 32 | 1);
  for (const Operation& op : program.operations) {
    hash =
        fold(hash, static_cast<uint64_t>(op.kind) | static_cast<uint64_t>(op.actor) << 8 |
                       static_cast<uint64_t>(op.connection) << 16 | static_cast<uint64_t>(op.path) << 24 |
                       static_cast<uint64_t>(op.level) << 32 | static_cast<uint64_t>(op.routine) << 40 |
                       static_cast<uint64_t>(op.hold) << 48 | static_cast<uint64_t>(op.bare) << 49 |
                       static_cast<uint64_t>(op.asynchronous) << 50 |
                       static_cast<uint64_t>(op.expected.has_value()) << 51 | static_cast<uint64_t>(op.leftover) << 52 |
                       static_cast<uint64_t>(op.directory) << 53 | static_cast<uint64_t>(op.nowait) << 54 |
                       static_cast<uint64_t>(op.redirector) << 56 | static_cast<uint64_t>(op.keep) << 55);
    if (op.seconds != 0) hash = fold(hash, op.seconds);
    hash = fold(hash, static_cast<uint64_t>(op.sync) | static_cast<uint64_t>(op.cancelled) << 1 |
                          static_cast<uint64_t>(op.retry) << 2 | static_cast<uint64_t>(op.transport) << 3);
    hash = fold(hash, static_cast<uint64_t>(static_cast<uint32_t>(op.slot)) << 32 | op.expected.value_or(0));
    if (op.length != 0) hash = fold(hash, op.length);
  }
  return hash;
}

uint64_t hash_of(const RunResult& run, Verdict verdict) {
  uint64_t hash = fold(run.schedule_hash, static_cast<uint64_t>(verdict));
  for (const Event& event : run.history.events) {
    hash = fold(hash, static_cast<uint64_t>(event.kind) | static_cast<uint64_t>(event.operation) << 16 |
                          static_cast<uint64_t>(event.target) << 32);
    hash = fold(hash, static_cast<uint64_t>(event.status) << 32 | event.value);
  }
  return run.violation ? fold(fold(hash, run.violation->rule), run.violation->object) : hash;
}

}  // namespace rxcheck
