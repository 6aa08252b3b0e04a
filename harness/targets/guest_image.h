// SPDX-License-Identifier: Apache-2.0
//
// The built-in guest of the target `vm`: a kernel and an initial file system with busybox, the needed files of Wine and
// the agent, made from this machine's Debian packages by driver/guest/build.sh and kept in the user's cache folder
// under a name that says what it was made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.h"

namespace rxcheck {

// The built-in guest, or a disk with one of the user's.
struct GuestImage {
  std::string kernel;
  std::string initrd;
  std::string disk;  // "": the built-in one
};

// How QEMU boots the built-in one.
std::vector<std::string> boot_arguments(const GuestImage& image);

// What is not installed that the guest or the machine that runs it need, and the one command that mends it.
std::optional<std::string> why_no_vm();

// Finds it, or makes it: some ten seconds. `agent`: rxagent.exe; `script`: build.sh.
Result<GuestImage> guest_image(const std::string& agent, const std::string& script);

}  // namespace rxcheck
