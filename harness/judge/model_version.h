// SPDX-License-Identifier: Apache-2.0
//
// Names the catalogue that judges: changes whenever a clause does.
#pragma once

#include <string>

namespace rxcheck {

// Twelve lower-case hexadecimal digits.
std::string model_digest();
// For people and records: "87 clauses, 0123456789ab".
std::string model_version();

}  // namespace rxcheck
