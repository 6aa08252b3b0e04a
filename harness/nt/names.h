// SPDX-License-Identifier: Apache-2.0
//
// Names of functions and objects as small numbers, and how often a line met a point within an operation. Numbers are
// given in the order in which names are met, so they never enter a result.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace rxcheck::nt {

class Names {
 public:
  Names() { intern(""); }

  uint32_t intern(const std::string& name) {
    auto [it, fresh] = ids_.try_emplace(name, static_cast<uint32_t>(texts_.size()));
    if (fresh) texts_.push_back(name);
    return it->second;
  }
  const std::string& text(uint32_t id) const { return texts_[id]; }

  // A cache from anything that is stable while the images are loaded (an address of code, a packed tag and offset) to
  // an id.
  uint32_t* cached(uint64_t key) {
    auto it = cache_.find(key);
    return it == cache_.end() ? nullptr : &it->second;
  }
  void cache(uint64_t key, uint32_t id) { cache_[key] = id; }

  // Counts a visit of a point; returns the occurrence, from 1. The key packs line, function, access and object.
  uint32_t visit(uint64_t key) { return ++visits_[key]; }
  void forget_visits() { visits_.clear(); }

 private:
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<std::string> texts_;
  std::unordered_map<uint64_t, uint32_t> cache_;
  std::unordered_map<uint64_t, uint32_t> visits_;
};

}  // namespace rxcheck::nt
