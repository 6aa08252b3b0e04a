// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/journal.h"

namespace rxcheck {

Result<Journal> Journal::open(RunStore store) {
  const RunHeader& header = store.header();
  if (header.shard == 0)
    return Error{"this run was put together from others", store.path(), "resume those, and merge them again"};
  auto state = store.load();
  if (!state) return state.error();
  auto digest = std::make_unique<Sha256>();
  BlockRange blocks = blocks_of_shard(header.programs, header.shard, header.shards);
  bool in_order = true;
  const auto failed = store.each_block([&](uint64_t block, const std::string& of_block) {
    in_order = in_order && block == blocks.first && block < blocks.last;
    ++blocks.first;
    digest->update(line_of_digest(of_block));
  });
  if (failed) return *failed;
  if (!in_order) return store.damaged("it has other blocks than its run");
  return Journal{std::move(store), std::move(*state), std::move(digest), blocks};
}

}  // namespace rxcheck
