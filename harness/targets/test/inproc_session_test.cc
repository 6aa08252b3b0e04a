// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/inproc_session.h"

#include <boost/test/unit_test.hpp>

using namespace rxcheck;

namespace {

void __attribute__((ms_abi)) ignore(const RXCHECK_EVENT*) {}

}  // namespace

BOOST_AUTO_TEST_CASE(a_program_that_uses_up_the_pool_is_told_so) {
  nt::Executive executive;
  const std::string folder = RXCHECK_BINARY_DIR "/driver/";
  auto graph = nt::DriverGraph::load({folder + "rxrdbss.sys", folder + "rxprobe.sys"}, executive, true, &ignore);
  BOOST_REQUIRE_MESSAGE(graph.ok(), (graph.ok() ? "" : graph.error().text()));
  executive.set_images((*graph)->images());
  InprocSession session(executive, **graph);
  executive.reset();
  (*graph)->restore();
  RunResult result;
  std::string message;
  BOOST_REQUIRE_MESSAGE(session.start(result, message), message);
  executive.pool().set_capacity(executive.pool().used() + 600);
  Program program;
  program.connections.push_back({'X', "\\\\server\\share"});
  program.operations.emplace_back();
  session.run(program, result, true);
  BOOST_REQUIRE(result.violation);
  BOOST_TEST(result.violation->rule == "out-of-pool");
}
