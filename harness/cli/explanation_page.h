// SPDX-License-Identifier: Apache-2.0
//
// An explanation as one page of HTML that needs nothing else: no script, no other file.
#pragma once

#include <string>

#include "harness/cli/explanation.h"

namespace rxcheck::cli {

std::string explanation_page(const std::string& file, const Explanation& explanation);

}  // namespace rxcheck::cli
