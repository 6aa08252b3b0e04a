// SPDX-License-Identifier: Apache-2.0
//
// Opens the target that a command names.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/core/program.h"
#include "harness/core/result.h"
#include "harness/targets/target.h"

namespace rxcheck {

class InprocTarget;

struct TargetChoice {
  std::string name = "inproc";       // inproc, shadow, wine, vm
  std::vector<std::string> drivers;  // empty: the shipped ones
  bool access_yields = true;
  bool gated = true;  // wine and vm: under a schedule; else threads race
  bool checks = true;
  bool races = false;    // inproc: data races are divergences
  std::string vm_image;  // vm: a guest of the user's; "": the built-in one
};

class OpenTarget {
 public:
  explicit OpenTarget(std::unique_ptr<Target> target, InprocTarget* inproc = nullptr);
  Target& operator*() { return *target_; }
  Target* operator->() { return target_.get(); }
  // Lets the target find out where switches matter; nothing for a target that has no yield points.
  void learn(std::span<const Program> programs, uint64_t seed);

 private:
  std::unique_ptr<Target> target_;
  InprocTarget* inproc_;  // the same, if it is one
};

// What this version lacks for the target, in one line; nothing if it can run here.
std::optional<std::string> missing_for(const TargetChoice& choice);

Result<OpenTarget> open_target(const TargetChoice& choice);

}  // namespace rxcheck
