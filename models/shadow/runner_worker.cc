// SPDX-License-Identifier: Apache-2.0
//
// How the worker of a request begins and ends; lists, stop and start.
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

// False if the request was cancelled before: it only has to be concluded.
bool Runner::take_up(uint16_t self) { return emit(EventKind::start, self).status == status::kSuccess; }

// The result, as the effects determine it.
Task Runner::conclude(uint16_t self) {
  co_await turn();
  emit(EventKind::finish, self, self);
  co_await turn();
  emit(EventKind::completed, self);
}

Task Runner::list(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    emit(EventKind::list, self);
  }
  co_await conclude(self);
}

Task Runner::stop(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    if (twin_.state() == kStopping) co_return co_await conclude(self);  // another was faster
    emit(EventKind::state, self, kNoOperation, 0, kStopping);
    co_await until(Wait::For::alone, self);
    co_await scavenge(self, kNobody);
    emit(EventKind::state, self, kNoOperation, 0, kStartable);
  }
  co_await conclude(self);
}

Task Runner::start(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    if (twin_.state() == kStartable) emit(EventKind::state, self, kNoOperation, 0, kStarted);
  }
  co_await conclude(self);
}

}  // namespace rxcheck::models::shadow
