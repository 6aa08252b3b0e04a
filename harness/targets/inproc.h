// SPDX-License-Identifier: Apache-2.0
//
// The target `inproc`: the drivers' real .sys files in this process, on the simulated executive. Exact schedules, 10^4
// programs a second and more. Two can exist at a time; they are not to be used from two threads.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/targets/target.h"

namespace rxcheck {

struct InprocOptions {
  std::vector<std::string>
      drivers;                // in load order; the last one is driven. Empty: the shipped ones beside the executable
  bool access_yields = true;  // switches at memory accesses too, not only at calls
  bool checks = true;         // false: no access hook, no switches; for comparison in benchmarks
};

class InprocTarget : public Target {
 public:
  // Learns at which fields switches can matter, from these programs under random schedules. Deterministic; adds to what
  // is known. Call it once, before anything that counts. Without it only calls and interlocked instructions are yield
  // points.
  virtual void learn(std::span<const Program> programs, uint64_t seed) = 0;
  // The fields learned, as "RxCx+0x48", sorted.
  virtual std::vector<std::string> learned() const = 0;
  // Where the drivers export something by this name, in load order.
  virtual std::vector<void*> exports_named(std::string_view name) const = 0;
};

// Loads the drivers and starts and stops them once. Fails if a file is no driver that can run here, or does not start.
Result<std::unique_ptr<InprocTarget>> make_inproc_target(const InprocOptions& options);

// `<directory of the executable>/driver/<name>`.
std::string beside_executable(const std::string& name);

}  // namespace rxcheck
