// SPDX-License-Identifier: Apache-2.0
//
// A schedule: the choices that were made at yield points. Between choices a run follows one rule (the
// *baseline*): the running line goes on as long as it can; when it cannot, another line of the same actor is
// next, then the lowest-numbered actor that can run. Only departures from the baseline are written down.
//
// A *line* is what can be scheduled: an actor, or the system thread that currently works for one of its
// operations. A choice is named by actor, operation, function, object and occurrence, never by an address or a
// count of steps, so that it keeps its meaning when the driver is rebuilt or an operation is removed.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace rxcheck {

// The most system threads that can be told apart within one operation.
inline constexpr unsigned kMaxWorkers = 15;

// Actor `actor` itself (`worker == 0`; `operation` is the one that it is at), or the system thread that
// works for `operation` (`worker` counts the
// threads that took it up, from 1: a close is two requests, one after the other). `operation` is the 1-based ordinal
// within the actor; 0 before the first.
struct Line {
  uint8_t actor = 0;
  uint8_t worker = 0;
  uint16_t operation = 0;

  friend auto operator<=>(const Line&, const Line&) = default;
};

enum class Access : uint8_t { read, write, atomic, call, block };

// A yield point. `object` is the imported routine for `call` ("KeSetEvent"), the object's tag and offset for a
// memory access ("RxCx+0x48", "rxrdbss.sys!RxActiveContexts+0x0"), what is waited for in `block`.
struct YieldPoint {
  Line line;
  std::string function;  // the driver's function that made the access; empty for the harness's own
  Access access = Access::call;
  std::string object;
  uint32_t occurrence = 1;  // the n-th time that this line meets these four within the operation

  friend bool operator==(const YieldPoint&, const YieldPoint&) = default;
};

// How closely a yield point must be the one that a choice names. After a rebuild a field may have another offset, and
// an access be compiled into another function. Unless exact, `occurrence` counts all the points that are alike.
enum class Likeness : uint8_t { exact, any_offset, any_function };

// kind switch_: the line could have gone on (a *switch*, it counts). kind pick: it could not, and the
// baseline's successor was not the one taken.
struct Choice {
  enum class Kind : uint8_t { switch_, pick } kind = Kind::switch_;
  YieldPoint at;
  Line to;  // for an actor's own line `operation` is 0: whichever operation it is at

  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Schedule {
  std::vector<Choice> choices;  // in the order in which they are met

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// A choice in numbers instead of names, which mean something for one build of the drivers only: at yield point `at`
// (the first is 1), or the `at`-th time that the running line could not go on and several others could, the `to`-th of
// the others went on, in the order of their threads.
struct Departure {
  Choice::Kind kind = Choice::Kind::switch_;
  uint64_t at = 0;
  unsigned to = 0;

  friend bool operator==(const Departure&, const Departure&) = default;
};

// Number of choices of kind switch_.
unsigned switches_in(const Schedule& schedule);

}  // namespace rxcheck
