// SPDX-License-Identifier: Apache-2.0
//
// The generator's picture: what would be connected, open, pending and referenced if the operations so far had run one
// after the other. A rough one: it only steers which operation comes next. Fixed memory.
#pragma once

#include <array>
#include <cstdint>

#include "harness/core/program.h"

namespace rxcheck::explore {

// A list of at most N, oldest first. Adding to a full one drops the oldest.
template <typename T, unsigned N>
class Few {
 public:
  unsigned size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == N; }
  T& operator[](unsigned index) { return items_[index]; }
  const T& operator[](unsigned index) const { return items_[index]; }

  void add(const T& item) {
    if (size_ == N) erase(0);
    items_[size_++] = item;
  }
  void erase(unsigned index) {
    --size_;
    for (unsigned i = index; i < size_; ++i) items_[i] = items_[i + 1];
  }

 private:
  unsigned size_ = 0;
  std::array<T, N> items_;
};

// A resource: the operation that produced it, and that operation's actor.
struct Made {
  int32_t operation;
  uint8_t actor;
};

struct Handle {
  Made made;
  uint8_t connection;
  bool orphan;  // its view is no longer what the connection's name leads to
};

struct Request {
  Made made;
  uint8_t connection;
  int32_t handle;  // the operation that produced the handle it is on; kNoSlot for a connect or a delete
  bool held;       // a connect that waits for `release`

  bool is_connect() const { return handle == kNoSlot; }
};

struct View {
  bool present;    // the name leads to a view
  bool reference;  // the add-connection reference is held
};

inline constexpr unsigned kMaxHolds = 2;  // connects and opens that wait for `release` at a time

struct Picture {
  static constexpr unsigned kEach = 32;

  std::array<View, kMaxConnections> views{};
  Few<Handle, kEach> files, trees;
  Few<Handle, 4> held_opens;    // files whose open waits for `release`
  Few<Request, kEach> pending;  // reads, notifies, connects that may still be in flight
  Few<Request, 8> over;         // reads and notifies that ended lately: too late to cancel, complete, set...
  Few<Made, kEach> contexts;
  Few<Made, 8> cancellable;  // opens and closes that may be under way
  unsigned holds = 0;
  uint8_t unreachable = 0;  // bit per connection whose connects fail
  bool stopped = false;

  bool is_unreachable(uint8_t connection) const { return (unreachable >> connection & 1U) != 0; }
  void connected(uint8_t connection) {
    if (!is_unreachable(connection)) views[connection] = {true, true};
  }
  void end_request(unsigned index);
  void end_requests_of(int32_t handle);
  void closed(Few<Handle, kEach>& handles, unsigned index);
  void released(uint8_t connection);
  // A delete of the view that the name leads to.
  void deleted(uint8_t connection, Level level);

 private:
  bool busy(uint8_t connection) const;
  void vanish(uint8_t connection);
};

}  // namespace rxcheck::explore
