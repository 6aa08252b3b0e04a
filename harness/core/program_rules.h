// SPDX-License-Identifier: Apache-2.0
//
// The rules that make a program valid, one by one, for those who want to say where one is broken: the parser names
// the line, `why_invalid` the operation. Each function answers in words what is wrong, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/core/program.h"

namespace rxcheck {

inline constexpr size_t kMaxRemote = 60;  // characters of `\\server\share`: fits the probe's list entry with a device
inline constexpr size_t kMaxPath = 120;   // characters of a path: fits the probe's request with a remote name
inline constexpr size_t kMaxTitle = 200;
inline constexpr size_t kMaxHistoryOperations = 32768;  // the environment's among them; an Event's index is 16 bits

// Printable ASCII without blanks at either end, at most kMaxTitle characters.
std::optional<std::string> why_bad_title(std::string_view title);
// `\\server\share`, each part of letters, digits and . _ - $.
std::optional<std::string> why_bad_remote(std::string_view remote);
// `\` alone (the root of the share) or `\name\name...`.
std::optional<std::string> why_bad_path(std::string_view path);
// Whether `program.connections[index]` has a name of its own. Letter case does not tell names apart.
std::optional<std::string> why_bad_connection(const Program& program, size_t index);
// Everything about one operation, given that those before it are right: its actor is in [lowest_actor, kMaxActors],
// indices name something, the slot fits, and fields that its kind does not use have their defaults.
std::optional<std::string> why_bad_operation(const Program& program, size_t index, uint8_t lowest_actor = 1);

// The whole program; operations from `environment` on must have actor 0, those before it actors from 1.
std::optional<std::string> why_invalid(const Program& program, size_t environment);

}  // namespace rxcheck
