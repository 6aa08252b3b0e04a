// SPDX-License-Identifier: Apache-2.0
//
// A concurrent history as the checker sees it: operations, each with the moments of its call and of its return. Texts,
// keys and values are numbers here; the history holds what they stand for. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rxcheck::linear {

inline constexpr uint32_t kNever = 0xffffffff;    // no return: the operation may take effect at any later time or never
inline constexpr uint32_t kUnknown = 0xffffffff;  // a result that nobody knows

// A process has one operation at a time. Moments are unique within a history.
struct TimedOperation {
  uint32_t process = 0;
  uint32_t call = 0;         // moment
  uint32_t ret = kNever;     // moment, later than `call`
  uint32_t call_line = 0;    // of the file it was read from; 0 for none
  uint32_t return_line = 0;  // 0 for none
  uint32_t function = 0;     // the model's own number
  uint32_t key = 0;          // index into TimedHistory::keys
  uint32_t argument = 0;     // numbers of Words, or what the model makes of them
  uint32_t argument2 = 0;
  uint32_t result = kUnknown;
};

// Words by number; the same word has the same number.
class Words {
 public:
  uint32_t number_of(std::string_view word) {
    const auto [found, is_new] = numbers_.try_emplace(std::string(word), static_cast<uint32_t>(words_.size()));
    if (is_new) words_.push_back(&found->first);
    return found->second;
  }
  const std::string& operator[](uint32_t number) const { return *words_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(words_.size()); }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;  // looked up, never walked
  std::vector<const std::string*> words_;
};

struct TimedHistory {
  std::vector<TimedOperation> operations;  // by moment of the call
  Words keys;
  Words words;
};

}  // namespace rxcheck::linear
