// SPDX-License-Identifier: Apache-2.0
//
// The run store: what a campaign has done so far, in a SQLite file in its folder (docs/format-store.md). A finished
// block is one transaction, with the findings that it led to, in the order of the blocks: whenever the process is
// killed, the store opens and tells of the first so many blocks, of all they showed. Blocks are folded together as they
// come. One process has a store open at a time.
//
// A campaign that cannot write its store any more goes on without; failed() says why.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/block.h"
#include "harness/campaign/database.h"
#include "harness/campaign/finding.h"
#include "harness/campaign/run_state.h"
#include "harness/core/result.h"

namespace rxcheck {

// Which campaign it is and which part of it.
struct RunHeader {
  uint64_t programs = 0;  // of the whole campaign
  unsigned shard = 1;     // 1..shards; 0: put together from several
  unsigned shards = 1;    // 0: put together from several
  std::string campaign;   // what is the same in all its shards, on every machine: a text to compare
  std::string options;    // how it was asked for, to go on with
};

class RunStore {
 public:
  static constexpr uint64_t kFoldEvery = 64;  // blocks

  // A new store in this folder, of which nothing stays if it cannot be written; and one that is there. Opening one says
  // whether it is damaged.
  static Result<RunStore> create(const std::string& folder, const RunHeader& header);
  static Result<RunStore> open(const std::string& folder);
  // The same in memory: nothing is written anywhere. `bytes` are those of a store's file.
  static Result<RunStore> create_in_memory(const RunHeader& header);
  static Result<RunStore> of_bytes(std::string_view bytes);
  // Of one in memory: the bytes of its file.
  std::string bytes() const { return database_.bytes(); }

  const RunHeader& header() const { return header_; }
  // All that is known, read now.
  Result<RunState> load();
  // The blocks that are in it, with their digests, in their order. An error if it is damaged.
  std::optional<Error> each_block(const std::function<void(uint64_t block, const std::string& digest)>& tell);

  // A campaign's next block is done, and has led to these findings. `state` includes it; its findings do not matter.
  void add(const BlockReport& report, const RunState& state, std::span<const Finding> fresh);
  // Into a new store: these blocks, and what they add up to. In one transaction, from `begin` to `commit`.
  std::optional<Error> begin();
  std::optional<Error> put_block(uint64_t block, const std::string& digest);
  std::optional<Error> commit(const RunState& state);
  bool holds(uint64_t block);
  // A campaign has no more blocks: all is folded together, and the file can be read alone afterwards.
  void finish(const RunState& state);

  const std::optional<Error>& failed() const { return failed_; }
  const std::string& path() const { return database_.path(); }
  // What to say of a store whose content makes no sense.
  Error damaged(const std::string& what) const;

 private:
  explicit RunStore(Database database) : database_(std::move(database)) {}
  static Result<RunStore> begun(Result<Database> database, const RunHeader& header);
  static Result<RunStore> read(Result<Database> database);
  bool has_our_tables();
  bool write_block(uint64_t block, const std::string& digest);
  bool write_finding(Finding finding);
  bool write_tally(const RunState& state);

  Database database_;
  RunHeader header_;
  std::optional<Error> failed_;
  uint64_t loose_ = 0;
};

}  // namespace rxcheck
