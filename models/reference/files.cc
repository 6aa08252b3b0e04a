// SPDX-License-Identifier: Apache-2.0
//
// Files of a share that are open, whichever view they were opened through. An FCB is shared by all views, so a driver
// may mistake a handle of one for a handle of another (C13, C14).
#include <algorithm>

#include "models/reference/machine.h"

namespace rxcheck::models::reference {

void Machine::name_files(const Program& program) {
  const size_t connections = std::min<size_t>(program.connections.size(), kMaxConnections);
  const size_t paths = std::min<size_t>(program.paths.size(), kMaxPaths);
  std::array<uint8_t, kMaxPaths> same{};  // the first path that is the same
  for (uint8_t i = 0; i < paths; ++i)
    while (!same_name(program.paths[same[i]], program.paths[i])) ++same[i];
  for (size_t i = 0; i < count_; ++i) {
    const Operation& from = program.operations[i];
    if (from.kind != OpKind::open || from.connection >= connections || from.path >= paths) continue;
    operations_[i].file = static_cast<uint16_t>(connections_[from.connection].share * kMaxPaths + same[from.path]);
    operations_[i].directory = from.directory;
    operations_[i].root = program.paths[from.path] == "\\";
  }
}

void Machine::file_opened(OperationState& op) {
  if (op.file == kNone) return;
  FileState& file = files_[op.file];
  if (file.handles++ == 0) {
    file.first_view = op.view;
    file.first_open = index_of(op);
    file.sure = !file.lingers;
  } else if (file.first_view != op.view) {
    if (operations_[file.first_open].finishes == 0 || file.closing == file.handles - 1) file.sure = false;
  }
}

void Machine::file_closed(const OperationState& op) {
  if (op.file == kNone) return;
  FileState& file = files_[op.file];
  if (file.handles != 0) --file.handles;
  if (op.closing && file.closing != 0) --file.closing;
  if (file.handles == 0 || file.first_view != op.view) return;
  // An open under way may have found what this one leaves, or not have come to it yet.
  for (size_t i = 0; i < count_; ++i) {
    const OperationState& other = operations_[i];
    if (other.file == op.file && other.opened && !other.unopened && other.finishes == 0) file.sure = false;
  }
}

bool Machine::others_have_files(const View& view) const {
  if (view.connection >= kMaxConnections) return false;
  const size_t first = connections_[view.connection].share * size_t{kMaxPaths};
  return std::any_of(files_.begin() + static_cast<ptrdiff_t>(first),
                     files_.begin() + static_cast<ptrdiff_t>(first + kMaxPaths),
                     [](const FileState& file) { return file.handles != 0; });
}

bool Machine::owns_files_of_others(uint16_t view, bool surely) const {
  const View& self = views_[view];
  if (self.connection >= kMaxConnections) return false;
  const size_t first = connections_[self.connection].share * size_t{kMaxPaths};
  for (size_t i = first; i < first + kMaxPaths; ++i) {
    const FileState& file = files_[i];
    if (surely ? file.handles > file.closing && file.first_view == view && file.sure
               : file.handles != 0 && (file.first_view == view || !file.sure))
      return true;
  }
  return false;
}

// The view's files did not make a DEL(FALSE) fail: what do all of them have in common?
ClauseId Machine::clause_if_files_do_not_count(uint16_t view) const {
  bool roots = true, directories = true, second = true;
  for (size_t i = 0; i < count_; ++i) {
    const OperationState& op = operations_[i];
    if (!op.opened || op.unopened || op.closed || op.view != view) continue;
    const FileState* file = op.file == kNone ? nullptr : &files_[op.file];
    roots = roots && op.root;
    directories = directories && op.directory;
    second = second && file != nullptr && file->sure && file->first_view != view;
  }
  if (roots) return 8;
  if (directories) return 7;
  if (views_[view].deleted) return 33;
  return second ? 14 : 2;
}

}  // namespace rxcheck::models::reference
