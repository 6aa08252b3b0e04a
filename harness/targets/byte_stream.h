// SPDX-License-Identifier: Apache-2.0
//
// Bytes to a guest's agent and back, whatever carries them: pipes, a socket. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace rxcheck {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // False if nobody reads any more.
  virtual bool write(std::span<const uint8_t> bytes) = 0;
  // How many bytes came, at most `buffer.size()`; 0 if none within `limit`; nothing if the stream has ended.
  virtual std::optional<size_t> read(std::span<uint8_t> buffer, std::chrono::milliseconds limit) = 0;
  // The other side is to end by itself; what has not after `limit` is ended.
  virtual void end(std::chrono::milliseconds limit) = 0;
};

}  // namespace rxcheck
