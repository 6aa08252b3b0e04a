// SPDX-License-Identifier: Apache-2.0
//
// What the targets `ioctl` and `formats` rest on.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "driver/protocol/rxprobe_protocol.h"
#include "fuzzers/formats/formats.h"
#include "fuzzers/ioctl/handle_table.h"
#include "fuzzers/mutate/mutate.h"
#include "fuzzers/program/switches.h"
#include "fuzzers/seeds/run_seeds.h"
#include "harness/campaign/run_record.h"
#include "harness/campaign/run_store.h"

namespace rxcheck {
namespace {

using fuzz::HandleTable;

std::vector<uint8_t> on_handle(uint32_t key) {
  std::vector<uint8_t> input(RXPROBE_REQUEST_HEADER);
  std::memcpy(input.data() + 4, &key, sizeof key);
  return input;
}

bool reads_as_store(std::string_view bytes) {
  auto store = RunStore::of_bytes(bytes);
  return store && store->load();
}

BOOST_AUTO_TEST_SUITE(ioctl)

BOOST_AUTO_TEST_CASE(a_handle_is_cleaned_up_once_and_closed_when_nothing_uses_it) {
  HandleTable table;
  const auto handle = on_handle(7);
  BOOST_TEST(table.admit(0, IOCTL_RXPROBE_CLOSE, handle));  // there is none: the driver must say so
  BOOST_TEST(table.admit(1, IOCTL_RXPROBE_OPEN, handle));
  BOOST_TEST(!table.admit(2, IOCTL_RXPROBE_READ, handle));  // not open yet
  table.completed(1, 0);
  BOOST_TEST(!table.admit(3, IOCTL_RXPROBE_TREE, handle));  // taken
  BOOST_TEST(table.admit(4, IOCTL_RXPROBE_READ, handle));
  BOOST_TEST(!table.admit(5, IOCTL_RXPROBE_CLOSE, handle));  // not cleaned up
  BOOST_TEST(table.admit(6, IOCTL_RXPROBE_CLEANUP, handle));
  table.completed(6, 0);
  BOOST_TEST(!table.admit(7, IOCTL_RXPROBE_CLEANUP, handle));
  BOOST_TEST(!table.admit(8, IOCTL_RXPROBE_WRITE, handle));
  BOOST_TEST(!table.admit(9, IOCTL_RXPROBE_CLOSE, handle));  // the read is under way
  table.completed(4, 0xc0000120);
  BOOST_TEST(table.in_state(HandleTable::State::cleaned).size() == 1U);
  BOOST_TEST(table.admit(10, IOCTL_RXPROBE_CLOSE, handle));
  table.completed(10, 0);
  BOOST_TEST(table.admit(11, IOCTL_RXPROBE_OPEN, handle));
}

BOOST_AUTO_TEST_CASE(a_handle_that_was_not_opened_is_free) {
  HandleTable table;
  BOOST_TEST(table.admit(0, IOCTL_RXPROBE_OPEN, on_handle(7)));
  table.completed(0, 0xc00000be);
  BOOST_TEST(table.in_state(HandleTable::State::open).empty());
  BOOST_TEST(table.admit(1, IOCTL_RXPROBE_OPEN, on_handle(7)));
}

BOOST_AUTO_TEST_CASE(a_reference_is_given_back_once) {
  HandleTable table;
  const auto key = on_handle(3);
  BOOST_TEST(table.admit(0, IOCTL_RXPROBE_DEREFERENCE, key));
  table.completed(0, 0xc0000225);
  BOOST_TEST(table.admit(1, IOCTL_RXPROBE_REFERENCE, key));
  table.completed(1, 0);
  BOOST_TEST(table.references().size() == 1U);
  BOOST_TEST(!table.admit(2, IOCTL_RXPROBE_REFERENCE, key));
  BOOST_TEST(table.admit(3, IOCTL_RXPROBE_DEREFERENCE, key));
  BOOST_TEST(!table.admit(4, IOCTL_RXPROBE_DEREFERENCE, key));
  table.completed(3, 0);
  BOOST_TEST(table.references().empty());
}

BOOST_AUTO_TEST_CASE(a_switch_is_made_where_the_input_says_to_another_that_can_run) {
  fuzz::Switches switches;
  const std::vector<fuzz::Switch> list = {{3, 0}, {5, 1}, {9, 4}};
  const std::vector<fuzz::Switch> none;
  switches.set(list, none);
  for (int run = 0; run < 2; ++run) {
    uint64_t next = 0;
    BOOST_TEST(switches.first_question() == 3U);
    BOOST_TEST(switches.preempt(1, 0b110, 3, next) == 2U);
    BOOST_TEST(next == 5U);
    BOOST_TEST(switches.preempt(2, 0b1110, 5, next) == 3U);
    BOOST_TEST(next == 9U);
    BOOST_TEST(switches.preempt(3, 0b1000, 9, next) == 3U);  // nobody else
    BOOST_TEST(next == nt::kNever);
  }
}

BOOST_AUTO_TEST_CASE(where_a_thread_cannot_go_on_another_than_the_baselines_does_if_the_input_says_so) {
  fuzz::Switches switches;
  const std::vector<fuzz::Switch> none, list = {{2, 1}, {3, 0}};
  switches.set(none, list);
  for (int run = 0; run < 2; ++run) {
    BOOST_TEST(switches.first_question() == nt::kNever);
    BOOST_TEST(switches.pick(0b1110, 2) == 2U);
    BOOST_TEST(switches.pick(0b1110, 2) == 3U);
    BOOST_TEST(switches.pick(0b1110, 1) == 2U);
    BOOST_TEST(switches.pick(0b1110, 1) == 1U);
  }
}

RC_BOOST_PROP(no_bytes_are_too_much_for_a_reader, ()) {
  const auto bytes = *rc::gen::resize(300, rc::gen::container<fuzz::Bytes>(rc::gen::arbitrary<uint8_t>()));
  for (unsigned format = 0; format < fuzz::kFormats; ++format)
    if (const auto wrong = fuzz::try_format(format, bytes)) RC_FAIL(*wrong);
}

BOOST_AUTO_TEST_CASE(every_seed_of_a_run_is_read) {
  const auto seeds = fuzz::run_seeds();
  BOOST_TEST(seeds.size() == 7U);
  for (const fuzz::FormatSeed& seed : seeds) {
    BOOST_TEST_CONTEXT(seed.name) {
      BOOST_REQUIRE(seed.format < fuzz::kFormats);
      const std::string_view format = fuzz::name_of_format(seed.format);
      RunState state;
      BOOST_TEST((format == "run record"  ? cells_of_record(seed.bytes, "it").ok()
                  : format == "run store" ? reads_as_store(seed.bytes)
                  : format == "run state" ? read_content(seed.bytes, state)
                                          : from_bytes(seed.bytes).ok()));
      BOOST_TEST(seed.bytes.size() < 8192U);  // as long as the engines make inputs
      const auto* const bytes = reinterpret_cast<const uint8_t*>(seed.bytes.data());
      BOOST_TEST(!fuzz::try_format(seed.format, {bytes, seed.bytes.size()}).has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
