// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/vm.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "harness/targets/child_process.h"
#include "harness/targets/guest_target.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kQemu = "/usr/bin/qemu-system-x86_64";
// Under emulation everything takes some ten times as long as on this machine.
constexpr GuestPatience kPatience{milliseconds(250), milliseconds(20'000), milliseconds(180'000)};

// The other end of the guest's serial port.
class SocketStream : public ByteStream {
 public:
  explicit SocketStream(int socket) : socket_(socket) {}
  ~SocketStream() override { close(socket_); }

  bool write(std::span<const uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return false;
      bytes = bytes.subspan(static_cast<size_t>(put));
    }
    return true;
  }
  std::optional<size_t> read(std::span<uint8_t> buffer, milliseconds limit) override {
    pollfd ready = {socket_, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return 0;
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) return 0;
    if (got <= 0) return std::nullopt;
    return static_cast<size_t>(got);
  }
  void end(milliseconds) override {}  // the machine is ended, and with it what runs there

 private:
  int socket_;
};

// Until somebody listens there; nothing if nobody did in time.
std::optional<int> connect_to(const std::string& path, milliseconds limit) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const auto until = Clock::now() + limit;
  while (Clock::now() < until) {
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return std::nullopt;
    if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return made;
    close(made);
    std::this_thread::sleep_for(milliseconds(20));
  }
  return std::nullopt;
}

class VmTarget : public GuestTarget {
 public:
  VmTarget(GuestFiles files, GuestImage image, std::string folder)
      : GuestTarget(std::move(files), kPatience), image_(std::move(image)), folder_(std::move(folder)) {}
  ~VmTarget() override {
    stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string name() const override { return "vm"; }
  std::string executive() const override { return "virtual machine, " + GuestTarget::executive(); }

 protected:
  Result<std::unique_ptr<ByteStream>> open_guest() override;
  void end_guest() override { machine_.reset(); }
  std::optional<std::string> place_drivers(AgentChannel& channel, std::vector<std::string>& places) override;
  std::optional<std::string> crash() const override { return crash_in(text_of_file(console())); }

 private:
  std::string console() const { return folder_ + "/console.txt"; }

  GuestImage image_;
  std::string folder_;
  std::optional<ChildProcess> machine_;
};

Result<std::unique_ptr<ByteStream>> VmTarget::open_guest() {
  const std::string port = folder_ + "/port";
  std::error_code ignored;
  fs::remove(port, ignored);
  fs::remove(console(), ignored);
  auto machine = ChildProcess::start({kQemu,
                                      "-M",
                                      "pc",
                                      "-accel",
                                      "tcg",
                                      "-smp",
                                      "2",
                                      "-m",
                                      "384",
                                      "-nodefaults",
                                      "-no-user-config",
                                      "-display",
                                      "none",
                                      "-no-reboot",
                                      "-kernel",
                                      image_.kernel,
                                      "-initrd",
                                      image_.initrd,
                                      "-append",
                                      "console=ttyS0 quiet panic=-1",
                                      "-serial",
                                      "file:" + console(),
                                      "-chardev",
                                      "socket,id=port,path=" + port + ",server=on,wait=off",
                                      "-device",
                                      "virtio-serial-pci",
                                      "-device",
                                      "virtserialport,chardev=port,name=rxcheck"},
                                     {}, folder_ + "/qemu.txt");
  if (!machine) return machine.error();
  machine_.emplace(std::move(*machine));
  const auto socket = connect_to(port, milliseconds(15'000));
  if (!socket) return Error{"QEMU does not start: " + text_of_file(folder_ + "/qemu.txt"), kQemu, ""};
  return std::unique_ptr<ByteStream>(std::make_unique<SocketStream>(*socket));
}

std::optional<std::string> VmTarget::place_drivers(AgentChannel& channel, std::vector<std::string>& places) {
  places = {"Z:\\rx\\rxrdbss.sys", "Z:\\rx\\rxprobe.sys"};
  std::vector<std::string> sources = {drivers()[0].path, drivers()[1].path};
  if (is_gated()) {
    places.emplace_back("Z:\\rx\\rxgate.sys");
    sources.push_back(files().gate);
  }
  for (size_t i = 0; i < places.size(); ++i) {
    const std::string bytes = text_of_file(sources[i]);
    const auto* from = reinterpret_cast<const uint8_t*>(bytes.data());
    if (auto failed = channel.put(places[i], {from, bytes.size()}, milliseconds(20'000))) return failed;
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<GuestTarget>> make_vm_target(const std::vector<std::string>& drivers, const GuestImage& image,
                                                    const std::string& gate) {
  auto files = guest_files(drivers, "", gate);
  if (!files) return files.error();
  std::string folder = (fs::temp_directory_path() / "rxcheck-vm-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr)
    return Error{std::string("cannot make a folder: ") + std::strerror(errno), folder, "set TMPDIR"};
  auto target = std::make_unique<VmTarget>(std::move(*files), image, folder);
  if (const auto failed = target->start()) return Error{*failed, kQemu, "see rxcheck doctor"};
  return std::unique_ptr<GuestTarget>(std::move(target));
}

}  // namespace rxcheck
