// SPDX-License-Identifier: Apache-2.0
#include "models/test/programs.h"

namespace rxcheck::models::test {

Program random_program(Random& random, unsigned operations) {
  ProgramBuilder b;
  constexpr Level kLevels[] = {Level::not_forced, Level::forced, Level::drop_reference};
  for (unsigned i = 0; i < operations; ++i) {
    Operation op;
    op.kind = i == 0   ? OpKind::connect
              : i == 1 ? OpKind::open
              : i == 2 ? OpKind::tree
                       : static_cast<OpKind>(random.below(kOpKinds));
    op.actor = static_cast<uint8_t>(1 + random.below(3));
    if (needs_slot(op.kind)) {
      for (unsigned tries = 0; tries < 8 && op.slot == kNoSlot; ++tries) {
        const uint32_t candidate = random.below(i);
        if (slot_fits(op, b.program.operations[candidate])) op.slot = static_cast<int32_t>(candidate);
      }
      if (op.slot == kNoSlot) op.kind = random.chance(1, 2) ? OpKind::open : OpKind::tree;
    }
    if (uses_connection(op.kind)) op.connection = random.chance(1, 5) ? 1 : 0;
    if (op.kind == OpKind::open) op.path = random.chance(1, 8) ? 1 : 0;
    if (op.kind == OpKind::connect) op.asynchronous = random.chance(1, 3);
    if (op.kind == OpKind::connect) op.hold = random.chance(1, 3);
    if (op.kind == OpKind::read || op.kind == OpKind::notify) op.bare = random.chance(1, 4);
    if (op.kind == OpKind::finalize || op.kind == OpKind::disconnect) op.level = kLevels[random.below(3)];
    if (op.kind == OpKind::set_routine) op.routine = static_cast<Routine>(random.below(3));
    b.program.operations.push_back(op);
  }
  return b.program;
}

}  // namespace rxcheck::models::test
