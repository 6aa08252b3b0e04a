// SPDX-License-Identifier: Apache-2.0
//
// The harness's end of the agent's protocol (docs/agent-protocol.md): requests out, answers in, whatever their order.
// Everything that comes is checked; what makes no sense, or does not come in time, breaks the channel, and `why` says
// how. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/protocol/rxagent_protocol.h"
#include "harness/targets/byte_stream.h"

namespace rxcheck {

class AgentChannel {
 public:
  // What became of a request that was issued.
  struct Answer {
    uint32_t request = 0;
    bool pending = false;  // the driver has it; another answer follows
    uint32_t status = 0;   // NTSTATUS
    uint32_t log_before = 0;
    uint32_t log_after = 0;
    std::vector<uint8_t> output;
  };

  explicit AgentChannel(std::unique_ptr<ByteStream> agent) : agent_(std::move(agent)) {}

  // The name of the system that the agent runs on, as "Wine 8.0"; nothing if the channel is broken.
  std::optional<std::string> hello(std::chrono::milliseconds limit);
  // `gate` may be "". Nothing, or what went wrong: the agent's words, or the channel's.
  std::optional<std::string> load(const std::string& engine, const std::string& redirector, const std::string& gate,
                                  std::chrono::milliseconds limit);
  std::optional<std::string> unload(std::chrono::milliseconds limit);
  // Writes a file inside the guest.
  std::optional<std::string> put(const std::string& path, std::span<const uint8_t> bytes,
                                 std::chrono::milliseconds limit);

  // The number of the request; an Answer will come for it.
  uint32_t issue(uint8_t actor, uint32_t code, std::span<const uint8_t> input, uint32_t output_length);
  uint32_t cancel(uint32_t request);
  // The same request so many times from one thread: one Answer.
  uint32_t repeat(uint32_t times, uint32_t code, std::span<const uint8_t> input, uint32_t output_length);
  // The next answer; nothing if none came in time, or the channel is broken.
  std::optional<Answer> next(std::chrono::milliseconds limit);

  bool broken() const { return !why_.empty(); }
  const std::string& why() const { return why_; }
  // Says goodbye and waits a while for the end.
  void close();

 private:
  struct Frame {
    RXAGENT_FRAME head;
    std::vector<uint8_t> payload;
  };

  uint32_t send(uint16_t kind, std::span<const uint8_t> payload);
  std::optional<Frame> receive(std::chrono::milliseconds limit);
  std::optional<Frame> answer_to(uint32_t request, std::chrono::milliseconds limit);
  std::optional<std::string> outcome(uint32_t request, std::chrono::milliseconds limit);
  void fail(std::string why);

  std::unique_ptr<ByteStream> agent_;
  uint32_t last_request_ = 0;
  std::vector<uint8_t> received_;  // not taken apart yet
  std::vector<Frame> kept_;        // results that came while another answer was awaited
  std::string why_;
};

}  // namespace rxcheck
