// SPDX-License-Identifier: Apache-2.0
//
// The transport under the connections. When it goes down by itself is open; so is what a second teardown answers, as
// long as it is one of the documented statuses.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

void Machine::on_transport_down(const Event& event) {
  for (Transport& transport : transports_)
    if (transport.number == event.value && transport.up) transport.up = false, transport.ended = now_;
}

// The newest connection to the operation's server that was there before, if it is up. (An older one belongs to a server
// whose name is gone, and goes with it.)
const Transport* Machine::transport_left(const OperationState& op, Moment before) const {
  for (size_t i = transports_.size(); i-- > 0;) {
    const Transport& transport = transports_[i];
    if (transport.server == connections_[op.connection].server && transport.built < before)
      return transport.up ? &transport : nullptr;
  }
  return nullptr;
}

bool Machine::judge_transport_of_delete(OperationState& op, uint32_t status) {
  if (!op.transport || status != status::kSuccess || !op.finalize_seen) return false;
  return transport_left(op, op.finalize_at) != nullptr &&
         refuse(37, index_of(op), state_of(op), "the transport to the server is down", "it is up");
}

// While servers of one name come and go, it is one of theirs that is down.
bool Machine::judge_teardown(OperationState& op, uint32_t status) {
  if (status == status::kInsufficientResources || status == status::kInvalidParameter) return false;
  if (status != status::kSuccess)
    return refuse(72, index_of(op), "", "SUCCESS, INSUFFICIENT_RESOURCES or INVALID_PARAMETER",
                  status::name_of(status));
  for (const Transport& transport : transports_)
    if (transport.server == connections_[op.connection].server && transport.ended > op.called) return false;
  return transport_left(op, op.called) != nullptr &&
         refuse(72, index_of(op), "", "the transport to the server is down", "it is up");
}

}  // namespace rxcheck::models::reference
