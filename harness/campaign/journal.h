// SPDX-License-Identifier: Apache-2.0
//
// A campaign's end of its run store: what the store held when the campaign began or went on, and where it goes on.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "harness/campaign/run_store.h"
#include "harness/core/digest.h"

namespace rxcheck {

// What a block adds to a campaign's digest. "" is the digest of a lost block.
inline std::string line_of_digest(const std::string& digest) { return digest.empty() ? "lost\n" : digest + "\n"; }

struct Journal {
  RunStore store;
  RunState state;                  // of the blocks in the store
  std::unique_ptr<Sha256> digest;  // over them
  BlockRange blocks;               // of the campaign's part that are not in the store

  // Reads the store. An error if it is damaged.
  static Result<Journal> open(RunStore store);
};

}  // namespace rxcheck
