// SPDX-License-Identifier: Apache-2.0
//
// What an operation's request returns, and what it uses: the same on every target that drives the test mini-redirector.
#pragma once

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/core/program.h"

namespace rxcheck {

// Its reply names the view.
inline bool shows_view(OpKind kind) { return kind == OpKind::connect || kind == OpKind::tree || kind == OpKind::open; }

// Its reply holds a value.
inline bool shows_value(OpKind kind) {
  return kind == OpKind::dereference || kind == OpKind::finalize_view || kind == OpKind::finalize_root;
}

// While its request is under way, the handle that it uses cannot be closed.
inline bool uses_handle(OpKind kind) {
  return kind == OpKind::write || kind == OpKind::read || kind == OpKind::notify || kind == OpKind::finalize ||
         kind == OpKind::finalize_view || kind == OpKind::finalize_root;
}

inline uint32_t output_length_of(OpKind kind) {
  return kind == OpKind::list ? sizeof(RXPROBE_LIST) : sizeof(RXPROBE_REPLY);
}

}  // namespace rxcheck
