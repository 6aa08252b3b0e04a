// SPDX-License-Identifier: Apache-2.0
//
// What a campaign may have missed is put together from its blocks: in whatever order, it is the same.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>
#include <numeric>

#include "harness/campaign/behaviour_sample.h"
#include "harness/campaign/good_turing.h"
#include "harness/campaign/half_life.h"
#include "harness/campaign/pct_bound.h"
#include "harness/core/random.h"

namespace rxcheck {
namespace {

// 0 to parts-1 in some order.
std::vector<size_t> some_order(size_t parts) {
  std::vector<size_t> order(parts);
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(*rc::gen::arbitrary<uint64_t>());
  for (size_t i = parts; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<uint32_t>(i))]);
  return order;
}

BOOST_AUTO_TEST_SUITE(assurance_properties)

RC_BOOST_PROP(samples_are_the_same_in_whatever_order_they_are_merged, ()) {
  constexpr uint64_t kFew = 16;  // so that thinning takes part
  const auto trials = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<uint64_t>>>(
      rc::gen::container<std::vector<uint64_t>>(rc::gen::map(rc::gen::inRange<uint64_t>(0, 200), mix64))));
  const auto parts = *rc::gen::inRange<size_t>(1, 6);
  BehaviourSample whole(kFew);
  std::vector<BehaviourSample> part(parts, BehaviourSample(kFew));
  for (size_t i = 0; i < trials.size(); ++i) {
    whole.add(i, trials[i]);
    part[i * parts / trials.size()].add(i, trials[i]);
  }
  BehaviourSample merged(kFew);
  for (const size_t i : some_order(parts)) merged.merge(part[i]);
  RC_ASSERT(merged.entries() == whole.entries());
  RC_ASSERT(merged.trials() == whole.trials());
  RC_ASSERT(merged.thinned() == whole.thinned());
  RC_ASSERT(merged.curve(0) == whole.curve(0));
  RC_ASSERT(merged.entries().size() <= kFew);
}

RC_BOOST_PROP(tallies_are_the_same_in_whatever_order_they_are_merged, ()) {
  const auto parts = *rc::gen::inRange<size_t>(1, 6);
  PctTally whole;
  std::vector<PctTally> part(parts);
  const auto programs = *rc::gen::inRange(0, 30);
  for (int i = 0; i < programs; ++i) {
    ProgramGuarantee program;
    const auto points = *rc::gen::inRange<uint32_t>(0, 5000), yields = *rc::gen::inRange<uint32_t>(0, 5000);
    program.add(*rc::gen::inRange<uint32_t>(0, 32), points, *rc::gen::inRange<uint32_t>(1, 5));
    PctTally& mine = part[*rc::gen::inRange<size_t>(0, parts)];
    for (PctTally* tally : {&whole, &mine}) {
      tally->add_schedule(yields, points);
      tally->add_program(program);
    }
  }
  PctTally merged;
  for (const size_t i : some_order(parts)) merged.merge(part[i]);
  RC_ASSERT(merged == whole);
}

RC_BOOST_PROP(a_guarantee_is_a_probability_and_never_shrinks_with_another_schedule, ()) {
  ProgramGuarantee program;
  for (int left = *rc::gen::inRange(1, 20); left > 0; --left) {
    const ProgramGuarantee before = program;
    program.add(*rc::gen::inRange<uint32_t>(0, 33), *rc::gen::inRange<uint32_t>(0, 100),
                *rc::gen::inRange<uint32_t>(1, 6));
    for (unsigned depth = 1; depth <= kBugDepths; ++depth) {
      RC_ASSERT(program.detection(depth) >= before.detection(depth));
      RC_ASSERT(program.detection(depth) <= 1.0);
      if (depth > 1) RC_ASSERT(program.detection(depth) <= program.detection(depth - 1));
    }
  }
}

RC_BOOST_PROP(a_half_life_lies_in_its_interval, ()) {
  const auto kills = *rc::gen::inRange<uint64_t>(1, 1000);
  const HalfLife life = half_life_of(kills + *rc::gen::inRange<uint64_t>(0, 10'000'000), kills);
  RC_ASSERT(life.low > 0);
  RC_ASSERT(life.low < life.likeliest);
  RC_ASSERT(life.likeliest < life.high);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
