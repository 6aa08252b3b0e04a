// SPDX-License-Identifier: Apache-2.0
//
// The mini-redirector's table of drive letters. No event shows when it changes: here it does when a connect or a delete
// by name is decided, and what overlaps with one is not sure.
#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

Letter& Twin::letter_of(const Op& op) {
  const bool named = op.connection < program_->connections.size();
  const char device = named ? program_->connections[op.connection].device : '\0';
  return letters_[device >= 'A' && device <= 'Z' ? static_cast<size_t>(device - 'A') : letters_.size() - 1];
}

void Twin::begin_change(const Op& op) {
  Letter& letter = letter_of(op);
  if (letter.changing++ != 0) letter.overlapped = true;
}

void Twin::end_change(const Op& op) {
  Letter& letter = letter_of(op);
  changed_ = letter.changed = now_;
  --letter.changing;
  if (op.status == status::kSuccess && &letter != &letters_.back()) {
    letter.listed = op.what.kind == OpKind::connect;
    letter.unknown = letter.overlapped;
  }
  if (letter.changing == 0) letter.overlapped = false;
}

// What the table says now; `observed` where it may say anything.
uint32_t Twin::ask_letter(const Op& op, uint32_t observed) {
  const Letter& letter = letter_of(op);
  bool busy = changed_ > op.called;
  for (const Letter& other : letters_) busy = busy || other.changing != 0;
  const bool unknown = letter.unknown || letter.changing != 0 || letter.changed > op.called;
  const bool told = !told_.empty();
  if (told && busy && observed == status::kDeviceBusy) return observed;
  if (told && unknown && (observed == status::kSuccess || observed == status::kNotFound)) return observed;
  return letter.listed ? status::kSuccess : status::kNotFound;
}

}  // namespace rxcheck::models::shadow
