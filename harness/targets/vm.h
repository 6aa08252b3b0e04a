// SPDX-License-Identifier: Apache-2.0
//
// The target `vm`: the drivers' files in a virtual machine of QEMU's, driven through the guest agent over a
// virtio-serial port. The built-in guest is Debian's kernel with Wine (guest_image.h); it has no disk and no network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/targets/guest_image.h"
#include "harness/targets/guest_target.h"

namespace rxcheck {

// Two driver files, the one that is driven last. Boots the guest once.
// `gate`: the file of the gate; `gated`: mode gated, else free.
Result<std::unique_ptr<GuestTarget>> make_vm_target(const std::vector<std::string>& drivers, const GuestImage& image,
                                                    const std::string& gate, bool gated);

}  // namespace rxcheck
