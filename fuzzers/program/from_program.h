// SPDX-License-Identifier: Apache-2.0
//
// Programs of files as inputs of the program fuzzer (bytes.h). An input knows few names of connections and paths, three
// actors and 40 operations, and says how a schedule is made instead of which it is: not every program is one.
#pragma once

#include <vector>

#include "fuzzers/program/bytes.h"
#include "harness/core/program.h"

namespace rxcheck::fuzz {

// The inputs with the operations of the program, on connections and paths by other names if it must be: for each row of
// names that has as many, those first that keep the names. Expected results, title and variants are left out. Empty if
// no input is such a program.
std::vector<Input> inputs_like(const Program& program);

// How many ways of making schedules there are, for Input::way.
unsigned ways();

}  // namespace rxcheck::fuzz
