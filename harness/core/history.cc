// SPDX-License-Identifier: Apache-2.0
#include "harness/core/history.h"

namespace rxcheck {

VariantSet variants_in_force(const History& history) {
  for (const Event& event : history.events)
    if (event.kind == EventKind::variants) return VariantSet(event.value);
  return {};
}

std::string_view name_of(EventKind kind) {
  switch (kind) {
    case EventKind::call:
      return "call";
    case EventKind::skip:
      return "skip";
    case EventKind::ret:
      return "return";
    case EventKind::completed:
      return "completed";
    case EventKind::quiescent:
      return "quiescent";
    case EventKind::end:
      return "end";
    case EventKind::variants:
      return "variants";
    case EventKind::low_memory:
      return "low_memory";
    case EventKind::start:
      return "start";
    case EventKind::connect:
      return "connect";
    case EventKind::tree:
      return "tree";
    case EventKind::missing:
      return "missing";
    case EventKind::open:
      return "open";
    case EventKind::unopen:
      return "unopen";
    case EventKind::submit:
      return "submit";
    case EventKind::finalize:
      return "finalize";
    case EventKind::cancel:
      return "cancel";
    case EventKind::set:
      return "set";
    case EventKind::cleanup:
      return "cleanup";
    case EventKind::close:
      return "close";
    case EventKind::tree_close:
      return "tree_close";
    case EventKind::list:
      return "list";
    case EventKind::finish:
      return "finish";
    case EventKind::lookup:
      return "lookup";
    case EventKind::dereference:
      return "dereference";
    case EventKind::share_busy:
      return "share_busy";
    case EventKind::unconnect:
      return "unconnect";
    case EventKind::orphan:
      return "orphan";
    case EventKind::acquire:
      return "acquire";
    case EventKind::reinitialize:
      return "reinitialize";
    case EventKind::state:
      return "state";
    case EventKind::dormant:
      return "dormant";
    case EventKind::scavenge:
      return "scavenge";
    case EventKind::collapse:
      return "collapse";
    case EventKind::create_srv_call:
      return "create_srv_call";
    case EventKind::create_v_net_root:
      return "create_v_net_root";
    case EventKind::finalize_v_net_root:
      return "finalize_v_net_root";
    case EventKind::finalize_net_root:
      return "finalize_net_root";
    case EventKind::finalize_srv_call:
      return "finalize_srv_call";
    case EventKind::create:
      return "create";
    case EventKind::cleanup_fobx:
      return "cleanup_fobx";
    case EventKind::close_srv_open:
      return "close_srv_open";
    case EventKind::low_io_write:
      return "low_io_write";
    case EventKind::low_io_read:
      return "low_io_read";
    case EventKind::low_io_notify:
      return "low_io_notify";
    case EventKind::cancel_routine:
      return "cancel_routine";
    case EventKind::held:
      return "held";
    case EventKind::released:
      return "released";
    case EventKind::bad:
      return "bad";
    case EventKind::answered:
      return "answered";
    case EventKind::is_valid_directory:
      return "is_valid_directory";
    case EventKind::create_net_root:
      return "create_net_root";
    case EventKind::transport_up:
      return "transport_up";
    case EventKind::transport_down:
      return "transport_down";
    case EventKind::collapse_open:
      return "collapse_open";
    case EventKind::set_enter:
      return "set_enter";
    case EventKind::set_leave:
      return "set_leave";
  }
  return "?";
}

}  // namespace rxcheck
