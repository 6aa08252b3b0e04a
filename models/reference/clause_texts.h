// SPDX-License-Identifier: Apache-2.0
//
// The texts of the catalogue, one list a subject. `catalogue()` (clauses.h) joins them in the order of their numbers.
#pragma once

#include <vector>

#include "models/reference/clauses.h"

namespace rxcheck::models::reference {

std::vector<Clause> clauses_about_deleting();  // RxFinalizeConnection, its levels, and what becomes of a view
std::vector<Clause> clauses_about_requests();  // contexts, cancel routines, completion
std::vector<Clause> clauses_about_connects();  // names, constructions, the add-connection reference
std::vector<Clause> clauses_of_providers();    // what only a network provider and its callers can show

}  // namespace rxcheck::models::reference
