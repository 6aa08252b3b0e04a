// SPDX-License-Identifier: Apache-2.0
//
// A program: a few actors, each a list of operations on connections, files and requests. It means the same
// on every target. Operations stand in one list, in an order in which every resource is produced before it is
// used; an actor runs those that carry its number, in that order. A resource (file, tree handle, request,
// context reference) is named by the index of the operation that produces it, so a program without an
// operation and its dependents is again a valid program. The text form is in program_text.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/variants.h"

namespace rxcheck {

enum class OpKind : uint8_t {
  connect,        // add a connection (`net use X: \\server\share`); with a result slot it is asynchronous
  tree,           // open a tree-connect handle on an existing connection
  open,           // open a file by name; builds the connection if there is none
  write,          // short I/O on a file handle, completes at once
  read,           // a read that the server leaves pending; asynchronous
  notify,         // a change-notify on a file or tree handle, pending; asynchronous
  close,          // close a file or tree handle
  finalize,       // delete the connection through a tree handle, with a level
  disconnect,     // delete the connection by name, with a level (`net use X: /d`)
  cancel,         // IoCancelIrp on a request, or on the open that produces a file
  complete,       // the server answers a pending read or notify
  set_routine,    // RxSetMinirdrCancelRoutine on a pending request: routine A, routine B or NULL
  reference,      // take a reference on a pending request's RX_CONTEXT
  dereference,    // drop it again
  ce_cancel,      // RxCeCancelConnectRequest for the connection's server
  release,        // let a held connect go on
  await,          // wait until an asynchronous request has completed; its result is this operation's
  list,           // is the connection in the list of connections?
  letters,        // is the connection's letter in the mini-redirector's own table?
  raw_add,        // an ADD request whose buffer is a bare name, cut too short
  raw_del,        // a DEL request of the same kind
  poll,           // the mini-redirector's poller visits the connection's open files
  stop,           // RxStopMinirdr: waits until no other request is active
  start,          // RxStartMinirdr
  teardown,       // RxCeTearDownConnection for the transport to the connection's server
  finalize_view,  // RxFinalizeVNetRoot through a tree handle, forced or not
  finalize_root,  // RxFinalizeNetRoot of the share of a tree handle
  force_all,      // RxForceFinalizeAllVNetRoots of the connection's share
  tick,           // time passes: it does so by nothing else
};
inline constexpr unsigned kOpKinds = 29;

// The third argument of RxFinalizeConnection (RxFinalizeConnection page, parameter ForceFilesClosed).
// `other` stands for the values that it does not explain.
enum class Level : uint8_t { not_forced = 0, forced = 1, other = 2, drop_reference = 0xff };

// Whose delete-connection request a `disconnect` is carried out like: the test mini-redirector's own, or that of one of
// three real ones. Those open the connection, and so make it if there is none, and pass level TRUE (C70).
enum class Redirector : uint8_t { own, nfs41, vboxsf, nulmrx };

// C opens and closes a file, on a connection of the mini-redirector's own, before it ends the request.
enum class Routine : uint8_t { none = 0, a = 1, b = 2, c = 3 };

// What an operation's `slot` names, and what it produces.
enum class Resource : uint8_t { none, file, tree, request, context };

inline constexpr int32_t kNoSlot = -1;

struct Operation {
  OpKind kind = OpKind::list;
  uint8_t actor = 1;                   // 1..kMaxActors; 0 is the environment (the harness itself)
  uint8_t connection = 0;              // index into Program::connections; of those kinds that `uses_connection` names
  uint8_t path = 0;                    // index into Program::paths; open, and connect with `leftover`
  Level level = Level::not_forced;     // finalize, disconnect
  Routine routine = Routine::none;     // set_routine
  bool hold = false;                   // connect, open: the server withholds its answer until `release`
  bool bare = false;                   // read, notify: the mini-redirector sets no cancel routine by itself
  bool asynchronous = false;           // connect, close, finalize, disconnect: produces a request. read, notify: always
  bool sync = false;                   // read, notify: the server answers at once instead of leaving it pending
  bool cancelled = false;              // cancelled before it is dispatched: connect, open, write, read, notify
  bool retry = false;                  // open: the server answers SHARING_VIOLATION the first time
  bool transport = false;              // disconnect: the transport to the server is down when it returns
  int32_t slot = kNoSlot;              // index of the operation that produced the resource used here
  std::optional<uint32_t> expected{};  // scenario: the NTSTATUS that a person wrote down before the run
  bool leftover = false;               // connect: the name goes on behind the share, with a path
  bool directory = false;              // open: of a directory; nothing can be read from or written to it
  Redirector redirector = Redirector::own;  // disconnect
  bool nowait = false;                      // finalize, disconnect: the request may not wait for a lock
  bool keep = false;                        // open: may share what is open on the server; its last close may be delayed
  uint16_t seconds = 0;                     // tick: how much time passes

  uint8_t length = 0;  // raw_add, raw_del: bytes of the buffer, at most kMaxRawLength

  friend bool operator==(const Operation&, const Operation&) = default;
};

// A connection's name: a drive letter with a colon ("X:"), or "-" for one without a device, and `\\server\share`, in
// one logon session.
struct Connection {
  char device = 0;      // 'A'..'Z', or 0 for none
  std::string remote;   // `\\server\share`
  uint8_t session = 1;  // 1..kMaxSessions

  friend bool operator==(const Connection&, const Connection&) = default;
};

// Names of servers, shares and paths: letter case does not tell them apart.
bool same_name(std::string_view one, std::string_view other);
// Whether the two name the same server, and the same share of it.
bool same_server(const Connection& one, const Connection& other);
bool same_share(const Connection& one, const Connection& other);

struct Program {
  std::vector<Connection> connections;
  std::vector<std::string> paths;  // each begins with a backslash
  std::vector<Operation> operations;
  std::string title;  // one line for people; may be empty
  // Memory is short: the allocation of the drivers that is refused, counted from 1 over those made for actors'
  // operations, and a request gets the memory of one that is gone while it is cancelled; 0: it is not.
  uint32_t low_memory = 0;
  VariantSet variants;  // that the drivers are started with

  friend bool operator==(const Program&, const Program&) = default;
};

inline constexpr unsigned kMaxSeconds = 3600;  // of one tick
inline constexpr unsigned kMaxActors = 8;
inline constexpr unsigned kMaxSessions = 8;
inline constexpr unsigned kMaxConnections = 8;
inline constexpr unsigned kMaxPaths = 16;
inline constexpr unsigned kMaxOperations = 4096;
inline constexpr unsigned kMaxRawLength = 8;  // with its terminator: too short for any name
inline constexpr uint32_t kMaxLowMemory = 1'000'000;

// What the operation leaves behind for others to use; `none` for most.
Resource produced_by(const Operation& op);
// Whether `slot` of `user` may name `producer`: close takes files and trees, notify too, cancel any request, ...
bool slot_fits(const Operation& user, const Operation& producer);
// True for kinds whose `slot` must be set.
bool needs_slot(OpKind kind);
bool uses_connection(OpKind kind);
bool uses_path(const Operation& op);
// finalize and disconnect.
bool is_delete(OpKind kind);
// Whether it takes the add-connection reference: connect, and a disconnect as real mini-redirectors do it.
bool adds_connection(const Operation& op);
// ...and finalize_view, whose level is FALSE or TRUE.
bool has_level(OpKind kind);
// The request goes on after the operation has returned to its actor. A close that produces a request does not: others
// can name the request while the close is under way.
bool is_asynchronous(const Operation& op);

// 1-based position of operation `index` among those of its actor: the number in "a2.3".
unsigned ordinal_in_actor(const Program& program, size_t index);
// Number of distinct actors that have an operation.
unsigned actors_used(const Program& program);

// Removes the operations marked in `remove` and, transitively, those that use what they produce; renumbers slots.
// `remove.size() == program.operations.size()`; on return it also marks the dependents. Also tidies the paths.
Program without(const Program& program, std::vector<bool>& remove);
// Puts the paths in the order of their first use and drops those that nothing opens. Changes nothing about a run.
void tidy_paths(Program& program);
// Drops connections that no operation names. The environment lists every connection, so this shortens the run's end.
void drop_unused_connections(Program& program);

// The first rule that the program breaks, in words; nothing if it is valid.
std::optional<std::string> why_invalid(const Program& program);

std::string_view name_of(OpKind kind);
std::string_view name_of(Level level);
std::string_view name_of(Redirector redirector);

}  // namespace rxcheck
