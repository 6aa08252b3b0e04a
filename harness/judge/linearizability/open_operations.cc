// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/open_operations.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace rxcheck::linear {

namespace {

void find_pending(std::span<const TimedOperation> operations, std::span<const Traits> traits, OpenOperations& found) {
  for (uint32_t i = 0; i < operations.size(); ++i)
    if (operations[i].ret == kNever && !traits[i].pure) found.pending.push_back(i);
  std::ranges::sort(found.pending, {}, [&](uint32_t each) { return operations[each].call; });
  std::map<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>, uint32_t> last;
  for (uint32_t i = 0; i < found.pending.size(); ++i) {
    const TimedOperation& each = operations[found.pending[i]];
    found.slots[found.pending[i]] = i;
    const auto [known, is_new] =
        last.try_emplace({each.function, each.key, each.argument, each.argument2, each.result}, i);
    found.alike_before.push_back(is_new ? kNone : known->second);
    known->second = i;
  }
}

}  // namespace

uint64_t OpenOperations::bytes() const {
  return sizeof(uint32_t) * (returns.capacity() + slots.capacity() + open_begin.capacity() + pure_end.capacity() +
                             open.capacity() + pending.capacity() + alike_before.capacity() + pending_count.capacity());
}

bool find_open_operations(std::span<const TimedOperation> operations, std::span<const Traits> traits,
                          uint64_t max_bytes, OpenOperations& found) {
  const auto count = static_cast<uint32_t>(operations.size());
  found.slots.assign(count, kNone);
  find_pending(operations, traits, found);
  std::vector<uint32_t> calls;
  for (uint32_t i = 0; i < count; ++i)
    if (operations[i].ret != kNever) calls.push_back(i);
  found.returns = calls;
  std::ranges::sort(calls, {}, [&](uint32_t each) { return operations[each].call; });
  std::ranges::sort(found.returns, {}, [&](uint32_t each) { return operations[each].ret; });

  uint32_t objects = 0;
  for (const Traits& each : traits) objects = std::max(objects, each.object + 1);
  std::vector<std::vector<uint32_t>> open(objects);
  std::vector<uint32_t> free_slots;
  size_t called = 0, pending = 0;
  found.open_begin.push_back(0);
  for (const uint32_t next : found.returns) {
    const TimedOperation& due = operations[next];
    for (; called < calls.size() && operations[calls[called]].call < due.ret; ++called) {
      open[traits[calls[called]].object].push_back(calls[called]);
      if (free_slots.empty()) free_slots.push_back(found.slot_count++);
      found.slots[calls[called]] = free_slots.back();
      free_slots.pop_back();
    }
    while (pending < found.pending.size() && operations[found.pending[pending]].call < due.ret) ++pending;
    found.pending_count.push_back(static_cast<uint32_t>(pending));

    auto& now = open[traits[next].object];
    const auto rank = [&](uint32_t each) {
      const Traits& its = traits[each];
      const bool helps = its.makes != kNone && its.makes == traits[next].needs;
      return std::tuple(!its.pure, each != next, !helps, operations[each].ret);
    };
    std::ranges::sort(now, {}, rank);
    const auto pure = std::ranges::count_if(now, [&](uint32_t each) { return traits[each].pure; });
    found.pure_end.push_back(found.open_begin.back() + static_cast<uint32_t>(pure));
    if ((found.open.size() + now.size()) * 2 * sizeof(uint32_t) > max_bytes) return false;
    found.open.insert(found.open.end(), now.begin(), now.end());
    found.open_begin.push_back(static_cast<uint32_t>(found.open.size()));
    free_slots.push_back(found.slots[next]);
    std::erase(now, next);
  }
  return true;
}

}  // namespace rxcheck::linear
