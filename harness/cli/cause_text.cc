// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cause_text.h"

#include <fmt/format.h>

#include <array>

#include "harness/cli/report.h"
#include "harness/cli/terminal.h"
#include "harness/core/schedule_text.h"

namespace rxcheck::cli {

namespace {

// "RxStrucSupSpinLock" of "rxrdbss.sys!RxStrucSupSpinLock+0x0"; a lock within an object keeps its offset.
std::string short_name(const std::string& lock) {
  const size_t mark = lock.find('!');
  std::string name = mark == std::string::npos ? lock : lock.substr(mark + 1);
  if (name.ends_with("+0x0")) name.resize(name.size() - 4);
  return name;
}

std::string words_for_locks(const std::vector<LockAtAccess>& locks) {
  if (locks.empty()) return "no lock";
  std::string words;
  for (const LockAtAccess& lock : locks)
    words +=
        fmt::format("{}{}{}", words.empty() ? "" : " and ", short_name(lock.name), lock.exclusive ? "" : " (shared)");
  return words;
}

std::string words_for_action(const LoggedAccess& access, const std::string& object) {
  switch (access.at.access) {
    case Access::read:
      return "reads " + object;
    case Access::write:
      return "writes " + object;
    case Access::atomic:
      return "exchanges " + object;
    case Access::call:
      return "calls " + access.at.object;
    case Access::block:
      return "waits for " + object;
  }
  return "";
}

std::string place_in_line(const LoggedAccess& access, const SourceLines& lines) {
  const std::string text = lines.at(access.site).text();
  return text.empty() ? fmt::format("where it {}", words_for_action(access, access.at.object)) : text;
}

// The function as the source has it, which may be inlined into another.
std::string function_of(const LoggedAccess& access, const SourceLines& lines) {
  const SourceLine line = lines.at(access.site);
  if (!line.function.empty()) return line.function;
  if (!access.at.function.empty()) return access.at.function;
  return access.site == 0 ? "the I/O manager" : "a function without a name";
}

std::string words_for_section(const Cause& cause, const SourceLines& lines) {
  const std::string end = place_in_line(*cause.own, lines);
  if (!cause.before || !cause.one_section) return fmt::format("at {}", end);
  const std::string begin = place_in_line(*cause.before, lines);
  return begin == end ? fmt::format("at {}", end) : fmt::format("from {} to {}", begin, end);
}

std::string begin_of_section(const Cause& cause, const SourceLines& lines) {
  return "at " + place_in_line(*cause.before, lines);
}

std::string words_for_harm(const Cause& cause, const SourceLines& lines) {
  std::string words = fmt::format("The switch does harm at {} before that", plural(cause.placements, "place"));
  if (cause.before)
    words += fmt::format(", after {} {}", words_for_place(*cause.before, lines), words_for_access(*cause.before));
  if (cause.earlier_is_clean && cause.later_is_clean)
    return words + ". Replayed with it earlier or later, the run is clean.";
  if (cause.later_is_clean) return words + ". Replayed with it later, the run is clean.";
  if (cause.earlier_is_clean) return words + ". Replayed with it earlier, the run is clean.";
  return words + ".";
}

std::string words_for_remedy(const Cause& cause, const SourceLines& lines) {
  const std::string lock = cause.lock ? short_name(cause.lock->name) : "";
  const std::string mine = cause.own ? function_of(*cause.own, lines) : "";
  switch (cause.remedy) {
    case Remedy::none:
      return "";
    case Remedy::keep:
      if (!cause.lock) return "The memory must not be freed before that: a reference would keep it.";
      return fmt::format(
          "The memory must not be freed before that: a reference taken under {} {}, or holding that lock {}, would "
          "exclude it.",
          lock, begin_of_section(cause, lines), words_for_section(cause, lines));
    case Remedy::take_lock:
      return fmt::format("Taking {} in {} around its accesses {} would exclude it.", lock, mine,
                         words_for_section(cause, lines));
    case Remedy::hold_on:
      if (common_lock(*cause.before, *cause.own) == nullptr)
        return fmt::format("Both hold {}, but {} takes it too late: holding it {} would exclude it.", lock, mine,
                           words_for_section(cause, lines));
      return fmt::format(
          "Both hold {}, but it is given back in between: holding it {}, or looking again after it is taken, would "
          "exclude it.",
          lock, words_for_section(cause, lines));
    case Remedy::take_too:
      return fmt::format("{} holds {}; if {} took it too at {}, that would exclude it.", mine, lock,
                         function_of(*cause.other, lines), place_in_line(*cause.other, lines));
    case Remedy::one_lock:
      return fmt::format("They hold different locks, {} and {}: one lock for both would exclude it, {} in {} {}.",
                         words_for_locks(cause.own->locks), words_for_locks(cause.other->locks), lock, mine,
                         words_for_section(cause, lines));
    case Remedy::order: {
      if (cause.lock)
        return fmt::format(
            "Both hold {}, which keeps them apart and does not tell who is first: {} must come before {}, or look "
            "under "
            "the lock whether that has happened. If either order is allowed, what is wrong is elsewhere: in what "
            "follows "
            "from this one.",
            lock, words_for_place(*cause.own, lines), words_for_place(*cause.other, lines));
      const bool one_field = cause.before && cause.before->at.object == cause.own->at.object;
      std::string words = fmt::format(
          "Neither holds a lock: {} must come before {}, or one lock must keep them apart{}.",
          words_for_place(*cause.own, lines), words_for_place(*cause.other, lines),
          one_field ? fmt::format(" {}, or one interlocked instruction do both", words_for_section(cause, lines)) : "");
      if (cause.elsewhere)
        words += fmt::format(" Elsewhere {} {}.", words_for_place(*cause.elsewhere, lines),
                             words_for_access(*cause.elsewhere));
      return words;
    }
  }
  return "";
}

Json to_json(const std::optional<LoggedAccess>& access, const SourceLines& lines) {
  if (!access) return nullptr;
  const SourceLine line = lines.at(access->site);
  Json locks = Json::array();
  for (const LockAtAccess& lock : access->locks) locks.push_back({{"name", lock.name}, {"exclusive", lock.exclusive}});
  static constexpr std::array kKinds{"read", "write", "atomic", "call", "block"};
  return {{"line", text_of(access->at.line)},
          {"function", or_null(access->at.function)},
          {"file", or_null(line.path)},
          {"source_line", line.line == 0 ? Json(nullptr) : Json(line.line)},
          {"access", kKinds[static_cast<size_t>(access->at.access)]},
          {"object", access->at.object},
          {"locks", locks}};
}

}  // namespace

std::vector<uint64_t> sites_of(const std::vector<Cause>& causes) {
  std::vector<uint64_t> sites;
  for (const Cause& cause : causes)
    for (const auto* access : {&cause.before, &cause.own, &cause.other, &cause.decided, &cause.elsewhere})
      if (*access && (*access)->site != 0) sites.push_back((*access)->site);
  return sites;
}

std::string words_for_place(const LoggedAccess& access, const SourceLines& lines) {
  const SourceLine line = lines.at(access.site);
  std::string name = function_of(access, lines);
  if (!access.at.function.empty() && name != access.at.function)
    name = fmt::format("{} in {}", name, access.at.function);
  const std::string source = line.text();
  return fmt::format("{} ({}{}{})", name, source, source.empty() ? "" : ", ", text_of(access.at.line));
}

std::string words_for_access(const LoggedAccess& access) {
  return fmt::format("{} holding {}", words_for_action(access, access.at.object), words_for_locks(access.locks));
}

std::vector<std::string> sentences(const Cause& cause, const SourceLines& lines) {
  std::vector<std::string> all;
  if (!cause.own) {
    all.emplace_back("No two accesses to one piece of memory change places here.");
    if (cause.decided)
      all.push_back(fmt::format("{}, which {}, must come before what the other lines do meanwhile.",
                                words_for_place(*cause.decided, lines),
                                words_for_action(*cause.decided, cause.decided->at.object)));
    return all;
  }
  all.push_back(fmt::format("{} {}{}.", words_for_place(*cause.own, lines), words_for_access(*cause.own),
                            cause.own_is_done ? "" : ": too late"));
  all.push_back(fmt::format("{}, {} {}.", cause.own_is_done ? "Before it goes on" : "Before it",
                            words_for_place(*cause.other, lines), words_for_access(*cause.other)));
  if (cause.placements != 0) all.push_back(words_for_harm(cause, lines));
  all.push_back(words_for_remedy(cause, lines));
  return all;
}

Json to_json(const Cause& cause, const SourceLines& lines) {
  static constexpr std::array kRemedies{"none", "keep", "take-lock", "take-too", "hold-on", "one-lock", "order"};
  return {{"choice", cause.choice + 1},
          {"late", to_json(cause.own, lines)},
          {"early", to_json(cause.other, lines)},
          {"section_begins", to_json(cause.before, lines)},
          {"placements", cause.placements},
          {"earlier_is_clean", cause.earlier_is_clean},
          {"later_is_clean", cause.later_is_clean},
          {"remedy", kRemedies[static_cast<size_t>(cause.remedy)]},
          {"lock", or_null(cause.lock ? cause.lock->name : "")},
          {"elsewhere", to_json(cause.elsewhere, lines)},
          {"sentences", sentences(cause, lines)}};
}

}  // namespace rxcheck::cli
