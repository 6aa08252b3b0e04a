// SPDX-License-Identifier: Apache-2.0
//
// Event lines of a history file, read. What an event line looks like is in history_text.h. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/history.h"
#include "harness/core/operation_text.h"
#include "harness/core/result.h"

namespace rxcheck {

class EventReader {
 public:
  // `operations` has read all operations, and outlives this.
  explicit EventReader(const ProgramReader& operations);

  // The error has no place yet.
  Result<Event> read(const TextLine& line) const;

 private:
  // "a1.2", or the name of a resource; "-" is kNoOperation.
  std::optional<uint16_t> parse_operation(std::string_view word) const;

  const ProgramReader& operations_;
  std::map<std::string, uint16_t, std::less<>> lines_;
};

}  // namespace rxcheck
