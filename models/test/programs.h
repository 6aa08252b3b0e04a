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
Program random_program(Random& random, unsigned operations);

}  // namespace rxcheck::models::test
