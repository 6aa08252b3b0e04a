// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/outlook.h"

#include <algorithm>
#include <numeric>

namespace rxcheck::linear {

template <typename NumberOf>
Outlook::Lists Outlook::lists_of(uint32_t bound, std::span<const uint32_t> order, NumberOf number_of) const {
  Lists lists;
  lists.begin.assign(size_t{bound} + 1, 0);
  lists.position.assign(operations_.size(), kNone);
  for (const uint32_t each : order)
    if (const uint32_t number = number_of(each); number != kNone) ++lists.begin[number + 1];
  std::partial_sum(lists.begin.begin(), lists.begin.end(), lists.begin.begin());
  lists.items.resize(lists.begin.back());
  lists.cursor.assign(lists.begin.begin(), lists.begin.end() - 1);
  for (const uint32_t each : order) {
    const uint32_t number = number_of(each);
    if (number == kNone) continue;
    lists.position[each] = lists.cursor[number]++;
    lists.items[lists.position[each]] = each;
  }
  lists.cursor.assign(lists.begin.begin(), lists.begin.end() - 1);
  return lists;
}

Outlook::Outlook(const Model& model, std::span<const TimedOperation> operations, std::span<const Traits> traits,
                 uint32_t unbound)
    : model_(model), operations_(operations), traits_(traits), done_(operations.size()) {
  std::vector<uint32_t> order(operations.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](uint32_t each) { return operations[each].call; });
  makers_ = lists_of(model.values(), order, [&](uint32_t each) { return traits[each].makes; });
  overwriters_ = lists_of(model.objects(), order,
                          [&](uint32_t each) { return traits[each].overwrites ? traits[each].object : kNone; });
  const auto is_bound = [&](uint32_t each) {
    return operations[each].ret != kNever && traits[each].needs != kNone && each != unbound;
  };
  std::ranges::sort(order, {}, [&](uint32_t each) { return operations[each].ret; });
  observers_ =
      lists_of(model.objects(), order, [&](uint32_t each) { return is_bound(each) ? traits[each].object : kNone; });
  needers_ =
      lists_of(model.values(), order, [&](uint32_t each) { return is_bound(each) ? traits[each].needs : kNone; });
}

void Outlook::put_back(Lists& lists, uint32_t number, uint32_t operation) {
  if (lists.position[operation] == kNone) return;
  lists.cursor[number] = std::min(lists.cursor[number], lists.position[operation]);
}

void Outlook::untake(uint32_t operation) {
  done_[operation] = 0;
  const Traits& traits = traits_[operation];
  put_back(observers_, traits.object, operation);
  put_back(needers_, traits.needs, operation);
  put_back(makers_, traits.makes, operation);
  put_back(overwriters_, traits.object, operation);
}

uint32_t Outlook::first_left(Lists& lists, uint32_t number) {
  uint32_t& at = lists.cursor[number];
  const uint32_t end = lists.begin[number + 1];
  while (at < end && done_[lists.items[at]] != 0) ++at;
  return at < end ? lists.items[at] : kNone;
}

// Whether an operation that is left and called in time may make or overwrite towards what the observer needs.
bool Outlook::can_come(uint32_t object, uint32_t observer) {
  const uint32_t deadline = operations_[observer].ret;
  for (const uint32_t each : {first_left(makers_, traits_[observer].needs), first_left(overwriters_, object)})
    if (each != kNone && operations_[each].call < deadline) return true;
  return false;
}

bool Outlook::is_hopeless(uint32_t object, uint32_t from, uint32_t to) {
  if (from == to) return false;
  const uint32_t left_behind = first_left(needers_, from);
  if (left_behind != kNone && !can_come(object, left_behind) && !model_.leads_to(to, from)) return true;
  const uint32_t next = first_left(observers_, object);
  if (next == kNone || traits_[next].needs == to || can_come(object, next)) return false;
  return !model_.leads_to(to, traits_[next].needs);
}

}  // namespace rxcheck::linear
