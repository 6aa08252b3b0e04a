// SPDX-License-Identifier: Apache-2.0
//
// 64-bit hashes of programs and of what runs did, the leaves of a campaign's digest. Equal for equal content on every
// machine; not meant to withstand an adversary (the digest over them is SHA-256). Pure.
#pragma once

#include <cstdint>

#include "harness/judge/verdict.h"
#include "harness/targets/target.h"

namespace rxcheck {

uint64_t hash_of(const Program& program);
// The schedule, the verdict and every event.
uint64_t hash_of(const RunResult& run, Verdict verdict);

}  // namespace rxcheck
