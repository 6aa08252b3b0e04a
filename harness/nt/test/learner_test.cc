// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <vector>

#include "harness/nt/executive.h"

using namespace rxcheck::nt;

using Locks = std::vector<HeldLock>;

BOOST_AUTO_TEST_CASE(a_field_of_one_actor_does_not_conflict) {
  Learner learner;
  for (int i = 0; i < 10; ++i) BOOST_TEST(!learner.access(0x1000, true, 1, Locks{}));
}

BOOST_AUTO_TEST_CASE(two_actors_that_write_without_a_lock_conflict) {
  Learner learner;
  learner.access(0x1000, true, 1, Locks{});
  BOOST_TEST(learner.access(0x1004, true, 2, Locks{}));
}

BOOST_AUTO_TEST_CASE(a_common_lock_protects) {
  Learner learner;
  learner.access(0x1000, true, 1, Locks{{0x10, true}, {0x20, true}});
  BOOST_TEST(!learner.access(0x1000, true, 2, Locks{{0x20, true}}));
  BOOST_TEST(!learner.access(0x1000, true, 1, Locks{{0x10, true}, {0x20, true}}));
  BOOST_TEST(learner.access(0x1000, false, 3, Locks{{0x10, true}}));
}

BOOST_AUTO_TEST_CASE(a_shared_lock_does_not_protect_two_writers) {
  Learner learner;
  learner.access(0x1000, true, 1, Locks{{0x10, false}});
  BOOST_TEST(learner.access(0x1000, true, 2, Locks{{0x10, false}}));
}

BOOST_AUTO_TEST_CASE(readers_alone_do_not_conflict) {
  Learner learner;
  for (uint8_t actor = 1; actor < 5; ++actor) BOOST_TEST(!learner.access(0x1000, false, actor, Locks{}));
}
