// SPDX-License-Identifier: Apache-2.0
//
// What one run did: per operation its call, effects, callouts and result, in the order in which they took
// place. Models judge histories and nothing else. Drivers report effects and callouts through their event log;
// the numbers of EventKind are shared with driver/protocol/rxcheck_events.h, where each is described again in the
// driver's terms. The text form (.rxh) is in history_text.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/core/program.h"

namespace rxcheck {

enum class EventKind : uint8_t {
  // By the harness. `operation` is the operation; nothing else unless stated.
  call = 1,       // the operation was issued
  skip = 2,       // not issued: the resource that it uses was never produced, or is closed
  ret = 3,        // it returned to its actor: status, value (view serial for connect, tree, open and for list; 0 else).
                  // An asynchronous operation returns PENDING when its request can go no further on its own
  completed = 4,  // IofCompleteRequest for the request of `operation`: status, value
  quiescent = 5,  // no line can go on without the environment; every cancelled request that could end has ended
  end = 6,        // stop and unload are done
  variants = 7,   // the variants that are in force: value = their bits (harness/core/variants.h); if there are any
  low_memory = 8,  // an allocation that a driver made for the operation was refused (Program::low_memory)

  // Effects: where an operation takes effect, reported by the engine inside its atomic section. `operation` is on whose
  // behalf, `target` the operation whose request or handle is concerned.
  start = 16,     // a worker took up the request of `operation`; a request cancelled before is not carried out
  connect = 17,   // a view was found or finished, a tree handle on it taken, and the add-connection reference is held:
                  // value = serial
  tree = 18,      // a tree handle on view `value` was taken (tree, and the temporary one of disconnect)
  missing = 19,   // there is no such connection (tree, disconnect)
  open = 20,      // a handle is counted on view `value`
  unopen = 21,    // ...and taken back, because the open failed afterwards
  submit = 22,    // a write, read or notify was accepted (status SUCCESS), or refused because the handle is orphaned
                  // (UNEXPECTED_NETWORK_ERROR) or the request cancelled (CANCELLED); value = serial
  finalize = 23,  // RxFinalizeConnection decided: value = serial, status = its level (0, 1 or 0xff)
  cancel = 24,    // the request of `target` was marked cancelled, and its routine taken out
  set = 25,       // RxSetMinirdrCancelRoutine took effect on the request of `target`: value = routine
  cleanup = 26,   // the handle produced by `target` was cleaned up
  close = 27,     // the file handle produced by `target` is no longer counted on view `value`
  tree_close = 28,  // a tree handle on view `value` was given back (close, finalize of its own temporary, connect)
  list = 29,        // the list of connections was read
  finish = 30,      // the request of `target` got its final status: from here on it is decided
  lookup = 31,      // the mini-redirector looked up the pending request of `target`: status SUCCESS or NOT_FOUND
  dereference =
      32,  // the extra reference on the context of `target` was dropped; value = 1 if the flags showed CANCELLED
  share_busy = 38,  // a delete asked whether files of the share of view `value` are open: status FILES_OPEN or SUCCESS
  unconnect = 39,   // the add-connection reference that the request had taken on view `value` was given back
  orphan = 40,      // RxFinalizeVNetRoot with force took effect on view `value`, by itself and not in a delete
  acquire = 41,     // an open looked whether it may acquire its FCB: SUCCESS, or CANCELLED
  reinitialize = 42,  // the context of an open was made ready for its second attempt
  state = 43,         // the mini-redirector's state changed: value = 0 startable, 1 started, 2 stop in progress

  bad = 33,       // the construction of view `value` failed with this status: its name is gone again
  answered = 34,  // the mini-redirector called back, with this status: value = serial of the server or view
  dormant =
      35,  // the close of `target`, a file handle on view `value`, is delayed: the handle is gone, what is open on
           // the server stays, and counts on the view until it is used again or scavenged
  scavenge = 36,  // what the open `target` opened on the server, on view `value`, was left dormant and no longer counts
  collapse = 37,  // an open goes on with what the open `target` opened on the server, dormant or not: value = serial

  // Callouts: the engine called the mini-redirector.
  create_srv_call = 48,      // MRxCreateSrvCall: value = the new server's serial
  create_v_net_root = 49,    // MRxCreateVNetRoot: value = the new view's serial
  finalize_v_net_root = 50,  // MRxFinalizeVNetRoot: value = serial, status = its ForceDisconnect
  finalize_net_root = 51,    // MRxFinalizeNetRoot: value = serial of the share, status as above
  finalize_srv_call = 52,    // MRxFinalizeSrvCall: value = serial of the server
  create = 53,               // MRxCreate: value = serial
  cleanup_fobx = 54,         // MRxCleanupFobx
  close_srv_open = 55,       // MRxCloseSrvOpen
  low_io_write = 56,         // MRxLowIOSubmit[LOWIO_OP_WRITE]
  low_io_read = 57,          // MRxLowIOSubmit[LOWIO_OP_READ]; the request is now pending with the mini-redirector
  low_io_notify = 58,        // MRxLowIOSubmit[LOWIO_OP_NOTIFY_CHANGE_DIRECTORY]; as above
  cancel_routine = 59,  // the mini-redirector's cancel routine was called for `target`: value = routine (1 A, 2 B, 3 C)
  held = 60,            // the server withholds its answer to a connect or open; the open's FCB is held
  released = 61,        // it answers
  create_net_root = 62,     // MRxCreateVNetRoot is to make the share, too: value = the new share's serial
  is_valid_directory = 63,  // MRxIsValidDirectory, for a connect with a path: status, value = serial of the view
  transport_up = 67,        // the transport's connection `value` to the server was built
  transport_down = 68,      // ...and is gone

  collapse_open = 64,  // MRxCollapseOpen: value = serial

  // The mini-redirector calling the engine.
  set_enter = 72,  // about to call RxSetMinirdrCancelRoutine for `target`: value = routine
  set_leave = 73,  // it returned: status
};

inline constexpr uint16_t kNoOperation = 0xffff;

// 16 bytes; a program of 30 operations makes about 150 of them.
struct Event {
  EventKind kind = EventKind::call;
  uint8_t reserved = 0;
  uint16_t operation = kNoOperation;  // index into History::operations
  uint16_t target = kNoOperation;     // index into History::operations
  uint16_t reserved2 = 0;
  uint32_t status = 0;  // NTSTATUS
  uint32_t value = 0;

  friend bool operator==(const Event&, const Event&) = default;
};
static_assert(sizeof(Event) == 16);

// `operations` begins with the program's and goes on with those that the environment added to bring the run to its
// end (actor 0): answers, closes, lists, deletions.
struct History {
  Program program;                  // the program's operations, then the environment's
  uint32_t program_operations = 0;  // how many of them are the program's
  std::vector<Event> events;

  friend bool operator==(const History&, const History&) = default;
};

std::string_view name_of(EventKind kind);
// That the driver reported.
VariantSet variants_in_force(const History& history);

}  // namespace rxcheck
