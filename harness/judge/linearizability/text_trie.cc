// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/text_trie.h"

namespace rxcheck::linear {

TextTrie::TextTrie() : nodes_(1) {}

TextTrie::Node TextTrie::add_root() {
  roots_.push_back(size());
  nodes_.emplace_back();
  return roots_.back();
}

TextTrie::Node TextTrie::child_of(Node node, char character) const {
  for (Node child = nodes_[node].child; child != 0; child = nodes_[child].sibling)
    if (nodes_[child].character == character) return child;
  return kOff;
}

TextTrie::Node TextTrie::insert(Node root, std::string_view text) {
  Node node = root;
  for (const char character : text) {
    Node child = child_of(node, character);
    if (child == kOff) {
      child = size();
      NodeData data;
      data.character = character;
      data.sibling = nodes_[node].child;
      data.parent = node;
      nodes_.push_back(data);
      nodes_[node].child = child;
    }
    node = child;
  }
  return node;
}

void TextTrie::seal() {
  uint32_t clock = 0;
  std::vector<Node> path;
  for (const Node root : roots_) {
    path.push_back(root);
    nodes_[root].enter = ++clock;
    Node next = nodes_[root].child;
    while (!path.empty()) {
      if (next != 0) {
        path.push_back(next);
        nodes_[next].enter = ++clock;
        next = nodes_[next].child;
        continue;
      }
      nodes_[path.back()].leave = clock;
      next = path.size() > 1 ? nodes_[path.back()].sibling : 0;
      path.pop_back();
    }
  }
}

TextTrie::Node TextTrie::walk(Node node, std::string_view text) const {
  if (node == kOff) return kOff;
  for (const char character : text) {
    node = child_of(node, character);
    if (node == kOff) return kOff;
  }
  return node;
}

}  // namespace rxcheck::linear
