// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace rxcheck {

namespace {

struct Pipe {
  int read = -1;
  int write = -1;
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  void close() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
    read = write = -1;
  }
};

// In the child: never returns.
[[noreturn]] void become(const std::vector<std::string>& arguments, const ChildProcess::Variables& environment,
                         const std::string& error_file, const Pipe& in, const Pipe& out) {
  setpgid(0, 0);
  for (const auto& [name, value] : environment)
    if (value.empty())
      unsetenv(name.c_str());
    else
      setenv(name.c_str(), value.c_str(), 1);
  const int errors =
      ::open(error_file.empty() ? "/dev/null" : error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (dup2(in.read, 0) < 0 || dup2(out.write, 1) < 0 || errors < 0 || dup2(errors, 2) < 0) _exit(126);
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& arguments, const Variables& environment,
                                         const std::string& error_file) {
  Pipe in;
  Pipe out;
  if (!in.open() || !out.open()) {
    in.close();
    return Error{std::string("cannot make a pipe: ") + std::strerror(errno), arguments[0], "close some files"};
  }
  const pid_t pid = fork();
  if (pid == 0) become(arguments, environment, error_file, in, out);
  ::close(in.read);
  ::close(out.write);
  ChildProcess child;
  child.to_ = in.write;
  child.from_ = out.read;
  child.pid_ = pid;
  if (pid < 0)
    return Error{std::string("cannot start it: ") + std::strerror(errno), arguments[0], "end other programs"};
  setpgid(pid, pid);  // whoever comes first
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), to_(std::exchange(other.to_, -1)), from_(std::exchange(other.from_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  kill();
  pid_ = std::exchange(other.pid_, -1);
  to_ = std::exchange(other.to_, -1);
  from_ = std::exchange(other.from_, -1);
  return *this;
}

ChildProcess::~ChildProcess() { kill(); }

void ChildProcess::close_pipes() {
  if (to_ >= 0) ::close(to_);
  if (from_ >= 0) ::close(from_);
  to_ = from_ = -1;
}

bool ChildProcess::write(std::span<const uint8_t> bytes) {
  // A write to a program that is gone must not end this one.
  struct sigaction ignore = {};
  struct sigaction before = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
  while (to_ >= 0 && !bytes.empty()) {
    const ssize_t put = ::write(to_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  sigaction(SIGPIPE, &before, nullptr);
  return bytes.empty();
}

std::optional<size_t> ChildProcess::read(std::span<uint8_t> buffer, std::chrono::milliseconds limit) {
  if (from_ < 0) return std::nullopt;
  pollfd ready = {from_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return 0;
  const ssize_t got = ::read(from_, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return 0;
  if (got <= 0) return std::nullopt;
  return static_cast<size_t>(got);
}

bool ChildProcess::wait(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (pid_ > 0) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      break;
    }
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

void ChildProcess::end(std::chrono::milliseconds limit) {
  if (!wait(limit)) kill();
}

void ChildProcess::kill() {
  close_pipes();
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace rxcheck
