// SPDX-License-Identifier: Apache-2.0
//
// Which variants are in force in drivers that were loaded in a guest.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/core/variants.h"
#include "harness/targets/agent_channel.h"

namespace rxcheck {

// Sends the drivers a request that is no operation's; its status, and what it says in `value`. Nothing if no answer
// comes.
using AskDrivers = std::function<std::optional<uint32_t>(uint32_t code, uint32_t argument, uint32_t& value)>;
// Through the agent.
AskDrivers through(AgentChannel& channel, std::chrono::milliseconds patience);

// Tells the drivers, before any operation, which are to be in force; with none wanted they keep their own. Sets those
// that are. Nothing, or why they cannot be.
std::optional<std::string> settle_variants(const AskDrivers& ask, VariantSet wanted, VariantSet& in_force);

}  // namespace rxcheck
