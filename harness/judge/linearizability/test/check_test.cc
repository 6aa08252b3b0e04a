// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/check.h"

#include <boost/test/unit_test.hpp>

#include "harness/judge/linearizability/made_history.h"

namespace rxcheck::linear {
namespace {

// 5,000 calls and returns.
MadeHistory five_thousand_events(uint32_t processes, uint32_t keys) {
  MadeHistory wanted;
  wanted.operations = 2500;
  wanted.processes = processes;
  wanted.keys = keys;
  return wanted;
}

TimedHistory kv_history(const MadeHistory& wanted, uint64_t seed = 1) {
  Random random(seed);
  return make_kv_history(random, wanted);
}

BOOST_AUTO_TEST_SUITE(history_check)

BOOST_AUTO_TEST_CASE(five_thousand_events_are_decided_within_a_gigabyte) {
  CheckOptions options;
  for (const bool partition : {true, false}) {
    options.partition = partition;
    for (const uint32_t processes : {5u, 50u, 2500u}) {
      for (const uint32_t keys : {1u, 10u}) {
        const Checked found = check_kv(kv_history(five_thousand_events(processes, keys)), options);
        BOOST_TEST((found.answer == Answer::ok), processes << " processes, " << keys << " keys: " << found.reason);
        BOOST_TEST(found.operations == 2500u);
      }
    }
  }
  for (const uint32_t processes : {5u, 20u}) {
    Random random(1);
    const Checked found = check_cas_register(make_register_history(random, five_thousand_events(processes, 1)), {});
    BOOST_TEST((found.answer == Answer::ok), processes << " processes: " << found.reason);
  }
}

BOOST_AUTO_TEST_CASE(a_get_of_long_ago_is_refused_with_and_without_partitions) {
  MadeHistory wanted = five_thousand_events(10, 10);
  wanted.stale = true;
  const TimedHistory history = kv_history(wanted);
  CheckOptions options;
  const Checked parts = check_kv(history, options);
  options.partition = false;
  const Checked whole = check_kv(history, options);
  BOOST_REQUIRE((parts.answer == Answer::illegal));
  BOOST_REQUIRE((whole.answer == Answer::illegal));
  BOOST_TEST(parts.explanation->last.return_line == whole.explanation->last.return_line);
  BOOST_TEST(parts.explanation->minimal);
  BOOST_TEST(parts.explanation->smallest.size() <= 5u);
}

BOOST_AUTO_TEST_CASE(operations_that_never_return_do_not_make_it_undecidable) {
  MadeHistory wanted = five_thousand_events(20, 1);
  wanted.lost_permille = 30;
  BOOST_TEST((check_kv(kv_history(wanted), {}).answer == Answer::ok));
  Random random(1);
  BOOST_TEST((check_cas_register(make_register_history(random, wanted), {}).answer == Answer::ok));
}

BOOST_AUTO_TEST_CASE(a_budget_that_does_not_suffice_gives_unknown_with_the_reason) {
  const TimedHistory history = kv_history(five_thousand_events(50, 1));
  CheckOptions options;
  options.steps = 1000;
  const Checked few_steps = check_kv(history, options);
  BOOST_TEST((few_steps.answer == Answer::unknown));
  BOOST_TEST(few_steps.reason == "the budget of 1000 steps is used up at key `0`; give more with --steps");
  BOOST_TEST(few_steps.steps <= 1000u);
  options = {};
  options.bytes = uint64_t{1} << 20;
  const Checked little_memory = check_kv(history, options);
  BOOST_TEST((little_memory.answer == Answer::unknown));
  BOOST_TEST(little_memory.reason == "the budget of 1 MiB is used up at key `0`; give more with --memory");
}

BOOST_AUTO_TEST_CASE(a_hard_key_does_not_hide_a_refused_one) {
  MadeHistory wanted = five_thousand_events(50, 1);
  TimedHistory history = kv_history(wanted);
  TimedOperation get;  // of another key, of a text that nobody wrote
  get.process = 1'000'000;
  get.call = 1'000'000;
  get.ret = 1'000'001;
  get.key = history.keys.number_of("another");
  get.result = history.words.number_of("nobody's");
  history.operations.push_back(get);
  CheckOptions options;
  options.steps = 2000;
  const Checked found = check_kv(history, options);
  BOOST_TEST((found.answer == Answer::illegal));
}

BOOST_AUTO_TEST_CASE(the_same_history_takes_the_same_steps) {
  MadeHistory wanted = five_thousand_events(20, 1);
  wanted.stale = true;
  const TimedHistory history = kv_history(wanted);
  const Checked once = check_kv(history, {});
  const Checked again = check_kv(history, {});
  BOOST_TEST((once.answer == Answer::illegal));
  BOOST_TEST(once.steps == again.steps);
  BOOST_TEST(once.configurations == again.configurations);
  BOOST_TEST(once.reason == again.reason);
  BOOST_TEST(once.explanation->smallest.size() == again.explanation->smallest.size());
}

BOOST_AUTO_TEST_CASE(an_empty_history_is_legal) {
  BOOST_TEST((check_kv({}, {}).answer == Answer::ok));
  CheckOptions options;
  options.partition = false;
  BOOST_TEST((check_kv({}, options).answer == Answer::ok));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::linear
