// SPDX-License-Identifier: Apache-2.0
//
// The shadow as a target: carries out a program operation by operation. Each actor is a line, and each operation that
// it has issued another one (the engine's worker); between any two events another line may be chosen. Every event goes
// through Twin::step.
//
//   runner.cc          lines, the choice among them, the environment
//   runner_actors.cc   what an actor does around an operation; the operations that never wait
//   runner_worker.cc   how a worker begins and ends
//   runner_connect.cc  connects, and views from their birth to their end
//   runner_files.cc    opens, I/O and closes
//   runner_delete.cc   deletes
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "harness/core/random.h"
#include "models/environment.h"
#include "models/shadow/task.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

class Runner {
 public:
  explicit Runner(Fault fault) : twin_(fault) {}
  void run(const Program& program, Random& random, History& history);

 private:
  // What a suspended line waits for.
  struct Wait {
    enum class For : uint8_t {
      turn,
      usable,
      stuck,
      over,
      completed,
      stable,
      released,
      idle_handle,
      server,
      share,
      alone,
      free_fcbs
    } what = For::turn;
    // An operation; a connection for `stable`, `server` and `share`; a view for `free_fcbs`.
    uint16_t about = kNobody;
    unsigned failures = 0;  // stable: those of the connection's constructions that were known before
  };
  struct Line {
    Task task;
    std::coroutine_handle<> at;
    Wait wait;
    uint16_t carries = kNobody;  // the operation, for the line of a worker
    bool actor = false;
  };
  struct Suspend {
    Runner& runner;
    Wait wait;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> at) const;
    void await_resume() const {}
  };

  // runner.cc
  Suspend turn() { return {*this, {}}; }
  Suspend until(Wait::For what, uint16_t about) { return {*this, {what, about}}; }
  Suspend until_stable(uint8_t connection) {
    return {*this, {Wait::For::stable, connection, twin_.route(connection).failures}};
  }
  bool is_ready(const Wait& wait);
  bool has_line(uint16_t op) const;
  void spawn(Task task, uint16_t carries, bool actor);
  void run_lines(Random& random);
  bool call_environment(bool actors_left);
  Event emit(EventKind kind, uint16_t operation, uint16_t target = kNoOperation, uint32_t status = 0,
             uint32_t value = 0);
  void emit_at_view(EventKind kind, uint16_t operation, uint16_t view, uint16_t target = kNoOperation);

  // runner_actors.cc
  Task actor(uint8_t number);
  Task issue(uint16_t self);
  Task carry_out(uint16_t self);
  bool is_resolved(uint16_t self);
  bool is_usable(uint16_t self);
  Task cancel(uint16_t self);
  Task answer(uint16_t self);
  Task set_routine(uint16_t self);
  Task reference(uint16_t self);
  Task dereference(uint16_t self);
  Task release(uint16_t self);

  // runner_connect.cc
  Task look_up(uint16_t self, uint16_t& found, bool& failed);
  Task find_or_build(uint16_t self, uint16_t& found);
  Task abandon(uint16_t self, uint16_t& view);
  Task build(uint16_t self, uint16_t& found);
  Task ask_server(uint16_t self);
  Task ask_view(uint16_t self, bool makes_share);
  Task wait_for_answer(uint16_t self, bool withheld);
  void leave_share(uint16_t self, uint8_t connection);
  Task finalize_server(uint16_t self, uint32_t serial);
  Task bury(uint16_t self, uint16_t view);
  Task connect_to(uint16_t self, uint16_t& view);
  Task connect(uint16_t self);
  Task tree(uint16_t self);
  Task find_tree(uint16_t self, uint16_t& view);

  // runner_files.cc
  Task open(uint16_t self);
  Task attempt(uint16_t self, bool& refused);
  Task io(uint16_t self);
  Task close(uint16_t self);
  Task scavenge(uint16_t self, uint16_t view);
  Task tick(uint16_t self);
  Task cancel_request(uint16_t request, uint16_t by);
  Task end_request(uint16_t request, uint32_t status, uint16_t by);
  Task set_on(uint16_t request, Routine routine, uint16_t by);

  // runner_delete.cc
  Task delete_connection(uint16_t self);
  Task finalize(uint16_t self, uint16_t view);
  Task finalize_below(uint16_t self);
  Task force_all(uint16_t self);
  void take_down(uint16_t self);
  Task teardown(uint16_t self);

  // runner_worker.cc
  bool take_up(uint16_t self);
  Task conclude(uint16_t self);
  Task list(uint16_t self);
  Task stop(uint16_t self);
  Task start(uint16_t self);

  Twin twin_;
  Environment environment_;
  History* history_ = nullptr;
  std::vector<std::unique_ptr<Line>> lines_;
  Line* current_ = nullptr;
  std::array<unsigned, kMaxConnections> unmounts_{};  // unmount calls that the daemon has not answered
  std::vector<Standing> standings_;
  unsigned seconds_ = 0;      // that have passed
  bool timer_armed_ = false;  // of the scavenger
  unsigned timer_due_ = 0;
};

}  // namespace rxcheck::models::shadow
