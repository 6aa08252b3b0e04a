// SPDX-License-Identifier: Apache-2.0
//
// One program on drivers inside a guest, through the agent: every operation is an IOCTL from the real thread of its
// actor, and the threads race freely. The order of effects comes from the drivers' event log. When an operation was
// called and when it returned is known as a number of log entries only, so a call stands as early, and a completion as
// late, in the history as it may have been: nothing that a correct driver does is refused for it.
//
// After `quiet` without news the environment acts, as it does in process where no line can go on; but that nothing goes
// on is not written down, and nothing is judged by it: a slow driver is not a wrong one. Time enters a verdict in one
// place: a program that does not end although nothing happens for `stuck` hangs.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/targets/agent_channel.h"
#include "harness/targets/probe_requests.h"
#include "harness/targets/standings.h"
#include "harness/targets/target.h"
#include "models/environment.h"

namespace rxcheck {

struct GuestPatience {
  std::chrono::milliseconds quiet{40};      // after which nothing is to be expected
  std::chrono::milliseconds stuck{15'000};  // ...and after which that is final
  std::chrono::milliseconds whole{60'000};  // for a program
};

// What of the program a guest cannot do, in words; nothing if it can run it.
std::optional<std::string> why_not_in_guest(const Program& program);

class GuestSession {
 public:
  GuestSession(AgentChannel& channel, GuestPatience patience) : channel_(channel), patience_(patience) {}

  // REQUIRES: the drivers are loaded afresh; the program can run in a guest. Fills history and violation; a guest that
  // is lost or too slow is a lab fault.
  void run(const Program& program, RunResult& result);

 private:
  enum class Step : uint8_t { fresh, issued, cleaned, done };
  struct Course {
    Step step = Step::fresh;
    uint32_t request = 0;   // of the agent; of a close, the one under way
    bool taken = false;     // the driver has it: it can be cancelled
    bool settling = false;  // ...and its operation returns once it can go no further on its own
    unsigned in_flight = 0;
    bool half = false;     // close: the handle is cleaned up
    uint32_t cleanup = 0;  // ...with this status
    size_t call = 0;       // index of its mark `call`
  };
  // An event that is not in the drivers' log, and how many entries stand before it.
  struct Mark {
    Event event;
    uint32_t after = 0;
  };

  void prepare(const Program& program);
  bool advance_all();
  bool advance(uint16_t index);
  bool is_ready(const Operation& op, bool& gone) const;
  void issue(uint16_t index, uint32_t code, const ProbeRequest& request);
  bool actors_left() const;
  bool pump(std::chrono::milliseconds limit);
  void answered(uint16_t index, const AgentChannel::Answer& answer);
  void close_went_on(uint16_t index, const AgentChannel::Answer& answer);
  void completed(uint16_t index, const AgentChannel::Answer& answer);
  void returned(uint16_t index, uint32_t status, uint32_t value);
  size_t mark(EventKind kind, uint16_t operation, uint32_t after, uint32_t status = 0, uint32_t value = 0);
  bool read_log();
  bool settle_variants(const Program& program);
  bool settle();
  bool call_environment(bool left);
  void stop_short(std::string why);
  void write_history();

  AgentChannel& channel_;
  GuestPatience patience_;
  RunResult* result_ = nullptr;
  ProbeRequests encoder_;
  models::Environment environment_;
  Standings standings_;
  std::vector<Course> courses_;
  std::vector<std::vector<uint16_t>> actors_;  // operations of each, in order
  std::vector<size_t> next_;                   // position of each actor
  std::vector<Mark> marks_;
  std::vector<RXCHECK_EVENT> log_;
  uint32_t before_ = 0;  // entries that were there before the program
  uint32_t seen_ = 0;    // entries that are known to be there, with those
  bool failed_ = false;
};

}  // namespace rxcheck
