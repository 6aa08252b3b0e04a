// SPDX-License-Identifier: Apache-2.0
//
// The texts that gets have returned, as tries (one a key): a node is a beginning of a returned text. What a key holds
// matters to a get only if it is such a beginning, so a node is all that a state needs; every other text is kOff, from
// which appending leads nowhere else. Appending is a walk along the appended text, comparing is a comparison of
// numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rxcheck::linear {

class TextTrie {
 public:
  using Node = uint32_t;
  static constexpr Node kOff = 0;

  TextTrie();

  Node add_root();  // the empty text of another key
  Node insert(Node root, std::string_view text);
  // To be called when everything is inserted, before leads_to.
  void seal();

  // The node of the text that begins with the node's and goes on with `text`.
  Node walk(Node node, std::string_view text) const;
  // Whether the node's text is a beginning of the other's.
  bool leads_to(Node from, Node to) const {
    return from != kOff && nodes_[from].enter <= nodes_[to].enter && nodes_[to].leave <= nodes_[from].leave;
  }
  // Calls visit(node, text) for every node of the root, parents first.
  template <typename Visit>
  void for_each(Node root, Visit visit) const {
    std::string text;
    std::vector<std::pair<Node, uint32_t>> open = {{root, 0}};
    while (!open.empty()) {
      const auto [node, length] = open.back();
      open.pop_back();
      if (node != root) {
        text.resize(length - 1);
        text.push_back(nodes_[node].character);
      }
      visit(node, std::string_view(text));
      for (Node child = nodes_[node].child; child != 0; child = nodes_[child].sibling)
        open.emplace_back(child, length + 1);
    }
  }
  Node parent_of(Node node) const { return nodes_[node].parent; }
  // Subtrees are ranges of these.
  uint32_t enter_of(Node node) const { return nodes_[node].enter; }
  uint32_t leave_of(Node node) const { return nodes_[node].leave; }

  uint32_t size() const { return static_cast<uint32_t>(nodes_.size()); }
  uint64_t bytes() const { return nodes_.capacity() * sizeof(NodeData); }

 private:
  // 0 is no child and no sibling, too: kOff is nobody's.
  struct NodeData {
    Node child = 0;
    Node sibling = 0;
    Node parent = 0;
    uint32_t enter = 0;  // numbers of a walk in depth: a subtree is a range
    uint32_t leave = 0;
    char character = 0;
  };
  Node child_of(Node node, char character) const;

  std::vector<NodeData> nodes_;
  std::vector<Node> roots_;
};

}  // namespace rxcheck::linear
