// SPDX-License-Identifier: Apache-2.0
//
// Programs for tests: written by hand, one operation a call, or at random.
#pragma once

#include "harness/core/program.h"
#include "harness/core/random.h"

namespace rxcheck::models::test {

// Each method appends an operation and returns its index. Operations belong to actor 1 unless `as` says otherwise.
struct ProgramBuilder {
  ProgramBuilder() {
    program.connections = {{'X', "\\\\server\\share"}, {'Y', "\\\\server\\other"}};
    program.paths = {"\\file", "\\denied"};
  }

  ProgramBuilder& as(uint8_t number) {
    actor = number;
    return *this;
  }
  int32_t add(OpKind kind, int32_t slot = kNoSlot) {
    Operation op;
    op.kind = kind;
    op.actor = actor;
    op.slot = slot;
    program.operations.push_back(op);
    return static_cast<int32_t>(program.operations.size()) - 1;
  }
  Operation& last() { return program.operations.back(); }

  int32_t on(OpKind kind, uint8_t connection = 0) {
    const int32_t op = add(kind);
    last().connection = connection;
    return op;
  }
  int32_t connect(uint8_t connection = 0) { return on(OpKind::connect, connection); }
  int32_t held_connect() {
    const int32_t op = connect();
    last().hold = last().asynchronous = true;
    return op;
  }
  int32_t tree(uint8_t connection = 0) { return on(OpKind::tree, connection); }
  int32_t open(uint8_t connection = 0) { return on(OpKind::open, connection); }
  int32_t list(uint8_t connection = 0) { return on(OpKind::list, connection); }
  int32_t finalize(int32_t slot, Level level = Level::not_forced) {
    const int32_t op = add(OpKind::finalize, slot);
    last().level = level;
    return op;
  }
  int32_t disconnect(Level level, uint8_t connection = 0) {
    const int32_t op = on(OpKind::disconnect, connection);
    last().level = level;
    return op;
  }
  int32_t disconnect_like(Redirector redirector, uint8_t connection = 0) {
    const int32_t op = disconnect(Level::forced, connection);
    last().redirector = redirector;
    return op;
  }
  int32_t held_open(uint8_t connection = 0) {
    const int32_t op = open(connection);
    last().hold = true;
    return op;
  }
  int32_t bare(OpKind kind, int32_t slot) {
    const int32_t op = add(kind, slot);
    last().bare = true;
    return op;
  }
  int32_t set(int32_t slot, Routine routine) {
    const int32_t op = add(OpKind::set_routine, slot);
    last().routine = routine;
    return op;
  }

  Program program;
  uint8_t actor = 1;
};

// A valid program of `operations` operations by up to three actors on two connections. Begins with a few that make
// something to work on.
inline Program random_program(Random& random, unsigned operations) {
  ProgramBuilder b;
  // What the second connection leads to: another share, the same one, or something that the network does not have.
  constexpr const char* kOthers[] = {"\\\\server\\other",  "\\\\server\\share",  "\\\\server\\bad",
                                     "\\\\server\\locked", "\\\\nowhere\\share", "\\\\server\\conflict"};
  b.program.connections[1].remote = kOthers[random.chance(1, 2) ? 0 : random.below(6)];
  if (random.chance(1, 6)) {
    b.program.connections[1] = b.program.connections[0];
    b.program.connections[1].session = 2;
  }
  constexpr Level kLevels[] = {Level::not_forced, Level::forced, Level::drop_reference, Level::other};
  for (unsigned i = 0; i < operations; ++i) {
    Operation op;
    op.kind = i == 0   ? OpKind::connect
              : i == 1 ? OpKind::open
              : i == 2 ? OpKind::tree
                       : static_cast<OpKind>(random.below(kOpKinds));
    if (op.kind == OpKind::stop && random.chance(7, 8)) op.kind = OpKind::start;  // after it little else happens
    op.actor = static_cast<uint8_t>(1 + random.below(3));
    if (needs_slot(op.kind)) {
      for (unsigned tries = 0; tries < 8 && op.slot == kNoSlot; ++tries) {
        const uint32_t candidate = random.below(i);
        if (slot_fits(op, b.program.operations[candidate])) op.slot = static_cast<int32_t>(candidate);
      }
      if (op.slot == kNoSlot) op.kind = random.chance(1, 2) ? OpKind::open : OpKind::tree;
    }
    if (uses_connection(op.kind)) op.connection = random.chance(1, 4) ? 1 : 0;
    if (op.kind == OpKind::open) op.path = random.chance(1, 8) ? 1 : 0;
    if (op.kind == OpKind::connect) op.asynchronous = random.chance(1, 3);
    if (op.kind == OpKind::connect) op.hold = random.chance(1, 3);
    if (op.kind == OpKind::connect) op.leftover = random.chance(1, 6);
    if (op.leftover) op.path = random.chance(1, 2) ? 1 : 0;
    if (op.kind == OpKind::open && i > 2) op.hold = random.chance(1, 6);
    if (op.kind == OpKind::finalize_view && random.chance(1, 2)) op.level = Level::forced;
    if (is_delete(op.kind)) op.asynchronous = random.chance(1, 4);
    if (is_delete(op.kind)) op.nowait = random.chance(1, 6);
    if (op.kind == OpKind::read || op.kind == OpKind::notify) op.bare = random.chance(1, 4);
    if (op.kind == OpKind::read || op.kind == OpKind::notify) op.sync = !op.bare && random.chance(1, 6);
    if (op.kind == OpKind::finalize || op.kind == OpKind::disconnect) op.level = kLevels[random.below(4)];
    if (op.kind == OpKind::disconnect && op.level == Level::forced)
      op.redirector = static_cast<Redirector>(random.below(4));
    if (op.kind == OpKind::raw_add || op.kind == OpKind::raw_del)
      op.length = static_cast<uint8_t>(random.below(kMaxRawLength + 1));
    if (op.kind == OpKind::set_routine) op.routine = static_cast<Routine>(random.below(4));
    if (op.kind == OpKind::open) op.directory = random.chance(1, 8);
    if (op.kind == OpKind::disconnect && op.redirector == Redirector::own) op.transport = random.chance(1, 4);
    if (op.kind == OpKind::open) op.retry = random.chance(1, 6);
    if (op.kind == OpKind::open || op.kind == OpKind::connect || op.kind == OpKind::write || op.kind == OpKind::read ||
        op.kind == OpKind::notify)
      op.cancelled = random.chance(1, 12);
    if (op.kind == OpKind::close) op.asynchronous = random.chance(1, 6);
    if (op.kind == OpKind::open) op.keep = random.chance(1, 3);
    if (op.kind == OpKind::tick) op.seconds = random.chance(1, 2) ? 10 : 5;
    b.program.operations.push_back(op);
  }
  if (random.chance(1, 3)) b.program.connections[1].remote = "\\\\daemon\\share";
  return b.program;
}

}  // namespace rxcheck::models::test
