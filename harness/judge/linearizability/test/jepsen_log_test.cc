// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/jepsen_log.h"

#include <boost/test/unit_test.hpp>

#include "harness/judge/linearizability/check.h"

namespace rxcheck::linear {
namespace {

// Lines without their beginning, which all have.
std::string log_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "INFO  jepsen.util - " + line + "\n";
  return text;
}

Checked checked(const std::vector<std::string>& lines) {
  const auto history = read_jepsen_log(log_of(lines), "a.log");
  BOOST_REQUIRE_MESSAGE(history.ok(), (history.ok() ? "" : history.error().text()));
  return check_cas_register(*history, {});
}

bool is_legal(const std::vector<std::string>& lines) {
  const Answer answer = checked(lines).answer;
  BOOST_REQUIRE(answer != Answer::unknown);
  return answer == Answer::ok;
}

std::string error_of(const std::vector<std::string>& lines) {
  const auto history = read_jepsen_log(log_of(lines), "a.log");
  return history.ok() ? "" : history.error().text();
}

BOOST_AUTO_TEST_SUITE(jepsen_log)

BOOST_AUTO_TEST_CASE(the_register_is_nil_at_first) {
  BOOST_TEST(is_legal({"0 :invoke :read nil", "0 :ok :read nil"}));
  BOOST_TEST(!is_legal({"0 :invoke :read nil", "0 :ok :read 0"}));
}

BOOST_AUTO_TEST_CASE(tabs_and_blanks_separate) {
  const std::string text =
      "INFO\tjepsen.util\t-\t0\t:invoke\t:write\t3\n"
      "INFO   jepsen.util -  0 :ok\t:write   3\r\n"
      "\n"
      "INFO  jepsen.util - 1\t:invoke\t:cas\t[3   4]\n"
      "INFO  jepsen.util - 1\t:ok\t:cas\t[3 4]";
  const auto history = read_jepsen_log(text, "a.log");
  BOOST_REQUIRE(history.ok());
  BOOST_TEST(history->operations.size() == 2u);
  BOOST_TEST(history->operations[1].return_line == 5u);
  BOOST_TEST((check_cas_register(*history, {}).answer == Answer::ok));
}

BOOST_AUTO_TEST_CASE(a_write_succeeds_and_is_read) {
  BOOST_TEST(is_legal({"0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :read nil", "0 :ok :read 1"}));
  BOOST_TEST(!is_legal({"0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :read nil", "0 :ok :read nil"}));
}

BOOST_AUTO_TEST_CASE(a_write_cannot_fail) {
  BOOST_TEST(error_of({"0 :invoke :write 1", "0 :fail :write 1"}) ==
             "a.log:2: a write cannot fail; use :info if it is not known whether it took effect");
}

BOOST_AUTO_TEST_CASE(a_cas_that_fails_found_another_value) {
  const std::vector<std::string> written = {"0 :invoke :write 1", "0 :ok :write 1"};
  auto other = written, same = written;
  other.insert(other.end(), {"0 :invoke :cas [2 3]", "0 :fail :cas [2 3]"});
  same.insert(same.end(), {"0 :invoke :cas [1 3]", "0 :fail :cas [1 3]"});
  BOOST_TEST(is_legal(other));
  BOOST_TEST(!is_legal(same));
}

BOOST_AUTO_TEST_CASE(a_cas_that_succeeds_found_its_value) {
  BOOST_TEST(!is_legal({"0 :invoke :cas [1 3]", "0 :ok :cas [1 3]"}));
  BOOST_TEST(is_legal({"0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :cas [1 3]", "0 :ok :cas [1 3]",
                       "0 :invoke :read nil", "0 :ok :read 3"}));
}

BOOST_AUTO_TEST_CASE(a_read_that_fails_says_nothing) {
  BOOST_TEST(is_legal({"0 :invoke :read nil", "0 :fail :read :timed-out"}));
  BOOST_TEST(is_legal({"0 :invoke :read nil", "0 :fail :read 7"}));
}

BOOST_AUTO_TEST_CASE(an_operation_of_which_nobody_knows_may_take_effect_much_later_or_never) {
  const std::vector<std::string> lost = {"0 :invoke :write 1", "0 :info :write :timed-out", "1 :invoke :read nil",
                                         "1 :ok :read nil",    "1 :invoke :read nil",       "1 :ok :read 1"};
  BOOST_TEST(is_legal(lost));
  auto never = lost;
  never.resize(4);
  BOOST_TEST(is_legal(never));
  auto twice = lost;  // it takes effect once
  twice.insert(twice.end(), {"1 :invoke :write 2", "1 :ok :write 2", "1 :invoke :read nil", "1 :ok :read 1"});
  BOOST_TEST(!is_legal(twice));
}

BOOST_AUTO_TEST_CASE(a_line_of_type_info_is_skipped_whoever_says_it) {
  BOOST_TEST(is_legal({":nemesis :info :start nil", "0 :invoke :write 1", "0 :info :write :timed-out",
                       ":nemesis :info :stop", "0 :ok :write 1", "1 :invoke :read nil", "1 :ok :read 1"}));
}

BOOST_AUTO_TEST_CASE(a_process_may_go_on_after_an_operation_of_which_nobody_knows) {
  BOOST_TEST(is_legal({"0 :invoke :write 1", "0 :info :write :timed-out", "0 :invoke :write 2", "0 :ok :write 2",
                       "1 :invoke :read nil", "1 :ok :read 1"}));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_log_is_said_with_the_line_and_a_remedy) {
  BOOST_TEST(error_of({"0 :invoke :read nil", "0 :invoke :read nil"}) ==
             "a.log:2: process 0 calls while its call of line 1 is open; give each process one operation at a time");
  BOOST_TEST(error_of({"0 :ok :read 1"}) ==
             "a.log:1: process 0 returns from no call; add the line of the call, or take this one out");
  BOOST_TEST(error_of({"0 :invoke :swap 1"}) == "a.log:1: `:swap` is no operation; use :read, :write or :cas");
  BOOST_TEST(error_of({"0 :begin :read nil"}) == "a.log:1: `:begin` is no type; use :invoke, :ok, :fail or :info");
  BOOST_TEST(error_of({"0 :invoke"}) == "a.log:1: the line is cut off; write `INFO jepsen.util - PROCESS TYPE F ARG`");
  BOOST_TEST(error_of({"0 :invoke :read"}).starts_with("a.log:1: the line is cut off; "));
  BOOST_TEST(error_of({"zero :invoke :read nil"}) == "a.log:1: `zero` is no process; number it from 0");
  BOOST_TEST(error_of({"0 :invoke :cas [1"}).starts_with("a.log:1: the argument is not two values, as [1 4]; "));
  BOOST_TEST(error_of({"0 :invoke :write one"}).starts_with("a.log:1: the argument is not a number or nil; "));
  BOOST_TEST(error_of({"0 :invoke :read 3"}) == "a.log:1: an invoked read has a value; write nil");
  BOOST_TEST(error_of({"0 :invoke :write 1", "0 :ok :read 1"})
                 .starts_with("a.log:2: process 0 returns from another operation than it called in line 1; "));
  BOOST_TEST(error_of({"0 :invoke :write 1", "0 :ok :write 2"})
                 .starts_with("a.log:2: the argument is not that of the call in line 1; "));
  const auto other = read_jepsen_log("WARN something else\n", "a.log");
  BOOST_REQUIRE(!other.ok());
  BOOST_TEST(other.error().text() == "a.log:1: this is no line of jepsen.util; keep only those lines of the log");
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_the_register_holds) {
  const Checked found = checked({"0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :read nil", "0 :ok :read 2"});
  BOOST_REQUIRE(found.explanation.has_value());
  BOOST_REQUIRE(found.explanation->refused.size() == 1u);
  BOOST_TEST(found.explanation->refused[0].text == "read returned 2, the register holds 1");
  BOOST_TEST(found.explanation->accepted == 1u);
  BOOST_TEST(found.explanation->last.return_line == 4u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::linear
