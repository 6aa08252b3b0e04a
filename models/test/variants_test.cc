// SPDX-License-Identifier: Apache-2.0
//
// Variants: what the catalogue names, what the reference allows, what the shadow does.
#include "harness/core/variants.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "harness/core/history_text.h"
#include "models/reference/reference.h"
#include "models/shadow/shadow.h"
#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;

namespace {

constexpr VariantSet kAll(~0U);

// Those that the documentation excludes, with the clause that says so.
struct Excluded {
  Variant variant;
  ClauseId clause;
};
constexpr Excluded kExcluded[] = {
    {Variant::notify_without_routine_ignored, 6}, {Variant::no_purge_before_busy, 10}, {Variant::orphan_stub, 16},
    {Variant::cancels_notify_only, 22},           {Variant::ff_ignores_notify, 30},    {Variant::never_cancelled, 39},
    {Variant::cancel_lost_on_reinit, 59}};

VariantSet only(Variant variant) {
  VariantSet set;
  set.add(variant);
  return set;
}

bool excludes(Variant variant) {
  return std::ranges::any_of(kExcluded, [variant](const Excluded& e) { return e.variant == variant; });
}

// Histories of a driver with the variant, until the reference refuses one.
std::optional<Refusal> first_refusal(Reference& reference, VariantSet variants, unsigned programs,
                                     bool reported = true) {
  Shadow shadow;
  History history;
  for (unsigned seed = 0; seed < programs; ++seed) {
    Random random(seed);
    Program program = test::random_program(random, 3 + random.below(24));
    program.variants = variants;
    shadow.run(program, random, history);
    if (!reported) std::erase_if(history.events, [](const Event& e) { return e.kind == EventKind::variants; });
    if (auto refusal = reference.judge(history)) return refusal;
  }
  return std::nullopt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(variants)

BOOST_AUTO_TEST_CASE(the_catalogue_names_each_once) {
  std::vector<std::string_view> named;
  for (const Clause& clause : catalogue())
    for (const std::string_view name : clause.variants)
      if (name != "delete-creates-first") named.push_back(name);  // chosen by each delete: nfs41, vboxsf, nulmrx
  BOOST_TEST(named.size() == kVariants);
  for (unsigned i = 0; i < kVariants; ++i)
    BOOST_TEST(std::ranges::count(named, name_of(static_cast<Variant>(i))) == 1, name_of(static_cast<Variant>(i)));
}

BOOST_AUTO_TEST_CASE(a_shadow_with_any_of_them_is_accepted_by_who_accepts_them_and_recognized) {
  Shadow shadow;
  Shadow twin;
  Reference reference(ClauseSet(), kAll);
  History history;
  for (unsigned seed = 0; seed < 10000; ++seed) {
    Random random(seed);
    Program program = test::random_program(random, 3 + random.below(24));
    program.variants = VariantSet(static_cast<uint32_t>(random.next() & random.next()));
    shadow.run(program, random, history);
    BOOST_TEST((variants_in_force(history) == program.variants));
    const auto refusal = reference.judge(history);
    if (refusal)
      BOOST_FAIL("seed " << seed << " (" << names_of(program.variants) << "): C" << unsigned{refusal->clause}
                         << " expected " << refusal->expected << ", observed " << refusal->observed << "\n"
                         << canonical_trace(history));
    const auto drift = twin.compare(history);
    if (drift)
      BOOST_FAIL("seed " << seed << " (" << names_of(program.variants) << "): " << drift->predicted << " / "
                         << drift->observed << "\n"
                         << canonical_trace(history));
  }
}

BOOST_AUTO_TEST_CASE(one_that_the_documentation_excludes_is_refused_unless_it_is_accepted) {
  for (const auto& [variant, clause] : kExcluded) {
    Reference reference;
    const auto refusal = first_refusal(reference, only(variant), 3000);
    BOOST_REQUIRE_MESSAGE(refusal.has_value(), name_of(variant));
    BOOST_TEST(unsigned{refusal->clause} == unsigned{clause}, name_of(variant));
  }
}

BOOST_AUTO_TEST_CASE(one_that_the_documentation_leaves_open_needs_no_acceptance) {
  for (unsigned i = 0; i < kVariants; ++i) {
    const auto variant = static_cast<Variant>(i);
    if (excludes(variant)) continue;
    Reference reference;
    const auto refusal = first_refusal(reference, only(variant), 1000);
    BOOST_TEST(!refusal.has_value(), name_of(variant));
  }
}

BOOST_AUTO_TEST_CASE(one_that_is_accepted_but_not_reported_is_refused) {
  for (const auto& [variant, clause] : kExcluded) {
    Reference reference(ClauseSet(), kAll);
    const auto refusal = first_refusal(reference, only(variant), 3000, false);
    BOOST_REQUIRE_MESSAGE(refusal.has_value(), name_of(variant));
    BOOST_TEST(unsigned{refusal->clause} == unsigned{clause}, name_of(variant));
  }
}

BOOST_AUTO_TEST_CASE(a_shadow_without_the_one_that_is_reported_drifts) {
  // Not so for first-opener-owns-fcb and fails-rather-than-waits: there the twin follows what the delete answers.
  for (const Variant variant : {Variant::in_use_steady, Variant::notify_without_routine_ignored, Variant::orphan_stub,
                                Variant::refuses_other_levels, Variant::ff_ignores_notify}) {
    Shadow shadow;
    Shadow twin;
    History history;
    bool drifted = false;
    for (unsigned seed = 0; seed < 3000 && !drifted; ++seed) {
      Random random(seed);
      const Program program = test::random_program(random, 3 + random.below(24));
      shadow.run(program, random, history);
      Event reported;
      reported.kind = EventKind::variants;
      reported.value = only(variant).bits();
      history.events.insert(history.events.begin(), reported);
      drifted = twin.compare(history).has_value();
    }
    BOOST_TEST(drifted, name_of(variant));
  }
}

BOOST_AUTO_TEST_SUITE_END()
