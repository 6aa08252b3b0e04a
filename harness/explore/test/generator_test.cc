// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/generator.h"

#include <array>
#include <boost/test/unit_test.hpp>

#include "harness/core/digest.h"
#include "harness/core/program_text.h"
#include "harness/explore/themes.h"

namespace rxcheck {
namespace {

Program program_of(uint64_t seed, const GeneratorOptions& options = {}) {
  Random random(seed);
  Program program;
  generate(random, options, program);
  return program;
}

BOOST_AUTO_TEST_SUITE(generator)

BOOST_AUTO_TEST_CASE(every_program_is_valid_and_within_its_options) {
  for (const GeneratorOptions options :
       {GeneratorOptions{}, GeneratorOptions{1, 10, 1}, GeneratorOptions{2, 1, 2}, GeneratorOptions{8, 512, 3},
        GeneratorOptions{99, 9999, 99}, GeneratorOptions{0, 0, 0}}) {
    const int count = options.operations_per_actor > 100 ? 50 : 5000;
    for (int seed = 0; seed < count; ++seed) {
      const Program program = program_of(static_cast<uint64_t>(seed), options);
      const auto why = why_invalid(program);
      BOOST_REQUIRE_MESSAGE(!why, why.value_or(""));
      BOOST_REQUIRE(!program.operations.empty() && program.operations.size() <= kMaxOperations);
      for (const Operation& op : program.operations)
        BOOST_REQUIRE(op.actor <= std::max(1U, std::min(options.actors, kMaxActors)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_seed_means_the_same_program_everywhere) {
  std::string texts;
  for (uint64_t seed = 0; seed < 200; ++seed) texts += print({program_of(seed), {}, {}, {}});
  // Changes when the generator does: then seeds in old records mean other programs, and CHANGELOG.md has to say so.
  BOOST_TEST(sha256_hex(texts) == "f8049ba863133ae5f6857aab90db0b789003b3e69d5dd51cdae6e0a3ba986839");
}

BOOST_AUTO_TEST_CASE(memory_is_reused) {
  Program program;
  program.operations.resize(100);
  program.connections.resize(8);
  program.paths.resize(8);
  const auto* operations = program.operations.data();
  const auto* connections = program.connections.data();
  const auto* paths = program.paths.data();
  const size_t kInPlace = std::string().capacity();
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    generate(random, {}, program);
    BOOST_REQUIRE(program.operations.data() == operations);
    BOOST_REQUIRE(program.connections.data() == connections);
    BOOST_REQUIRE(program.paths.data() == paths);
    BOOST_REQUIRE(program == program_of(seed));
    for (const Connection& connection : program.connections) BOOST_REQUIRE(connection.remote.capacity() == kInPlace);
    for (const std::string& path : program.paths) BOOST_REQUIRE(path.capacity() == kInPlace);
  }
}

BOOST_AUTO_TEST_CASE(programs_vary_and_actors_meet) {
  std::array<unsigned, kOpKinds> kinds{};
  std::array<unsigned, 4> connections{}, actors{};
  unsigned uses = 0, uses_of_others = 0, small = 0, large = 0, bare = 0, held = 0;
  constexpr unsigned kPrograms = 5000;
  for (uint64_t seed = 0; seed < kPrograms; ++seed) {
    const Program program = program_of(seed);
    ++connections[program.connections.size()];
    ++actors[actors_used(program)];
    small += program.operations.size() <= 10;
    large += program.operations.size() >= 15;
    for (const Operation& op : program.operations) {
      ++kinds[static_cast<unsigned>(op.kind)];
      bare += op.bare;
      held += op.hold;
      if (op.slot == kNoSlot) continue;
      ++uses;
      uses_of_others += program.operations[static_cast<size_t>(op.slot)].actor != op.actor;
    }
  }
  for (unsigned kind = 0; kind < kOpKinds; ++kind)
    BOOST_TEST(kinds[kind] > kPrograms / 10, name_of(static_cast<OpKind>(kind)));
  for (unsigned count = 1; count <= 3; ++count) BOOST_TEST(connections[count] > kPrograms / 10);
  BOOST_TEST(actors[2] > kPrograms / 10);
  BOOST_TEST(actors[3] > kPrograms / 3);
  BOOST_TEST(uses_of_others > uses / 2);
  BOOST_TEST(small > kPrograms / 20);
  BOOST_TEST(large > kPrograms / 2);
  BOOST_TEST(bare > kPrograms / 4);
  BOOST_TEST(held > kPrograms / 10);
}

BOOST_AUTO_TEST_CASE(run_in_order_a_program_keeps_few_files_open_and_few_connects_held) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Program program = program_of(seed, {8, 512, 3});
    unsigned files = 0;
    std::vector<size_t> held;
    for (size_t i = 0; i < program.operations.size(); ++i) {
      const Operation& op = program.operations[i];
      const auto producer = op.slot == kNoSlot ? Operation{} : program.operations[static_cast<size_t>(op.slot)];
      files += op.kind == OpKind::open && program.paths[op.path] != "\\denied" && !op.cancelled &&
               !explore::is_unreachable(program.connections[op.connection].remote);
      files -= op.kind == OpKind::close && producer.kind == OpKind::open;
      if (op.hold) held.push_back(i);
      std::erase_if(held, [&](size_t connect) {
        const bool released = op.kind == OpKind::release && op.connection == program.operations[connect].connection;
        return released || (op.kind == OpKind::await && static_cast<size_t>(op.slot) == connect);
      });
      BOOST_REQUIRE(files <= 32);
      BOOST_REQUIRE(held.size() <= 2);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
