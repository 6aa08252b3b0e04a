// SPDX-License-Identifier: Apache-2.0
//
// What the reference model remembers of a history: views, the operations with the handles and requests that they
// produce, and connections. Small and abstract: counts and marks, never a driver's structure. Moments are
// event numbers counted from 1; 0 means "not yet".
#pragma once

#include <array>
#include <cstdint>

#include "harness/core/history.h"
#include "harness/core/status.h"
#include "models/reference/clauses.h"

namespace rxcheck::models::reference {

using Moment = uint32_t;

inline constexpr uint16_t kNone = 0xffff;  // no operation, no view

// Whether a lookup of the connection's name finds the view.
enum class Name : uint8_t {
  building,   // not yet: under construction
  present,    // yes
  uncertain,  // the documentation leaves it open, or a line that is under way may still keep the view
  absent,     // no, and never again
};

// How the add-connection reference of a view went, last time.
enum class Dropped : uint8_t { never, not_forced, forced, drop_reference };

// A V_NET_ROOT.
struct View {
  uint32_t serial = 0;
  uint16_t creator = kNone;         // the operation that it was made for
  uint16_t deleter = kNone;         // the delete that took its name
  uint16_t first_request = kNone;   // accepted reads and notifications that are not decided, most recent first
  uint16_t files = 0;               // counted file handles, also of opens under way
  uint16_t trees = 0;               // tree handles, also temporary ones
  uint16_t dormant = 0;             // files that were closed, but what is open on the server stays
  uint16_t connects = 0;            // since the reference was taken
  uint16_t deletes = 0;             // that took effect
  uint16_t drop_calls = 0;          // ...with level 0xff
  uint16_t live_notifies = 0;       // accepted, not decided, not cancelled
  uint16_t cancelled_notifies = 0;  // accepted, not decided, cancelled
  Moment named = 0;                 // when it got its name
  Moment file_ended = 0;            // when a file handle was last given back
  Moment notify_decided = 0;        // the last time that one of its notifications was decided
  Moment dormant_since = 0;         // the last time that one of its files became dormant
  uint8_t connection = 0;
  Name name = Name::building;
  Dropped dropped = Dropped::never;
  bool add_reference = false;
  bool forced = false;             // ended by force
  bool orphaned = false;           // ...and its files with it
  bool deleted = false;            // by any delete that succeeded
  bool failed_delete = false;      // a DEL(FALSE) was busy
  bool raced_deletes = false;      // one took effect while another was under way
  bool unforced_finalize = false;  // RxFinalizeVNetRoot was called for it without force
  bool undone_delete = false;      // one was cancelled, or might not wait
  uint16_t held_opens = 0;         // opens that the server holds: their FCBs are held too
  bool due = false;                // nothing holds it; MRxFinalizeVNetRoot is owed
  bool finalized = false;          // ...and came
  bool failed = false;             // its construction ended Bad
  bool scavenged = false;          // ever: a line that no operation waits for may still hold it until the end
};

// A server (SRV_CALL) or a share (NET_ROOT), by its name: the last one that was built.
struct Place {
  uint32_t serial = 0;
  uint16_t builder = kNone;  // the operation that it was made for
  bool there = false;        // asked for, and neither failed nor finalized
  bool used = false;         // a server: a share was made on it
  bool ended = false;        // a share: MRxFinalizeNetRoot came for it
};

// One server that was asked for, whether it still has its name or not.
struct Server {
  uint32_t serial = 0;
  uint16_t builder = kNone;
  uint8_t place = 0;
  bool failed = false;
  bool finalized = false;  // MRxFinalizeSrvCall came
};

// What the network answers to whoever connects a name.
// `conflict`: the first time that a request asks for a view, there is none.
enum class Answer : uint8_t { yes, no_server, no_share, no_view, conflict };

// Whether a letter is in the mini-redirector's own table.
enum class Listed : uint8_t { no, yes, unknown };
inline constexpr uint8_t kLetters = 26;

// A drive letter in that table. Logon sessions share it.
struct LetterState {
  Listed listed = Listed::no;
  uint16_t changes = 0;  // connects and deletes by name that are not decided
  Moment changed = 0;    // the last decision of one
};

enum class Submit : uint8_t { none, accepted, orphaned, cancelled };
enum class Lookup : uint8_t { none, found, not_found };

// One operation: its course, the handle it produces (open, tree), and its request.
struct OperationState {
  // From the program.
  OpKind kind = OpKind::list;
  Level level = Level::not_forced;
  uint8_t connection = 0;
  bool asynchronous = false;
  bool denied = false;            // open, connect: of a path that the server refuses
  uint8_t length = 0;             // raw_add, raw_del
  bool cancelled_before = false;  // it was dispatched
  Redirector redirector = Redirector::own;
  bool nowait = false;
  uint16_t seconds = 0;  // tick
  uint16_t slot = kNone;
  uint16_t file = kNone;   // open: index of the FileState
  bool directory = false;  // open: of a directory
  bool root = false;       // open: of the root of the share

  // Course.
  Moment called = 0;
  Moment returned = 0;
  Moment answered = 0;  // when the history decides it, read ahead for deletes
  Moment finished = 0;  // the first decision
  Moment completed = 0;
  uint32_t answer = 0;  // of `answered`
  uint32_t status = 0;  // of the last decision
  uint8_t finishes = 0;
  uint8_t completions = 0;
  bool start_cancelled = false;
  bool not_started = false;  // refused, because the mini-redirector is not started
  uint8_t starts = 0;        // requests of it that were taken up or refused
  Moment started_at = 0;     // the last time
  uint8_t references = 0;    // held on its context by `reference`
  bool left = false;         // no longer counted in ConnectionState::in_flight

  // Effects.
  uint16_t view = kNone;   // that the effects named
  bool connected = false;  // effect connect
  bool got_tree = false;   // effect tree
  bool opened = false;     // effect open
  bool unopened = false;
  bool acquire_cancelled = false;
  Moment reinitialized = 0;
  bool holds_fcb = false;  // the server has the open, inside MRxCreate
  bool missing = false;
  bool finalize_seen = false;
  bool share_busy = false;  // a test of its own found files open
  Moment finalize_at = 0;
  Lookup lookup = Lookup::none;

  // The handle that it produces.
  uint16_t server_open = kNone;  // the open that opened on the server what this one uses
  Moment dormant = 0;            // since when what this one opened on the server has no handle; 0: it has
  uint32_t idle_seconds = 0;     // that have passed since
  Moment cleaned = 0;
  bool closing = false;
  bool closed = false;

  // Its request.
  Submit submit = Submit::none;
  Moment submitted = 0;
  Moment cancelled = 0;
  ClauseId cancel_clause = 0;  // that promises the call of the routine
  uint8_t registered = 0;      // routine that a cancel would take
  uint8_t owed = 0;            // routine that a cancel took out and that was not called yet
  uint8_t called_routine = 0;  // ...and that was called
  uint8_t stored = 0;          // bit per routine that was ever stored
  uint8_t refused = 0;         // bit per routine that was not stored, because the context was cancelled
  uint8_t sets_accepted = 0;   // set effects whose set_leave has not come
  uint8_t sets_refused = 0;
  uint8_t sets_entered = 0;    // set_enter whose set_leave has not come
  Moment set_entered = 0;      // the last set_enter
  uint8_t sets_raced = 0;      // ...of these, when the cancel took effect
  bool set_refused = false;    // a setter was told CANCELLED and ends the request
  bool cancel_called = false;  // an operation `cancel` aims at it
  bool cancel_returned = false;
  bool answer_claimed = false;  // a `complete` said that it decided it
  uint16_t pended_on = kNone;   // the view in whose list of requests it is
  uint16_t next = kNone;        // in View::first_request
  uint16_t previous = kNone;

  // list: what it may show.
  uint16_t must_show = kNone;
  uint16_t may_show = kNone;
  bool listed_deleted = false;  // may_show was deleted when the list was read

  // Construction, on its behalf.
  bool started = false;
  bool asked_server = false;  // MRxCreateSrvCall was called
  bool asked_share = false;   // MRxCreateVNetRoot for the share, too
  bool asked_view = false;
  bool conflicted = false;  // it was told of a credential conflict, and tries once more
  bool bad = false;         // it failed
  uint8_t questions = 0;    // callouts that were not answered yet
  bool held = false;        // the server withholds an answer
  uint32_t bad_status = 0;

  bool transport = false;  // disconnect: takes the transport down

  // stop, start.
  bool changed_state = false;
  bool may_have_files = false;   // stop: files were open when it took effect
  bool must_have_files = false;  // ...and nobody was closing them

  bool low_memory = false;  // an allocation made for it was refused
};

// A path of a share as far as it is open: what an FCB is for.
struct FileState {
  uint16_t handles = 0;         // counted, of all views
  uint16_t closing = 0;         // ...of these, with a close under way
  uint16_t first_view = kNone;  // through which it was opened first
  uint16_t first_open = kNone;  // ...and by which operation
  bool lingers = false;         // the close of a handle was delayed, ever: the FCB may be older than the handles
  bool sure = false;            // an open or close that overlapped may have made another view the first
};

// A connection of the transport to a server.
struct Transport {
  uint32_t number = 0;
  uint8_t server = 0;
  bool up = true;
  Moment built = 0;
  Moment ended = 0;
};

// The mini-redirector's (RDBSS_STARTABLE, RDBSS_STARTED, RDBSS_STOP_IN_PROGRESS).
enum class Running : uint8_t { startable = 0, started = 1, stopping = 2 };

struct ConnectionState {
  // Of the first connection of a share:
  uint16_t ended = kNone;           // its last view ended, and MRxFinalizeNetRoot has not come since
  bool root_finalized = false;      // RxFinalizeNetRoot was called for it
  bool root_ended_first = false;    // MRxFinalizeNetRoot came, and MRxFinalizeVNetRoot for its last view has not
  bool ended_alone = false;         // when that view ended, nobody else was on the way to the share
  uint16_t current = kNone;         // the view whose name is present or uncertain
  uint16_t in_flight = 0;           // operations under way that may hold a view
  uint16_t opens = 0;               // ...of these, opens
  uint16_t deletes = 0;             // ...deletes
  uint16_t forced_deletes = 0;      // ...deletes with level TRUE
  uint16_t cancelled_connects = 0;  // ...connects whose request was cancelled
  uint16_t due = 0;                 // views with View::due
  Moment cancelled_connect_ended = 0;
  Moment open_or_delete_ended = 0;
  Moment name_went = 0;
  Moment ce_cancelled = 0;
  Moment construction_failed = 0;  // the last one for its server
  bool starved = false;            // one on its way failed for lack of memory
  uint8_t server = 0;              // index into Machine::servers_
  uint8_t share = 0;               // index into Machine::shares_
  Answer answer = Answer::yes;
  uint8_t alike = 0;  // the first connection that is the same but for the logon session
  bool device = false;
  uint8_t letter = kLetters;  // index into Machine::letters_
};

// What the documentation leaves open; the first observation decides for the rest of the history.
enum class Choice : uint8_t { open, usual, variant };

struct Choices {
  Choice busy_status = Choice::open;     // C3: usual FILES_OPEN, variant in-use-steady
  Choice failed_cancels = Choice::open;  // C22: usual no, variant failed-delete-cancels
  Choice name_goes = Choice::open;       // C36: usual at once, variant name-goes-with-the-handle
  // C70, for each way of deleting: usual not found, variant delete-creates-first
  std::array<Choice, 4> absent_delete = {Choice::open, Choice::open, Choice::open, Choice::open};
  Choice net_root_order = Choice::open;     // C26: usual after the view, variant net-root-first
  Choice held_fcb = Choice::open;           // C40: usual waits, variant fails-rather-than-waits
  Choice force_all_cancels = Choice::open;  // C43: usual no, variant force-all-cancels
  Choice other_level = Choice::open;        // C27: usual as FALSE, variant refuses-other-levels
  Choice others_files = Choice::open;       // C13: usual do not count, variant first-opener-owns-fcb
};

inline bool changes_table(OpKind kind) { return kind == OpKind::connect || kind == OpKind::disconnect; }
// Whether it takes the add-connection reference.
inline bool adds_connection(const OperationState& op) {
  return op.kind == OpKind::connect || op.redirector != Redirector::own;
}
inline bool is_busy(uint32_t status) { return status == status::kFilesOpen || status == status::kConnectionInUse; }
inline bool is_pending_kind(OpKind kind) { return kind == OpKind::read || kind == OpKind::notify; }

}  // namespace rxcheck::models::reference
