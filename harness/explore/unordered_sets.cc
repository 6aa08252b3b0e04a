// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/unordered_sets.h"

#include <algorithm>

namespace rxcheck {

using nt::SetUse;
using nt::Touch;

void UnorderedSets::begin() {
  ordered_.clear();
  begin_execution();
}

void UnorderedSets::begin_execution() {
  now_.uses.clear();
  now_.cells.clear();
  learned_ = false;
}

void UnorderedSets::order(uint64_t set) { learned_ = ordered_.insert(set).second || learned_; }

void UnorderedSets::use(unsigned thread, const void* set, const void* entry, SetUse use) {
  const uint64_t object = nt::memory_object(set);
  if (use == SetUse::ordered) {
    order(object);
    return;
  }
  const auto under_way = std::ranges::find(now_.uses, thread, &State::Use::thread);
  if (under_way != now_.uses.end()) {
    if (use == SetUse::done && under_way->use == SetUse::removes)
      std::erase_if(now_.cells, [&](const State::Cell& cell) { return cell.entry == under_way->entry; });
    now_.uses.erase(under_way);
  }
  if (use == SetUse::done || ordered_.contains(object)) return;
  const uint64_t of = entry == nullptr ? 0 : nt::memory_object(entry);
  now_.uses.push_back({thread, object, of, use});
  if (use != SetUse::adds) return;
  for (const uint64_t link : {of, of + 1})  // two pointers
    now_.cells.push_back({link, object, of});
}

UnorderedSets::Told UnorderedSets::touch(unsigned thread, uint64_t object, Touch how) {
  if (static_cast<nt::ObjectKind>(object >> 56) != nt::ObjectKind::memory) return {object, how};
  const auto under_way = std::ranges::find(now_.uses, thread, &State::Use::thread);
  const auto cell = std::ranges::find(now_.cells, object, &State::Cell::object);
  if (under_way != now_.uses.end() && (cell == now_.cells.end() || cell->set == under_way->set)) {
    if (cell == now_.cells.end()) now_.cells.push_back({object, under_way->set, 0});
    return {under_way->set, under_way->use == SetUse::looks ? Touch::read : Touch::update};
  }
  if (cell != now_.cells.end()) order(cell->set);
  return {object, how};
}

}  // namespace rxcheck
