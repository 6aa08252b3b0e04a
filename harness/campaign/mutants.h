// SPDX-License-Identifier: Apache-2.0
//
// The drill of the whole harness: drivers with a seeded defect each, built beforehand into `<executable's
// folder>/driver/mutants/ID/`. A campaign is run against each until its first divergence, without being told where to
// look. One process a mutant. What is found depends on seeds and counts alone; only elapsed_s is a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/plan.h"
#include "harness/campaign/run_folder.h"
#include "harness/core/result.h"

namespace rxcheck {

struct MutantOptions {
  std::vector<std::string> only;  // ids; empty: all
  uint64_t seeds = 1;             // campaigns with the seeds 1..seeds
  uint64_t programs = 200'000;    // per seed
  std::string target = "inproc";  // or wine, vm: hunted in process, and the shrunk repro must show the same there
  bool access_yields = true;
  bool races = false;     // data races count with every mutant
  bool directed = false;  // by directed generation (docs/directed.md)
  unsigned jobs = 1;
};

// What a patch says of itself in its text, behind "Survives:" or "Equivalent:": why it is not found, or that it changes
// nothing that anybody could find. Such mutants are hunted all the same, but not for long.
struct MutantNote {
  enum class Kind : uint8_t { none, survives, equivalent } kind = Kind::none;
  std::string reason;
  bool races = false;  // "Races: yes": its defect is a data race, which is what it is hunted for
};

struct MutantResult {
  std::string id;
  MutantNote note;
  bool killed = false;  // under every seed
  uint64_t seeds_killed = 0;
  std::string clause;  // these from the first seed that killed it
  bool drift = false;  // killed by the shadow model only: the reference allows what it does
  std::string summary;
  uint64_t schedules_to_kill = 0;  // the median over the seeds that killed it, the upper of two
  uint64_t worst_schedules = 0;    // the most
  double worst_s = 0;              // the longest hunt of a seed that killed it, without shrinking
  double elapsed_s = 0;            // all seeds, shrinking included
  unsigned operations = 0;         // of the shrunk repro
  unsigned switches = 0;
  std::string repro;            // the file's text
  std::string problem;          // why it could not be run to its end
  std::vector<uint64_t> hunts;  // schedules to kill, of each seed that killed it, sorted
  uint64_t schedules_run = 0;   // over all seeds: until it was killed, or in vain
};

// Of a mutant that is built.
MutantNote note_of(const std::string& id);
MutantNote note_from(std::string_view text);

// The ids that are built, sorted.
std::vector<std::string> built_mutants();

// In the order of ids. `done` is called for each as it ends, in any order. An interrupted drill returns what it has.
// The error names an id that does not exist.
Result<std::vector<MutantResult>> run_mutants(const MutantOptions& options,
                                              const std::function<void(const MutantResult&)>& done,
                                              const std::function<bool()>& interrupted);

}  // namespace rxcheck
