// SPDX-License-Identifier: Apache-2.0
//
// Writes histories by hand for tests. The short methods (`connect`, `open`, ...) add an operation with the events of a
// driver that does everything right; `add`, `begin`, `effect` and `finish` write what a wrong one does. Views have
// serials 1, 2, ... There are two connections, X: and Y:.
#pragma once

#include "harness/core/history.h"
#include "harness/core/status.h"

namespace rxcheck::models::test {

class HistoryBuilder {
 public:
  HistoryBuilder() {
    history.program.connections = {{'X', "\\\\server\\share"}, {'Y', "\\\\server\\other"}};
    history.program.paths = {"\\file", "\\denied"};
  }

  // An operation without events. `slot` is the operation that produced what it uses.
  uint16_t add(OpKind kind, int32_t slot = kNoSlot, Level level = Level::not_forced) {
    Operation op;
    op.kind = kind;
    op.slot = slot;
    op.level = level;
    history.program.operations.push_back(op);
    history.program_operations = static_cast<uint32_t>(history.program.operations.size());
    return static_cast<uint16_t>(history.program.operations.size() - 1);
  }
  uint16_t add_on(OpKind kind, uint8_t connection, Level level = Level::not_forced) {
    const uint16_t op = add(kind, kNoSlot, level);
    history.program.operations.back().connection = connection;
    return op;
  }

  HistoryBuilder& event(EventKind kind, uint16_t op, uint16_t target = kNoOperation, uint32_t status = 0,
                        uint32_t value = 0) {
    Event e;
    e.kind = kind;
    e.operation = op;
    e.target = target;
    e.status = status;
    e.value = value;
    history.events.push_back(e);
    return *this;
  }
  HistoryBuilder& effect(EventKind kind, uint16_t op, uint32_t serial) {
    return event(kind, op, kNoOperation, 0, serial);
  }
  HistoryBuilder& on(EventKind kind, uint16_t target, uint32_t status = 0, uint32_t value = 0) {
    return event(kind, kNoOperation, target, status, value);
  }
  HistoryBuilder& quiescent() { return event(EventKind::quiescent, kNoOperation); }
  HistoryBuilder& end() { return event(EventKind::end, kNoOperation); }
  HistoryBuilder& finalize_view(uint32_t serial, uint16_t by = kNoOperation) {
    return event(EventKind::finalize_v_net_root, by, kNoOperation, 0, serial);
  }

  // Called and taken up.
  HistoryBuilder& begin(uint16_t op) { return event(EventKind::call, op).event(EventKind::start, op); }
  // The request of `op` is decided and completed.
  HistoryBuilder& decide(uint16_t op, uint32_t status) {
    return on(EventKind::finish, op, status).event(EventKind::completed, op, kNoOperation, status);
  }
  // ...and the operation returns.
  HistoryBuilder& finish(uint16_t op, uint32_t status = 0, uint32_t value = 0) {
    return decide(op, status).event(EventKind::ret, op, kNoOperation, status, value);
  }

  uint16_t connect(uint32_t serial, bool builds = true, uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::connect, connection);
    begin(op);
    if (builds) event(EventKind::create_srv_call, op).effect(EventKind::create_v_net_root, op, serial);
    effect(EventKind::connect, op, serial).effect(EventKind::tree_close, op, serial).finish(op, 0, serial);
    return op;
  }
  uint16_t tree(uint32_t serial, uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::tree, connection);
    begin(op).effect(EventKind::tree, op, serial).finish(op, 0, serial);
    return op;
  }
  uint16_t open(uint32_t serial, uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::open, connection);
    begin(op).effect(EventKind::open, op, serial).effect(EventKind::create, op, serial).finish(op, 0, serial);
    return op;
  }
  // An open that the server holds: `released` lets it go.
  uint16_t held_open(uint32_t serial) {
    const uint16_t op = add_on(OpKind::open, 0);
    history.program.operations.back().hold = true;
    begin(op).effect(EventKind::open, op, serial).effect(EventKind::create, op, serial).event(EventKind::held, op);
    return op;
  }
  HistoryBuilder& released(uint16_t open) { return event(EventKind::released, kNoOperation, open); }
  uint16_t close_file(uint16_t handle, uint32_t serial) {
    const uint16_t op = add(OpKind::close, handle);
    begin(op).event(EventKind::cleanup, op, handle).decide(op, 0);
    event(EventKind::start, op).event(EventKind::close, op, handle, 0, serial).finish(op);
    return op;
  }
  uint16_t close_tree(uint16_t handle, uint32_t serial, bool finalizes = false) {
    const uint16_t op = add(OpKind::close, handle);
    begin(op).event(EventKind::cleanup, op, handle).decide(op, 0);
    event(EventKind::start, op).effect(EventKind::tree_close, op, serial);
    if (finalizes) finalize_view(serial, op);
    finish(op);
    return op;
  }
  uint16_t finalize(uint16_t tree, uint32_t serial, Level level, uint32_t status) {
    const uint16_t op = add(OpKind::finalize, tree, level);
    begin(op).effect(EventKind::finalize, op, serial).finish(op, status);
    return op;
  }
  // A delete in nfs41's way: connects, asks whether files of the share are open, deletes with force if not.
  uint16_t disconnect_like_nfs41(uint32_t serial, bool creates, bool busy, uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::disconnect, connection, Level::forced);
    history.program.operations.back().redirector = Redirector::nfs41;
    begin(op);
    if (creates) event(EventKind::create_srv_call, op).effect(EventKind::create_v_net_root, op, serial);
    effect(EventKind::connect, op, serial);
    event(EventKind::share_busy, op, kNoOperation, busy ? status::kFilesOpen : 0, serial);
    if (busy && creates) effect(EventKind::unconnect, op, serial);
    if (!busy) event(EventKind::finalize, op, kNoOperation, 1, serial);
    return op;
  }
  uint16_t list(uint8_t connection, uint32_t serial) {  // 0: not listed
    const uint16_t op = add_on(OpKind::list, connection);
    begin(op).event(EventKind::list, op).decide(op, 0);
    event(EventKind::ret, op, kNoOperation, serial == 0 ? status::kNotFound : 0, serial);
    return op;
  }
  // A pending read or notification, with routine A unless it is bare.
  uint16_t pend(OpKind kind, uint16_t handle, bool bare = false) {
    const uint16_t op = add(kind, handle);
    history.program.operations.back().bare = bare;
    begin(op).event(EventKind::submit, op, handle);
    event(kind == OpKind::read ? EventKind::low_io_read : EventKind::low_io_notify, op);
    if (!bare) set(op, 1, 0);
    event(EventKind::ret, op, kNoOperation, status::kPending);
    return op;
  }
  HistoryBuilder& set(uint16_t request, uint32_t routine, uint32_t status) {
    return on(EventKind::set_enter, request, 0, routine)
        .on(EventKind::set, request, 0, routine)
        .on(EventKind::set_leave, request, status);
  }
  // IoCancelIrp; `marks`: with its effect.
  uint16_t cancel(uint16_t request, bool marks = true) {
    const uint16_t op = add(OpKind::cancel, request);
    event(EventKind::call, op);
    if (marks) on(EventKind::cancel, request);
    event(EventKind::ret, op, kNoOperation, 0, 1);
    return op;
  }
  HistoryBuilder& routine(uint16_t request, uint32_t routine) {
    return on(EventKind::cancel_routine, request, 0, routine);
  }

  History history;
};

}  // namespace rxcheck::models::test
