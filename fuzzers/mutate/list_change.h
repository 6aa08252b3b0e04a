// SPDX-License-Identifier: Apache-2.0
//
// What a mutator does to a list whatever it is a list of: puts a new element in, takes one out, swaps two, repeats one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/core/random.h"

namespace rxcheck::fuzz {

inline size_t any(Random& random, size_t bound) { return random.below(static_cast<uint32_t>(bound)); }

inline constexpr unsigned kListChanges = 6;  // three of them put something new in

// `make(random)` is a new element; none is put into a list that has `most`. REQUIRES: what < kListChanges, and less
// than three for an empty list.
template <typename Element, typename Make>
void change_list(unsigned what, Random& random, std::vector<Element>& list, size_t most, const Make& make) {
  const auto place = [&](size_t index) { return list.begin() + static_cast<ptrdiff_t>(index); };
  if (what < 3) {
    const size_t where = any(random, list.size() + 1);  // drawn first: the order of arguments is the compiler's
    if (list.size() < most) list.insert(place(where), make(random));
  } else if (what == 3) {
    list.erase(place(any(random, list.size())));
  } else if (what == 4) {
    std::swap(list[any(random, list.size())], list[any(random, list.size())]);
  } else {  // elsewhere
    const Element once_more = list[any(random, list.size())];
    if (list.size() < most) list.insert(place(any(random, list.size() + 1)), once_more);
  }
}

}  // namespace rxcheck::fuzz
