// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/gate_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rxcheck {

namespace {

template <typename T>
std::span<const uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

}  // namespace

std::optional<AgentChannel::Answer> GateClient::fail(std::string why) {
  if (why_.empty()) why_ = std::move(why);
  return std::nullopt;
}

std::optional<AgentChannel::Answer> GateClient::ask(uint8_t actor, uint32_t code, std::span<const uint8_t> input,
                                                    uint32_t output_length) {
  const uint32_t number = channel_.issue(actor, code, input, output_length);
  bool abandoned = false;
  for (;;) {
    auto answer = channel_.next(patience_);
    if (channel_.broken()) return fail(channel_.why());
    if (answer && (answer->pending || answer->request != number)) continue;
    if (!answer && abandoned) return fail("the gate in the guest does not answer");
    if (!answer) {
      // Where a thread blocks in a service that the gate does not know, it says so and lets all go on.
      channel_.issue(0, IOCTL_RXGATE_ABANDON, {}, 0);
      abandoned = true;
      continue;
    }
    if (answer->status != 0) return fail(fmt::format("the gate in the guest refuses: {:#010x}", answer->status));
    return answer;
  }
}

std::optional<GateClient::Stop> GateClient::read(const AgentChannel::Answer& answer) {
  Stop stop;
  if (answer.output.size() >= sizeof stop.head) {
    std::memcpy(&stop.head, answer.output.data(), sizeof stop.head);
    const size_t events = stop.head.EventCount * sizeof(RXGATE_EVENT);
    if (answer.output.size() == sizeof stop.head + events + stop.head.OutputLength) {
      stop.events.resize(stop.head.EventCount);
      const uint8_t* from = answer.output.data() + sizeof stop.head;
      if (events != 0) std::memcpy(stop.events.data(), from, events);
      stop.output.assign(from + events, from + events + stop.head.OutputLength);
      stop.head.Text[sizeof stop.head.Text - 1] = 0;
      stop.head.Rule[sizeof stop.head.Rule - 1] = 0;
      stop.head.RuleObject[sizeof stop.head.RuleObject - 1] = 0;
      return stop;
    }
  }
  fail("the gate in the guest answers with what makes no sense");
  return std::nullopt;
}

std::optional<GateClient::Stop> GateClient::stop_after(uint8_t actor, uint32_t code, std::span<const uint8_t> input) {
  const auto answer = ask(actor, code, input, RXAGENT_MAX_BUFFER);
  if (!answer) return std::nullopt;
  auto stop = read(*answer);
  while (stop && stop->head.MoreEvents != 0) {
    const auto more_answer = ask(0, IOCTL_RXGATE_EVENTS, {}, RXAGENT_MAX_BUFFER);
    if (!more_answer) return std::nullopt;
    const auto more = read(*more_answer);
    if (!more) return std::nullopt;
    stop->events.insert(stop->events.end(), more->events.begin(), more->events.end());
    stop->head.MoreEvents = more->head.MoreEvents;
  }
  return stop;
}

std::optional<GateClient::Stop> GateClient::begin(uint32_t low_memory, std::span<const RXGATE_CHOICE> choices) {
  constexpr size_t kPiece = RXAGENT_MAX_BUFFER / sizeof(RXGATE_CHOICE);
  for (; !choices.empty(); choices = choices.subspan(std::min(kPiece, choices.size()))) {
    const auto piece = std::as_bytes(choices.first(std::min(kPiece, choices.size())));
    const auto* bytes = reinterpret_cast<const uint8_t*>(piece.data());
    if (!ask(0, IOCTL_RXGATE_CHOICES, {bytes, piece.size()}, 0)) return std::nullopt;
  }
  return stop_after(0, IOCTL_RXGATE_BEGIN, bytes_of(RXGATE_BEGIN{low_memory}));
}

std::optional<GateClient::Stop> GateClient::go(const RXGATE_GO& go, std::span<const uint8_t> input) {
  std::vector<uint8_t> all(bytes_of(go).begin(), bytes_of(go).end());
  all.insert(all.end(), input.begin(), input.end());
  return stop_after(static_cast<uint8_t>(go.Actor), IOCTL_RXGATE_GO, all);
}

std::optional<GateClient::Stop> GateClient::leaks() { return stop_after(0, IOCTL_RXGATE_LEAKS, {}); }
bool GateClient::leave(RXGATE_LEAVE delays) { return ask(0, IOCTL_RXGATE_LEAVE, bytes_of(delays), 0).has_value(); }

std::optional<RXGATE_THREADS> GateClient::threads() {
  const auto answer = ask(0, IOCTL_RXGATE_THREADS, {}, sizeof(RXGATE_THREADS));
  RXGATE_THREADS threads;
  if (!answer) return std::nullopt;
  if (answer->output.size() != sizeof threads)
    return fail("the gate in the guest does not list its threads"), std::nullopt;
  std::memcpy(&threads, answer->output.data(), sizeof threads);
  return threads;
}

}  // namespace rxcheck
