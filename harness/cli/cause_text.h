// SPDX-License-Identifier: Apache-2.0
//
// A cause in words and as JSON. Pure but for the lines, which are given.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/cause.h"
#include "harness/cli/command.h"
#include "harness/cli/source_lines.h"

namespace rxcheck::cli {

// The sites of all accesses of these causes, to look up.
std::vector<uint64_t> sites_of(const std::vector<Cause>& causes);

// "RxFoo (cancel.c:27, a2.1/worker)".
std::string words_for_place(const LoggedAccess& access, const SourceLines& lines);
// "writes RxCx+0x40 holding RxStrucSupSpinLock".
std::string words_for_access(const LoggedAccess& access);

// Full sentences: what came too late, what came before it, where the switch does harm, what would have prevented it.
std::vector<std::string> sentences(const Cause& cause, const SourceLines& lines);
Json to_json(const Cause& cause, const SourceLines& lines);

}  // namespace rxcheck::cli
