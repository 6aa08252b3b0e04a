// SPDX-License-Identifier: Apache-2.0
//
// A worker process and the caller's end of its pipe. The worker is a fork: it has what the caller has loaded. The pipe
// carries frames: four bytes "rxck", the length as 8 bytes, a 64-bit check sum as 8 bytes, then the content. Use from a
// process without threads.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rxcheck {

class Worker {
 public:
  // Sends a frame. False if nobody reads any more: time to end.
  using Send = std::function<bool(std::string_view content)>;

  // Forks a process that does `body`, then ends without running destructors. ^C is left to the caller.
  explicit Worker(const std::function<void(const Send&)>& body);
  // Kills a process that has not ended.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  int descriptor() const { return pipe_; }  // -1 if there is no process
  // Reads what there is, without waiting. False at the end of the pipe.
  bool read();
  // The next whole frame's content.
  std::optional<std::string> next();
  // True if a frame was damaged; there will be no more.
  bool damaged() const { return damaged_; }
  // After the end of the pipe: waits for the process. "was ended by signal 11 (...)", or "" if it ended well.
  std::string end();

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
  std::string bytes_;
  bool damaged_ = false;
};

// Waits until one of the workers has something to read or has ended, but not longer.
void wait_for_any(const std::vector<Worker*>& workers, int milliseconds);

}  // namespace rxcheck
