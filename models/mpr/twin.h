// SPDX-License-Identifier: Apache-2.0
//
// A router and providers that do what the documentation says: the contract's counterpart, from which a history comes
// instead of being judged. It knows nothing of the contract, so that the two check each other; a fault makes it do one
// thing wrong. Pure and deterministic.
#pragma once

#include <cstdint>

#include "harness/core/mpr_history.h"

namespace rxcheck::mpr {

enum class TwinFault : uint8_t {
  none,
  last_provider_answers,  // a provider's "not connected" replaces the answer of the one that has the connection
  nobody_is_no_network,   // without any provider that has the name the answer is ERROR_NO_NETWORK
  no_post,                // notifyees do not hear of the end
  no_notification,        // nor of the beginning
};

History run_twin(const Program& program, TwinFault fault = TwinFault::none);

}  // namespace rxcheck::mpr
