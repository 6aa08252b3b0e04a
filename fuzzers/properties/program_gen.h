// SPDX-License-Identifier: Apache-2.0
//
// The generator as RapidCheck sees it. RapidCheck picks the seed and the size; a program shrinks by losing runs of
// operations with their dependents, so that every candidate is valid.
#pragma once

#include <rapidcheck.h>

#include <ostream>
#include <utility>
#include <vector>

#include "harness/core/program_text.h"
#include "harness/explore/generator.h"

namespace rxcheck {

// How RapidCheck prints a counterexample: as a file that `rxcheck replay` takes.
inline void showValue(const Program& program, std::ostream& out) { out << "\n" << print({program, {}, {}, {}}); }

inline Program without_range(const Program& program, std::pair<std::size_t, std::size_t> range) {
  std::vector<bool> remove(program.operations.size());
  for (std::size_t i = range.first; i < range.second; ++i) remove[i] = true;
  return without(program, remove);
}

inline rc::Seq<Program> shrink_program(const Program& program) {
  return rc::seq::map(rc::seq::subranges(0, program.operations.size()),
                      [program](std::pair<std::size_t, std::size_t> range) { return without_range(program, range); });
}

// Programs of up to 3 actors; the longest have `most` operations an actor.
inline rc::Gen<Program> program_gen(unsigned most = 10) {
  return [most](const rc::Random& chance, int size) {
    Random random(rc::Random(chance).next());
    GeneratorOptions options;
    options.operations_per_actor = 1 + most * static_cast<unsigned>(size) / 100;
    Program program;
    generate(random, options, program);
    return rc::shrinkable::shrinkRecur(std::move(program), &shrink_program);
  };
}

}  // namespace rxcheck
