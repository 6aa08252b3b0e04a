// SPDX-License-Identifier: Apache-2.0
//
// What reads bytes that others may have written: files, run records, what a guest's agent sends, a worker's report.
// Given any bytes each must return an error or a value, and a value that is written and read again is the same.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rxcheck::fuzz {

inline constexpr unsigned kFormats = 10;
std::string_view name_of_format(unsigned format);
// kFormats if there is none of that name.
unsigned format_named(std::string_view name);

// Reads the bytes as that format. Nothing, or what is wrong with the reader. REQUIRES: format < kFormats.
std::optional<std::string> try_format(unsigned format, std::span<const uint8_t> bytes);

}  // namespace rxcheck::fuzz
