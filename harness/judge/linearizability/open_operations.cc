// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/open_operations.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace rxcheck::linear {

namespace {

// In order of their returns.
struct OpenOnObject {
  std::vector<uint32_t> pure;
  std::vector<uint32_t> changing;
  std::vector<uint32_t>& list(bool is_pure) { return is_pure ? pure : changing; }
};

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
    if (const uint32_t needed = traits[found.pending[i]].needs; needed == kNone)
      found.pending_on_any.push_back(i);
    else
      found.pending_on.emplace_back(needed, i);
  }
  std::ranges::sort(found.pending_on);
}

}  // namespace

uint64_t OpenOperations::bytes() const {
  return sizeof(uint32_t) *
         (returns.capacity() + slots.capacity() + open_begin.capacity() + open.capacity() + pending.capacity() +
          alike_before.capacity() + pending_count.capacity() + pending_on_any.capacity() + 2 * pending_on.capacity());
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
  std::vector<OpenOnObject> open(objects);
  std::vector<uint32_t> free_slots;
  size_t called = 0, pending = 0;
  found.open_begin.push_back(0);
  const auto by_return = [&](uint32_t each) { return operations[each].ret; };
  for (const uint32_t next : found.returns) {
    const TimedOperation& due = operations[next];
    for (; called < calls.size() && operations[calls[called]].call < due.ret; ++called) {
      const uint32_t each = calls[called];
      auto& list = open[traits[each].object].list(traits[each].pure);
      list.insert(std::ranges::upper_bound(list, operations[each].ret, {}, by_return), each);
      if (free_slots.empty()) free_slots.push_back(found.slot_count++);
      found.slots[each] = free_slots.back();
      free_slots.pop_back();
    }
    while (pending < found.pending.size() && operations[found.pending[pending]].call < due.ret) ++pending;
    found.pending_count.push_back(static_cast<uint32_t>(pending));

    OpenOnObject& now = open[traits[next].object];
    if ((found.open.size() + now.pure.size() + now.changing.size()) * 2 * sizeof(uint32_t) > max_bytes) return false;
    found.open.insert(found.open.end(), now.pure.begin(), now.pure.end());
    const auto helps = [&](uint32_t each) {
      return each == next || (traits[each].makes != kNone && traits[each].makes == traits[next].needs);
    };
    for (const bool first : {true, false})  // `next` returns first, so it stands before the others that help
      std::ranges::copy_if(now.changing, std::back_inserter(found.open),
                           [&](uint32_t each) { return helps(each) == first; });
    found.open_begin.push_back(static_cast<uint32_t>(found.open.size()));
    free_slots.push_back(found.slots[next]);
    auto& list = now.list(traits[next].pure);
    list.erase(list.begin());  // it returns first
  }
  return true;
}

}  // namespace rxcheck::linear
