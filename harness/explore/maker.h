// SPDX-License-Identifier: Apache-2.0
//
// Makes one operation after the other for the generator, keeping the picture of what they would have done.
#pragma once

#include <array>
#include <vector>

#include "harness/core/program.h"
#include "harness/core/random.h"
#include "harness/explore/picture.h"

namespace rxcheck::explore {

// What all operations of a program have in common.
struct Shape {
  unsigned actors = 1;
  uint8_t connections = 1;
  uint8_t unreachable = 0;  // bit per connection that the network does not have
  uint8_t bare = 0;         // of 8: reads and notifies without a routine of their own
  uint8_t async = 0;        // of 8: connects that leave a request behind
};

class Maker {
 public:
  // Writes into `operations` from the front. `random` and `operations` outlive this.
  Maker(Random& random, const Shape& shape, std::vector<Operation>& operations)
      : random_(random), shape_(shape), operations_(operations) {
    picture_.unreachable = shape.unreachable;
  }

  // Adds exactly one operation: of this kind or, if the picture has nothing for it, one that brings it nearer.
  // REQUIRES: made() < operations.size().
  void make(OpKind kind);

  unsigned made() const { return made_; }

 private:
  using Handles = Few<Handle, Picture::kEach>;

  void make_connect();
  void make_tree();
  void make_open();
  void make_io(OpKind kind, Handles& handles);
  void make_close(Handles& handles);
  void make_finalize();
  void make_disconnect();
  void make_finalize_below(OpKind kind);
  void make_force_all();
  void draw_delete(Operation& op, uint8_t connection);
  void make_end(OpKind kind);
  void make_set();
  void make_reference();
  void make_dereference();
  void make_release();
  void make_await();
  void make_raw(OpKind kind);
  void make_request() { make(random_.chance(1, 2) ? OpKind::read : OpKind::notify); }

  bool draw_pending(unsigned& index, bool connects);
  bool draw_over(unsigned& index);
  Handles& draw_handles();
  unsigned draw(unsigned size);
  uint8_t draw_connection();
  Level draw_level();
  uint8_t draw_actor();
  uint8_t draw_other_actor(uint8_t maker);

  Operation& put(OpKind kind, uint8_t actor);
  Operation& put_on(OpKind kind, const Made& resource);
  Made last() const { return {static_cast<int32_t>(made_) - 1, operations_[made_ - 1].actor}; }

  Random& random_;
  const Shape shape_;
  std::vector<Operation>& operations_;
  unsigned made_ = 0;
  Picture picture_;
};

}  // namespace rxcheck::explore
