// SPDX-License-Identifier: Apache-2.0
//
// The harness's end of the gate in a guest (driver/gate, driver/protocol/rxgate_protocol.h): one question at a time,
// through the agent. What makes no sense, and a gate that does not answer, is an error in `why`. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/protocol/rxgate_protocol.h"
#include "harness/targets/agent_channel.h"

namespace rxcheck {

class GateClient {
 public:
  struct Stop {
    RXGATE_STOP head{};
    std::vector<RXGATE_EVENT> events;
    std::vector<uint8_t> output;
  };

  // `patience`: how long a thread may be away between two yield points.
  GateClient(AgentChannel& channel, std::chrono::milliseconds patience) : channel_(channel), patience_(patience) {}

  // Nothing: see why().
  std::optional<Stop> begin(uint32_t low_memory, std::span<const RXGATE_CHOICE> choices);
  // The request comes from the agent's thread of that actor. A thread that does not come back gives RxGateLost.
  std::optional<Stop> go(const RXGATE_GO& go, std::span<const uint8_t> input);
  std::optional<Stop> leaks();
  std::optional<RXGATE_THREADS> threads();
  // All threads run free from here on.
  bool leave(RXGATE_LEAVE delays = {0, 0});

  const std::string& why() const { return why_; }

 private:
  std::optional<AgentChannel::Answer> ask(uint8_t actor, uint32_t code, std::span<const uint8_t> input,
                                          uint32_t output_length);
  std::optional<Stop> stop_after(uint8_t actor, uint32_t code, std::span<const uint8_t> input);
  std::optional<Stop> read(const AgentChannel::Answer& answer);
  std::optional<AgentChannel::Answer> fail(std::string why);

  AgentChannel& channel_;
  std::chrono::milliseconds patience_;
  std::string why_;
};

}  // namespace rxcheck
