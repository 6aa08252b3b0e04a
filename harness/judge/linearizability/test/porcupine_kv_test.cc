// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/porcupine_kv.h"

#include <boost/test/unit_test.hpp>

#include "harness/judge/linearizability/check.h"

namespace rxcheck::linear {
namespace {

struct Line {
  int process;
  const char* type;
  const char* function;
  const char* key;
  const char* value;  // null for nil
};

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    text += "{:process " + std::to_string(line.process) + ", :type :" + line.type + ", :f :" + line.function;
    text += std::string(", :key \"") + line.key + "\", :value ";
    text += line.value == nullptr ? "nil}\n" : std::string("\"") + line.value + "\"}\n";
  }
  return text;
}

Checked checked(const std::vector<Line>& lines, bool partition = true) {
  const auto history = read_porcupine_kv(text_of(lines), "a.txt");
  BOOST_REQUIRE_MESSAGE(history.ok(), (history.ok() ? "" : history.error().text()));
  CheckOptions options;
  options.partition = partition;
  return check_kv(*history, options);
}

std::string error_of(const std::string& text) {
  const auto history = read_porcupine_kv(text, "a.txt");
  return history.ok() ? "" : history.error().text();
}

const std::vector<Line> kAppendAndGet = {{0, "invoke", "append", "a", "x"},  {0, "ok", "append", "a", "x"},
                                         {0, "invoke", "append", "a", "y"},  {0, "ok", "append", "a", "y"},
                                         {1, "invoke", "get", "a", nullptr}, {1, "ok", "get", "a", "xy"}};

BOOST_AUTO_TEST_SUITE(porcupine_kv)

BOOST_AUTO_TEST_CASE(what_is_appended_is_got) {
  BOOST_TEST((checked(kAppendAndGet).answer == Answer::ok));
  BOOST_TEST(checked(kAppendAndGet).operations == 3u);
}

BOOST_AUTO_TEST_CASE(a_key_is_empty_at_first_and_a_put_replaces_its_text) {
  BOOST_TEST((checked({{0, "invoke", "get", "a", nullptr}, {0, "ok", "get", "a", ""}}).answer == Answer::ok));
  auto lines = kAppendAndGet;
  lines.insert(lines.end() - 2, {{0, "invoke", "put", "a", "z"}, {0, "ok", "put", "a", "z"}});
  BOOST_TEST((checked(lines).answer == Answer::illegal));
  lines.back().value = "z";
  BOOST_TEST((checked(lines).answer == Answer::ok));
}

BOOST_AUTO_TEST_CASE(an_operation_without_a_return_may_take_effect_or_not) {
  for (const char* got : {"", "x"})
    BOOST_TEST(
        (checked({{0, "invoke", "append", "a", "x"}, {1, "invoke", "get", "a", nullptr}, {1, "ok", "get", "a", got}})
             .answer == Answer::ok));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_part_the_operation_and_what_the_state_holds) {
  auto lines = kAppendAndGet;
  lines.back().value = "x";
  lines.insert(lines.begin(), {{2, "invoke", "put", "other", "q"}, {2, "ok", "put", "other", "q"}});
  for (const bool partition : {true, false}) {
    const Checked found = checked(lines, partition);
    BOOST_REQUIRE((found.answer == Answer::illegal));
    BOOST_TEST(found.reason == "key `a`: no order explains what line 8 returned: get of key `a` returned `x`");
    const Explanation& explanation = *found.explanation;
    BOOST_TEST(explanation.accepted == 2u);
    BOOST_TEST(explanation.operations == 3u);
    BOOST_REQUIRE(explanation.refused.size() == 1u);
    BOOST_TEST(explanation.refused[0].text == "get of key `a` returned `x`, the state holds `xy`");
    // That y was appended, too, is what the get contradicts; the append of x it confirms.
    BOOST_REQUIRE(explanation.smallest.size() == 2u);
    BOOST_TEST(explanation.smallest[0].call_line == 5u);
    BOOST_TEST(explanation.smallest[1].call_line == 7u);
    BOOST_TEST(explanation.minimal);
  }
}

BOOST_AUTO_TEST_CASE(blanks_commas_order_and_escapes_are_as_in_edn) {
  const std::string text =
      "{ :f :put :type :invoke ,,, :key \"a\\\"b\" :value \"l\\\\\\n\" :process 3 }\n\n"
      "{:process 3 :type :ok :f :put :key \"a\\\"b\" :value \"l\\\\\\n\"}";
  const auto history = read_porcupine_kv(text, "a.txt");
  BOOST_REQUIRE(history.ok());
  BOOST_TEST(history->keys[0] == "a\"b");
  BOOST_TEST(history->words[history->operations[0].argument] == "l\\\n");
  BOOST_TEST(history->operations[0].return_line == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_file_is_said_with_the_line_and_a_remedy) {
  const std::string good = text_of({kAppendAndGet[0]});
  for (size_t length = 1; length + 1 < good.size(); ++length)
    BOOST_TEST(error_of(good.substr(0, length)).starts_with("a.txt:1: "), "not refused: " << good.substr(0, length));
  BOOST_TEST(error_of(good.substr(0, 40)) ==
             "a.txt:1: the line ends within its map; get the whole file, or take the line out");
  BOOST_TEST(error_of(text_of({{0, "invoke", "swap", "a", "x"}})) ==
             "a.txt:1: `:swap` is no operation; use :get, :put or :append");
  BOOST_TEST(error_of(text_of({{0, "info", "get", "a", nullptr}})).starts_with("a.txt:1: `:info` is no type; "));
  BOOST_TEST(error_of(text_of({kAppendAndGet[1]})) ==
             "a.txt:1: process 0 returns from no call; add the line of the call, or take this one out");
  BOOST_TEST(error_of(text_of({kAppendAndGet[0], kAppendAndGet[0]})) ==
             "a.txt:2: process 0 calls while its call of line 1 is open; give each process one operation at a time");
  BOOST_TEST(error_of(text_of({kAppendAndGet[0], {0, "ok", "append", "b", "x"}}))
                 .starts_with("a.txt:2: the key is not that of the call in line 1; "));
  BOOST_TEST(error_of(text_of({kAppendAndGet[0], {0, "ok", "append", "a", "y"}}))
                 .starts_with("a.txt:2: the text is not that of the call in line 1; "));
  BOOST_TEST(error_of(text_of({{0, "invoke", "put", "a", nullptr}})).starts_with("a.txt:1: `:value` is nil "));
  BOOST_TEST(error_of(text_of({{0, "invoke", "get", "a", "x"}})) == "a.txt:1: an invoked get has a text; write nil");
  BOOST_TEST(error_of("{:process 0}\n").starts_with("a.txt:1: `:type` is missing; "));
  BOOST_TEST(error_of("{:process 0, :process 1}\n") == "a.txt:1: `:process` stands twice in the map; leave one");
  BOOST_TEST(error_of("{:actor 0}\n").starts_with("a.txt:1: `:actor` is not one of "));
  BOOST_TEST(error_of(good.substr(0, good.size() - 1) + " x\n") ==
             "a.txt:1: there is something after the map; write one map a line");
  BOOST_TEST(error_of("rxh 1\n").starts_with("a.txt:1: the line is not a map; "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::linear
