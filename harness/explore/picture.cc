// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/picture.h"

namespace rxcheck::explore {
namespace {

bool has_live(const Few<Handle, Picture::kEach>& handles, uint8_t connection) {
  for (unsigned i = 0; i < handles.size(); ++i)
    if (handles[i].connection == connection && !handles[i].orphan) return true;
  return false;
}

}  // namespace

void Picture::end_request(unsigned index) {
  const Request request = pending[index];
  pending.erase(index);
  holds -= request.held;
  if (!request.is_connect()) over.add(request);
}

void Picture::end_requests_of(int32_t handle) {
  for (unsigned i = pending.size(); i-- > 0;)
    if (pending[i].handle == handle) end_request(i);
}

void Picture::closed(Few<Handle, kEach>& handles, unsigned index) {
  const Handle handle = handles[index];
  handles.erase(index);
  end_requests_of(handle.made.operation);
  View& view = views[handle.connection];
  if (!handle.orphan && !view.reference && !has_live(files, handle.connection) && !has_live(trees, handle.connection))
    view.present = false;
}

void Picture::released(uint8_t connection) {
  for (unsigned i = 0; i < pending.size(); ++i) {
    if (!pending[i].held || pending[i].connection != connection) continue;
    end_request(i);
    connected(connection);
    return;
  }
  for (unsigned i = 0; i < held_opens.size(); ++i) {
    if (held_opens[i].connection != connection) continue;
    held_opens.erase(i);
    --holds;
    return;
  }
}

void Picture::deleted(uint8_t connection, Level level) {
  View& view = views[connection];
  if (!view.present) return;
  const bool refused = level != Level::forced && busy(connection);
  if (level == Level::drop_reference) view.reference = false;
  if (!refused) vanish(connection);
}

bool Picture::busy(uint8_t connection) const {
  if (has_live(files, connection)) return true;
  for (unsigned i = 0; i < pending.size(); ++i)
    if (pending[i].connection == connection && !pending[i].is_connect()) return true;
  return false;
}

void Picture::vanish(uint8_t connection) {
  views[connection] = {false, false};
  for (unsigned i = pending.size(); i-- > 0;)
    if (pending[i].connection == connection && !pending[i].is_connect()) end_request(i);
  for (Few<Handle, kEach>* handles : {&files, &trees})
    for (unsigned i = 0; i < handles->size(); ++i)
      if ((*handles)[i].connection == connection) (*handles)[i].orphan = true;
}

}  // namespace rxcheck::explore
