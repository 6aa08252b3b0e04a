// SPDX-License-Identifier: Apache-2.0
//
// run.json, as far as it is read again: the cells of a run (docs/format-run.md). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "models/coverage.h"

namespace rxcheck {

inline constexpr size_t kMostRecordBytes = 256u << 20;

// The member `cells`: sorted names.
std::vector<std::string> cells_for_record(const models::CellSet& cells);
// From the text of a run.json; other members do not matter. An error names `path`.
Result<models::CellSet> cells_of_record(std::string_view text, const std::string& path);

}  // namespace rxcheck
