// SPDX-License-Identifier: Apache-2.0
//
// What holds for every change that the mutators make.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "fuzzers/ioctl/requests.h"
#include "fuzzers/mutate/mutate.h"
#include "fuzzers/program/bytes.h"

namespace rxcheck {
namespace {

using fuzz::Bytes;

Bytes some_bytes() { return *rc::gen::resize(400, rc::gen::container<Bytes>(rc::gen::arbitrary<uint8_t>())); }

// From nothing, by changes alone.
Bytes grown_program(uint64_t seed) {
  Bytes bytes;
  for (uint64_t i = 0; i < 300; ++i) bytes = fuzz::mutate_program(bytes, seed * 1000 + i);
  return bytes;
}

BOOST_AUTO_TEST_SUITE(mutation_properties)

RC_BOOST_PROP(a_changed_program_is_in_the_encoded_form_and_of_a_program_s_length, (uint64_t seed)) {
  const Bytes changed = fuzz::mutate_program(some_bytes(), seed);
  RC_ASSERT(fuzz::encode(fuzz::decode(changed)) == changed);
  RC_ASSERT(changed.size() <= fuzz::kMaxInputBytes);
}

RC_BOOST_PROP(spliced_programs_are_in_the_encoded_form, (uint64_t seed)) {
  const Bytes spliced = fuzz::cross_programs(some_bytes(), some_bytes(), seed);
  RC_ASSERT(fuzz::encode(fuzz::decode(spliced)) == spliced);
}

RC_BOOST_PROP(the_same_seed_makes_the_same_change, (uint64_t seed)) {
  const Bytes one = some_bytes();
  const Bytes other = some_bytes();
  RC_ASSERT(fuzz::mutate_program(one, seed) == fuzz::mutate_program(one, seed));
  RC_ASSERT(fuzz::mutate_requests(one, seed) == fuzz::mutate_requests(one, seed));
  RC_ASSERT(fuzz::cross_programs(one, other, seed) == fuzz::cross_programs(one, other, seed));
  RC_ASSERT(fuzz::cross_requests(one, other, seed) == fuzz::cross_requests(one, other, seed));
}

RC_BOOST_PROP(requests_are_read_as_they_were_written, (uint64_t seed)) {
  const fuzz::RawProgram program = fuzz::decode_requests(some_bytes());
  RC_ASSERT(fuzz::decode_requests(fuzz::encode(program)) == program);
  const Bytes changed = fuzz::mutate_requests(some_bytes(), seed);
  RC_ASSERT(fuzz::encode(fuzz::decode_requests(changed)) == changed);
  RC_ASSERT(fuzz::decode_requests(changed).requests.size() <= fuzz::kMaxRequests);
}

RC_BOOST_PROP(the_part_of_an_input_lies_within_it, (uint64_t seed)) {
  const Bytes program = fuzz::mutate_program(some_bytes(), seed);
  const Bytes requests = fuzz::mutate_requests(some_bytes(), seed);
  const fuzz::Part one = fuzz::part_of_program(program, seed);
  const fuzz::Part other = fuzz::part_of_requests(requests, seed);
  RC_ASSERT(one.begin + one.size <= program.size());
  RC_ASSERT(other.begin + other.size <= requests.size());
}

BOOST_AUTO_TEST_CASE(changes_alone_make_every_kind_of_operation_and_switches) {
  std::set<OpKind> kinds;
  size_t switches = 0;
  size_t picks = 0;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    Bytes bytes;
    for (uint64_t i = 0; i < 200; ++i) {
      bytes = fuzz::mutate_program(bytes, seed * 1000 + i);
      const fuzz::Input input = fuzz::decode(bytes);
      for (const Operation& op : input.program.operations) kinds.insert(op.kind);
      switches += input.switches.size();
      picks += input.picks.size();
    }
  }
  for (unsigned i = 0; i < kOpKinds; ++i) BOOST_TEST(kinds.contains(static_cast<OpKind>(i)), "kind " << i);
  BOOST_TEST(switches != 0U);
  BOOST_TEST(picks != 0U);
}

BOOST_AUTO_TEST_CASE(changes_alone_take_out_what_they_put_in) {
  bool fewer_operations = false;
  bool fewer_switches = false;
  Bytes bytes = grown_program(1);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const fuzz::Input before = fuzz::decode(bytes);
    bytes = fuzz::mutate_program(bytes, seed);
    const fuzz::Input after = fuzz::decode(bytes);
    fewer_operations = fewer_operations || after.program.operations.size() < before.program.operations.size();
    fewer_switches = fewer_switches || after.switches.size() < before.switches.size();
  }
  BOOST_TEST(fewer_operations);
  BOOST_TEST(fewer_switches);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
