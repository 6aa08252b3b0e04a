// SPDX-License-Identifier: Apache-2.0
//
// What people see: a live line of progress on standard error, numbers with separators, colours where there is a
// terminal. Time is read for display only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace rxcheck::cli {

// Progress on standard error: one live line on a terminal, otherwise a plain line every few seconds.
class Progress {
 public:
  Progress(std::string what, uint64_t total);
  ~Progress();
  void at(uint64_t done);
  // A line of its own, above the live line.
  void note(const std::string& line);

 private:
  void clear();

  std::string what_;
  uint64_t total_;
  bool live_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begin_, next_;
};

std::string with_separators(uint64_t number);               // "1,234,567"
std::string plural(uint64_t count, std::string_view noun);  // "1 switch", "2 switches"
double to_digits(double value, int decimals);               // rounded, for JSON
double to_significant(double value);                        // rounded to four significant digits, for JSON

// Columns of standard output; 120 if it is no terminal.
unsigned width_of_output();

enum class Tint { none, red, green, yellow, bold, dim };
// The text in that tint if standard output is a terminal and NO_COLOR is not set.
std::string tinted(std::string_view text, Tint tint);

}  // namespace rxcheck::cli
