// SPDX-License-Identifier: Apache-2.0
//
// A stream over a Unix socket of this machine: QEMU's monitor, a guest's serial port. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "harness/targets/byte_stream.h"

namespace rxcheck {

class UnixSocket : public ByteStream {
 public:
  // Waits until somebody listens there; nothing if nobody did in time.
  static std::unique_ptr<UnixSocket> connect(const std::string& path, std::chrono::milliseconds limit);
  ~UnixSocket() override;
  UnixSocket(const UnixSocket&) = delete;
  UnixSocket& operator=(const UnixSocket&) = delete;

  bool write(std::span<const uint8_t> bytes) override;
  std::optional<size_t> read(std::span<uint8_t> buffer, std::chrono::milliseconds limit) override;
  void end(std::chrono::milliseconds) override {}  // whoever is at the other end is ended with the machine

 private:
  explicit UnixSocket(int socket) : socket_(socket) {}

  int socket_;
};

}  // namespace rxcheck
