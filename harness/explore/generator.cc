// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/generator.h"

#include <algorithm>
#include <array>

#include "harness/explore/maker.h"
#include "harness/explore/themes.h"

namespace rxcheck {
namespace {

using explore::kBadRemotes;
using explore::kPaths;
using explore::kRemotes;
using explore::kSessionRemotes;
using explore::kShortRemotes;
using explore::kThemes;

// A kind with the probability of its weight.
class KindDraw {
 public:
  KindDraw(const explore::Weights& weights, uint32_t left_out) {
    for (unsigned kind = 0; kind < kOpKinds; ++kind) {
      if ((left_out >> kind & 1U) == 0) total_ += weights[kind];
      until_[kind] = total_;
    }
  }

  OpKind operator()(Random& random) const {
    if (total_ == 0) return OpKind::open;
    const uint32_t ticket = random.below(total_);
    unsigned kind = 0;
    while (until_[kind] <= ticket) ++kind;
    return static_cast<OpKind>(kind);
  }

 private:
  std::array<uint32_t, kOpKinds> until_;  // running sums
  uint32_t total_ = 0;
};

unsigned draw_actors(Random& random, unsigned most) {
  if (most <= 1) return 1;
  most = std::min(most, kMaxActors);
  return random.chance(1, 2) ? most : 2 + random.below(most - 1);
}

// Mostly near `most`, sometimes anything down to a handful.
unsigned draw_length(Random& random, unsigned most) {
  constexpr unsigned kLeast = 3;
  most = std::clamp(most, kLeast, kMaxOperations);
  return random.chance(5, 8) ? most - random.below(most / 4 + 1) : kLeast + random.below(most - kLeast + 1);
}

const std::array<explore::Remote, 3>& draw_remotes(Random& random) {
  const uint32_t ticket = random.below(32);
  if (ticket < 4) return kBadRemotes[random.below(kBadRemotes.size())];
  if (ticket < 7) return kSessionRemotes[random.below(kSessionRemotes.size())];
  if (ticket < 8) return kShortRemotes[random.below(kShortRemotes.size())];
  return kRemotes[random.below(kRemotes.size())];
}

// Sets shape.connections and shape.unreachable.
void draw_connections(Random& random, unsigned most, explore::Shape& shape, Program& out) {
  const auto& remotes = draw_remotes(random);
  const auto limit = std::clamp<uint32_t>(most, 1, static_cast<uint32_t>(remotes.size()));
  const uint32_t count = random.chance(1, 2) ? 1 : 1 + random.below(limit);
  out.connections.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    out.connections[i].device = remotes[i].device;
    out.connections[i].remote = remotes[i].remote;
    out.connections[i].session = remotes[i].session;
    if (explore::is_unreachable(remotes[i].remote)) shape.unreachable |= static_cast<uint8_t>(1U << i);
  }
  shape.connections = static_cast<uint8_t>(count);
}

// From indices into kPaths to a table in the order of first use, as `tidy_paths` would make it.
void set_paths(Program& out) {
  std::array<uint8_t, kPaths.size()> order{}, moved{};
  uint8_t used = 0;
  for (Operation& op : out.operations) {
    if (!uses_path(op)) continue;
    if (moved[op.path] == 0) {
      order[used] = op.path;
      moved[op.path] = ++used;
    }
    op.path = static_cast<uint8_t>(moved[op.path] - 1);
  }
  out.paths.resize(used);
  for (uint8_t i = 0; i < used; ++i) out.paths[i] = kPaths[order[i]];
}

}  // namespace

void generate(Random& random, const GeneratorOptions& options, Program& out) {
  const uint32_t theme = random.below(kThemes.size());
  // Swarm: a mix of everything leaves out each kind with one chance in four.
  const uint32_t left_out = theme == 0 ? static_cast<uint32_t>(random.next() & random.next()) : 0;
  const KindDraw draw_kind(kThemes[theme].weights, left_out);

  explore::Shape shape;
  shape.bare = kThemes[theme].bare;
  shape.async = kThemes[theme].async;
  shape.actors = draw_actors(random, options.actors);
  draw_connections(random, options.connections, shape, out);
  out.title.clear();
  out.low_memory = 0;
  out.variants = {};
  out.operations.resize(draw_length(random, shape.actors * options.operations_per_actor));

  explore::Maker maker(random, shape, out.operations);
  // Begin with a connection, most of the time: without one little can happen.
  if (random.chance(7, 8)) maker.make(OpKind::connect);
  while (maker.made() < out.operations.size()) maker.make(draw_kind(random));
  set_paths(out);
}

}  // namespace rxcheck
