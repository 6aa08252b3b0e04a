// SPDX-License-Identifier: Apache-2.0
//
// The histories for which one execution stands (event_order.h): its events in every order that its conflicts and its
// spin locks allow, each once. They are the linear extensions of the order of what is done, with sections of one lock
// kept apart.
//
// Of those that differ only in when operations are called and return, only the strictest are made: a call comes as late
// as it can, a return as early as it can. For an operation that overlaps with less, a judge can only demand more
// (harness/campaign/test/overlap_test.cc), as for linearizability (Herlihy and Wing, 1990, section 2.2: an operation
// that returned before another was called comes before it, and nothing else is demanded). The order among calls that
// follow each other, and among returns, matters to no judge.
//
// Walks over the sets of steps that can come first. Two ways that have made the same history and have come to the same
// set go on alike, so the second is left; whether a set was reached with a history is remembered by a hash of 128 bits.
// What makes no event and stands in nobody's way is done at once.
//
// Keeps its memory from one execution to the next. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/core/history.h"
#include "harness/explore/digest_set.h"
#include "harness/explore/event_order.h"

namespace rxcheck {

class LinearExtensions {
 public:
  // What is told of each history: its hash, and the steps that make it, in its order, by their number in the
  // EventOrder. False: no more are wanted.
  using Visit = std::function<bool(const Digest&, std::span<const uint32_t> steps)>;

  // Whether sections under one lock are kept apart. If not, there may be histories that no execution makes; but there
  // is less to walk over.
  enum class Locks : uint8_t { kept, left_out };

  // Makes ready. REQUIRES: both outlive what is called next, and the execution came to its end.
  void begin(const EventOrder& order, std::span<const Event> events, Locks locks = Locks::kept);
  // Equal if the same histories are possible for the same reasons.
  Digest digest() const;
  // False if a visit has said so, or there are more states than `most_states`.
  bool visit(const Visit& visit, uint64_t most_states);
  // The history that the `steps` of a visit make.
  void history_of(std::span<const uint32_t> steps, std::vector<Event>& history) const;
  // Who ran in which order: all steps of the execution, so that those of a visit come in their order.
  std::vector<uint8_t> threads_of(std::span<const uint32_t> steps) const;
  uint64_t states() const { return states_; }  // of the last visit()

 private:
  // What a step does with a lock.
  struct Use {
    uint32_t lock;  // dense
    bool taken;
  };
  // A step that makes an event, or takes or gives a lock.
  struct Block {
    uint32_t step;
    uint32_t line;       // of whom: dense
    uint32_t needs;      // first entry in needs_: of each line so many blocks
    uint32_t first_use;  // in uses_
    uint32_t uses = 0;
    uint32_t quiet = 0;    // so many blocks of its line, from it on, make no event and leave its locks as they were
    bool tied = false;     // goes with the next of its line
    bool calls = false;    // all its events are calls
    bool returns = false;  // ...or returns
    Digest digest;         // of its events, if there is one order among them
  };
  // A history as far as it is made: what comes before the calls, or returns, at its end, and those.
  struct Made {
    Digest settled;
    Digest open;
    EventKind kind = EventKind::end;
    size_t calls_from = 0;  // in path_: the calls at its end
  };

  uint32_t line_of(uint8_t thread);
  void add_block(uint32_t step, Locks locks);
  void find_needs();
  void find_earlier();
  void keep_needs(Block& block, const uint32_t* known);
  void follow_sections(size_t number, uint8_t thread, uint32_t* known) const;
  void learn(const EventOrder::Step& step, size_t line, uint32_t* known) const;
  void find_quiet();
  void find_tied();
  const EventOrder::Step& step_of(const Block& block) const { return order_->steps()[block.step]; }
  std::span<const Use> uses(const Block& block) const { return {uses_.data() + block.first_use, block.uses}; }
  const Block* next_of(uint32_t line) const {
    return at_[line] < lines_[line].size() ? &blocks_[lines_[line][at_[line]]] : nullptr;
  }
  bool possible(const Block& block) const;
  bool needs_calls(const Made& made, const Block& block) const;
  void do_block(const Block& block);
  void undo_block();
  bool do_quiet(uint32_t line);
  bool do_at_once(Made& made);
  bool do_next(uint32_t line, Made& made);
  void add(Made& made, const Block& block);
  bool go_on(const Made& made, const Visit& visit);
  static Digest of(const Made& made);
  bool walk(Made made, const Visit& visit);

  const EventOrder* order_ = nullptr;
  std::span<const Event> events_;
  std::vector<Block> blocks_;
  std::vector<std::vector<uint32_t>> lines_;  // of each: its blocks
  std::vector<uint8_t> threads_;              // of each line
  std::vector<uint32_t> needs_;
  std::vector<uint32_t> known_;    // by line and line, as needs_
  std::vector<uint32_t> after_;    // by section and line: what its line knew at its end
  std::vector<uint32_t> earlier_;  // by section: the one before under its lock, or kNever
  std::vector<uint32_t> latest_;   // of each lock, while they are found
  std::vector<uint32_t> open_;     // sections under way
  std::vector<uint32_t> met_;      // by line: blocks so far
  std::vector<Use> uses_;
  std::vector<uint64_t> locks_;  // by number: which
  std::vector<uint32_t> at_;     // of each line: how many blocks are done
  std::vector<uint8_t> held_;    // of each lock
  std::vector<uint32_t> path_;   // blocks
  std::vector<uint32_t> steps_;  // of the path, for a visit
  DigestSet reached_;
  uint64_t states_ = 0;
  uint64_t most_states_ = 0;
};

}  // namespace rxcheck
