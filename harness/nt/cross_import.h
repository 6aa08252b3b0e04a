// SPDX-License-Identifier: Apache-2.0
//
// Thunks for calls from one driver into another: a yield point before the call, and for the routines whose
// documentation states an IRQL a check at entry (clause C97).
#pragma once

#include <string>

namespace rxcheck::nt {

// Machine code that can stand in an import table in place of `target`. Lives as long as the process.
void* make_cross_import(const std::string& name, void* target);

}  // namespace rxcheck::nt
