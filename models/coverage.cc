// SPDX-License-Identifier: Apache-2.0
#include "models/coverage.h"

#include <array>

namespace rxcheck::models {
namespace {

constexpr std::array<Level, kForceLevels> kLevels = {Level::not_forced, Level::forced, Level::drop_reference};

constexpr std::array<std::string_view, kLifetimes> kLifetimeNames = {
    "absent",           "just-gone",         "given-up",           "referenced-idle",    "referenced-trees",
    "referenced-files", "unreferenced-idle", "unreferenced-trees", "unreferenced-files", "deleted",
    "orphaned"};
constexpr std::array<std::string_view, kWindows> kWindowNames = {
    "none",           "decided",         "no-routine", "routine", "setting", "cancelled-no-routine",
    "cancelled-owed", "cancelled-called"};

unsigned row_of(Level level) { return level == Level::not_forced ? 0 : level == Level::forced ? 1 : 2; }

}  // namespace

unsigned index_of(const Cell& cell) {
  return (row_of(cell.level) * kLifetimes + static_cast<unsigned>(cell.lifetime)) * kWindows +
         static_cast<unsigned>(cell.window);
}

Cell cell_at(unsigned index) {
  return {kLevels[index / (kLifetimes * kWindows)], static_cast<Lifetime>(index / kWindows % kLifetimes),
          static_cast<Window>(index % kWindows)};
}

std::string_view name_of(Lifetime lifetime) { return kLifetimeNames[static_cast<unsigned>(lifetime)]; }
std::string_view name_of(Window window) { return kWindowNames[static_cast<unsigned>(window)]; }

std::string name_of(const Cell& cell) {
  std::string name(name_of(cell.level));
  return (name += ' ').append(name_of(cell.lifetime)).append(" ").append(name_of(cell.window));
}

std::vector<std::string> names_of(const CellSet& cells) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < kCells; ++i)
    if (cells[i]) names.push_back(name_of(cell_at(i)));
  return names;
}

std::optional<Cell> parse_cell(std::string_view name) {
  for (unsigned i = 0; i < kCells; ++i)
    if (name_of(cell_at(i)) == name) return cell_at(i);
  return std::nullopt;
}

}  // namespace rxcheck::models
