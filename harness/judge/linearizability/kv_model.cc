// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/kv_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <set>

#include "harness/core/random.h"

namespace rxcheck::linear {

namespace {

constexpr size_t kMostLengths = 16;  // of appended texts to a key
constexpr size_t kShown = 24;        // characters of a long text, on either side of where it matters

KvFunction kv_function_of(const TimedOperation& operation) { return static_cast<KvFunction>(operation.function); }

uint64_t hash_of(uint32_t key, TextTrie::Node node) { return mix64(uint64_t{key} << 32 | node); }

// A text for people; of a long one what stands around `at`.
std::string shown(std::string_view text, size_t at) {
  if (text.size() <= 2 * kShown) return fmt::format("`{}`", text);
  const size_t begin = at > kShown ? std::min(at - kShown, text.size() - 2 * kShown) : 0;
  const size_t count = std::min(text.size() - begin, 2 * kShown);
  return fmt::format("`{}{}{}` ({} characters)", begin > 0 ? "..." : "", text.substr(begin, count),
                     begin + count < text.size() ? "..." : "", text.size());
}

}  // namespace

KvTexts::KvTexts(const TimedHistory& history) : history_(history), knows_places_(history.keys.size()) {
  for (uint32_t key = 0; key < history.keys.size(); ++key) roots_.push_back(trie_.add_root());
  for (const TimedOperation& each : history.operations)
    if (kv_function_of(each) == KvFunction::get && each.result != kUnknown)
      returned_[uint64_t{each.key} << 32 | each.result] = trie_.insert(roots_[each.key], history.words[each.result]);
  trie_.seal();
  for (uint32_t key = 0; key < history.keys.size(); ++key) find_places(key);
}

void KvTexts::find_places(uint32_t key) {
  std::unordered_map<std::string_view, uint32_t> appended;
  std::set<size_t> lengths;
  std::bitset<256> lasts;
  for (const TimedOperation& each : history_.operations) {
    if (each.key != key || kv_function_of(each) != KvFunction::append) continue;
    const std::string& text = history_.words[each.argument];
    if (text.empty()) continue;
    appended[text] = each.argument;
    lengths.insert(text.size());
    lasts.set(static_cast<unsigned char>(text.back()));
  }
  if (lengths.size() > kMostLengths) return;  // it would take long, and is not necessary
  knows_places_[key] = true;
  trie_.for_each(roots_[key], [&](TextTrie::Node node, std::string_view text) {
    if (text.empty() || !lasts.test(static_cast<unsigned char>(text.back()))) return;
    for (const size_t length : lengths) {
      if (length > text.size()) break;
      const auto found = appended.find(text.substr(text.size() - length));
      if (found != appended.end()) places_[uint64_t{key} << 32 | found->second].push_back(node);
    }
  });
}

void KvTexts::refine(std::span<const TimedOperation> operations, std::span<Traits> traits, uint32_t unbound) const {
  // How many operations can lead from a node's parent, or from before it, to the node or beyond it.
  std::vector<uint32_t> ways(trie_.size());
  std::vector<uint32_t> observed;  // TextTrie::enter_of what gets returned
  const auto places_of = [this](const TimedOperation& append) -> const std::vector<TextTrie::Node>& {
    static const std::vector<TextTrie::Node> none;
    const auto found = places_.find(uint64_t{append.key} << 32 | append.argument);
    return found == places_.end() ? none : found->second;
  };
  const auto for_each_passed = [this](TextTrie::Node node, size_t length, const auto& visit) {
    for (; length > 0; --length, node = trie_.parent_of(node)) visit(node);
    return node;
  };
  for (uint32_t i = 0; i < operations.size(); ++i) {
    const TimedOperation& each = operations[i];
    if (kv_function_of(each) == KvFunction::get) {
      if (traits[i].needs != kNone && each.ret != kNever && i != unbound)
        observed.push_back(trie_.enter_of(traits[i].needs));
      continue;
    }
    const std::string& text = history_.words[each.argument];
    if (kv_function_of(each) == KvFunction::put) {
      // A put of a text of which only the beginning was returned leads to nothing that was.
      if (traits[i].makes != TextTrie::kOff)
        for_each_passed(traits[i].makes, text.size(), [&](TextTrie::Node node) { ++ways[node]; });
    } else {
      for (const TextTrie::Node place : places_of(each))
        for_each_passed(place, text.size(), [&](TextTrie::Node node) { ++ways[node]; });
    }
  }
  std::ranges::sort(observed);
  const auto is_observed = [&](TextTrie::Node node) {
    const auto first = std::ranges::lower_bound(observed, trie_.enter_of(node));
    return first != observed.end() && *first <= trie_.leave_of(node);
  };
  for (uint32_t i = 0; i < operations.size(); ++i) {
    if (kv_function_of(operations[i]) != KvFunction::append) continue;
    if (!knows_places_[operations[i].key]) continue;
    const auto& places = places_of(operations[i]);
    // It would leave a text that no get returned, so it never goes (see step).
    if (places.empty() && operations[i].ret == kNever && !history_.words[operations[i].argument].empty())
      traits[i].needs = TextTrie::kOff;
    for (const TextTrie::Node place : places) {
      bool is_only_way = false;
      const TextTrie::Node before = for_each_passed(
          place, history_.words[operations[i].argument].size(),
          [&](TextTrie::Node node) { is_only_way = is_only_way || (ways[node] == 1 && is_observed(node)); });
      if (is_only_way) traits[i].needs = before;
    }
  }
}

Traits KvTexts::traits(const TimedOperation& operation) const {
  Traits traits;
  traits.pure = kv_function_of(operation) == KvFunction::get;
  if (kv_function_of(operation) == KvFunction::put)
    traits.makes = trie_.walk(roots_[operation.key], history_.words[operation.argument]);
  if (traits.pure && operation.result != kUnknown)
    traits.needs = returned_.at(uint64_t{operation.key} << 32 | operation.result);
  return traits;
}

std::optional<TextTrie::Node> KvTexts::step(TextTrie::Node node, const TimedOperation& operation,
                                            const Traits& traits) const {
  switch (kv_function_of(operation)) {
    case KvFunction::get:
      if (traits.needs != kNone && traits.needs != node) return std::nullopt;
      return node;
    case KvFunction::put:
      return traits.makes;
    case KvFunction::append:
      break;
  }
  if (traits.needs != kNone && traits.needs != node) return std::nullopt;
  const TextTrie::Node next = trie_.walk(node, history_.words[operation.argument]);
  // Never having happened is as good: whatever can follow a text that no get returned can follow the text before it.
  if (next == TextTrie::kOff && operation.ret == kNever) return std::nullopt;
  return next;
}

std::string KvTexts::text_of(const TimedOperation& operation) const {
  const std::string& key = history_.keys[operation.key];
  const auto word = [this](uint32_t number) { return shown(history_.words[number], history_.words[number].size()); };
  switch (kv_function_of(operation)) {
    case KvFunction::get:
      if (operation.result == kUnknown) return fmt::format("get of key `{}`, whose result is not known", key);
      return fmt::format("get of key `{}` returned {}", key, word(operation.result));
    case KvFunction::put:
      return fmt::format("put of key `{}`, {}", key, word(operation.argument));
    case KvFunction::append:
      break;
  }
  return fmt::format("append to key `{}`, {}", key, word(operation.argument));
}

std::string KvTexts::why_refused(std::span<const TimedOperation> before, const TimedOperation& operation) const {
  if (kv_function_of(operation) != KvFunction::get)
    return text_of(operation) + ", still open, would leave a text that no get returned";
  std::string held;
  for (const TimedOperation& each : before) {
    if (each.key != operation.key || kv_function_of(each) == KvFunction::get) continue;
    if (kv_function_of(each) == KvFunction::put) held.clear();
    held += history_.words[each.argument];
  }
  const std::string& returned = history_.words[operation.result];
  const auto differ = std::ranges::mismatch(held, returned);
  const auto at = static_cast<size_t>(differ.in1 - held.begin());
  return fmt::format("get of key `{}` returned {}, the state holds {}", history_.keys[operation.key],
                     shown(returned, at), shown(held, at));
}

KvStoreModel::KvStoreModel(std::shared_ptr<const KvTexts> texts)
    : texts_(std::move(texts)), keys_(texts_->keys()), table_(1 << 10) {
  uint64_t hash = 0;
  for (uint32_t key = 0; key < keys_; ++key) {
    vectors_.push_back(texts_->root(key));
    hash += hash_of(key, texts_->root(key));
  }
  hashes_.push_back(hash);
  table_[hash & (table_.size() - 1)] = 1;
}

Traits KvStoreModel::traits(const TimedOperation& operation) {
  Traits traits = texts_->traits(operation);
  traits.object = operation.key;
  return traits;
}

void KvStoreModel::step(State state, const TimedOperation& operation, const Traits& traits,
                        std::vector<State>& successors) {
  const TextTrie::Node node = value(state, operation.key);
  const auto next = texts_->step(node, operation, traits);
  if (next) successors.push_back(*next == node ? state : intern(state, operation.key, *next));
}

State KvStoreModel::intern(State from, uint32_t key, TextTrie::Node node) {
  const size_t begin = from * size_t{keys_};
  const uint64_t hash = hashes_[from] - hash_of(key, vectors_[begin + key]) + hash_of(key, node);
  size_t at = hash & (table_.size() - 1);
  for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1)) {
    const State state = table_[at] - 1;
    if (hashes_[state] != hash) continue;
    const TextTrie::Node* known = &vectors_[state * size_t{keys_}];
    bool same = known[key] == node;
    for (uint32_t each = 0; same && each < keys_; ++each) same = each == key || known[each] == vectors_[begin + each];
    if (same) return state;
  }
  const auto state = static_cast<State>(hashes_.size());
  hashes_.push_back(hash);
  table_[at] = state + 1;
  vectors_.resize(vectors_.size() + keys_);
  std::copy_n(vectors_.begin() + static_cast<ptrdiff_t>(begin), keys_, vectors_.end() - keys_);
  vectors_[state * size_t{keys_} + key] = node;
  if (hashes_.size() * 2 > table_.size()) grow();
  return state;
}

void KvStoreModel::grow() {
  std::vector<uint32_t> larger(table_.size() * 2);
  for (State state = 0; state < hashes_.size(); ++state) {
    size_t at = hashes_[state] & (larger.size() - 1);
    while (larger[at] != 0) at = (at + 1) & (larger.size() - 1);
    larger[at] = state + 1;
  }
  table_ = std::move(larger);
}

}  // namespace rxcheck::linear
