// SPDX-License-Identifier: Apache-2.0
//
// One program on the executive: actors as threads, operations as IRPs, the environment as thread 0. Plays the I/O
// manager: a handle that is closed takes no new requests, and its CLOSE is sent when the last request on it is over.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/nt/driver_graph.h"
#include "harness/targets/probe_requests.h"
#include "harness/targets/standings.h"
#include "harness/targets/target.h"
#include "models/environment.h"

namespace rxcheck {

class InprocSession : public nt::IoObserver {
 public:
  InprocSession(nt::Executive& executive, nt::DriverGraph& graph) : executive_(executive), graph_(graph) {}

  // The drivers start, before any actor. False if they did not: `message` says why.
  bool start(RunResult& result, std::string& message);
  // Before `run`: which variants the drivers say are in force; none if they do not know the question.
  VariantSet query_variants(RunResult& result);
  // Before `run`: tells the drivers which are to be in force. False if they cannot: `message` says why.
  bool choose_variants(VariantSet variants, RunResult& result, std::string& message);
  // What the next history is to say is in force.
  void report_variants(VariantSet variants) { variants_ = variants; }
  // Runs the program's actors under the executive's scheduler, then the environment to the end. Fills history and
  // violation.
  void run(const Program& program, RunResult& result, bool exploring);

  void irp_completed(uint32_t record, nt::NtStatus status, uint64_t information) override;
  void allocation_refused(const nt::Work& work) override;
  void driver_event(const RXCHECK_EVENT& event);

 private:
  struct Actor {
    InprocSession* session;
    unsigned number;
    std::vector<uint16_t> operations;
    bool done;
  };
  struct Request {           // per operation
    int record = -1;         // of its IRP
    uint32_t in_flight = 0;  // requests that use the handle which this operation produced
    RXPROBE_REPLY reply{};
    RXPROBE_LIST* list = nullptr;
  };
  // What the harness itself waits for, as programs that make requests do.
  enum class Met : uint8_t { issued, produced, completed, idle };

  static void actor_main(void* actor);
  static void environment_main(void* session);
  void prepare(const Program& program);
  bool run_environment(bool actors_left);
  bool actors_left() const;
  bool on_environment(std::function<void()> job);
  nt::NtStatus ask(uint32_t code, uint32_t argument, uint32_t& value);
  void take_violation(std::optional<nt::Broken> broken);

  void operate(uint16_t index, uint8_t actor, uint16_t ordinal);
  bool resource_ready(const Operation& op);
  template <typename Condition>
  void wait_at(size_t operation, nt::Touch how, const Condition& condition);
  void synchronize(size_t operation, Met what, nt::Sync how) {
    executive_.synchronize(nt::object_name(nt::ObjectKind::slot, operation * 4 + static_cast<unsigned>(what)), how);
  }
  // Where the operation stands, for the access sink.
  void touch_slot(size_t operation, nt::Touch how) {
    executive_.touch(nt::object_name(nt::ObjectKind::slot, operation), how);
  }
  void leave_handle(size_t slot);
  uint32_t carry_out(uint16_t index, const Operation& op, uint32_t& value);
  void issue(uint16_t index, uint32_t code, ProbeRequest& request);
  uint32_t issue_and_wait(uint16_t index, uint32_t code, ProbeRequest& request);
  uint32_t pass_time(uint16_t index, uint32_t seconds);
  uint32_t close_handle(uint16_t index, const Operation& op);
  uint32_t find_in_list(uint16_t index, const Operation& op, uint32_t& value);
  void record(EventKind kind, uint16_t operation, uint32_t status = 0, uint32_t value = 0,
              uint16_t target = kNoOperation);

  nt::Executive& executive_;
  nt::DriverGraph& graph_;
  RunResult* result_ = nullptr;
  models::Environment environment_;
  Standings standings_;
  std::vector<Request> requests_;
  std::vector<Actor> actors_;
  ProbeRequests encoder_;
  std::function<void()> job_;
  uint16_t environment_ordinal_ = 0;
  VariantSet variants_;  // in force
};

}  // namespace rxcheck
