// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness/core/random.h"

namespace rxcheck {

namespace {

constexpr char kMark[] = {'r', 'x', 'c', 'k'};
constexpr size_t kHeader = sizeof kMark + 8 + 8;

uint64_t check_sum(std::string_view bytes) {
  uint64_t sum = bytes.size();
  for (const char c : bytes) sum = mix64(sum ^ static_cast<uint8_t>(c));
  return sum;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool send_frame(int descriptor, std::string_view content) {
  const uint64_t numbers[2] = {content.size(), check_sum(content)};
  std::string frame(kMark, sizeof kMark);
  frame.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
  return write_all(descriptor, frame.append(content));
}

// The worker's whole life.
[[noreturn]] void live(const std::function<void(const Worker::Send&)>& body, int descriptor) {
  signal(SIGINT, SIG_IGN);  // on a terminal ^C reaches the whole group of processes
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  body([descriptor](std::string_view content) { return send_frame(descriptor, content); });
  _exit(EXIT_SUCCESS);
}

}  // namespace

Worker::Worker(const std::function<void(const Send&)>& body) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  std::fflush(nullptr);
  process_ = fork();
  if (process_ == 0) {
    close(ends[0]);
    live(body, ends[1]);
  }
  close(ends[1]);
  pipe_ = ends[0];
  if (process_ < 0) {
    close(pipe_);
    pipe_ = -1;
    return;
  }
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
}

Worker::~Worker() {
  if (pipe_ >= 0) close(pipe_);
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
}

bool Worker::read() {
  if (pipe_ < 0) return false;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(pipe_, buffer, sizeof buffer);
    if (count > 0) {
      bytes_.append(buffer, static_cast<size_t>(count));
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    return count < 0 && errno == EAGAIN;
  }
}

std::optional<std::string> Worker::next() {
  if (damaged_ || bytes_.size() < kHeader) return std::nullopt;
  uint64_t numbers[2];
  std::memcpy(numbers, bytes_.data() + sizeof kMark, sizeof numbers);
  if (std::memcmp(bytes_.data(), kMark, sizeof kMark) != 0) {
    damaged_ = true;
    return std::nullopt;
  }
  if (bytes_.size() - kHeader < numbers[0]) return std::nullopt;
  std::string content = bytes_.substr(kHeader, numbers[0]);
  damaged_ = check_sum(content) != numbers[1];
  if (damaged_) return std::nullopt;
  bytes_.erase(0, kHeader + numbers[0]);
  return content;
}

std::string Worker::end() {
  if (process_ <= 0) return fmt::format("could not be started: {}", std::strerror(errno));
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (WIFSIGNALED(status))
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return WEXITSTATUS(status) == EXIT_SUCCESS ? "" : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

void wait_for_any(const std::vector<Worker*>& workers, int milliseconds) {
  std::vector<pollfd> descriptors;
  for (const Worker* worker : workers) {
    if (worker->descriptor() < 0) return;
    descriptors.push_back({worker->descriptor(), POLLIN, 0});
  }
  poll(descriptors.data(), descriptors.size(), milliseconds);
}

}  // namespace rxcheck
