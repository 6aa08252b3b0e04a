// SPDX-License-Identifier: Apache-2.0
#include "harness/core/variants.h"

#include <array>

namespace rxcheck {

namespace {

constexpr std::array<std::string_view, kVariants> kNames = {"in-use-steady",
                                                            "notify-without-routine-ignored",
                                                            "no-purge-before-busy",
                                                            "first-opener-owns-fcb",
                                                            "orphan-stub",
                                                            "cancels-notify-only",
                                                            "failed-delete-cancels",
                                                            "net-root-first",
                                                            "refuses-other-levels",
                                                            "ff-ignores-notify",
                                                            "name-goes-with-the-handle",
                                                            "never-cancelled",
                                                            "fails-rather-than-waits",
                                                            "force-all-cancels",
                                                            "cancel-lost-on-reinit"};

}  // namespace

std::string_view name_of(Variant variant) { return kNames[static_cast<size_t>(variant)]; }

std::optional<Variant> parse_variant(std::string_view name) {
  for (unsigned i = 0; i < kVariants; ++i)
    if (kNames[i] == name) return static_cast<Variant>(i);
  return std::nullopt;
}

std::string names_of(VariantSet variants) {
  std::string names;
  for (unsigned i = 0; i < kVariants; ++i) {
    if (!variants.has(static_cast<Variant>(i))) continue;
    if (!names.empty()) names += ' ';
    names += kNames[i];
  }
  return names;
}

}  // namespace rxcheck
