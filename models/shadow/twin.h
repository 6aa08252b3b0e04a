// SPDX-License-Identifier: Apache-2.0
//
// The shadow's one step function. `step` takes an event of which only kind, operation, target and what an effect
// chooses (the view it found, the routine that was set, who decides a request) must be given, fills in what follows
// from the effects before it, and moves on. The target (target.h) makes histories with it; comparing a history is
// asking for the same events and looking at what comes out.
//
// It counts references as the connection engine does: one for each file handle and tree handle, one for the
// add-connection.
//
//   twin.cc           bookkeeping and dispatch      twin_views.cc    connections and handles
//   twin_course.cc    an operation's course         twin_deletes.cc  what deletes find and take
//   twin_requests.cc  requests and their results    twin_places.cc   servers, shares, constructions
//   twin_keeping.cc   delayed closes                twin_letters.cc  the table of letters
#pragma once

#include <array>
#include <vector>

#include "harness/core/history.h"
#include "models/shadow/shadow.h"

namespace rxcheck::models::shadow {

inline constexpr uint16_t kNobody = 0xffff;
inline constexpr unsigned kScavengerSeconds = 10;  // from when something becomes dormant until it is closed
inline constexpr unsigned kMaxCloseDelayed = 2;    // closes of one server that are delayed at a time

// What the event `state` calls the mini-redirector's state.
inline constexpr uint32_t kStartable = 0, kStarted = 1, kStopping = 2;

// A V_NET_ROOT.
struct View {
  uint32_t serial = 0;
  uint8_t connection = 0;
  int references = 0;
  int files = 0;          // NumberOfFobxs, without those that are dormant
  int dormant = 0;        // ...and those
  unsigned connects = 0;  // add-connection requests that found it
  int pins = 0;           // target only: lookups under way, which no event shows
  bool building = true;
  bool named = false;
  bool deleted = false;     // the name was taken away, and did not just go with the last reference
  bool going = false;       // ...will be with the last tree handle: variant name-goes-with-the-handle
  int trees = 0;            // handles
  bool forced = false;      // ended by force
  bool additional = false;  // AdditionalReferenceForDeleteFsctlTaken
  bool orphaned = false;
  bool failed = false;        // its construction ended Bad
  bool burying = false;       // target only: a line is about to call MRxFinalizeVNetRoot
  bool dropped_busy = false;  // by a DEL(0xff) that was busy
  bool gone = false;
  bool done = false;  // a delete succeeded: ConnectionFinalizationDone
  size_t notify_decided = 0;
};

// A server or share, by its name.
struct Place {
  uint32_t serial = 0;
  bool building = false;
  bool there = false;  // built, and not finalized
  bool bad = false;    // target only: could not be built, and is still known
  int users = 0;       // target only: views, also under construction, or shares that have users
};

// Of a connection: where it leads.
struct Route {
  uint8_t server = 0;  // index of the first connection with this server
  uint8_t share = 0;
  uint8_t alike = 0;           // the first that is the same but for the logon session
  uint32_t server_status = 0;  // what the network answers
  uint32_t share_status = 0;
  uint32_t view_status = 0;
  bool conflicts = false;      // the first view that a request asks for
  uint16_t builder = kNobody;  // target only: who builds the name
  bool starved = false;        // a construction on its way failed for lack of memory
  bool fails() const { return (server_status | share_status | view_status) != 0; }
  unsigned failures = 0;           // target only: constructions of the name that failed
  uint16_t last_failed = kNobody;  // target only: the view of one
};

struct Op {
  Operation what;
  uint8_t connection = kMaxConnections;
  bool denied = false;
  uint16_t slot = kNobody;
  // Course.
  size_t called = 0;  // event number, from 1
  bool skipped = false;
  bool returned = false;
  uint32_t returned_status = 0;
  uint8_t starts = 0;
  uint8_t finishes = 0;
  uint8_t references = 0;  // held on its context by `reference`
  uint8_t completions = 0;
  uint32_t status = 0;      // of the last finish
  uint32_t answer = 0;      // that it will finish with, as far as the effects tell
  uint32_t serial = 0;      // that it will report
  bool unsure = false;      // the answer is not determined by effects
  bool low_memory = false;  // an allocation made for it was refused: it may end with INSUFFICIENT_RESOURCES
  // Effects.
  uint16_t view = kNobody;
  uint16_t first_view = kNobody;   // open: through which its FCB was made
  uint16_t server_open = kNobody;  // open: the open whose SRV_OPEN it uses
  unsigned users = 0;              // ...and of that: how many handles use it
  bool dormant = false;            // ...or that it is left dormant
  size_t dormant_since = 0;        // ...and since when
  unsigned idle_seconds = 0;       // ...and for how long
  bool opened = false;
  bool closed = false;
  bool refused = false;         // by MRxIsValidDirectory
  bool finalized = false;       // the delete took effect
  bool tested_busy = false;     // ...or found files of the share open
  bool took_reference = false;  // of an add-connection request, the took_at-th of the view
  unsigned took_at = 0;
  bool accepted = false;   // submit
  bool pending = false;    // the mini-redirector has it
  bool forgotten = false;  // fault 59: the second attempt does not know of the cancel
  bool held = false;
  unsigned holds = 0;  // so often
  bool released = false;
  // Construction.
  bool conflicted = false;
  bool asked_server = false;  // callouts that came
  bool asked_share = false;
  bool asked_view = false;
  bool owes_server = false;  // ...and are not answered
  bool owes_view = false;
  // Cancelling.
  size_t cancelled = 0;
  uint8_t registered = 0;
  uint8_t owed = 0;
  unsigned sets_stored = 0;  // set effects whose set_leave has not come
  unsigned sets_refused = 0;
  unsigned setting = 0;        // how many calls of RxSetMinirdrCancelRoutine this operation is in
  bool set_refused = false;    // ...and what the last one will return
  unsigned answering = 0;      // operations `complete` under way for it
  uint16_t answering_xor = 0;  // of their indices: with one under way, that one
};

// A letter in the mini-redirector's table, which logon sessions share.
struct Letter {
  bool listed = false;
  bool unknown = false;     // several changes overlapped
  bool overlapped = false;  // ...those under way do
  unsigned changing = 0;    // connects and deletes by name under way
  size_t changed = 0;       // the last end of one
};

struct Made {
  Event event;
  bool possible = true;  // the shadow could do such a thing now
  bool unsure = false;   // status and value may be different
  uint8_t clause = 0;    // that fixes status and value
};

class Twin {
 public:
  explicit Twin(Fault fault) : fault_(fault.clause) {}

  void begin(const Program& program);
  void add(const Operation& operation);  // REQUIRES: its slot, if any, names an earlier one
  Made step(const Event& asked);

  // What each delete answers in a history that is compared; used where effects leave it open.
  void tell_answers(const History& history);

  bool has(uint8_t fault) const { return fault_ == fault; }
  bool has(Variant variant) const { return variants_.has(variant); }
  Op& op(uint16_t index) { return ops_[index]; }
  Route& route(uint8_t connection) { return routes_[connection]; }
  Place& server(uint8_t connection) { return servers_[routes_[connection].server]; }
  Place& share(uint8_t connection) { return shares_[routes_[connection].share]; }
  uint32_t next_place_serial() { return ++last_place_serial_; }
  size_t size() const { return ops_.size(); }
  View& view(uint16_t index) { return views_[index]; }
  // The view that carries the connection's name, or is being built for it; or kNobody.
  uint16_t named(uint8_t connection) const;
  uint16_t building(uint8_t connection) const;
  std::vector<uint16_t> named_on_share(uint8_t connection) const;
  bool root_was_finalized() const;
  uint16_t find(uint32_t serial) const;
  uint32_t next_serial() const { return static_cast<uint32_t>(views_.size()) + 1; }
  // A daemon mounts the shares of its servers: like a connect that is held.
  bool is_daemons(uint8_t connection) const;
  bool is_over(const View& view) const;
  bool is_held(uint16_t view) const;  // the server has an open of it, whose FCB is held
  void unpin(View& view);
  // The number of the transport to this connection's server, 0 if it is down.
  uint32_t transport(uint8_t connection) const;
  uint32_t next_transport() const { return transports_built_ + 1; }
  uint32_t state() const { return state_; }
  // Whether a context other than that of `self` exists.
  bool has_others(uint16_t self) const;
  // The next request on the view that a delete has to cancel, or a cleanup of `handle`; or kNobody.
  uint16_t next_victim(uint16_t view) const;
  uint16_t next_notify(uint16_t handle) const;
  // The SRV_OPEN that the open can share, the dormant one of a view, and whether another close may be delayed.
  uint16_t shareable(const Op& open) const;
  bool can_share(const Op& open, const Op& made) const;
  bool must_share(const Op& open) const;
  uint16_t dormant_on(uint16_t view) const;
  bool may_delay_close(const Op& handle) const;
  // Something that had to happen by now and did not: the event, or nothing (kind call).
  Event overdue_when_quiescent() const;
  Event overdue_at_end() const;

 private:
  void fill_call(Op& op, uint16_t self);
  void fill_return(Op& op, Made& made);
  void fill_view_effect(Op& op, Made& made);
  void fill_list(Op& op);
  void begin_routes(const Program& program);
  bool share_stands_on(uint8_t server) const;
  void starve(const Route& failed, bool server);
  void fill_construction(Op& op, Made& made);
  void finalize(Op& op, View& view);
  void drop_reference(View& view, const Op& op, bool succeeded);
  void fill_submit(Op& op, Made& made);
  void fill_request_event(Op& op, Made& made);
  void fill_finish(Op& op, Made& made);
  void settle_delete(Op& op, uint32_t asked);
  void fill_set_leave(Op& op, Made& made);
  static bool changes_letters(OpKind kind) { return kind == OpKind::connect || kind == OpKind::disconnect; }
  void begin_change(const Op& op);
  void end_change(const Op& op);
  Letter& letter_of(const Op& op);
  uint32_t ask_letter(const Op& op, uint32_t observed);
  void fill_share_busy(Op& op, Made& made);
  bool notifies_count(uint16_t view) const;
  bool files_count(uint16_t view) const;
  bool others_count(uint16_t view, bool first) const;
  void fill_keeping(Op& op, Made& made);
  void wake(Op& server_open);
  // Of connections.
  bool same_server(uint8_t one, uint8_t other) const { return routes_[one].server == routes_[other].server; }
  bool same_share(uint8_t one, uint8_t other) const { return routes_[one].share == routes_[other].share; }
  uint16_t first_view_of(const Op& open) const;
  void fill_start(Op& op, Made& made);
  void fill_state(Op& op, const Event& event);
  void transport_went(const Event& event);
  bool is_deleting(uint8_t connection, const Op& but) const;

  uint8_t fault_;
  VariantSet variants_;  // in force
  const Program* program_ = nullptr;
  std::vector<Op> ops_;
  std::vector<View> views_;
  std::array<Route, kMaxConnections + 1> routes_{};
  std::array<Place, kMaxConnections + 1> servers_{}, shares_{};
  uint32_t last_place_serial_ = 0;     // target only
  std::vector<uint16_t> outstanding_;  // accepted reads and notifications that are not decided
  std::vector<std::pair<bool, uint32_t>> told_;
  struct Transport {
    uint32_t number;
    uint8_t connection;
  };
  std::vector<Transport> transports_;  // that are up
  uint32_t transports_built_ = 0;
  uint32_t state_ = kStarted;
  unsigned owed_ = 0;                 // how many routines were taken out and not called
  std::array<Letter, 27> letters_{};  // the last is for connections without device
  size_t changed_ = 0;                // Letter::changed of any
  size_t now_ = 0;
};

}  // namespace rxcheck::models::shadow
