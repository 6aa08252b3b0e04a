// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/formats/formats.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "harness/campaign/block.h"
#include "harness/campaign/run_record.h"
#include "harness/campaign/run_state.h"
#include "harness/campaign/run_store.h"
#include "harness/campaign/wire.h"
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

// What a run's blocks add up to. In a store a seal keeps a fuzzer from it.
Wrong try_run_state(std::string_view bytes) {
  RunState once, again;
  if (!read_content(bytes, once)) return std::nullopt;
  const std::string content = content_of(once);
  if (!read_content(content, again)) return "what it writes it does not read";
  return content_of(again) != content ? Wrong("what it writes it reads as something else") : std::nullopt;
}

Wrong try_record(std::string_view bytes) {
  return round_trip(
      bytes, [](std::string_view text) { return cells_of_record(text, "input"); },
      [](const models::CellSet& cells) {
        return nlohmann::json{{"cells", cells_for_record(cells)}}.dump();
      });
}

// A store, and all that is in it.
struct WholeStore {
  RunHeader header;
  RunState state;
  std::vector<std::pair<uint64_t, std::string>> blocks;
};

Result<WholeStore> read_store(std::string_view bytes) {
  auto store = RunStore::of_bytes(bytes);
  if (!store) return store.error();
  auto state = store->load();
  if (!state) return state.error();
  WholeStore whole{store->header(), std::move(*state), {}};
  const auto damaged =
      store->each_block([&](uint64_t block, const std::string& digest) { whole.blocks.emplace_back(block, digest); });
  if (damaged) return *damaged;
  return whole;
}

// Written as `merge` does. "" if it could not be.
std::string write_store(const WholeStore& whole) {
  auto store = RunStore::create_in_memory(whole.header);
  if (!store || store->begin()) return "";
  for (const auto& [block, digest] : whole.blocks)
    if (store->put_block(block, digest)) return "";
  if (store->commit(whole.state)) return "";
  return store->bytes();
}

// Everything, but for the time it took, which `merge` leaves out.
std::string text_of(const WholeStore& whole) {
  const RunHeader& header = whole.header;
  WireWriter out;
  for (const uint64_t value : {header.programs, uint64_t{header.shard}, uint64_t{header.shards}}) out.number(value);
  for (const std::string& text : {header.campaign, header.options, content_of(whole.state)}) out.text(text);
  for (const Finding& finding : whole.state.findings) {
    for (const std::string& text : {finding.fingerprint, finding.clause, finding.summary, finding.repro})
      out.text(text);
    for (const unsigned value : {finding.operations, finding.actors, finding.switches}) out.number(value);
    out.number(static_cast<uint64_t>(finding.verdict));
  }
  for (const auto& [block, digest] : whole.blocks) {
    out.number(block);
    out.text(digest);
  }
  return out.take();
}

// Written once only: that takes SQLite a millisecond.
Wrong try_store(std::string_view bytes) {
  const auto once = read_store(bytes);
  if (!once) return once.error().message.empty() ? Wrong("an error without words") : std::nullopt;
  const auto again = read_store(write_store(*once));
  if (!again) return "what it writes it does not read: " + again.error().text();
  return text_of(*again) != text_of(*once) ? Wrong("what it writes it reads as something else") : std::nullopt;
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
                                                {"porcupine kv", try_porcupine},
                                                {"run record", try_record},
                                                {"run store", try_store},
                                                {"run state", try_run_state}}};

}  // namespace

std::string_view name_of_format(unsigned format) { return kAll[format].name; }

unsigned format_named(std::string_view name) {
  unsigned format = 0;
  while (format < kFormats && kAll[format].name != name) ++format;
  return format;
}

std::optional<std::string> try_format(unsigned format, std::span<const uint8_t> bytes) {
  // A copy of just this size, so that a sanitizer sees what is read behind it.
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
  return kAll[format].attempt(std::string_view(copy.get(), bytes.size()));
}

}  // namespace rxcheck::fuzz
