// SPDX-License-Identifier: Apache-2.0
//
// Keys that hold texts, the empty one at first: get, put and append. Keys are independent, so the histories of keys can
// be judged one by one (Herlihy and Wing, "Linearizability", 1990, theorem 1; Horn and Kroening, "Faster
// linearizability checking via P-compositionality", 2015). KvModel is one key; KvStoreModel all keys in one state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "harness/judge/linearizability/model.h"
#include "harness/judge/linearizability/text_trie.h"

namespace rxcheck::linear {

enum class KvFunction : uint32_t { get, put, append };

// What both models know about a history's texts. Immutable, but for the history, which must outlive it.
class KvTexts {
 public:
  explicit KvTexts(const TimedHistory& history);

  TextTrie::Node root(uint32_t key) const { return roots_[key]; }
  uint32_t keys() const { return static_cast<uint32_t>(roots_.size()); }
  const TextTrie& trie() const { return trie_; }

  Traits traits(const TimedOperation& operation) const;
  // A text that a get returned must have come about: an append without which it could not must find the text before it.
  void refine(std::span<const TimedOperation> operations, std::span<Traits> traits, uint32_t unbound) const;
  // What the key holds after the operation; nothing if it cannot have returned what it returned.
  std::optional<TextTrie::Node> step(TextTrie::Node node, const TimedOperation& operation, const Traits& traits) const;
  std::string text_of(const TimedOperation& operation) const;
  std::string why_refused(std::span<const TimedOperation> before, const TimedOperation& operation) const;

 private:
  void find_places(uint32_t key);

  const TimedHistory& history_;
  TextTrie trie_;
  std::vector<TextTrie::Node> roots_;
  // Of a text that is appended, by key and word, the nodes to which it leads. Looked up, never walked.
  std::unordered_map<uint64_t, std::vector<TextTrie::Node>> places_;
  std::vector<bool> knows_places_;                         // by key: whether places_ is complete
  std::unordered_map<uint64_t, TextTrie::Node> returned_;  // by key and word; looked up, never walked
};

class KvModel final : public Model {
 public:
  KvModel(std::shared_ptr<const KvTexts> texts, uint32_t key) : texts_(std::move(texts)), key_(key) {}

  State initial() override { return texts_->root(key_); }
  Traits traits(const TimedOperation& operation) override { return texts_->traits(operation); }
  void refine(std::span<const TimedOperation> operations, std::span<Traits> traits, uint32_t unbound) override {
    texts_->refine(operations, traits, unbound);
  }
  void step(State state, const TimedOperation& operation, const Traits& traits,
            std::vector<State>& successors) override {
    if (const auto next = texts_->step(state, operation, traits)) successors.push_back(*next);
  }
  uint32_t value(State state, uint32_t) const override { return state; }
  uint32_t values() const override { return texts_->trie().size(); }
  bool leads_to(uint32_t value, uint32_t needs) const override { return texts_->trie().leads_to(value, needs); }
  std::string text_of(const TimedOperation& operation) const override { return texts_->text_of(operation); }
  std::string why_refused(std::span<const TimedOperation> before, State,
                          const TimedOperation& operation) const override {
    return texts_->why_refused(before, operation);
  }

 private:
  std::shared_ptr<const KvTexts> texts_;
  uint32_t key_;
};

// A state is the vector of what the keys hold; equal vectors have one number.
class KvStoreModel final : public Model {
 public:
  explicit KvStoreModel(std::shared_ptr<const KvTexts> texts);

  State initial() override { return 0; }
  Traits traits(const TimedOperation& operation) override;
  void refine(std::span<const TimedOperation> operations, std::span<Traits> traits, uint32_t unbound) override {
    texts_->refine(operations, traits, unbound);
  }
  void step(State state, const TimedOperation& operation, const Traits& traits,
            std::vector<State>& successors) override;
  uint32_t value(State state, uint32_t object) const override { return vectors_[state * size_t{keys_} + object]; }
  uint32_t objects() const override { return keys_; }
  uint32_t values() const override { return texts_->trie().size(); }
  bool leads_to(uint32_t value, uint32_t needs) const override { return texts_->trie().leads_to(value, needs); }
  uint64_t bytes() const override { return vectors_.capacity() * 4 + hashes_.capacity() * 8 + table_.capacity() * 4; }
  std::string text_of(const TimedOperation& operation) const override { return texts_->text_of(operation); }
  std::string why_refused(std::span<const TimedOperation> before, State,
                          const TimedOperation& operation) const override {
    return texts_->why_refused(before, operation);
  }

 private:
  State intern(State from, uint32_t key, TextTrie::Node node);
  void grow();

  std::shared_ptr<const KvTexts> texts_;
  uint32_t keys_;
  std::vector<TextTrie::Node> vectors_;  // keys_ a state
  std::vector<uint64_t> hashes_;         // one a state: the sum of its pairs' hashes
  std::vector<uint32_t> table_;          // open addressing: state + 1
};

}  // namespace rxcheck::linear
