// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_variants.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/core/status.h"

namespace rxcheck {
namespace {

VariantSet set_of(Variant variant) {
  VariantSet set;
  set.add(variant);
  return set;
}

// Drivers that were started with `orphan-stub`.
struct Drivers {
  VariantSet in_force = set_of(Variant::orphan_stub);
  bool obey = true;
  bool answer = true;

  std::optional<uint32_t> operator()(uint32_t code, uint32_t argument, uint32_t& value) {
    if (!answer) return std::nullopt;
    if (code == IOCTL_RXPROBE_CHOOSE_VARIANTS && obey) in_force = VariantSet(argument);
    value = in_force.bits();
    return code == IOCTL_RXPROBE_QUERY_VARIANTS || obey ? status::kSuccess : status::kInvalidParameter;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(guest_variants)

BOOST_AUTO_TEST_CASE(with_none_wanted_drivers_keep_their_own) {
  Drivers drivers;
  VariantSet in_force;
  BOOST_TEST(!settle_variants(std::ref(drivers), {}, in_force));
  BOOST_TEST((in_force == set_of(Variant::orphan_stub)));
}

BOOST_AUTO_TEST_CASE(what_is_wanted_is_chosen) {
  Drivers drivers;
  VariantSet in_force;
  BOOST_TEST(!settle_variants(std::ref(drivers), set_of(Variant::net_root_first), in_force));
  BOOST_TEST((in_force == set_of(Variant::net_root_first)));
  BOOST_TEST((drivers.in_force == in_force));
}

BOOST_AUTO_TEST_CASE(drivers_that_do_not_take_what_is_wanted_are_a_reason_to_stop) {
  Drivers drivers;
  drivers.obey = false;
  VariantSet in_force;
  const auto why = settle_variants(std::ref(drivers), set_of(Variant::net_root_first), in_force);
  BOOST_REQUIRE(why.has_value());
  BOOST_TEST(*why == "the drivers cannot be started with the variants net-root-first");
}

BOOST_AUTO_TEST_CASE(drivers_that_do_not_answer_are_a_reason_to_stop) {
  Drivers drivers;
  drivers.answer = false;
  VariantSet in_force;
  const auto why = settle_variants(std::ref(drivers), {}, in_force);
  BOOST_REQUIRE(why.has_value());
  BOOST_TEST(*why == "the guest does not answer");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
