// SPDX-License-Identifier: Apache-2.0
//
// The target `wine`: the drivers' files as kernel services of Wine on this machine, driven through the guest agent with
// real IOCTLs from real threads. They are started afresh for every program. Threads race freely: there is no schedule,
// no digest, and what is found is judged like any other history. A Wine that crashes, hangs or cannot start is a lab
// fault, and is started anew for the next program; a driver that crashes is a divergence, named by what Wine says of
// it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/targets/guest_target.h"

namespace rxcheck {

// What is missing, and the remedy; nothing if Wine is here.
std::optional<std::string> why_no_wine();

// Two driver files, the one that is driven last. `agent`: rxagent.exe.
// `gate`: the file of the gate; `gated`: mode gated, else free.
Result<std::unique_ptr<GuestTarget>> make_wine_target(const std::vector<std::string>& drivers, const std::string& agent,
                                                      const std::string& gate, bool gated);

}  // namespace rxcheck
