// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/vm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "harness/targets/guest_target.h"
#include "harness/targets/machine.h"
#include "harness/targets/wine_prefix.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

// Under emulation everything takes some ten times as long as on this machine.
constexpr GuestPatience kPatience{milliseconds(250), milliseconds(20'000), milliseconds(180'000)};
// A guest that has run so many programs is put back, whatever its state.
constexpr unsigned kBudget = 500;
constexpr const char* kSnapshot = "ready";
// For a guest of the user's to boot and its agent to answer.
constexpr milliseconds kOwnBoot{180'000};

class VmTarget : public GuestTarget {
 public:
  VmTarget(GuestFiles files, MachineOptions options)
      : GuestTarget(std::move(files), kPatience), options_(std::move(options)) {}
  ~VmTarget() override {
    stop();
    machine_.reset();
    std::error_code ignored;
    fs::remove_all(options_.folder, ignored);
  }

  std::string name() const override { return "vm"; }
  std::string executive() const override {
    return fmt::format("virtual machine ({}), {}", options_.kvm ? "KVM" : "TCG", GuestTarget::executive());
  }

 protected:
  Result<std::unique_ptr<ByteStream>> open_guest() override;
  void end_guest() override {
    if (!saved_) machine_.reset();
  }
  void guest_is_ready() override;
  bool keeps_guest() const override { return saved_; }
  unsigned budget() const override { return kBudget; }
  milliseconds boot_limit() const override { return options_.disk.empty() ? GuestTarget::boot_limit() : kOwnBoot; }
  std::optional<std::string> place_drivers(AgentChannel& channel, std::vector<std::string>& places) override;
  std::optional<std::string> crash() const override { return crash_in(said()); }
  std::string said() const override { return machine_ ? machine_->console().substr(console_begin_) : ""; }

 private:
  MachineOptions options_;
  std::unique_ptr<Machine> machine_;
  bool saved_ = false;     // the machine has a snapshot to go back to
  bool restored_ = false;  // ...and is there: the drivers' files are in it
  size_t console_begin_ = 0;
};

// A machine that is ready is put back; one that is not there, or cannot be put back, is booted.
Result<std::unique_ptr<ByteStream>> VmTarget::open_guest() {
  restored_ = false;
  if (machine_ && saved_) {
    console_begin_ = machine_->console().size();
    if (auto port = machine_->restore(kSnapshot)) {
      restored_ = true;
      return port;
    }
  }
  saved_ = false;
  console_begin_ = 0;
  machine_.reset();
  auto machine = Machine::start(options_);
  if (!machine) return machine.error();
  machine_ = std::move(*machine);
  auto port = machine_->port();
  if (!port) return Error{"QEMU has no serial port to the guest", Machine::qemu(), ""};
  return port;
}

// Without room for a snapshot the next guest is booted instead.
void VmTarget::guest_is_ready() {
  if (!saved_) saved_ = !machine_->save(kSnapshot).has_value();
}

std::optional<std::string> VmTarget::place_drivers(AgentChannel& channel, std::vector<std::string>& places) {
  const std::string folder = options_.disk.empty() ? "Z:\\rx\\" : "C:\\rxcheck\\";
  places = {folder + "rxrdbss.sys", folder + "rxprobe.sys"};
  std::vector<std::string> sources = {drivers()[0].path, drivers()[1].path};
  places.push_back(folder + "rxgate.sys");
  sources.push_back(files().gate);
  for (size_t i = 0; i < places.size() && !restored_; ++i) {
    const std::string bytes = text_of_file(sources[i]);
    const auto* from = reinterpret_cast<const uint8_t*>(bytes.data());
    if (auto failed = channel.put(places[i], {from, bytes.size()}, milliseconds(20'000))) return failed;
  }
  return std::nullopt;
}

// Whether a machine boots under KVM: a /dev/kvm that opens says nothing. Asked once and remembered until this machine
// boots anew.
bool boots_under_kvm(MachineOptions options) {
  if (access("/dev/kvm", R_OK | W_OK) != 0) return false;
  std::string boot = text_of_file("/proc/sys/kernel/random/boot_id");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  const fs::path known = cache_folder() / ("kvm-" + boot);
  std::error_code ignored;
  if (fs::exists(known, ignored)) return text_of_file(known.string()) == "boots";
  options.kvm = true;
  bool boots = false;
  if (auto machine = Machine::start(options); machine.ok()) {
    if (auto port = (*machine)->port())
      boots = AgentChannel(std::move(port)).hello(options.disk.empty() ? milliseconds(20'000) : kOwnBoot).has_value();
  }
  fs::create_directories(cache_folder(), ignored);
  std::ofstream(known) << (boots ? "boots" : "does not boot");
  return boots;
}

}  // namespace

Result<std::unique_ptr<GuestTarget>> make_vm_target(const std::vector<std::string>& drivers, const GuestImage& image,
                                                    const std::string& gate, bool gated) {
  auto files = guest_files(drivers, "", gate, gated);
  if (!files) return files.error();
  MachineOptions options;
  options.folder = (fs::temp_directory_path() / "rxcheck-vm-XXXXXX").string();
  if (mkdtemp(options.folder.data()) == nullptr)
    return Error{std::string("cannot make a folder: ") + std::strerror(errno), options.folder, "set TMPDIR"};
  options.disk = image.disk;
  if (image.disk.empty()) {
    options.boots = boot_arguments(image);
  } else {
    options.memory_mib = 4096;
  }
  options.kvm = boots_under_kvm(options);
  auto target = std::make_unique<VmTarget>(std::move(*files), options);
  target->start_first();
  return std::unique_ptr<GuestTarget>(std::move(target));
}

}  // namespace rxcheck
