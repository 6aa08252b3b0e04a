// SPDX-License-Identifier: Apache-2.0
//
// QEMU's monitor (QMP: one JSON object a line each way). One command at a time; events in between are passed over.
// Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/targets/unix_socket.h"

namespace rxcheck {

class Monitor {
 public:
  // Nothing if QEMU does not greet in time.
  static std::unique_ptr<Monitor> connect(const std::string& path, std::chrono::milliseconds limit);

  // A command of the human monitor, as "savevm boot". Nothing if it was carried out; else what QEMU says.
  std::optional<std::string> command(const std::string& line, std::chrono::milliseconds limit);

 private:
  explicit Monitor(std::unique_ptr<UnixSocket> socket) : socket_(std::move(socket)) {}
  bool greet(std::chrono::milliseconds limit);
  // The next object that is no event, as text; nothing if none came in time.
  std::optional<std::string> answer(std::chrono::milliseconds limit);
  bool send(const std::string& line);

  std::unique_ptr<UnixSocket> socket_;
  std::string received_;
};

}  // namespace rxcheck
