// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/machine.h"

#include <filesystem>

#include "harness/targets/guest_target.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStart{15'000};
constexpr milliseconds kSnapshotLimit{60'000};

// A disk for the state of snapshots: empty, or over the one that is booted, which stays as it is.
std::optional<Error> make_state_disk(const std::string& folder, const std::string& below) {
  const std::string path = folder + "/state.qcow2";
  std::error_code ignored;
  fs::remove(path, ignored);
  const std::string said = folder + "/qemu-img.txt";
  std::vector<std::string> arguments = {"/usr/bin/qemu-img", "create", "-q", "-f", "qcow2"};
  if (below.empty())
    arguments.insert(arguments.end(), {path, "1G"});
  else
    arguments.insert(arguments.end(), {"-b", fs::absolute(below).string(), "-F", "qcow2", path});
  auto made = ChildProcess::start(arguments, {}, said);
  if (!made) return made.error();
  if (made->wait(kStart) && fs::exists(path)) return std::nullopt;
  return Error{"qemu-img cannot make a disk: " + text_of_file(said), path,
               "apt-get install qemu-utils, and make room there"};
}

}  // namespace

std::string Machine::qemu() { return "/usr/bin/qemu-system-x86_64"; }

Result<std::unique_ptr<Machine>> Machine::start(const MachineOptions& options) {
  std::unique_ptr<Machine> machine(new Machine(options.folder));
  std::error_code ignored;
  for (const char* name : {"/port", "/monitor", "/console.txt"}) fs::remove(options.folder + name, ignored);
  std::vector<std::string> arguments = {qemu(),
                                        "-M",
                                        "pc",
                                        "-accel",
                                        options.kvm ? "kvm" : "tcg",
                                        "-smp",
                                        "2",
                                        "-m",
                                        std::to_string(options.memory_mib),
                                        "-nodefaults",
                                        "-no-user-config",
                                        "-display",
                                        "none",
                                        "-no-reboot",
                                        "-serial",
                                        "file:" + options.folder + "/console.txt",
                                        "-qmp",
                                        "unix:" + options.folder + "/monitor,server=on,wait=off",
                                        "-chardev",
                                        "socket,id=port,path=" + options.folder + "/port,server=on,wait=off",
                                        "-device",
                                        "virtio-serial-pci",
                                        "-device",
                                        "virtserialport,chardev=port,name=rxcheck"};
  if (options.kvm) arguments.insert(arguments.end(), {"-cpu", "host"});
  arguments.insert(arguments.end(), options.boots.begin(), options.boots.end());
  if (auto error = make_state_disk(options.folder, options.disk)) return *error;
  const std::string interface = options.disk.empty() ? "none" : "ide";
  arguments.insert(arguments.end(),
                   {"-drive", "if=" + interface + ",id=state,format=qcow2,file=" + options.folder + "/state.qcow2"});
  auto process = ChildProcess::start(arguments, {}, options.folder + "/qemu.txt");
  if (!process) return process.error();
  machine->process_.emplace(std::move(*process));
  machine->monitor_ = Monitor::connect(options.folder + "/monitor", kStart);
  if (!machine->monitor_)
    return Error{"QEMU does not start: " + text_of_file(options.folder + "/qemu.txt"), qemu(), ""};
  return machine;
}

std::unique_ptr<ByteStream> Machine::port() { return UnixSocket::connect(folder_ + "/port", kStart); }

std::optional<std::string> Machine::save(const std::string& name) {
  return monitor_->command("savevm " + name, kSnapshotLimit);
}

std::unique_ptr<ByteStream> Machine::restore(const std::string& name) {
  auto stream = port();
  if (!stream || monitor_->command("loadvm " + name, kSnapshotLimit)) return nullptr;
  return stream;
}

std::string Machine::console() const { return text_of_file(folder_ + "/console.txt"); }

}  // namespace rxcheck
