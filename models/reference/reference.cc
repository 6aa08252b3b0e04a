// SPDX-License-Identifier: Apache-2.0
#include "models/reference/reference.h"

#include "models/reference/machine.h"

namespace rxcheck::models {

struct Reference::Impl {
  Impl(ClauseSet clauses, VariantSet accepted) : machine(clauses, accepted) {}
  reference::Machine machine;
};

Reference::Reference(ClauseSet clauses, VariantSet accepted) : impl_(std::make_unique<Impl>(clauses, accepted)) {}
Reference::~Reference() = default;
Reference::Reference(Reference&&) noexcept = default;
Reference& Reference::operator=(Reference&&) noexcept = default;

std::optional<Refusal> Reference::judge(const History& history) { return impl_->machine.judge(history); }
void Reference::watch_transitions(bool on) { impl_->machine.watch_transitions(on); }
const std::vector<uint64_t>& Reference::transitions() const { return impl_->machine.transitions(); }
const CellSet& Reference::cells() const { return impl_->machine.cells(); }
std::string Reference::describe() const { return impl_->machine.describe(); }

}  // namespace rxcheck::models
