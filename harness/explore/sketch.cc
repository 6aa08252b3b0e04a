// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/sketch.h"

#include <algorithm>

#include "harness/explore/themes.h"

namespace rxcheck {

namespace {

using models::Lifetime;
using models::Window;

constexpr uint8_t kLead = 1;      // builds the view and makes the delete that is meant
constexpr uint8_t kMeddler = 2;   // sets, cancels, answers
constexpr uint8_t kOrphaner = 3;  // deletes with force before
constexpr uint32_t kMostSurroundings = 12;

class Sketcher {
 public:
  Sketcher(const models::Cell& aim, Random& random, Sketch& out) : aim_(aim), random_(random), out_(out) {}

  void draw() {
    if (aim_.lifetime == Lifetime::absent || aim_.lifetime == Lifetime::just_gone ||
        aim_.lifetime == Lifetime::given_up)
      return draw_gone();
    build();
    if (aim_.window == Window::none) {
      if (aim_.lifetime == Lifetime::orphaned) orphan(kLead);
      put_delete();
      return;
    }
    submit();
    if (aim_.lifetime != Lifetime::orphaned) return draw_window();
    if (random_.chance(1, 2)) return draw_orphaned();
    put(OpKind::finalize_view, kLead, tree_);  // makes an orphan and cancels nothing
    last().level = Level::forced;
    draw_window();
  }

 private:
  static constexpr uint16_t kAny = kNoOperation;

  uint16_t put(OpKind kind, uint8_t actor, int32_t slot = kNoSlot) {
    Operation op;
    op.kind = kind;
    op.actor = actor;
    op.slot = slot;
    out_.program.operations.push_back(op);
    return static_cast<uint16_t>(out_.program.operations.size() - 1);
  }
  Operation& last() { return out_.program.operations.back(); }
  void hold(const Mark& after, const Mark& until) { out_.stages.push_back({after, until}); }

  bool is_referenced() const {
    return aim_.lifetime == Lifetime::referenced_idle || aim_.lifetime == Lifetime::referenced_trees ||
           aim_.lifetime == Lifetime::referenced_files;
  }
  bool is_unreferenced() const {
    return aim_.lifetime == Lifetime::unreferenced_idle || aim_.lifetime == Lifetime::unreferenced_trees ||
           aim_.lifetime == Lifetime::unreferenced_files;
  }
  bool has_file() const {
    return aim_.lifetime == Lifetime::referenced_files || aim_.lifetime == Lifetime::unreferenced_files;
  }
  bool has_tree() const {
    return aim_.lifetime == Lifetime::referenced_trees || aim_.lifetime == Lifetime::unreferenced_trees;
  }
  // Pending only with nobody's routine.
  bool is_bare() const { return aim_.window == Window::no_routine || aim_.window == Window::cancelled_no_routine; }

  // The view, but for what makes it an orphan.
  void build() {
    if (!is_unreferenced()) put(OpKind::connect, kLead);
    const bool keeps_file = has_file() || (aim_.lifetime == Lifetime::orphaned && random_.chance(1, 2));
    int32_t file = kNoSlot;
    if (is_unreferenced() || keeps_file) file = put(OpKind::open, kLead);
    tree_ = put(OpKind::tree, kLead);
    if (has_tree() || (has_file() && random_.chance(1, 2))) other_tree_ = put(OpKind::tree, kLead);
    if (keeps_file)
      file_ = file;
    else if (file != kNoSlot)
      put(OpKind::close, kLead, file);
    if (aim_.lifetime != Lifetime::deleted) return;
    put(OpKind::disconnect, kLead);
    last().level = random_.chance(1, 2) ? Level::not_forced : Level::drop_reference;
  }

  void submit() {
    int32_t handle = tree_;
    if (file_ != kNoSlot && random_.chance(2, 3)) handle = file_;
    if (other_tree_ != kNoSlot && random_.chance(1, 3)) handle = other_tree_;
    // What is decided must have been a notify; a tree handle takes nothing else.
    const bool reads = handle == file_ && aim_.window != Window::decided && random_.chance(1, 2);
    request_ = put(reads ? OpKind::read : OpKind::notify, kLead, handle);
    last().bare = is_bare() || (aim_.window == Window::setting && random_.chance(1, 2));
  }

  // By the tree handle; by name only where its temporary tree handle changes nothing.
  uint16_t put_delete() {
    const bool by_name = (has_file() || has_tree()) && random_.chance(1, 3);
    const uint16_t made = put(by_name ? OpKind::disconnect : OpKind::finalize, kLead, by_name ? kNoSlot : tree_);
    last().level = aim_.level;
    return made;
  }

  // The operation of another that opens the window, and the event at which it is open.
  uint16_t meddle(Mark& opened) {
    uint16_t made = 0;
    if (aim_.window == Window::setting) {
      made = put(OpKind::set_routine, kMeddler, request_);
      last().routine = static_cast<Routine>(random_.below(3));
      opened = {EventKind::set_enter, kAny, request_};
    } else if (aim_.window == Window::decided && random_.chance(2, 3)) {
      made = put(OpKind::complete, kMeddler, request_);
      opened = {EventKind::finish, kAny, request_};
    } else {
      made = put(OpKind::cancel, kMeddler, request_);
      opened = {aim_.window == Window::decided            ? EventKind::finish
                : aim_.window == Window::cancelled_called ? EventKind::cancel_routine
                                                          : EventKind::cancel,
                kAny, request_};
    }
    hold({EventKind::call, made}, {EventKind::ret, request_});
    return made;
  }

  bool is_race() const {
    return aim_.window == Window::setting || aim_.window == Window::cancelled_owed ||
           aim_.window == Window::cancelled_called || aim_.window == Window::decided;
  }

  void draw_window() {
    if (!is_race()) {
      if (aim_.window == Window::cancelled_no_routine) put(OpKind::cancel, kLead, request_);
      put_delete();
      return;
    }
    Mark opened;
    const uint16_t meddler = meddle(opened);
    const uint16_t made = put_delete();
    hold({EventKind::call, made}, opened);
    if (aim_.window == Window::decided)
      hold({EventKind::call, meddler}, {EventKind::call, made});
    else
      hold(opened, {EventKind::finalize, made});
  }

  uint16_t orphan(uint8_t actor) {
    const uint16_t made = put(OpKind::disconnect, actor);
    last().level = Level::forced;
    return made;
  }

  // A view is made an orphan with its request pending, which the one that does it cancels at once.
  void draw_orphaned() {
    Mark opened;
    if (aim_.window == Window::cancelled_no_routine) put(OpKind::cancel, kLead, request_);
    const bool meddles = is_race() && (aim_.window == Window::setting || random_.chance(1, 2));
    if (meddles) meddle(opened);
    const uint16_t orphaner = orphan(kOrphaner);
    const uint16_t made = put_delete();
    const Mark orphaned{EventKind::finalize, orphaner}, deleted{EventKind::finalize, made};
    hold({EventKind::call, orphaner}, {EventKind::ret, request_});
    if (aim_.window == Window::decided) {
      hold({EventKind::call, orphaner}, {EventKind::call, made});
      hold({EventKind::call, made}, {EventKind::finish, kAny, request_});
      return;
    }
    hold({EventKind::call, made}, orphaned);
    if (meddles) {
      hold({EventKind::call, orphaner}, opened);
      hold(orphaned, deleted);  // has the locks: this one gives way first
      hold(opened, deleted);
    } else if (aim_.window == Window::cancelled_owed || aim_.window == Window::cancelled_called) {
      opened = {aim_.window == Window::cancelled_owed ? EventKind::cancel : EventKind::cancel_routine, kAny, request_};
      hold({EventKind::call, made}, opened);
      hold(opened, deleted);
    } else {
      hold(orphaned, deleted);
    }
  }

  // Deletes by name that find nothing.
  void draw_gone() {
    const bool gives_up = aim_.lifetime == Lifetime::given_up;
    uint16_t connect = 0;
    if (aim_.lifetime != Lifetime::absent) connect = put(OpKind::connect, gives_up ? kOrphaner : kLead);
    if (gives_up) last().asynchronous = last().hold = true;
    uint16_t other = 0;
    if (gives_up) other = put(OpKind::cancel, kMeddler, connect);
    if (aim_.lifetime == Lifetime::just_gone) other = orphan(kMeddler);
    const uint16_t made = put(OpKind::disconnect, kLead);
    last().level = aim_.level;
    if (aim_.lifetime == Lifetime::just_gone) {
      hold({EventKind::call, other}, {EventKind::call, made});
      hold({EventKind::call, made}, {EventKind::finalize, other});
    } else if (gives_up) {
      const Mark cancelled{random_.chance(1, 2) ? EventKind::cancel : EventKind::finish, kAny, connect};
      hold({EventKind::call, made}, cancelled);
      hold(cancelled, {EventKind::missing, made});
    }
  }

  const models::Cell aim_;
  Random& random_;
  Sketch& out_;
  int32_t tree_ = kNoSlot;        // that the delete goes through
  int32_t other_tree_ = kNoSlot;  //
  int32_t file_ = kNoSlot;        // that stays open
  uint16_t request_ = 0;
};

// What the usual program begins with, behind the sketch: by the sketch's own actors, or by others from the start.
void add_surroundings(const Program& usual, Random& random, Program& out) {
  if (random.chance(1, 3)) return;
  const bool after = random.chance(2, 3);
  const auto moved = static_cast<int32_t>(out.operations.size());
  const uint32_t count =
      std::min<uint32_t>(1 + random.below(kMostSurroundings), static_cast<uint32_t>(usual.operations.size()));
  for (uint32_t i = 0; i < count; ++i) {
    Operation op = usual.operations[i];
    if (op.slot != kNoSlot) op.slot += moved;
    if (uses_path(op)) ++op.path;
    op.actor = after ? static_cast<uint8_t>(1 + op.actor % kOrphaner) : static_cast<uint8_t>(kOrphaner + op.actor);
    op.actor = std::min<uint8_t>(op.actor, kMaxActors);
    out.operations.push_back(op);
  }
}

}  // namespace

void sketch(const models::Cell& aim, const Program& usual, Random& random, Sketch& out) {
  out.program = {};
  out.stages.clear();
  out.program.variants = usual.variants;
  out.program.connections = usual.connections;
  out.program.paths = {"\\sketch"};  // another file than the surroundings': those may be kept open, or missing
  out.program.paths.insert(out.program.paths.end(), usual.paths.begin(), usual.paths.end());
  const bool reachable = !usual.connections.empty() && !explore::is_unreachable(usual.connections[0].remote);
  if (!reachable) out.program.connections = {{'X', explore::kShare}};
  Sketcher(aim, random, out).draw();
  if (reachable) add_surroundings(usual, random, out.program);
  tidy_paths(out.program);
  drop_unused_connections(out.program);
}

}  // namespace rxcheck
