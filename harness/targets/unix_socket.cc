// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/unix_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace rxcheck {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::unique_ptr<UnixSocket> UnixSocket::connect(const std::string& path, milliseconds limit) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return nullptr;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const auto until = Clock::now() + limit;
  while (Clock::now() < until) {
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return nullptr;
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return std::unique_ptr<UnixSocket>(new UnixSocket(made));
    close(made);
    std::this_thread::sleep_for(milliseconds(20));
  }
  return nullptr;
}

UnixSocket::~UnixSocket() { close(socket_); }

bool UnixSocket::write(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return true;
}

std::optional<size_t> UnixSocket::read(std::span<uint8_t> buffer, milliseconds limit) {
  pollfd ready = {socket_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return 0;
  const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno == EINTR) return 0;
  if (got <= 0) return std::nullopt;
  return static_cast<size_t>(got);
}

}  // namespace rxcheck
