// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/core/history_text.h"
#include "harness/core/operation_text.h"

namespace rxcheck::cli {

namespace {

constexpr unsigned kMargin = 7;  // mark and number
constexpr unsigned kNarrowest = 20;

class Timeline {
 public:
  Timeline(const History& history, const TimelineOptions& options)
      : history_(history), options_(options), names_(operation_names(history.program)) {
    std::set<uint8_t> actors;
    for (const Event& event : history.events) actors.insert(actor_of(event));
    const bool environment = actors.erase(0) != 0;
    columns_.assign(actors.begin(), actors.end());
    if (environment) columns_.push_back(0);
    const auto count = static_cast<unsigned>(std::max<size_t>(columns_.size(), 1));
    const unsigned room = options.width > kMargin + 2 * count ? options.width - kMargin - 2 * count : 0;
    width_ = std::max(room / count, kNarrowest);
  }

  std::vector<std::string> lines() {
    head();
    for (size_t i = 0; i < history_.events.size(); ++i) {
      notes(i);
      row(i);
    }
    notes(history_.events.size());
    if (options_.broken == history_.events.size()) lines_.push_back(">>     the run is over, and it never happened");
    return std::move(lines_);
  }

 private:
  uint8_t actor_of(const Event& event) const {
    const auto& operations = history_.program.operations;
    return event.operation < operations.size() ? operations[event.operation].actor : uint8_t{0};
  }

  void head() {
    std::string line(kMargin, ' ');
    for (const uint8_t actor : columns_)
      line += fmt::format("{:<{}}  ", actor == 0 ? "environment" : fmt::format("actor {}", actor), width_);
    push(line);
  }

  void notes(size_t event) {
    const auto [first, last] = options_.notes.equal_range(event);
    for (auto note = first; note != last; ++note) lines_.push_back("-- " + note->second);
  }

  // A call in the words of the program; what belongs to it indented, named only if another call stands above it.
  std::string text_for(const Event& event) {
    std::string text = text_of(event, names_);
    if (event.operation >= history_.program.operations.size()) return text.starts_with("- ") ? text.substr(2) : text;
    const std::string& label = names_.lines[event.operation];
    uint16_t& above = above_[history_.program.operations[event.operation].actor];
    if (event.kind == EventKind::call) {
      above = event.operation;
      return fmt::format("{} {}", label, operation_text(history_.program, event.operation, names_.resources));
    }
    const bool own = above == event.operation && text.starts_with(label + " ");
    return "  " + (own ? text.substr(label.size() + 1) : text);
  }

  void row(size_t index) {
    const Event& event = history_.events[index];
    const auto column = static_cast<size_t>(std::ranges::find(columns_, actor_of(event)) - columns_.begin());
    std::string rest = text_for(event);
    for (bool first = true; first || !rest.empty(); first = false) {
      std::string line =
          first ? fmt::format("{} {:>3}  ", index == options_.broken ? ">>" : "  ", index + 1).substr(0, kMargin)
                : std::string(kMargin, ' ');
      for (size_t i = 0; i < columns_.size(); ++i) {
        std::string cell;
        if (i == column) cell = take(rest, first);
        line += fmt::format("{:<{}}  ", cell.empty() && first ? "." : cell, width_);
      }
      push(line);
    }
  }

  // As much as fits into a cell, broken at a blank where there is one.
  std::string take(std::string& rest, bool first) const {
    const std::string indent = first ? "" : "      ";
    const size_t room = width_ - indent.size();
    size_t end = rest.size();
    if (end > room) {
      end = rest.rfind(' ', room);
      if (end == std::string::npos || rest.find_first_not_of(' ') >= end) end = room;
    }
    std::string cell = indent + rest.substr(0, end);
    const size_t next = rest.find_first_not_of(' ', end);
    rest = next == std::string::npos ? "" : rest.substr(next);
    return cell;
  }

  void push(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    lines_.push_back(std::move(line));
  }

  const History& history_;
  const TimelineOptions& options_;
  OperationNames names_;
  std::vector<uint8_t> columns_;
  unsigned width_ = 0;
  std::array<uint16_t, kMaxActors + 1> above_{kNoOperation};  // per actor, the last call
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> timeline(const History& history, const TimelineOptions& options) {
  return Timeline(history, options).lines();
}

}  // namespace rxcheck::cli
