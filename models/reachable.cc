// SPDX-License-Identifier: Apache-2.0
//
// The reachable cells: every state of a small transition system, explored to its end, each asked what a delete would
// meet there.
//
// Scope: one connection name, the view that it leads to, one handle of each sort besides the delete's own tree handle,
// and one request. That is enough. A cell speaks of one view and one request of it; another request changes nothing
// about this one, and what it needs (its handle) is there without it; a second file or tree handle is counted but not
// told apart from the first; a second view of the name is met by its own deletes, as a first one is; other connections
// share nothing with this one that a cell shows. A delete takes effect at any moment: it holds the prefix table, which
// nothing that a request goes through does. So every state is asked, for all levels; what a delete may meet does not
// depend on its own level. The transitions are the clauses' rules, each named where it is used. Where the clauses leave
// a choice that a correct driver shows only by a race (an open that had looked the view up before a delete), all are
// taken: a test holds what runs reach against this set, so one that is too small is seen, and one that is too large
// shows as a cell that no run reaches.
#include <vector>

#include "models/coverage.h"

namespace rxcheck::models {
namespace {

enum class Place : uint8_t { absent, constructing, given_up, live, deleted, orphaned };
enum class On : uint8_t { own_tree, other_tree, file };

struct State {
  Place place = Place::absent;
  bool gone_lately = false;  // the name went since the delete was called
  bool reference = false;    // the add-connection reference
  bool file = false;
  bool tree = false;  // another tree handle than the delete's
  // The request.
  bool pending = false;
  bool notify = false;
  On on = On::own_tree;
  bool routine = false;
  bool setting = false;
  bool cancelled = false;
  bool owed = false;
  bool called = false;
  bool decided_lately = false;  // a change-notify was decided since the delete was called

  bool has_view() const { return place >= Place::live; }
};

constexpr unsigned kStates = 1u << 17;

unsigned pack(const State& s) {
  unsigned bits = static_cast<unsigned>(s.place);  // 3 bits
  bits = bits << 2 | static_cast<unsigned>(s.on);
  for (const bool bit : {s.gone_lately, s.reference, s.file, s.tree, s.pending, s.notify, s.routine, s.setting,
                         s.cancelled, s.owed, s.called, s.decided_lately})
    bits = bits << 1 | static_cast<unsigned>(bit);
  return bits;
}

Lifetime lifetime_of(const State& s) {
  switch (s.place) {
    case Place::deleted:
      return Lifetime::deleted;
    case Place::orphaned:
      return Lifetime::orphaned;
    case Place::given_up:
      return Lifetime::given_up;
    case Place::live:
      if (s.file) return s.reference ? Lifetime::referenced_files : Lifetime::unreferenced_files;
      if (s.tree) return s.reference ? Lifetime::referenced_trees : Lifetime::unreferenced_trees;
      return s.reference ? Lifetime::referenced_idle : Lifetime::unreferenced_idle;
    default:
      return s.gone_lately ? Lifetime::just_gone : Lifetime::absent;
  }
}

Window window_of(const State& s) {
  if (!s.has_view()) return Window::none;
  if (!s.pending) return s.decided_lately ? Window::decided : Window::none;
  if (s.called) return Window::cancelled_called;
  if (s.owed) return Window::cancelled_owed;
  if (s.cancelled) return Window::cancelled_no_routine;
  if (s.setting) return Window::setting;
  return s.routine ? Window::routine : Window::no_routine;
}

class Explorer {
 public:
  CellSet explore() {
    visit({});
    while (!todo_.empty()) {
      const State state = todo_.back();
      todo_.pop_back();
      meet(state);
      if (state.has_view()) {
        change_handles(state);
        remove(state);
        change_request(state);
      } else {
        build(state);
      }
    }
    return cells_;
  }

 private:
  void visit(const State& state) {
    if (seen_[pack(state)]) return;
    seen_[pack(state)] = true;
    todo_.push_back(state);
  }

  // A delete by name waits for a construction that is under way (C63): it meets what comes of it.
  void meet(const State& s) {
    if (s.place == Place::constructing) return;
    for (const Level level : {Level::not_forced, Level::forced, Level::drop_reference})
      cells_.set(index_of({level, lifetime_of(s), window_of(s)}));
  }

  void build(State s) {
    if (s.place == Place::constructing) {
      s.place = Place::live;
      s.gone_lately = false;
      State connected = s;
      connected.reference = true;  // C66
      visit(connected);
      s.file = true;  // an open made it: nothing but the file holds it
      visit(s);
      s = {.place = Place::given_up};  // its connect was cancelled (C67)
      visit(s);
      return;
    }
    visit({.place = Place::constructing});
    if (s.place == Place::given_up) visit({});
    s.gone_lately = false;  // the next delete is called later
    visit(s);
  }

  void change_handles(const State& s) {
    State next = s;
    if (s.place == Place::live) {
      next.reference = true;  // another connect (C66)
      visit(next);
      next = s;
      next.file = true;
      visit(next);
      next = s;
      next.tree = true;
      visit(next);
    }
    // CLOSE follows the last request on the handle.
    if (s.file && !(s.pending && s.on == On::file)) {
      next = s;
      next.file = false;
      visit(next);
    }
    if (s.tree && !(s.pending && s.on == On::other_tree)) {
      next = s;
      next.tree = false;
      visit(next);
    }
    // The last handle closes: the view goes (C24, C29), with the name if it still had it.
    if (s.pending || s.file || s.tree || s.reference) return;
    visit({.place = Place::absent, .gone_lately = true});
  }

  // Deletes before the one that is asked about.
  void remove(const State& s) {
    State next = s;
    next.reference = false;
    next.place = Place::orphaned;  // level TRUE: C15, C16
    visit(next);
    const bool busy = (s.file && s.place != Place::orphaned) || (s.pending && s.notify);  // C2, C5, C6, C28, C30
    if (busy) {
      next.place = s.place;  // level 0xff drops the reference all the same (C29)
      visit(next);
    } else if (s.place == Place::live) {
      next.place = Place::deleted;  // C1, C11
      visit(next);
    }
    if (!s.decided_lately) return;
    next = s;
    next.decided_lately = false;  // the next delete is called later
    visit(next);
  }

  void change_request(const State& s) {
    if (!s.pending) {
      if (s.place != Place::orphaned) submit(s);  // C17
      return;
    }
    State next = s;
    next.setting = true;
    visit(next);
    if (s.setting) {
      next = s;
      next.setting = false;
      visit(next);
      for (const bool routine : {true, false}) {
        if (s.cancelled) break;  // refused (C46)
        next = s;
        next.routine = routine;
        visit(next);
      }
    }
    if (!s.cancelled) {  // by IoCancelIrp, the close of its handle, a forced delete (C47, C62, C19, C22)
      next = s;
      next.cancelled = true;
      next.owed = s.routine;
      next.routine = false;
      visit(next);
    }
    if (s.owed) {  // C47
      next = s;
      next.owed = false;
      next.called = true;
      visit(next);
    }
    // The server answers, or the request ends as cancelled: whoever comes first (C53).
    next = s;
    next.pending = next.routine = next.setting = next.cancelled = next.owed = next.called = false;
    next.on = On::own_tree;
    next.decided_lately = s.decided_lately || s.notify;
    next.notify = false;
    visit(next);
  }

  void submit(const State& s) {
    for (const On on : {On::own_tree, On::other_tree, On::file}) {
      if ((on == On::other_tree && !s.tree) || (on == On::file && !s.file)) continue;
      State next = s;
      next.pending = true;
      next.on = on;
      for (const bool notify : {true, false}) {
        next.notify = notify;
        if (notify || on == On::file) visit(next);  // a tree handle takes change-notifies only
      }
    }
  }

  std::vector<bool> seen_ = std::vector<bool>(kStates);
  std::vector<State> todo_;
  CellSet cells_;
};

}  // namespace

CellSet reachable_cells() { return Explorer().explore(); }

}  // namespace rxcheck::models
