// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_image.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "harness/core/digest.h"
#include "harness/targets/child_process.h"
#include "harness/targets/guest_target.h"
#include "harness/targets/wine_prefix.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

// The newest of Debian's kernels for virtual machines.
std::optional<std::string> find_kernel() {
  std::optional<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/boot", error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("vmlinuz-") && name.ends_with("-cloud-amd64") && (!found || entry.path().string() > *found))
      found = entry.path().string();
  }
  return found;
}

bool is_installed(const char* program) {
  return std::ranges::any_of(std::initializer_list<std::string>{"/usr/bin/", "/bin/", "/usr/sbin/"},
                             [&](const std::string& folder) { return access((folder + program).c_str(), X_OK) == 0; });
}

}  // namespace

std::vector<std::string> boot_arguments(const GuestImage& image) {
  return {"-kernel", image.kernel, "-initrd", image.initrd, "-append", "console=ttyS0 quiet panic=-1"};
}

std::optional<std::string> why_no_vm() {
  std::string missing;
  if (!is_installed("qemu-system-x86_64")) missing += " qemu-system-x86";
  if (!is_installed("qemu-img")) missing += " qemu-utils";
  if (!find_wine()) missing += " wine64";
  if (!find_kernel()) missing += " linux-image-cloud-amd64";
  if (!is_installed("busybox")) missing += " busybox-static";
  if (!is_installed("cpio")) missing += " cpio";
  if (!is_installed("lz4")) missing += " lz4";
  if (missing.empty()) return std::nullopt;
  return "the guest needs packages that are not installed; apt-get install --no-install-recommends" + missing;
}

Result<GuestImage> guest_image(const std::string& agent, const std::string& script) {
  if (const auto missing = why_no_vm()) return Error{*missing, "", ""};
  const auto agent_sha256 = sha256_of_file(agent);
  const auto script_sha256 = sha256_of_file(script);
  if (!agent_sha256 || !script_sha256)
    return Error{"the guest agent, or the script that makes the guest, is not there", agent_sha256 ? script : agent,
                 "build the target `drivers`"};
  const std::string wine = *find_wine();
  std::error_code error;
  const std::string made_of = fmt::format("{} {} {} {}", *agent_sha256, *script_sha256, *find_kernel(),
                                          fs::last_write_time(wine, error).time_since_epoch().count());
  const fs::path folder = cache_folder() / ("guest-" + sha256_hex(made_of).substr(0, 16));
  const GuestImage image{(folder / "kernel").string(), (folder / "initrd").string(), ""};
  if (fs::exists(image.initrd) && fs::exists(image.kernel)) return image;

  auto prefix = WinePrefix::make(wine);  // its registry goes into the guest
  if (!prefix) return prefix.error();
  const std::string said = prefix->path() + "/build.txt";
  auto build = ChildProcess::start({"/bin/sh", script, folder.string(), agent, prefix->path()}, {}, said);
  if (!build) return build.error();
  const bool ended = build->wait(std::chrono::milliseconds(300'000));
  if (ended && fs::exists(image.initrd) && fs::exists(image.kernel)) return image;
  std::string why = text_of_file(said);
  std::ranges::replace(why, '\n', ' ');
  return Error{"the guest could not be made: " + why, script, "see what is said, and make room in the cache folder"};
}

}  // namespace rxcheck
