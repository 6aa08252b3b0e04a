// SPDX-License-Identifier: Apache-2.0
//
// The machine behind Reference: steps through a history, one constant-time handler an event (loops over the pending
// requests of one view excepted). A handler returns true when it has refused the event. When the clause that would
// refuse is switched off, the handler goes on with what the driver did.
//
// What makes it tolerant: effects and callouts of several lines interleave, so only what holds under every interleaving
// of a correct driver is demanded. A view that nothing holds may linger while another operation on its connection is
// under way (that one may have looked it up already); a lookup may be older than the effect that shows it; a callout
// comes some time after the effect that made it due.
//
//   machine.cc  the loop                              lines.cc    call, return, the end of an operation
//   views.cc    birth, name and end of a view          handles.cc  connect, tree, open, close
//   finalize.cc deletes, and what is below them        listing.cc  lists and missing names
//   busy.cc     what keeps a view from being deleted
//   dormant.cc  closes that are delayed, and time
//   files.cc    which files of a share are open, through which views
//   waiting.cc  deletes that wait, may not, or are cancelled
//   requests.cc start, submit, finish, completed       results.cc  which status a request may end with
//   stopping.cc stop and start                        transport.cc  the transport under the connections
//   cancel.cc   cancel, set, routines                  ending.cc   quiescent and end
//   describe.cc states in words                    names.cc    servers and shares, constructions that fail
//   letters.cc  the table of drive letters, bare names
//   coverage.cc which cells of the matrix a delete reaches
//   transitions.cc what each event met
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "models/coverage.h"
#include "models/reference/reference.h"
#include "models/reference/state.h"
#include "models/reference/view_table.h"

namespace rxcheck::models::reference {

class Machine {
 public:
  Machine(ClauseSet clauses, VariantSet accepted) : clauses_(clauses), accepted_(accepted) {}

  std::optional<Refusal> judge(const History& history);
  std::string describe() const;
  const CellSet& cells() const { return cells_; }  // of the last history
  void watch_transitions(bool on) { watches_transitions_ = on; }
  const std::vector<uint64_t>& transitions() const { return transitions_; }

 private:
  // machine.cc
  void begin(const History& history);
  bool step(const Event& event);
  // Refuses the event, unless the clause is switched off.
  bool refuse(ClauseId clause, uint16_t operation, std::string state, std::string expected, std::string observed);
  OperationState* at(uint16_t operation) { return operation < count_ ? &operations_[operation] : nullptr; }
  uint16_t index_of(const OperationState& op) const { return static_cast<uint16_t>(&op - operations_.data()); }
  uint16_t index_of(const View& view) const { return static_cast<uint16_t>(&view - &views_[0]); }
  ConnectionState& connection_of(const OperationState& op) { return connections_[op.connection]; }
  ConnectionState& connection_of(const View& view) { return connections_[view.connection]; }
  View* view_of_handle(const OperationState& user);

  // lines.cc
  void on_call(OperationState& op);
  bool on_return(OperationState& op, const Event& event);
  bool judge_return(OperationState& op, const Event& event);
  bool leave(OperationState& op);

  // views.cc
  bool on_create_view(OperationState& op, const Event& event);
  bool on_finalize_view(const Event& event);
  bool on_finalize_net_root(const Event& event);
  bool take_name(View& view, OperationState& op);
  void hold(View& view);
  void settle(View& view);
  void lose_name(View& view);
  bool choose_name_goes(View& view, Choice seen, const OperationState& op);
  // The op's lookup began after the delete that took the view's name had returned.
  bool is_fresh(const View& view, const OperationState& op);
  ClauseId clause_if_lost(const View& view) const;                             // the name should be there and is not
  ClauseId clause_if_stale(const View& view) const;                            // the name should be gone and is not
  ClauseId clause_if_early(const View& view, const OperationState* by) const;  // finalized while held
  ClauseId clause_if_overdue(const View& view) const;  // not finalized although nothing holds it

  // names.cc
  void begin_names(const Program& program);
  bool on_create_server(OperationState& op, const Event& event);
  bool on_create_share(OperationState& op, const Event& event);
  bool on_finalize_server(const Event& event);
  void on_finalize_share(const Event& event);
  bool has_share(uint8_t server) const;
  static bool asks_server(const OperationState& op);
  bool on_answered(OperationState& op, const Event& event);
  bool on_bad(OperationState& op, const Event& event);
  void on_held(OperationState& op, bool held);
  // The network does not have what the connection names: nobody can get a handle on it (C64).
  static bool is_in_vain(const ConnectionState& connection) {
    return connection.answer != Answer::yes && connection.answer != Answer::conflict;
  }
  bool asked_for_what_fails(const OperationState& op);
  // The status that the operation may end with because the network does not have what it connects.
  bool ends_badly(const OperationState& op, uint32_t status);
  bool judge_waiters();
  bool judge_servers();
  bool is_left_over(const View& view) const;
  ClauseId clause_if_foreign(const View& view, const OperationState& op);

  // handles.cc
  bool on_connect(OperationState& op, const Event& event);
  bool on_tree(OperationState& op, const Event& event);
  bool on_open(OperationState& op, const Event& event);
  void on_unopen(OperationState& op, const Event& event);
  void on_unconnect(OperationState& op, const Event& event);
  void on_cleanup(OperationState& op, const Event& event);
  bool on_close(OperationState& op, const Event& event);
  bool free_handle(const OperationState& op, const Event& event, View*& view);
  void forget_file(const OperationState& handle, View& view);
  bool on_tree_close(OperationState& op, const Event& event);
  bool find_by_name(View& view, OperationState& op);
  bool judge_use_of_failed(const View& view, const OperationState& op);

  // listing.cc
  bool on_missing(OperationState& op);
  void on_list(OperationState& op);
  bool judge_list(OperationState& op, const Event& event);

  // dormant.cc
  bool on_dormant(OperationState& op, const Event& event);
  bool on_scavenge(const Event& event);
  void on_collapse(OperationState& op, const Event& event);
  void wake(OperationState& server_open, View& view);
  void on_time(const OperationState& tick, uint32_t seconds);
  bool judge_dormant();

  // files.cc
  void name_files(const Program& program);
  void file_opened(OperationState& op);
  void file_closed(const OperationState& op);
  // Files that are open through other views: that there are some; that the view was the first opener of one of them
  // (`surely`: however opens and closes overlapped).
  bool others_have_files(const View& view) const;
  bool owns_files_of_others(uint16_t view, bool surely) const;
  ClauseId clause_if_files_do_not_count(uint16_t view) const;

  // finalize.cc
  bool on_finalize(OperationState& op, const Event& event);
  bool finalize_forced(View& view, OperationState& op);
  bool finalize_unforced(View& view, OperationState& op);
  View* view_of_delete(const OperationState& op);
  bool on_orphan(OperationState& op, const Event& event);
  bool judge_force_all(const OperationState& op);
  void hold_fcb(OperationState& op);
  void let_go(OperationState& op);
  bool judge_held(const View& view, const OperationState& op);
  bool judge_waiting();
  bool judge_undone(View& view, const OperationState& op, bool& undone);
  bool on_share_busy(OperationState& op, const Event& event);
  void look_ahead(const OperationState& op);
  void drop_reference(View& view, Dropped how);
  bool cancelled_by_deletes(const OperationState& request) const;
  void orphan(View& view, const OperationState& op);
  bool judge_cancelled_by_delete(OperationState& op);

  // busy.cc
  bool must_be_busy(const View& view, const OperationState& op) const;
  bool may_be_busy(const View& view, const OperationState& op) const;
  bool judge_busy(const View& view, const OperationState& op, uint32_t answer);
  bool judge_busy_status(const OperationState& op, uint32_t answer);
  bool choose_others_files(const View& view, const OperationState& op, bool busy);
  bool judge_other_level(const View& view, const OperationState& op, uint32_t answer);

  // requests.cc
  bool on_start(OperationState& op, const Event& event);
  bool on_submit(OperationState& op, const Event& event);
  bool on_low_io(OperationState& op);
  bool on_acquire(OperationState& op, const Event& event);
  bool on_callout(OperationState& op);
  bool on_finish(OperationState& op, uint32_t status);
  bool on_completed(OperationState& op, const Event& event);
  void link_request(View& view, OperationState& op);
  void unlink_request(OperationState& op);

  // results.cc
  bool judge_result(OperationState& op, uint32_t status);
  bool judge_low_memory_result(OperationState& op, uint32_t status);
  bool judge_connect_result(OperationState& op, uint32_t status);
  bool judge_open_result(OperationState& op, uint32_t status);
  bool judge_tree_result(OperationState& op, uint32_t status);
  bool judge_io_result(OperationState& op, uint32_t status);
  bool judge_delete_result(OperationState& op, uint32_t status);
  bool judge_busy_untold(OperationState& op, uint32_t status);
  bool wrong_result(ClauseId clause, const OperationState& op, std::string expected, uint32_t status);
  bool may_fail_lookup(const OperationState& op, uint32_t status);

  // cancel.cc
  bool on_cancel(OperationState& op, const Event& event);
  bool judge_cause(OperationState& op, const Event& event);
  void on_set(OperationState& op, uint32_t routine);
  bool on_set_leave(OperationState& op, const Event& event);
  bool on_cancel_routine(OperationState& op, uint32_t routine);
  bool judge_cleanup(OperationState& op);
  bool on_dereference(OperationState& op, const Event& event);

  // stopping.cc
  bool judge_start(OperationState& op, uint32_t status);
  bool on_state(OperationState& op, uint32_t value);
  bool is_active(const OperationState& op) const;
  bool judge_stop_result(OperationState& op, uint32_t status);
  bool judge_start_result(OperationState& op, uint32_t status);
  bool judge_waiting_stop();

  // transport.cc
  void on_transport_down(const Event& event);
  const Transport* transport_left(const OperationState& op, Moment before) const;
  bool judge_transport_of_delete(OperationState& op, uint32_t status);
  bool judge_teardown(OperationState& op, uint32_t status);

  // ending.cc
  bool on_quiescent();
  bool judge_unanswered_cancel(OperationState& op);
  bool on_end();

  // letters.cc
  void begin_table_change(const OperationState& op);
  void end_table_change(const OperationState& op, uint32_t status);
  bool judge_letters_result(OperationState& op, uint32_t status);
  bool judge_raw_result(OperationState& op, uint32_t status);
  // coverage.cc
  void cover_finalize(const View& view, const OperationState& op);
  void cover_missing(const OperationState& op);

  // transitions.cc
  void note_transition(const Event& event);

  // describe.cc
  std::string state_of(const View& view) const;
  std::string state_of(const OperationState& op) const;

  ClauseSet clauses_;
  VariantSet accepted_;
  VariantSet in_force_;                         // reported, and accepted
  const std::vector<Event>* events_ = nullptr;  // of the history being judged
  std::vector<OperationState> operations_;
  size_t count_ = 0;  // of operations_
  ViewTable views_;
  std::array<ConnectionState, kMaxConnections + 1> connections_;  // the last is for operations that name none
  std::array<Place, kMaxConnections + 1> servers_;                // each at the first connection that names it
  std::array<Place, kMaxConnections + 1> shares_;
  std::vector<Server> built_;                                 // that were asked for, in order
  uint16_t held_ = 0;                                         // operations whose answer the server withholds
  bool any_bad_ = false;                                      // a construction has failed
  std::array<FileState, kMaxConnections * kMaxPaths> files_;  // by share and path
  std::vector<uint16_t> dormant_;                             // opens with OperationState::dormant
  std::vector<uint16_t> watched_;  // requests that were cancelled or are to be; decided ones are removed when met
  std::vector<Transport> transports_;
  Choices choices_;
  uint16_t forced_deletes_ = 0;                    // under way, on any connection
  std::array<LetterState, kLetters + 1> letters_;  // the last is for connections without device
  uint16_t table_changes_ = 0;                     // LetterState::changes, of all
  Moment table_changed_ = 0;
  Running running_ = Running::started;
  uint16_t stopper_ = kNone;  // the operation that stops
  Moment stopped_at_ = 0;     // when it began to
  uint16_t force_alls_ = 0;   // ...and RxForceFinalizeAllVNetRoots
  uint16_t held_opens_ = 0;   // of all views
  Moment now_ = 0;
  Moment seen_ahead_ = 0;  // how far look_ahead has come
  Refusal refusal_;
  CellSet cells_;
  bool watches_transitions_ = false;
  std::vector<uint64_t> transitions_;  // of the last history
};

}  // namespace rxcheck::models::reference
