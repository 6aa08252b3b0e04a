// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/conflict.h"

#include <algorithm>
#include <set>

namespace rxcheck {

namespace {

// Where the stopped line goes on, or the end.
size_t goes_on(const Turned& turned) {
  size_t i = turned.turn.position;
  while (i < turned.run.size() && turned.run[i].thread != turned.turn.from) ++i;
  return i;
}

// The blocks that were touched before the switch.
std::set<uint64_t> blocks_before(const Turned& turned) {
  std::set<uint64_t> blocks{0};
  for (size_t i = 0; i < turned.turn.position; ++i)
    for (const Touched& touched : turned.run[i].touched) blocks.insert(touched.block);
  return blocks;
}

bool is_old(const LoggedAccess& access, const std::set<uint64_t>& blocks) {
  return std::ranges::any_of(access.touched, [&](const Touched& touched) { return blocks.contains(touched.block); });
}

// Calls that take and give locks.
bool is_of_lock(const LoggedAccess& access) {
  if (access.at.access != Access::call) return false;
  const std::string& routine = access.at.object;
  return (routine.find("Acquire") != std::string::npos || routine.find("Release") != std::string::npos) &&
         (routine.find("Lock") != std::string::npos || routine.find("Resource") != std::string::npos ||
          routine.find("Mutex") != std::string::npos);
}

bool is_plain(const LoggedAccess& access) { return access.at.access != Access::call && access.touched.size() == 1; }

}  // namespace

bool conflict(const LoggedAccess& one, const LoggedAccess& other) {
  if (is_of_lock(one) || is_of_lock(other)) return false;
  if (is_plain(one) && is_plain(other) && one.at.object != other.at.object) return false;
  for (const Touched& mine : one.touched)
    for (const Touched& theirs : other.touched)
      if (mine.object == theirs.object && (mine.writes || theirs.writes)) return true;
  return false;
}

bool gives_lock(const LoggedAccess& access) {
  return is_of_lock(access) && access.at.object.find("Release") != std::string::npos;
}

bool frees(const LoggedAccess& access) {
  return access.at.access == Access::call && access.at.object.starts_with("ExFreePool");
}

const LockAtAccess* common_lock(const LoggedAccess& one, const LoggedAccess& other) {
  for (const LockAtAccess& mine : one.locks)
    for (const LockAtAccess& theirs : other.locks)
      if (mine.address == theirs.address && (mine.exclusive || theirs.exclusive)) return &theirs;
  return nullptr;
}

std::optional<Conflict> first_conflict(const Turned& turned, size_t from) {
  const size_t end = goes_on(turned);
  const std::set<uint64_t> blocks = blocks_before(turned);
  for (size_t own = from; own < turned.onward.size(); ++own) {
    if (turned.onward[own].thread != turned.turn.from || !is_old(turned.onward[own], blocks)) continue;
    for (size_t other = end; other-- > turned.turn.position;)
      if (conflict(turned.onward[own], turned.run[other])) return Conflict{own, other};
  }
  return std::nullopt;
}

std::optional<Conflict> last_conflict(const Turned& turned, size_t until) {
  const size_t end = goes_on(turned);
  const std::set<uint64_t> blocks = blocks_before(turned);
  const Line* line = nullptr;
  for (size_t own = std::min(until, turned.turn.position); own-- > 0;) {
    if (turned.run[own].thread != turned.turn.from || !is_old(turned.run[own], blocks)) continue;
    if (line == nullptr) line = &turned.run[own].at.line;
    if (turned.run[own].at.line != *line) break;
    for (size_t other = turned.turn.position; other < end; ++other)
      if (conflict(turned.run[own], turned.run[other])) return Conflict{own, other};
  }
  return std::nullopt;
}

const LoggedAccess* guarded_elsewhere(const std::vector<LoggedAccess>& run, const LoggedAccess& access) {
  const LoggedAccess* found = nullptr;
  for (const LoggedAccess& candidate : run) {
    if (candidate.at.access == Access::call || candidate.at.object != access.at.object) continue;
    if (std::ranges::none_of(candidate.locks, [](const LockAtAccess& lock) { return lock.exclusive; })) continue;
    if (candidate.at.function != access.at.function) return &candidate;
    if (found == nullptr) found = &candidate;
  }
  return found;
}

}  // namespace rxcheck
