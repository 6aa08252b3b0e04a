// SPDX-License-Identifier: Apache-2.0
//
// What holds for every input of the program fuzzer: it is a valid program, and its encoding means the same.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>

#include "fuzzers/program/bytes.h"
#include "fuzzers/program/from_program.h"
#include "fuzzers/properties/program_gen.h"
#include "harness/core/program_text.h"

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

RC_BOOST_PROP(every_six_bytes_are_an_operation_when_handles_are_there, ()) {
  const auto kind = *rc::gen::element(OpKind::write, OpKind::read, OpKind::notify, OpKind::close);
  const Bytes bytes = {0, 0, 0, 0, 0, static_cast<uint8_t>(OpKind::open), 0, 0, 0, 0, 0, static_cast<uint8_t>(kind),
                       0, 0, 0, 0, 0};
  RC_ASSERT(fuzz::decode(bytes).program.operations.size() == 2U);
}

RC_BOOST_PROP(the_program_of_an_input_is_an_input_again, ()) {
  const fuzz::Input input = fuzz::decode(*rc::gen::resize(400, bytes_gen()));
  const auto inputs = fuzz::inputs_like(input.program);
  RC_ASSERT(!inputs.empty());
  RC_ASSERT(inputs.front().program == input.program);
  for (const fuzz::Input& other : inputs) RC_ASSERT(fuzz::decode(fuzz::encode(other)) == other);
}

BOOST_AUTO_TEST_CASE(a_program_is_an_input_by_other_names_or_none) {
  const auto inputs_of = [](const std::string& text) {
    const auto file = parse_program("rxp 1\n" + text + "end\n", "test");
    BOOST_REQUIRE(file.ok());
    return fuzz::inputs_like(file->program);
  };
  const auto renamed = inputs_of("connection Q: \\\\a\\b\n1 open Q: \\x\\y -> f1 => SUCCESS\n2 read f1 -> r1\n");
  BOOST_REQUIRE(!renamed.empty());
  BOOST_TEST(renamed.front().program.operations.size() == 2U);
  BOOST_TEST(renamed.front().program.connections.size() == 1U);
  BOOST_TEST(inputs_of("connection X: \\\\server\\share\n4 connect X:\n").empty());
  BOOST_TEST(inputs_of("connection X: \\\\server\\share\n1 tick 7\n").empty());
  BOOST_TEST(inputs_of("connection X: \\\\server\\share\nlowmemory 256\n1 connect X:\n").empty());
  BOOST_TEST(fuzz::ways() > 1U);
}

BOOST_AUTO_TEST_CASE(every_flag_and_detail_of_an_operation_can_be_written) {
  const auto file = parse_program(
      "rxp 1\nconnection X: \\\\server\\share\nconnection X: \\\\server\\share user 2\nlowmemory 9\n"
      "1 connect X: \\dir hold -> r1\n2 open X: \\ dir keep -> f1\n2 open X:@2 \\file1 hold retry cancelled -> f2\n"
      "1 read f2 sync -> r2\n1 notify f1 bare -> r3\n3 disconnect X: FALSE nowait transport -> r4\n"
      "3 disconnect X: TRUE nfs41\n1 disconnect X: 2\n1 set r3 C\n1 tick 20\n1 rawadd X: 5\n1 tree X: -> t1\n"
      "1 finalizeview t1 TRUE\nend\n",
      "test");
  BOOST_REQUIRE(file.ok());
  fuzz::Input input = fuzz::decode(Bytes{16 * 3 + 1});  // the row of these names, two of them
  BOOST_REQUIRE((input.program.connections == file->program.connections));
  input.program = file->program;
  const fuzz::Input again = fuzz::decode(fuzz::encode(input));
  BOOST_TEST(print(ProgramFile{again.program, {}, {}, {}}) == print(ProgramFile{file->program, {}, {}, {}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
