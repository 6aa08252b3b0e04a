// SPDX-License-Identifier: Apache-2.0
//
// Lines, choices and schedules as text. A line is "a2.1" (actor 2 at its first operation), "a2.1/worker" (the system
// thread that works for that operation) or "a3" (actor 3, wherever it is). A choice is one text line:
//
//   switch a2.1/worker RxSetMinirdrCancelRoutine write RxCx+0x48 #1 -> a3
//   pick a1.2 - block IRP #1 -> a2
//
// kind, line, function, access, object, occurrence, and who goes on. Function and object are one word each: "-" stands
// for empty, and a blank, "%" or anything that is not printable ASCII is written "%20". Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "harness/core/schedule.h"
#include "harness/core/text_file.h"

namespace rxcheck {

std::string text_of(const Line& line);
std::string text_of(const Choice& choice);
std::string_view name_of(Access access);

std::optional<Line> parse_line(std::string_view word);
// The error has no place yet.
Result<Choice> parse_choice(const TextLine& line);

}  // namespace rxcheck
