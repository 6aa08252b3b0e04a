// SPDX-License-Identifier: Apache-2.0
//
// What the I/O manager sees to before a driver is asked anything: a handle is one file object, its cleanup comes once,
// its close after that, when nothing uses it any more, and nothing else comes after its cleanup. A raw request that it
// would never have let through is no test of a driver. Handles are the keys in the requests' headers.
//
// The same for references on requests, which are the caller's to give back once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace rxcheck::fuzz {

class HandleTable {
 public:
  enum class State : uint8_t { opening, open, cleaning, cleaned, closing };

  void reset() { handles_.clear(), references_.clear(), uses_.clear(); }
  // Whether the request may be sent; then it is under way until `completed`.
  bool admit(uint32_t request, uint32_t code, std::span<const uint8_t> input);
  // Once for each request that was admitted.
  void completed(uint32_t request, uint32_t status);

  // Handles that are open, and those that are only cleaned up; references that are held.
  std::vector<uint32_t> in_state(State state) const;
  std::vector<uint32_t> references() const;

 private:
  struct Handle {
    State state = State::opening;
    uint32_t users = 0;  // requests under way
  };
  struct Use {
    uint32_t code;
    uint32_t key;
  };

  std::map<uint32_t, Handle> handles_;
  std::map<uint32_t, bool> references_;  // true: taken; false: being taken or given back
  std::map<uint32_t, Use> uses_;         // by request
};

}  // namespace rxcheck::fuzz
