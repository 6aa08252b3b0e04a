// SPDX-License-Identifier: Apache-2.0
//
// What holds for every input of the program fuzzer: it is a valid program, and its encoding means the same.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>

#include "fuzzers/program/bytes.h"
#include "fuzzers/properties/program_gen.h"

namespace rxcheck {
namespace {

using Bytes = std::vector<uint8_t>;

// Also longer than an input may be, with kinds and slots that often fit.
rc::Gen<Bytes> bytes_gen() {
  return rc::gen::container<Bytes>(
      rc::gen::weightedOneOf<uint8_t>({{3, rc::gen::inRange<uint8_t>(0, 8)}, {1, rc::gen::arbitrary<uint8_t>()}}));
}

BOOST_AUTO_TEST_SUITE(bytes_properties)

RC_BOOST_PROP(every_input_is_a_valid_program, ()) {
  const fuzz::Input input = fuzz::decode(*rc::gen::resize(400, bytes_gen()));
  const auto why = why_invalid(input.program);
  if (why) RC_FAIL(*why);
  RC_ASSERT(input.program.operations.size() <= fuzz::kMaxInputOperations);
}

RC_BOOST_PROP(an_encoded_input_means_the_same_and_is_encoded_alike, ()) {
  const fuzz::Input input = fuzz::decode(*rc::gen::resize(400, bytes_gen()));
  const Bytes once = fuzz::encode(input);
  RC_ASSERT(once.size() <= fuzz::kMaxInputBytes);
  const fuzz::Input again = fuzz::decode(once);
  RC_ASSERT(again == input);
  RC_ASSERT(fuzz::encode(again) == once);
}

RC_BOOST_PROP(an_input_without_some_operations_can_be_encoded, ()) {
  fuzz::Input input = fuzz::decode(*rc::gen::resize(400, bytes_gen()));
  auto remove = *rc::gen::container<std::vector<bool>>(input.program.operations.size(), rc::gen::arbitrary<bool>());
  input.program = without(input.program, remove);
  RC_ASSERT(fuzz::decode(fuzz::encode(input)) == input);
}

RC_BOOST_PROP(every_four_bytes_are_an_operation_when_handles_are_there, ()) {
  const auto kind = *rc::gen::element(OpKind::write, OpKind::read, OpKind::notify, OpKind::close);
  const Bytes bytes = {0, 0, 0, 0, static_cast<uint8_t>(OpKind::open), 0, 0, 0, static_cast<uint8_t>(kind), 0, 0, 0};
  RC_ASSERT(fuzz::decode(bytes).program.operations.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
