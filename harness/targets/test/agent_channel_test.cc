// SPDX-License-Identifier: Apache-2.0
//
// The harness's end of the agent's protocol, with agents that do not do what they should.
#include "harness/targets/agent_channel.h"

#include <boost/test/unit_test.hpp>

#include "harness/targets/child_process.h"

namespace rxcheck {
namespace {

using std::chrono::milliseconds;

// A shell command in place of the agent.
AgentChannel agent(const std::string& command) {
  auto child = ChildProcess::start({"/bin/sh", "-c", command}, {}, "");
  BOOST_REQUIRE(child.ok());
  return AgentChannel(std::make_unique<ChildProcess>(std::move(*child)));
}

// A frame's head as printf's octal escapes.
std::string head(unsigned version, unsigned kind, unsigned request, unsigned length) {
  std::string text = "RXAG";
  const auto byte = [&](unsigned value) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\%03o", value & 0xff);
    text += escape;
  };
  for (const unsigned half : {version, kind}) byte(half), byte(half >> 8);
  for (const unsigned whole : {request, length})
    for (unsigned shift = 0; shift < 32; shift += 8) byte(whole >> shift);
  return text;
}

BOOST_AUTO_TEST_SUITE(agent_channel)

BOOST_AUTO_TEST_CASE(an_agent_that_ends_is_gone) {
  AgentChannel channel = agent("exit 0");
  BOOST_TEST(!channel.hello(milliseconds(5000)).has_value());
  BOOST_TEST(channel.why() == "the agent is gone");
}

BOOST_AUTO_TEST_CASE(what_is_no_frame_breaks_the_channel) {
  AgentChannel channel = agent("echo wine: configuration has been updated; sleep 9");
  BOOST_TEST(!channel.hello(milliseconds(5000)).has_value());
  BOOST_TEST(channel.why() == "what the agent sends is no frame");
}

BOOST_AUTO_TEST_CASE(a_frame_that_is_too_long_is_none) {
  AgentChannel channel = agent("printf '" + head(RXAGENT_VERSION, RxAgentHelloAnswer, 1, 1u << 20) + "'; sleep 9");
  BOOST_TEST(!channel.hello(milliseconds(5000)).has_value());
  BOOST_TEST(channel.why() == "what the agent sends is no frame");
}

BOOST_AUTO_TEST_CASE(another_version_is_named) {
  AgentChannel channel = agent("printf '" + head(7, RxAgentHelloAnswer, 1, 0) + "'; sleep 9");
  BOOST_TEST(!channel.hello(milliseconds(5000)).has_value());
  BOOST_TEST(channel.why() == "the agent speaks version 7 of the protocol, not 2");
}

BOOST_AUTO_TEST_CASE(an_agent_that_says_nothing_is_not_waited_for_for_ever) {
  AgentChannel channel = agent("sleep 9");
  BOOST_TEST(!channel.hello(milliseconds(50)).has_value());
  BOOST_TEST(channel.broken());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_breaks_the_channel) {
  AgentChannel channel = agent("printf '" + head(RXAGENT_VERSION, RxAgentResult, 1, 4) + "abcd'; sleep 9");
  BOOST_TEST(!channel.next(milliseconds(5000)).has_value());
  BOOST_TEST(channel.why() == "the agent's answer makes no sense");
}

BOOST_AUTO_TEST_CASE(an_answer_to_another_request_is_kept) {
  const std::string result(16, '\0');
  std::string zeros;
  for (int i = 0; i < 16; ++i) zeros += "\\000";
  std::string hello = "\\001\\000\\000\\000\\002\\000\\000\\000Wine 8.0";
  for (int i = 0; i < 112; ++i) hello += "\\000";
  AgentChannel channel = agent("printf '" + head(RXAGENT_VERSION, RxAgentResult, 9, 16) + zeros +
                               head(RXAGENT_VERSION, RxAgentHelloAnswer, 1, 128) + hello + "'; sleep 9");
  const auto system = channel.hello(milliseconds(5000));
  BOOST_REQUIRE(system.has_value());
  BOOST_TEST(*system == "Wine 8.0");
  const auto answer = channel.next(milliseconds(0));
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->request == 9u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
