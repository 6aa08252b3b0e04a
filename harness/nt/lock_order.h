// SPDX-License-Identifier: Apache-2.0
//
// Predicts deadlock from the order in which locks are taken, whether or not one happens: a graph with an edge from each
// lock that a thread holds to the one that it takes then; a cycle is a deadlock in some other schedule. Locks are told
// apart by class (tag and offset, or global symbol), as the literature does it: Havelund, "Using Runtime Analysis to
// Guide Model Checking of Java Programs" (SPIN 2000). Edges are kept within one program. What cannot block (a lock that
// is only tried) or does not exclude (a shared acquisition, one more of what the thread owns) makes no edge.
#pragma once

#include <cstdint>
#include <vector>

namespace rxcheck::nt {

class LockOrder {
 public:
  void forget() { edges_.clear(); }
  // A thread that holds `held` waits for, or takes, `taken`: classes, not locks. True if that closes a cycle.
  bool add(uint32_t held, uint32_t taken) {
    if (held == taken) return false;  // two objects of a class: their order is the driver's business
    const Edge edge{held, taken};
    for (const Edge& known : edges_)
      if (known.from == held && known.to == taken) return false;
    edges_.push_back(edge);
    return reaches(taken, held);
  }

 private:
  struct Edge {
    uint32_t from;
    uint32_t to;
  };
  bool reaches(uint32_t from, uint32_t to) const {
    std::vector<uint32_t> reached{from};
    for (size_t i = 0; i < reached.size(); ++i) {
      if (reached[i] == to) return true;
      for (const Edge& edge : edges_) {
        bool known = edge.from != reached[i];
        for (uint32_t lock : reached) known = known || lock == edge.to;
        if (!known) reached.push_back(edge.to);
      }
    }
    return false;
  }

  std::vector<Edge> edges_;  // a driver has few
};

}  // namespace rxcheck::nt
