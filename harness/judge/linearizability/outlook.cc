// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/outlook.h"

#include <algorithm>
#include <numeric>

namespace rxcheck::linear {

namespace {

constexpr size_t kManyNeeds = 1024;          // of a source; then it is kept for its object as a whole
constexpr uint64_t kMostPairs = 1ULL << 24;  // of sources and needs that are looked at

}  // namespace

Outlook::Lists Outlook::lists_of(uint32_t lists, std::span<const Member> members, size_t operations) {
  Lists made;
  made.begin.assign(size_t{lists} + 1, 0);
  made.places_begin.assign(operations + 1, 0);
  for (const Member& each : members) {
    ++made.begin[each.list + 1];
    ++made.places_begin[each.operation + 1];
  }
  std::partial_sum(made.begin.begin(), made.begin.end(), made.begin.begin());
  std::partial_sum(made.places_begin.begin(), made.places_begin.end(), made.places_begin.begin());
  made.cursor.assign(made.begin.begin(), made.begin.end() - 1);
  made.items.resize(members.size());
  made.places.resize(members.size());
  std::vector<uint32_t> place(made.places_begin.begin(), made.places_begin.end() - 1);
  for (const Member& each : members) {
    const uint32_t at = made.cursor[each.list]++;
    made.items[at] = each.operation;
    made.places[place[each.operation]++] = {each.list, at};
  }
  made.cursor.assign(made.begin.begin(), made.begin.end() - 1);
  return made;
}

Outlook::Outlook(const Model& model, std::span<const TimedOperation> operations, std::span<const Traits> traits,
                 uint32_t unbound)
    : model_(model),
      operations_(operations),
      traits_(traits),
      done_(operations.size()),
      need_of_(model.values(), kNone) {
  std::vector<uint32_t> order(operations.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](uint32_t each) { return operations[each].ret; });
  std::vector<Member> observers, needers;
  uint32_t needs = 0;
  for (const uint32_t each : order) {
    const uint32_t needed = traits[each].needs;
    if (operations[each].ret == kNever || needed == kNone || each == unbound) continue;
    if (need_of_[needed] == kNone) need_of_[needed] = needs++;
    observers.push_back({traits[each].object, each});
    needers.push_back({need_of_[needed], each});
  }
  observers_ = lists_of(model.objects(), observers, operations.size());
  needers_ = lists_of(needs, needers, operations.size());
  std::ranges::sort(order, {}, [&](uint32_t each) { return operations[each].call; });
  find_sources(order);
}

void Outlook::find_sources(std::span<const uint32_t> by_call) {
  // One operation for each needed value, by object.
  std::vector<std::vector<uint32_t>> needers(model_.objects());
  const auto needs = static_cast<uint32_t>(needers_.cursor.size());
  for (uint32_t need = 0; need < needs; ++need) {
    const uint32_t first = needers_.items[needers_.begin[need]];
    needers[traits_[first].object].push_back(first);
  }
  std::vector<Member> sources, others, found;
  uint64_t pairs = 0;
  for (const uint32_t each : by_call) {
    const Traits& traits = traits_[each];
    if (traits.makes == kNone) continue;
    found.clear();
    pairs += needers[traits.object].size();
    for (const uint32_t needer : needers[traits.object]) {
      if (found.size() > kManyNeeds || pairs > kMostPairs) break;
      const uint32_t needed = traits_[needer].needs;
      if (traits.makes == needed || model_.leads_to(traits.makes, needed)) found.push_back({need_of_[needed], each});
    }
    if (found.size() > kManyNeeds || pairs > kMostPairs)
      others.push_back({traits.object, each});
    else
      sources.insert(sources.end(), found.begin(), found.end());
  }
  sources_ = lists_of(needs, sources, operations_.size());
  other_sources_ = lists_of(model_.objects(), others, operations_.size());
}

void Outlook::put_back(Lists& lists, uint32_t operation) {
  for (uint32_t i = lists.places_begin[operation]; i < lists.places_begin[operation + 1]; ++i) {
    const auto [list, at] = lists.places[i];
    lists.cursor[list] = std::min(lists.cursor[list], at);
  }
}

void Outlook::untake(uint32_t operation) {
  done_[operation] = 0;
  put_back(observers_, operation);
  put_back(needers_, operation);
  put_back(sources_, operation);
  put_back(other_sources_, operation);
}

uint32_t Outlook::first_left(Lists& lists, uint32_t list) {
  uint32_t& at = lists.cursor[list];
  const uint32_t end = lists.begin[list + 1];
  while (at < end && done_[lists.items[at]] != 0) ++at;
  return at < end ? lists.items[at] : kNone;
}

// Whether an operation that is left and was called in time may lead to what the observer needs.
bool Outlook::can_come(uint32_t object, uint32_t observer) {
  const uint32_t deadline = operations_[observer].ret;
  for (const uint32_t each :
       {first_left(sources_, need_of_[traits_[observer].needs]), first_left(other_sources_, object)})
    if (each != kNone && operations_[each].call < deadline) return true;
  return false;
}

bool Outlook::is_hopeless(uint32_t object, uint32_t from, uint32_t to) {
  if (from == to) return false;
  if (need_of_[from] != kNone) {
    const uint32_t left_behind = first_left(needers_, need_of_[from]);
    if (left_behind != kNone && !can_come(object, left_behind) && !model_.leads_to(to, from)) return true;
  }
  const uint32_t next = first_left(observers_, object);
  if (next == kNone || traits_[next].needs == to || can_come(object, next)) return false;
  return !model_.leads_to(to, traits_[next].needs);
}

}  // namespace rxcheck::linear
