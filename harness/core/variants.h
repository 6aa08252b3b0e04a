// SPDX-License-Identifier: Apache-2.0
//
// Variants: what other real code does where the documentation is open, or instead of what it says. A driver can be
// started with some of them and tells which are in force (driver/protocol). The numbers are the protocol's bits; the
// names are those of the catalogue of clauses (models/reference/clauses.h), where the meaning of each is written. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rxcheck {

enum class Variant : uint8_t {
  in_use_steady,                   // C3
  notify_without_routine_ignored,  // C6
  no_purge_before_busy,            // C10
  first_opener_owns_fcb,           // C13
  orphan_stub,                     // C16
  cancels_notify_only,             // C22
  failed_delete_cancels,           // C22
  net_root_first,                  // C26
  refuses_other_levels,            // C27
  ff_ignores_notify,               // C30
  name_goes_with_the_handle,       // C36
  never_cancelled,                 // C39
  fails_rather_than_waits,         // C40
  force_all_cancels,               // C43
  cancel_lost_on_reinit,           // C59
};
inline constexpr unsigned kVariants = 15;

class VariantSet {
 public:
  constexpr VariantSet() = default;
  constexpr explicit VariantSet(uint32_t bits) : bits_(bits & ((1U << kVariants) - 1)) {}

  constexpr bool has(Variant variant) const { return (bits_ >> static_cast<unsigned>(variant) & 1U) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr uint32_t bits() const { return bits_; }
  constexpr void add(Variant variant) { bits_ |= 1U << static_cast<unsigned>(variant); }
  constexpr void remove(Variant variant) { bits_ &= ~(1U << static_cast<unsigned>(variant)); }

  friend constexpr VariantSet operator&(VariantSet one, VariantSet other) {
    return VariantSet(one.bits_ & other.bits_);
  }
  friend constexpr bool operator==(VariantSet, VariantSet) = default;

 private:
  uint32_t bits_ = 0;
};

std::string_view name_of(Variant variant);
std::optional<Variant> parse_variant(std::string_view name);
// Their names in the order of their numbers, with a blank between two.
std::string names_of(VariantSet variants);

}  // namespace rxcheck
