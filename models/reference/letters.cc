// SPDX-License-Identifier: Apache-2.0
//
// The mini-redirector's own requests: its table of drive letters, and names that are too short to be names. They have
// results of their own (C53).
//
// A connect enters its letter, a successful delete by name takes it out; both do it some time before they are decided,
// and a delete through a handle does not touch the table. So what is in it is known where these did not overlap. Asking
// does not wait: while somebody changes the table, for whatever letter, the answer may be DEVICE_BUSY.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

void Machine::begin_table_change(const OperationState& op) {
  ++letters_[connection_of(op).letter].changes;
  ++table_changes_;
}

void Machine::end_table_change(const OperationState& op, uint32_t status) {
  const uint8_t index = connection_of(op).letter;
  LetterState& letter = letters_[index];
  const bool alone = letter.changes == 1 && letter.changed <= op.called;
  --letter.changes;
  --table_changes_;
  letter.changed = table_changed_ = now_;
  if (status != status::kSuccess || index == kLetters) return;
  letter.listed = !alone ? Listed::unknown : op.kind == OpKind::connect ? Listed::yes : Listed::no;
}

bool Machine::judge_letters_result(OperationState& op, uint32_t status) {
  const LetterState& letter = letters_[connection_of(op).letter];
  const bool undisturbed = table_changes_ == 0 && table_changed_ <= op.called;
  if (status == status::kDeviceBusy)
    return undisturbed && wrong_result(53, op, "an answer: nobody changes the table", status);
  const bool unchanged = letter.changes == 0 && letter.changed <= op.called;
  const Listed listed = unchanged ? letter.listed : Listed::unknown;
  if (status == status::kSuccess)
    return listed == Listed::no && wrong_result(53, op, "NOT_FOUND: its letter is not in the table", status);
  if (status == status::kNotFound)
    return listed == Listed::yes && wrong_result(53, op, "SUCCESS: its letter is in the table", status);
  return wrong_result(53, op, "SUCCESS or NOT_FOUND", status);
}

// The terminator has no room, or something is left over: no name at all. Else a name without share.
bool Machine::judge_raw_result(OperationState& op, uint32_t status) {
  const bool no_name = op.length < 2 || op.length % 2 != 0;
  const uint32_t expected = no_name ? status::kBadNetworkName : status::kObjectNameInvalid;
  return status != expected && wrong_result(53, op, status::name_of(expected), status);
}

}  // namespace rxcheck::models::reference
