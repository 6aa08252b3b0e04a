// SPDX-License-Identifier: Apache-2.0
//
// Puts gdb in this process's place, on the tool itself replaying a file, with the symbols of the drivers where they are
// mapped. It stops on the stack of the line that a choice leaves, in the driver's frame.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/nt/pe_image.h"

namespace rxcheck::cli {

struct DebuggerStop {
  size_t choice = 0;     // counted from 1; 0: where a rule of the executive is broken
  std::string function;  // of the driver, "" if unknown
};

// `arguments` of the tool, without its name. `batch`: prints where it stopped, and ends. Returns only if gdb cannot be
// started.
Error debug(const std::vector<std::string>& arguments, const std::vector<nt::PeImage*>& images,
            const DebuggerStop& stop, bool batch);

}  // namespace rxcheck::cli
