// SPDX-License-Identifier: Apache-2.0
//
// Which variants are in force in drivers that were loaded in a guest.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "harness/core/variants.h"
#include "harness/targets/agent_channel.h"

namespace rxcheck {

// Tells the drivers, before any operation, which are to be in force; with none wanted they keep their own. Sets those
// that are. Nothing, or why they cannot be.
std::optional<std::string> settle_variants(AgentChannel& channel, VariantSet wanted, std::chrono::milliseconds patience,
                                           VariantSet& in_force);

}  // namespace rxcheck
