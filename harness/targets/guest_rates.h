// SPDX-License-Identifier: Apache-2.0
//
// How fast a guest is, for benchmarks: from its start to the first IOCTL, back to its snapshot, and operations a second
// beside an IOCTL that the driver answers in its dispatch routine.
#pragma once

#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/targets/guest_image.h"

namespace rxcheck {

struct GuestRates {
  double start_ms = 0;
  double restore_ms = 0;         // until the agent has answered
  double bare_per_s = 0;         // that IOCTL, again and again from one thread inside the guest
  double single_per_s = 0;       // operations (list), each a frame and an IOCTL
  double batched_per_s = 0;      // the same, a hundred a frame
  double bare_frames_per_s = 0;  // that IOCTL, each a frame
};

// Boots the built-in guest with these drivers.
Result<GuestRates> measure_guest(const std::vector<std::string>& drivers, const GuestImage& image);

}  // namespace rxcheck
