// SPDX-License-Identifier: Apache-2.0
//
// A program of ours that runs beside us, with pipes to its standard input and output; its standard error goes to a file
// or nowhere. It is the first of a process group, which ends with it. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/result.h"
#include "harness/targets/byte_stream.h"

namespace rxcheck {

class ChildProcess : public ByteStream {
 public:
  using Variables = std::vector<std::pair<std::string, std::string>>;  // set; an empty value unsets

  // `arguments[0]` is the program's path. The error says why it could not be started.
  static Result<ChildProcess> start(const std::vector<std::string>& arguments, const Variables& environment,
                                    const std::string& error_file);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess() override;

  bool write(std::span<const uint8_t> bytes) override;
  std::optional<size_t> read(std::span<uint8_t> buffer, std::chrono::milliseconds limit) override;
  void end(std::chrono::milliseconds limit) override;
  // Waits for its end; false if it did not come.
  bool wait(std::chrono::milliseconds limit);
  // Ends it and its process group at once.
  void kill();

 private:
  ChildProcess() = default;
  void close_pipes();

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
};

}  // namespace rxcheck
