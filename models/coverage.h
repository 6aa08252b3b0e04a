// SPDX-License-Identifier: Apache-2.0
//
// Which situations deletes have met: the matrix of force level x lifetime of the view x what becomes of a request just
// then. A delete reaches a cell where RxFinalizeConnection takes effect (event `finalize`), one cell for each
// outstanding request of the view (several requests are several situations, so none hides another); a delete by name
// that finds no view reaches one where it is told so (event `missing`). Seen through the reference model's eyes, from
// events alone: a cell means the same on every target.
//
// Which cells can be reached at all is computed, not listed (reachable_cells). Pure, no allocation in CellSet.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/program.h"

namespace rxcheck::models {

// What the delete meets. "Idle": the delete's own tree handle is all that is open; "trees": other tree handles too, no
// file; "files": files too. Orphaned handles are no files any more: what an orphaned view has open is not told apart.
enum class Lifetime : uint8_t {
  absent,              // no view has the connection's name, nor had one since the delete was called
  just_gone,           // none has it, but the name went after the delete was called
  given_up,            // none has it; one that was under construction was given up and is not finalized yet
  referenced_idle,     // live, the add-connection reference is held
  referenced_trees,    //
  referenced_files,    //
  unreferenced_idle,   // live without it: made by an open, or dropped by a busy DEL(0xff)
  unreferenced_trees,  //
  unreferenced_files,  //
  deleted,             // dying: the name was taken by a delete without force, references are left
  orphaned,            // dying: by a forced delete
};
inline constexpr unsigned kLifetimes = 11;

// Where an outstanding request (an accepted read or change-notify that is not decided) is between its submission, its
// cancel routine and a cancel.
enum class Window : uint8_t {
  none,                  // there is no outstanding request
  decided,               // none any more: a change-notify was decided since the delete was called
  no_routine,            // pending; a cancel would find no routine
  routine,               // pending; a cancel would take the routine
  setting,               // somebody is in RxSetMinirdrCancelRoutine, and it is not cancelled
  cancelled_no_routine,  // cancelled; there was no routine to take
  cancelled_owed,        // cancelled; the routine was taken out and not called yet
  cancelled_called,      // cancelled; the routine was called and has not ended the request
};
inline constexpr unsigned kWindows = 8;

inline constexpr unsigned kForceLevels = 3;
inline constexpr unsigned kCells = kForceLevels * kLifetimes * kWindows;
using CellSet = std::bitset<kCells>;

struct Cell {
  Level level = Level::not_forced;
  Lifetime lifetime = Lifetime::absent;
  Window window = Window::none;

  friend bool operator==(const Cell&, const Cell&) = default;
};

unsigned index_of(const Cell& cell);
Cell cell_at(unsigned index);  // REQUIRES: index < kCells

std::string_view name_of(Lifetime lifetime);
std::string_view name_of(Window window);
// "TRUE referenced-files cancelled-owed"
std::string name_of(const Cell& cell);
std::vector<std::string> names_of(const CellSet& cells);  // by index
std::optional<Cell> parse_cell(std::string_view name);

// The cells that a driver which keeps the clauses can reach (reachable.cc says how, and why none is missed).
CellSet reachable_cells();

}  // namespace rxcheck::models
