// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/agent_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rxcheck {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

template <typename T>
void append(std::vector<uint8_t>& bytes, const T& value) {
  const auto* from = reinterpret_cast<const uint8_t*>(&value);
  bytes.insert(bytes.end(), from, from + sizeof value);
}

void append_text(std::vector<uint8_t>& bytes, const std::string& text) {
  append(bytes, static_cast<uint32_t>(text.size()));
  bytes.insert(bytes.end(), text.begin(), text.end());
}

milliseconds left_until(Clock::time_point until) {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(until - Clock::now()));
}

}  // namespace

void AgentChannel::fail(std::string why) {
  if (why_.empty()) why_ = std::move(why);
}

uint32_t AgentChannel::send(uint16_t kind, std::span<const uint8_t> payload) {
  const RXAGENT_FRAME head = {RXAGENT_MAGIC, RXAGENT_VERSION, kind, ++last_request_,
                              static_cast<uint32_t>(payload.size())};
  std::vector<uint8_t> bytes;
  append(bytes, head);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  if (!agent_->write(bytes)) fail("the agent is gone");
  return last_request_;
}

std::optional<AgentChannel::Frame> AgentChannel::receive(milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (!broken()) {
    if (received_.size() >= sizeof(RXAGENT_FRAME)) {
      Frame frame;
      std::memcpy(&frame.head, received_.data(), sizeof frame.head);
      if (frame.head.Magic != RXAGENT_MAGIC || frame.head.Length > RXAGENT_MAX_PAYLOAD) {
        fail("what the agent sends is no frame");
        break;
      }
      if (frame.head.Version != RXAGENT_VERSION) {
        fail(fmt::format("the agent speaks version {} of the protocol, not {}", frame.head.Version, RXAGENT_VERSION));
        break;
      }
      const size_t whole = sizeof frame.head + frame.head.Length;
      if (received_.size() >= whole) {
        const auto begin = received_.begin();
        frame.payload.assign(begin + sizeof frame.head, begin + static_cast<ptrdiff_t>(whole));
        received_.erase(begin, begin + static_cast<ptrdiff_t>(whole));
        return frame;
      }
    }
    uint8_t buffer[16384];
    const auto got = agent_->read(buffer, left_until(until));
    if (!got) {
      fail("the agent is gone");
    } else if (*got == 0) {
      if (Clock::now() >= until) return std::nullopt;
    } else {
      received_.insert(received_.end(), buffer, buffer + *got);
    }
  }
  return std::nullopt;
}

// Keeps the answers to others for `next`.
std::optional<AgentChannel::Frame> AgentChannel::answer_to(uint32_t request, milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (auto frame = receive(left_until(until))) {
    if (frame->head.Request == request) return frame;
    kept_.push_back(std::move(*frame));
  }
  fail(fmt::format("the agent does not answer within {} s", limit.count() / 1000));
  return std::nullopt;
}

std::optional<std::string> AgentChannel::hello(milliseconds limit) {
  const auto frame = answer_to(send(RxAgentHello, {}), limit);
  if (!frame) return std::nullopt;
  RXAGENT_HELLO hello;
  if (frame->head.Kind != RxAgentHelloAnswer || frame->payload.size() != sizeof hello) {
    fail("the agent does not say hello");
    return std::nullopt;
  }
  std::memcpy(&hello, frame->payload.data(), sizeof hello);
  hello.System[sizeof hello.System - 1] = 0;
  return std::string(hello.System);
}

std::optional<std::string> AgentChannel::outcome(uint32_t request, milliseconds limit) {
  const auto frame = answer_to(request, limit);
  if (!frame) return why_;
  RXAGENT_ANSWER answer;
  if ((frame->head.Kind != RxAgentAnswer && frame->head.Kind != RxAgentRefused) ||
      frame->payload.size() < sizeof answer) {
    fail("the agent's answer makes no sense");
    return why_;
  }
  std::memcpy(&answer, frame->payload.data(), sizeof answer);
  if (answer.TextLength != frame->payload.size() - sizeof answer) {
    fail("the agent's answer is cut short");
    return why_;
  }
  const std::string text(frame->payload.begin() + sizeof answer, frame->payload.end());
  if (answer.Status == 0 && frame->head.Kind == RxAgentAnswer) return std::nullopt;
  return text.empty() ? fmt::format("error {}", answer.Status) : text;
}

std::optional<std::string> AgentChannel::load(const std::string& engine, const std::string& redirector,
                                              const std::string& gate, milliseconds limit) {
  std::vector<uint8_t> payload;
  append_text(payload, engine);
  append_text(payload, redirector);
  append_text(payload, gate);
  return outcome(send(RxAgentLoad, payload), limit);
}

std::optional<std::string> AgentChannel::unload(milliseconds limit) {
  auto failed = outcome(send(RxAgentUnload, {}), limit);
  kept_.clear();
  return failed;
}

std::optional<std::string> AgentChannel::put(const std::string& path, std::span<const uint8_t> bytes,
                                             milliseconds limit) {
  constexpr size_t kPiece = 32768;
  for (size_t at = 0; at == 0 || at < bytes.size(); at += kPiece) {
    std::vector<uint8_t> payload;
    append_text(payload, path);
    append(payload, static_cast<uint32_t>(at));
    const auto piece = bytes.subspan(at, std::min(kPiece, bytes.size() - at));
    payload.insert(payload.end(), piece.begin(), piece.end());
    if (auto failed = outcome(send(RxAgentPut, payload), limit)) return failed;
  }
  return std::nullopt;
}

uint32_t AgentChannel::issue(uint8_t actor, uint32_t code, std::span<const uint8_t> input, uint32_t output_length) {
  std::vector<uint8_t> payload;
  append(payload, RXAGENT_ISSUE{actor, code, static_cast<uint32_t>(input.size()), output_length});
  payload.insert(payload.end(), input.begin(), input.end());
  return send(RxAgentIssue, payload);
}

uint32_t AgentChannel::cancel(uint32_t request) {
  std::vector<uint8_t> payload;
  append(payload, RXAGENT_CANCEL{request});
  return send(RxAgentCancel, payload);
}

uint32_t AgentChannel::repeat(uint32_t times, uint32_t code, std::span<const uint8_t> input, uint32_t output_length) {
  std::vector<uint8_t> payload;
  append(payload, RXAGENT_REPEAT{times, code, static_cast<uint32_t>(input.size()), output_length});
  payload.insert(payload.end(), input.begin(), input.end());
  return send(RxAgentRepeat, payload);
}

std::optional<AgentChannel::Answer> AgentChannel::next(milliseconds limit) {
  std::optional<Frame> frame;
  if (!kept_.empty()) {
    frame = std::move(kept_.front());
    kept_.erase(kept_.begin());
  } else {
    frame = receive(limit);
  }
  if (!frame) return std::nullopt;
  RXAGENT_RESULT result;
  const bool known = frame->head.Kind == RxAgentIssued || frame->head.Kind == RxAgentResult;
  if (!known || frame->payload.size() < sizeof result) {
    fail(frame->head.Kind == RxAgentRefused ? "the agent refuses a request" : "the agent's answer makes no sense");
    return std::nullopt;
  }
  std::memcpy(&result, frame->payload.data(), sizeof result);
  if (result.OutputLength != frame->payload.size() - sizeof result) {
    fail("the agent's answer is cut short");
    return std::nullopt;
  }
  Answer answer;
  answer.request = frame->head.Request;
  answer.pending = frame->head.Kind == RxAgentIssued;
  answer.status = result.Status;
  answer.log_before = result.LogBefore;
  answer.log_after = result.LogAfter;
  answer.output.assign(frame->payload.begin() + sizeof result, frame->payload.end());
  return answer;
}

void AgentChannel::close() {
  if (!broken()) send(RxAgentGoodbye, {});
  agent_->end(milliseconds(broken() ? 0 : 3000));
}

}  // namespace rxcheck
