// SPDX-License-Identifier: Apache-2.0
//
// One program on drivers inside a guest, under a schedule: the gate (driver/gate) lets one thread go on at a time and
// follows the choices. What in process a line does between two operations is done here while nothing runs there, so the
// history has its order and its judges just as in process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/targets/gate_client.h"
#include "harness/targets/gate_names.h"
#include "harness/targets/probe_requests.h"
#include "harness/targets/standings.h"
#include "harness/targets/target.h"
#include "models/environment.h"

namespace rxcheck {

class GatedSession {
 public:
  GatedSession(GateClient& gate, const GateNames& names) : gate_(gate), names_(names) {}

  // REQUIRES: the drivers are loaded afresh; no request is under way. Fills the history,
  // to the end of the drivers. A rule that is broken is a violation; a choice that is not met, or a thread that does
  // not come back, leaves the schedule; a gate that does not answer is a lab fault.
  void run(const Program& program, const Schedule& schedule, RunResult& result);

 private:
  enum class Phase : uint8_t { fresh, readying, issued, cleaning, idling, closing, awaiting, cancelling, ticking };
  struct Actor {
    std::vector<uint16_t> operations;
    size_t next = 0;
    Phase phase = Phase::fresh;
    bool done = false;
    uint32_t cleanup = 0;  // status of the first half of a close
  };

  void prepare(const Program& program);
  bool run_until_quiescent(RXGATE_GO go);
  RXGATE_GO at_boundary(uint8_t number, const GateClient::Stop& stop);
  bool is_ready(uint16_t index) const;
  bool is_there(uint16_t index) const;
  bool begin_operation(uint8_t number, RXGATE_GO& go);
  void carry_out(uint16_t index, Actor& actor, RXGATE_GO& go);
  bool resume(uint8_t number, const GateClient::Stop& stop, RXGATE_GO& go);
  void issue(uint16_t index, uint32_t code, const ProbeRequest& request, RXGATE_GO& go);
  uint32_t ready_actors() const;
  bool actors_left() const;
  bool run_environment(bool left);
  std::optional<uint32_t> ask(uint32_t code, uint32_t argument, uint32_t& value);
  bool settle_variants(VariantSet wanted);
  void unload();
  bool take(const GateClient::Stop& stop);
  void take_event(const RXGATE_EVENT& event);
  void completed(uint16_t index, uint32_t status, uint32_t value);
  void take_stuck();
  void stop_short(RunResult::End end, std::string why);
  void record(EventKind kind, uint16_t operation, uint32_t status = 0, uint32_t value = 0,
              uint16_t target = kNoOperation);

  GateClient& gate_;
  const GateNames& names_;
  RunResult* result_ = nullptr;
  ProbeRequests encoder_;
  models::Environment environment_;
  Standings standings_;
  std::vector<bool> sent_;  // by operation: a request was
  std::vector<Actor> actors_;
  std::vector<uint8_t> input_;
  bool exploring_ = false;
  bool telling_ = false;  // what the drivers report belongs to the program
  bool failed_ = false;
};

}  // namespace rxcheck
