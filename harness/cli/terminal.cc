// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace rxcheck::cli {

namespace {
using namespace std::chrono_literals;
constexpr auto kPlainEvery = 5s;
constexpr auto kLiveEvery = 200ms;

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }
}  // namespace

Progress::Progress(std::string what, uint64_t total)
    : what_(std::move(what)),
      total_(total),
      live_(isatty(STDERR_FILENO) != 0),
      begin_(std::chrono::steady_clock::now()),
      next_(begin_ + (live_ ? std::chrono::steady_clock::duration(kLiveEvery) : kPlainEvery)) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void Progress::at(uint64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + (live_ ? std::chrono::steady_clock::duration(kLiveEvery) : kPlainEvery);
  const double elapsed = seconds(now - begin_);
  const double rate = static_cast<double>(done) / elapsed;
  std::string line =
      fmt::format("{}: {} of {}, {:.0f} s", what_, with_separators(done), with_separators(total_), elapsed);
  if (rate > 0)
    line += fmt::format(", {}/s, {:.0f} s to go", with_separators(static_cast<uint64_t>(rate)),
                        static_cast<double>(total_ - std::min(done, total_)) / rate);
  clear();
  std::fputs((line + (live_ ? "" : "\n")).c_str(), stderr);
  std::fflush(stderr);
  shown_ = live_;
}

void Progress::note(const std::string& line) {
  clear();
  std::fputs((line + "\n").c_str(), stderr);
}

std::string with_separators(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string plural(uint64_t count, std::string_view noun) {
  const bool hisses = noun.ends_with("ch") || noun.ends_with("s");
  return fmt::format("{} {}{}", with_separators(count), noun, count == 1 ? "" : hisses ? "es" : "s");
}

double to_digits(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

double to_significant(double value) { return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr); }

unsigned width_of_output() {
  winsize size{};
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 120;
}

std::string tinted(std::string_view text, Tint tint) {
  static const bool on = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  if (!on || tint == Tint::none) return std::string(text);
  static constexpr const char* kCodes[] = {"0", "31", "32", "33", "1", "2"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(tint)], text);
}

}  // namespace rxcheck::cli
