// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/maker.h"

#include "harness/explore/themes.h"

namespace rxcheck::explore {

void Maker::make(OpKind kind) {
  // What waits behind a held connect gets stuck: do not let it be for long.
  if (picture_.holds > 0 && random_.chance(1, 4)) return make_release();
  // Little is taken up while the mini-redirector is stopped.
  if (picture_.stopped && random_.chance(1, 3)) kind = OpKind::start;
  switch (kind) {
    case OpKind::connect:
      return make_connect();
    case OpKind::tree:
      return make_tree();
    case OpKind::open:
      return make_open();
    case OpKind::write:
    case OpKind::read:
      return make_io(kind, picture_.files);
    case OpKind::notify:
      return make_io(kind, draw_handles());
    case OpKind::close:
      return make_close(draw_handles());
    case OpKind::finalize:
      return make_finalize();
    case OpKind::disconnect:
      return make_disconnect();
    case OpKind::cancel:
    case OpKind::complete:
      return make_end(kind);
    case OpKind::set_routine:
      return make_set();
    case OpKind::reference:
      return make_reference();
    case OpKind::dereference:
      return make_dereference();
    case OpKind::release:
      return make_release();
    case OpKind::await:
      return make_await();
    case OpKind::raw_add:
    case OpKind::raw_del:
      return make_raw(kind);
    case OpKind::stop:
    case OpKind::start:
      put(kind, draw_actor());
      picture_.stopped = kind == OpKind::stop;
      return;
    case OpKind::finalize_view:
    case OpKind::finalize_root:
      return make_finalize_below(kind);
    case OpKind::force_all:
      return make_force_all();
    case OpKind::tick:
      put(kind, draw_actor()).seconds = kSeconds[random_.below(kSeconds.size())];
      return;
    case OpKind::ce_cancel:
    case OpKind::teardown:
    case OpKind::list:
    case OpKind::letters:
    case OpKind::poll:
      put(kind, draw_actor()).connection = draw_connection();
      return;
  }
}

void Maker::make_connect() {
  const uint8_t connection = draw_connection();
  const bool asynchronous = random_.chance(shape_.async, 8);
  const bool hold =
      asynchronous && !picture_.views[connection].present && picture_.holds < kMaxHolds && random_.chance(1, 2);
  if (asynchronous && picture_.pending.full()) return make_await();
  Operation& op = put(OpKind::connect, draw_actor());
  op.connection = connection;
  op.asynchronous = asynchronous;
  op.hold = hold;
  op.leftover = random_.chance(1, 12);
  if (op.leftover) op.path = random_.chance(1, 2) ? kDeniedPath : kDirectoryPath;
  op.cancelled = !hold && random_.chance(1, 24);
  if (op.cancelled) return;
  if (!hold && !(op.leftover && op.path == kDeniedPath)) picture_.connected(connection);
  if (asynchronous) picture_.pending.add({last(), connection, kNoSlot, hold});
  picture_.holds += hold;
}

void Maker::make_tree() {
  const uint8_t connection = draw_connection();
  const bool present = picture_.views[connection].present;
  if (!present && random_.chance(7, 8)) return make_connect();
  if (picture_.trees.full()) return make_close(picture_.trees);
  put(OpKind::tree, draw_actor()).connection = connection;
  if (present) picture_.trees.add({last(), connection, false});
}

void Maker::make_open() {
  const uint8_t connection = draw_connection();
  if (!picture_.views[connection].present && random_.chance(1, 2)) return make_connect();
  if (picture_.files.full()) return make_close(picture_.files);
  Operation& op = put(OpKind::open, draw_actor());
  op.connection = connection;
  op.path = kPathTickets[random_.below(kPathTickets.size())];
  op.directory = op.path >= kFirstDirectory;
  op.keep = random_.chance(3, 8);
  op.retry = random_.chance(1, 12);
  op.cancelled = random_.chance(1, 24);
  picture_.cancellable.add(last());
  if (op.path == kDeniedPath || op.cancelled || picture_.is_unreachable(connection)) return;
  op.hold = shape_.actors > 1 && picture_.holds < kMaxHolds && random_.chance(1, 12);
  if (op.hold) {
    ++picture_.holds;
    picture_.held_opens.add({last(), connection, false});
  }
  picture_.views[connection].present = true;
  picture_.files.add({last(), connection, false});
}

void Maker::make_io(OpKind kind, Handles& handles) {
  if (handles.empty()) return make_open();
  if (kind != OpKind::write && picture_.pending.full()) return make_await();
  const Handle handle = handles[draw(handles.size())];
  const bool directory = operations_[static_cast<size_t>(handle.made.operation)].directory;
  if (directory && kind != OpKind::notify) kind = OpKind::notify;  // the one request that a directory takes
  Operation& op = put_on(kind, handle.made);
  op.cancelled = random_.chance(1, 20);
  if (kind == OpKind::write) return;
  op.sync = random_.chance(1, 16);
  if (op.sync) return;
  op.bare = random_.chance(shape_.bare, 8);
  if (!handle.orphan && !op.cancelled) picture_.pending.add({last(), handle.connection, handle.made.operation, false});
}

void Maker::make_close(Handles& handles) {
  if (handles.empty()) return make_open();
  const unsigned index = draw(handles.size());
  put_on(OpKind::close, handles[index].made).asynchronous = random_.chance(1, 8);
  if (operations_[made_ - 1].asynchronous) picture_.cancellable.add(last());
  picture_.closed(handles, index);
}

void Maker::make_finalize() {
  if (picture_.trees.empty()) return make_tree();
  const Handle tree = picture_.trees[draw(picture_.trees.size())];
  if (picture_.pending.full()) return make_await();
  Operation& op = put_on(OpKind::finalize, tree.made);
  op.level = draw_level();
  draw_delete(op, tree.connection);
  if (!tree.orphan) picture_.deleted(tree.connection, op.level);
}

void Maker::make_finalize_below(OpKind kind) {
  if (picture_.trees.empty()) return make_tree();
  const Handle tree = picture_.trees[draw(picture_.trees.size())];
  Operation& op = put_on(kind, tree.made);
  if (kind != OpKind::finalize_view || !random_.chance(1, 2)) return;
  op.level = Level::forced;
  if (!tree.orphan) picture_.deleted(tree.connection, op.level);
}

void Maker::make_force_all() {
  const uint8_t connection = draw_connection();
  if (!picture_.views[connection].present && random_.chance(2, 3)) return make_connect();
  put(OpKind::force_all, draw_actor()).connection = connection;
  picture_.deleted(connection, Level::forced);
}

// Now and then a delete leaves a request behind, which can be cancelled, or may not wait for a lock.
void Maker::draw_delete(Operation& op, uint8_t connection) {
  op.asynchronous = random_.chance(shape_.async, 16);
  op.nowait = random_.chance(1, 12);
  if (op.asynchronous) picture_.pending.add({last(), connection, kNoSlot, false});
}

// One in three deletes an absent connection all the same: another actor's delete may not be through yet.
void Maker::make_disconnect() {
  const uint8_t connection = draw_connection();
  if (!picture_.views[connection].present && random_.chance(2, 3)) return make_connect();
  if (picture_.pending.full()) return make_await();
  Operation& op = put(OpKind::disconnect, draw_actor());
  op.connection = connection;
  op.level = draw_level();
  draw_delete(op, connection);
  if (op.level == Level::forced && random_.chance(1, 3)) op.redirector = static_cast<Redirector>(1 + random_.below(3));
  op.transport = op.redirector == Redirector::own && random_.chance(1, 8);
  picture_.deleted(connection, op.level);
}

// cancel or complete.
void Maker::make_end(OpKind kind) {
  unsigned index = 0;
  if (kind == OpKind::cancel && !picture_.cancellable.empty() && random_.chance(1, 5)) {
    put_on(kind, picture_.cancellable[draw(picture_.cancellable.size())]);
  } else if (draw_over(index)) {
    put_on(kind, picture_.over[index].made);
  } else if (draw_pending(index, kind == OpKind::cancel)) {
    const Request request = picture_.pending[index];
    put_on(kind, request.made);
    if (!request.held) picture_.end_request(index);
  } else {
    make_request();
  }
}

void Maker::make_set() {
  unsigned index = 0;
  const bool over = draw_over(index);
  if (!over && !draw_pending(index, false)) return make_request();
  const Made request = over ? picture_.over[index].made : picture_.pending[index].made;
  put_on(OpKind::set_routine, request).routine = static_cast<Routine>(random_.below(4));
}

void Maker::make_reference() {
  unsigned index = 0;
  if (!draw_pending(index, false)) return make_request();
  put_on(OpKind::reference, picture_.pending[index].made);
  picture_.contexts.add(last());
}

void Maker::make_dereference() {
  if (picture_.contexts.empty()) return make_reference();
  const unsigned index = draw(picture_.contexts.size());
  put_on(OpKind::dereference, picture_.contexts[index]);
  picture_.contexts.erase(index);
}

// Half of the time by the actor who connected: only for that one it is sure that the connect is under way.
void Maker::make_release() {
  if (picture_.holds == 0 && random_.chance(3, 4)) return make_connect();
  uint8_t connection = draw_connection();
  uint8_t actor = draw_actor();
  for (unsigned i = 0; i < picture_.pending.size(); ++i) {
    const Request& request = picture_.pending[i];
    if (!request.held) continue;
    connection = request.connection;
    if (random_.chance(1, 2)) actor = request.made.actor;
  }
  if (!picture_.held_opens.empty()) {
    connection = picture_.held_opens[0].connection;
    actor = draw_other_actor(picture_.held_opens[0].made.actor);
  }
  put(OpKind::release, actor).connection = connection;
  picture_.released(connection);
}

void Maker::make_raw(OpKind kind) {
  Operation& op = put(kind, draw_actor());
  op.connection = draw_connection();
  op.length = static_cast<uint8_t>(random_.below(kMaxRawLength + 1));
}

void Maker::make_await() {
  if (picture_.pending.empty()) return make_request();
  const unsigned index = draw(picture_.pending.size());
  const Request request = picture_.pending[index];
  put_on(OpKind::await, request.made);
  if (request.held) picture_.connected(request.connection);
  picture_.end_request(index);
}

// A pending request: a read or notify unless `connects`.
bool Maker::draw_pending(unsigned& index, bool connects) {
  const unsigned size = picture_.pending.size();
  if (size == 0) return false;
  index = draw(size);
  for (unsigned tries = 0; tries < size; ++tries) {
    if (connects || !picture_.pending[index].is_connect()) return true;
    index = index == 0 ? size - 1 : index - 1;
  }
  return false;
}

// One in three times a read or notify that the picture has ended: in another order of the actors it may not be over
// yet.
bool Maker::draw_over(unsigned& index) {
  if (picture_.over.empty() || !random_.chance(1, 4)) return false;
  index = draw(picture_.over.size());
  return true;
}

Maker::Handles& Maker::draw_handles() {
  const unsigned files = picture_.files.size(), trees = picture_.trees.size();
  return files + trees > 0 && random_.below(files + trees) >= files ? picture_.trees : picture_.files;
}

// Half of the time the newest of a list.
unsigned Maker::draw(unsigned size) { return random_.chance(1, 2) ? size - 1 : random_.below(size); }

uint8_t Maker::draw_connection() { return static_cast<uint8_t>(random_.below(shape_.connections)); }

Level Maker::draw_level() {
  const uint32_t ticket = random_.below(16);
  if (ticket == 15) return Level::other;
  return ticket < 6 ? Level::not_forced : ticket < 11 ? Level::forced : Level::drop_reference;
}

uint8_t Maker::draw_actor() { return static_cast<uint8_t>(1 + random_.below(shape_.actors)); }

// Mostly not `maker`.
uint8_t Maker::draw_other_actor(uint8_t maker) {
  if (shape_.actors == 1 || random_.chance(3, 8)) return draw_actor();
  const auto actor = static_cast<uint8_t>(1 + random_.below(shape_.actors - 1));
  return actor < maker ? actor : static_cast<uint8_t>(actor + 1);
}

Operation& Maker::put(OpKind kind, uint8_t actor) {
  Operation& op = operations_[made_++];
  op = Operation{};
  op.kind = kind;
  op.actor = actor;
  return op;
}

Operation& Maker::put_on(OpKind kind, const Made& resource) {
  Operation& op = put(kind, draw_other_actor(resource.actor));
  op.slot = resource.operation;
  return op;
}

}  // namespace rxcheck::explore
