// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_variants.h"

#include <cstring>

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/core/status.h"

namespace rxcheck {

namespace {

constexpr uint32_t kNobody = 0xfffffffdU;  // a tag that is no operation's

// The status of the request; nothing if no answer comes.
std::optional<uint32_t> ask(AgentChannel& channel, uint32_t code, uint32_t argument, std::chrono::milliseconds patience,
                            uint32_t& value) {
  RXPROBE_REQUEST request{};
  request.Tag = kNobody;
  request.Argument = argument;
  const auto* bytes = reinterpret_cast<const uint8_t*>(&request);
  const uint32_t number = channel.issue(0, code, {bytes, RXPROBE_REQUEST_HEADER + 2}, sizeof(RXPROBE_REPLY));
  while (const auto answer = channel.next(patience)) {
    if (answer->request != number || answer->pending) continue;
    RXPROBE_REPLY reply{};
    if (answer->output.size() >= sizeof reply) std::memcpy(&reply, answer->output.data(), sizeof reply);
    value = reply.Value;
    return answer->status;
  }
  return std::nullopt;
}

constexpr const char* kNoAnswer = "the guest does not answer";

}  // namespace

AskDrivers through(AgentChannel& channel, std::chrono::milliseconds patience) {
  return [&channel, patience](uint32_t code, uint32_t argument, uint32_t& value) {
    return ask(channel, code, argument, patience, value);
  };
}

std::optional<std::string> settle_variants(const AskDrivers& ask, VariantSet wanted, VariantSet& in_force) {
  uint32_t unused = 0;
  uint32_t bits = 0;
  const auto asked = ask(IOCTL_RXPROBE_QUERY_VARIANTS, 0, bits);
  if (!asked) return kNoAnswer;
  in_force = VariantSet(*asked == status::kSuccess ? bits : 0);
  if (wanted.empty() || in_force == wanted) return std::nullopt;
  const auto chosen = ask(IOCTL_RXPROBE_CHOOSE_VARIANTS, wanted.bits(), unused);
  const auto again = ask(IOCTL_RXPROBE_QUERY_VARIANTS, 0, bits);
  if (!chosen || !again) return kNoAnswer;
  in_force = VariantSet(bits);
  if (*chosen == status::kSuccess && *again == status::kSuccess && in_force == wanted) return std::nullopt;
  return "the drivers cannot be started with the variants " + names_of(wanted);
}

}  // namespace rxcheck
