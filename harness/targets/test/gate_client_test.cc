// SPDX-License-Identifier: Apache-2.0
//
// The harness's end of the gate, with guests that do not do what they should.
#include "harness/targets/gate_client.h"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <deque>

namespace rxcheck {
namespace {

using std::chrono::milliseconds;

// A guest that answers each frame with the next of what it was given to say; then it says nothing.
class Guest : public ByteStream {
 public:
  explicit Guest(std::deque<std::pair<uint32_t, std::vector<uint8_t>>> answers) : answers_(std::move(answers)) {}

  bool write(std::span<const uint8_t> bytes) override {
    RXAGENT_FRAME frame{};
    std::memcpy(&frame, bytes.data(), sizeof frame);
    if (answers_.empty()) return true;
    const auto [status, output] = answers_.front();
    answers_.pop_front();
    const RXAGENT_RESULT result{status, static_cast<uint32_t>(output.size()), 0, 0};
    const RXAGENT_FRAME head{RXAGENT_MAGIC, RXAGENT_VERSION, RxAgentResult, frame.Request,
                             static_cast<uint32_t>(sizeof result + output.size())};
    append(&head, sizeof head);
    append(&result, sizeof result);
    append(output.data(), output.size());
    return true;
  }
  std::optional<size_t> read(std::span<uint8_t> buffer, milliseconds) override {
    const size_t size = std::min(buffer.size(), said_.size());
    std::copy_n(said_.begin(), size, buffer.begin());
    said_.erase(said_.begin(), said_.begin() + static_cast<ptrdiff_t>(size));
    return size;
  }
  void end(milliseconds) override {}

 private:
  void append(const void* from, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(from);
    said_.insert(said_.end(), bytes, bytes + size);
  }
  std::deque<std::pair<uint32_t, std::vector<uint8_t>>> answers_;
  std::vector<uint8_t> said_;
};

std::vector<uint8_t> stop_with(uint32_t reason, uint32_t events, uint32_t events_that_are_there) {
  RXGATE_STOP stop{};
  stop.Reason = reason;
  stop.EventCount = events;
  std::vector<uint8_t> bytes(sizeof stop + events_that_are_there * sizeof(RXGATE_EVENT));
  std::memcpy(bytes.data(), &stop, sizeof stop);
  return bytes;
}

BOOST_AUTO_TEST_SUITE(gate_client)

BOOST_AUTO_TEST_CASE(a_stop_is_taken_apart) {
  AgentChannel channel(std::make_unique<Guest>(
      std::deque<std::pair<uint32_t, std::vector<uint8_t>>>{{0, stop_with(RxGateQuiescent, 2, 2)}}));
  GateClient gate(channel, milliseconds(100));
  const auto stop = gate.begin(0, {});
  BOOST_REQUIRE(stop.has_value());
  BOOST_TEST(stop->head.Reason == RxGateQuiescent);
  BOOST_TEST(stop->events.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_stop_that_is_cut_short_makes_no_sense) {
  AgentChannel channel(std::make_unique<Guest>(
      std::deque<std::pair<uint32_t, std::vector<uint8_t>>>{{0, stop_with(RxGateQuiescent, 2, 1)}}));
  GateClient gate(channel, milliseconds(100));
  BOOST_TEST(!gate.begin(0, {}).has_value());
  BOOST_TEST(gate.why() == "the gate in the guest answers with what makes no sense");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_said) {
  AgentChannel channel(
      std::make_unique<Guest>(std::deque<std::pair<uint32_t, std::vector<uint8_t>>>{{0xC0000184, {}}}));
  GateClient gate(channel, milliseconds(100));
  BOOST_TEST(!gate.begin(0, {}).has_value());
  BOOST_TEST(gate.why() == "the gate in the guest refuses: 0xc0000184");
}

BOOST_AUTO_TEST_CASE(a_gate_that_says_nothing_is_told_to_let_go_and_then_given_up) {
  AgentChannel channel(std::make_unique<Guest>(std::deque<std::pair<uint32_t, std::vector<uint8_t>>>{}));
  GateClient gate(channel, milliseconds(20));
  BOOST_TEST(!gate.begin(0, {}).has_value());
  BOOST_TEST(gate.why() == "the gate in the guest does not answer");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
