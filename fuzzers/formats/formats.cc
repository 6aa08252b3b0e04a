// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/formats/formats.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>

#include "harness/campaign/block.h"
#include "harness/core/history_text.h"
#include "harness/core/mpr_program_text.h"
#include "harness/core/program_text.h"
#include "harness/judge/linearizability/jepsen_log.h"
#include "harness/judge/linearizability/porcupine_kv.h"
#include "harness/targets/agent_channel.h"

namespace rxcheck::fuzz {

namespace {

using std::chrono::milliseconds;
using Wrong = std::optional<std::string>;

// What was read is written and read again. `write` of both must be the same text.
template <typename Read, typename Write>
Wrong round_trip(std::string_view bytes, Read read, Write write) {
  const auto once = read(bytes);
  if (!once) return once.error().message.empty() ? Wrong("an error without words") : std::nullopt;
  const std::string text = write(*once);
  const auto again = read(text);
  if (!again) return "what it writes it does not read: " + again.error().text();
  if (write(*again) != text) return "what it writes it reads as something else";
  return std::nullopt;
}

Wrong try_program(std::string_view bytes) {
  return round_trip(
      bytes, [](std::string_view text) { return parse_program(text, "input"); },
      [](const ProgramFile& file) { return print(file); });
}

Wrong try_mpr_program(std::string_view bytes) {
  return round_trip(
      bytes, [](std::string_view text) { return mpr::parse_program(text, "input"); },
      [](const mpr::ProgramFile& file) { return mpr::print(file); });
}

Wrong try_history(std::string_view bytes) {
  return round_trip(
      bytes, [](std::string_view text) { return parse_history(text, "input"); },
      [](const History& history) { return print(history); });
}

Wrong try_report(std::string_view bytes) {
  return round_trip(
      bytes, [](std::string_view text) { return from_bytes(text); },
      [](const BlockReport& report) { return to_bytes(report); });
}

Wrong try_jepsen_log(std::string_view bytes) {
  const auto read = linear::read_jepsen_log(bytes, "input");
  return !read && read.error().message.empty() ? Wrong("an error without words") : std::nullopt;
}

Wrong try_porcupine(std::string_view bytes) {
  const auto read = linear::read_porcupine_kv(bytes, "input");
  return !read && read.error().message.empty() ? Wrong("an error without words") : std::nullopt;
}

// An agent that sends the input, in pieces of some size, whatever it is asked.
class Said : public ByteStream {
 public:
  explicit Said(std::string_view bytes) : rest_(bytes) {}
  bool write(std::span<const uint8_t>) override { return true; }
  std::optional<size_t> read(std::span<uint8_t> buffer, milliseconds) override {
    if (rest_.empty()) return std::nullopt;
    const size_t size = std::min({buffer.size(), rest_.size(), size_t{1021}});
    std::memcpy(buffer.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }
  void end(milliseconds) override {}

 private:
  std::string_view rest_;
};

Wrong try_agent(std::string_view bytes) {
  constexpr milliseconds kLimit(60'000);  // never waited for: the stream ends
  AgentChannel channel(std::make_unique<Said>(bytes));
  channel.hello(kLimit);
  if (!channel.broken()) channel.load("engine", "redirector", "", kLimit);
  if (!channel.broken()) channel.issue(1, 0, {}, 8);
  while (!channel.broken())
    if (const auto answer = channel.next(kLimit); answer && answer->output.size() > bytes.size())
      return "an answer is longer than all that was sent";
  channel.close();
  return channel.why().empty() ? Wrong("a broken channel without a reason") : std::nullopt;
}

struct Format {
  std::string_view name;
  Wrong (*attempt)(std::string_view bytes);
};
// In an order that must not change: files of inputs depend on it.
constexpr std::array<Format, kFormats> kAll = {{{"rxp", try_program},
                                                {"rxp of the router", try_mpr_program},
                                                {"rxh", try_history},
                                                {"agent", try_agent},
                                                {"block report", try_report},
                                                {"jepsen log", try_jepsen_log},
                                                {"porcupine kv", try_porcupine}}};

}  // namespace

std::string_view name_of_format(unsigned format) { return kAll[format].name; }

std::optional<std::string> try_format(unsigned format, std::span<const uint8_t> bytes) {
  // A copy of just this size, so that a sanitizer sees what is read behind it.
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  return kAll[format].attempt(std::string_view(copy.get(), bytes.size()));
}

}  // namespace rxcheck::fuzz
