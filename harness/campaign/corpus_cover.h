// SPDX-License-Identifier: Apache-2.0
//
// Which files of a corpus are enough to show all that it shows: an irredundant cover. Small files first, each kept that
// shows something that those before it do not; then, large files first, each dropped whose behaviours are all shown by
// others that stay. (A minimum cover is NP-hard, Karp 1972; smallest first is what afl-cmin does.) Of what is kept, all
// would be kept again. Pure: the result depends on the items, not on their order.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rxcheck {

using Behaviours = std::vector<uint64_t>;  // hashes, sorted, each once

struct CoverItem {
  size_t bytes = 0;                        // of its file
  std::string_view digest;                 // decides between files of one size
  const Behaviours* behaviours = nullptr;  // not null
  bool always = false;                     // kept whatever it shows
};

// One for each item: whether it is kept. What `shown` holds needs no item.
std::vector<bool> cover(std::span<const CoverItem> items, const Behaviours& shown = {});

}  // namespace rxcheck
