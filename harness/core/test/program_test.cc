// SPDX-License-Identifier: Apache-2.0
#include "harness/core/program.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/program_rules.h"
#include "harness/core/program_text.h"
#include "harness/core/test/why.h"

namespace rxcheck {
namespace {

Program parsed(const std::string& lines) {
  const auto file = parse_program("rxp 1\nconnection X: \\\\server\\share\n" + lines + "end\n", "test");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  return file->program;
}

BOOST_AUTO_TEST_SUITE(program)

BOOST_AUTO_TEST_CASE(what_an_operation_leaves_behind_fits_those_that_use_it) {
  Operation connect{.kind = OpKind::connect};
  BOOST_TEST((produced_by(connect) == Resource::none));
  connect.asynchronous = true;
  BOOST_TEST((produced_by(connect) == Resource::request));
  const Operation open{.kind = OpKind::open}, tree{.kind = OpKind::tree}, read{.kind = OpKind::read};
  const auto fits = [](OpKind user, const Operation& producer) { return slot_fits(Operation{.kind = user}, producer); };
  BOOST_TEST(fits(OpKind::close, open));
  BOOST_TEST(fits(OpKind::close, tree));
  BOOST_TEST(fits(OpKind::notify, tree));
  BOOST_TEST(!fits(OpKind::read, tree));
  BOOST_TEST(!fits(OpKind::finalize, open));
  BOOST_TEST(fits(OpKind::cancel, connect));
  BOOST_TEST(!fits(OpKind::complete, connect));
  BOOST_TEST(fits(OpKind::complete, read));
  BOOST_TEST(!fits(OpKind::dereference, read));
}

BOOST_AUTO_TEST_CASE(every_kind_but_stop_start_and_tick_takes_a_connection_or_a_resource) {
  for (unsigned kind = 0; kind < kOpKinds; ++kind)
    if (kind != static_cast<unsigned>(OpKind::stop) && kind != static_cast<unsigned>(OpKind::start) &&
        kind != static_cast<unsigned>(OpKind::tick))
      BOOST_TEST(uses_connection(static_cast<OpKind>(kind)) != needs_slot(static_cast<OpKind>(kind)));
}

BOOST_AUTO_TEST_CASE(without_takes_dependents_along_and_renumbers) {
  const Program program = parsed(
      "1 connect X:\n1 open X: \\a -> f1\n2 open X: \\b -> f2\n2 read f1 -> r1\n1 cancel r1\n2 write f2\n1 close f1\n");
  std::vector<bool> remove(program.operations.size());
  remove[1] = true;
  BOOST_TEST((without(program, remove) == parsed("1 connect X:\n2 open X: \\b -> f2\n2 write f2\n")));
  BOOST_TEST((remove == std::vector<bool>{false, true, false, true, true, false, true}));
}

BOOST_AUTO_TEST_CASE(removing_an_operation_leaves_what_is_said_of_the_whole_run) {
  Program program = parsed("1 connect X:\n1 list X:\n");
  program.low_memory = 7;
  program.variants.add(Variant::orphan_stub);
  std::vector<bool> remove = {false, true};
  const Program rest = without(program, remove);
  BOOST_TEST(rest.low_memory == 7u);
  BOOST_TEST((rest.variants == program.variants));
}

BOOST_AUTO_TEST_CASE(ordinals_count_within_an_actor) {
  const Program program = parsed("1 connect X:\n3 list X:\n1 list X:\n3 list X:\n");
  BOOST_TEST(ordinal_in_actor(program, 0) == 1U);
  BOOST_TEST(ordinal_in_actor(program, 2) == 2U);
  BOOST_TEST(ordinal_in_actor(program, 3) == 2U);
  BOOST_TEST(actors_used(program) == 2U);
}

BOOST_AUTO_TEST_CASE(unused_connections_can_be_dropped) {
  const auto file = parse_program(
      "rxp 1\nconnection X: \\\\s\\a\nconnection Y: \\\\s\\b\nconnection \\\\s\\c\n1 list \\\\s\\c\n1 list X:\nend\n",
      "t");
  BOOST_REQUIRE(file.ok());
  Program program = file->program;
  drop_unused_connections(program);
  BOOST_REQUIRE(program.connections.size() == 2U);
  BOOST_TEST(program.connections[program.operations[0].connection].remote == "\\\\s\\c");
  BOOST_TEST(program.connections[program.operations[1].connection].device == 'X');
}

BOOST_AUTO_TEST_CASE(a_program_that_breaks_a_rule_is_told_which) {
  const Program good = parsed("1 connect X:\n1 open X: \\a -> f1\n1 read f1 -> r1\n1 set r1 A\n");
  BOOST_TEST(!why_invalid(good));
  BOOST_TEST(!why_invalid(Program{}));
  const auto broken = [&](auto&& change) {
    Program program = good;
    change(program);
    return why_invalid(program).value_or("nothing");
  };
  BOOST_TEST(broken([](Program& p) { p.operations[1].actor = 0; }).find("actors") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[1].actor = 9; }).find("actors") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[1].connection = 1; }).find("no connection") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[1].path = 1; }).find("no path") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[2].slot = 2; }).find("nothing before") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[2].slot = -7; }).find("nothing before") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[3].slot = 1; }).find("wrong kind") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[0].slot = 0; }).find("needs none") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[0].directory = true; }).find("directory") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[0].bare = true; }).find("bare") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[2].hold = true; }).find("held") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[2].level = Level::forced; }).find("level") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[3].routine = static_cast<Routine>(4); }).find("routine") !=
             std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations[3].kind = static_cast<OpKind>(kOpKinds); }).find("kind") !=
             std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.connections.push_back(p.connections[0]); }).find("two") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.connections[0].device = 'x'; }).find("device") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.connections[0].remote = "\\\\server"; }).find("remote") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.paths.push_back("\\a"); }).find("twice") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.paths[0] = "a"; }).find("not a path") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.paths[0] = "\\a\\"; }).find("not a path") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.title = " a"; }).find("title") != std::string::npos);
  BOOST_TEST(broken([](Program& p) { p.operations.resize(kMaxOperations + 1); }).find("too many") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_environment_comes_last_and_as_actor_0) {
  Program program = parsed("1 connect X:\n1 list X:\n");
  program.operations[1].actor = 0;
  BOOST_TEST(!why_invalid(program, 1));
  BOOST_TEST(why_invalid(program, 2).has_value());
  BOOST_TEST(why_invalid(program, 0).has_value());
}

BOOST_AUTO_TEST_CASE(paths_and_remote_names_are_checked) {
  for (const char* path : {"\\", "\\a", "\\a.b\\C_d-e$"}) BOOST_TEST(!why_bad_path(path), path);
  for (const char* path : {"", "a", "\\\\", "\\a\\\\b", "\\a b", "\\a:b"}) BOOST_TEST(why_bad_path(path).has_value());
  for (const char* remote : {"\\\\s\\t", "\\\\server.example\\share$"}) BOOST_TEST(!why_bad_remote(remote), remote);
  for (const char* remote : {"", "\\\\", "\\\\s", "\\\\s\\", "\\s\\t", "\\\\s\\t\\u", "\\\\\\s\\t"})
    BOOST_TEST(why_bad_remote(remote).has_value(), remote);
  BOOST_TEST(why_bad_path("\\" + std::string(kMaxPath, 'a')).has_value());
  BOOST_TEST(why_bad_remote("\\\\s\\" + std::string(kMaxRemote, 'a')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
