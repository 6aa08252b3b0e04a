// SPDX-License-Identifier: Apache-2.0
//
// From a history that somebody else's threads made to a program file that replays: the program runs under many
// schedules on a target that has them, until one shows the same fingerprint; that one is confirmed and shrunk.
// Deterministic: the schedules follow from a fixed seed, and the budget is a count of runs.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/core/history.h"
#include "harness/core/program_text.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck {

struct Reproduced {
  ProgramFile file;   // the smallest
  uint64_t runs = 0;  // until it was met
};

struct ReproduceOptions {
  uint64_t runs = 100'000;
  std::function<bool()> stop;
};

// The program that a history ran: without what the environment added, and without expectations.
Program program_of(const History& history);

// REQUIRES: the target has yield points and has learned from the program. Nothing if no schedule showed the
// fingerprint.
std::optional<Reproduced> reproduce(Target& target, Judge& judge, const Program& program,
                                    const std::string& fingerprint, const ReproduceOptions& options = {});

}  // namespace rxcheck
