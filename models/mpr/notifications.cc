// SPDX-License-Identifier: Apache-2.0
#include "models/mpr/notifications.h"

namespace rxcheck::mpr {

namespace {

constexpr models::ClauseId kNotified = 88;

// What is wrong with what one notifyee heard, as expected and observed; nothing if that is right.
std::optional<Refusal> judge_one(const std::string& notifyee, const Step& step) {
  const auto wrong = [](std::string expected, std::string observed) {
    return Refusal{kNotified, 0, "", std::move(expected), std::move(observed)};
  };
  bool operated = false;  // a provider has been asked
  const Callout* before = nullptr;
  const Callout* after = nullptr;
  for (const Callout& callout : step.callouts) {
    operated = operated || callout.kind == Callout::Kind::provider_cancel;
    if (callout.kind != Callout::Kind::cancel_notify || callout.who != notifyee) continue;
    if (!callout.post) {
      if (before != nullptr) return wrong("one NOTIFY_PRE", "two");
      if (operated) return wrong("NOTIFY_PRE before the operation", "it comes after a provider was asked");
      before = &callout;
      continue;
    }
    if (before == nullptr) return wrong("NOTIFY_PRE, then NOTIFY_POST", "NOTIFY_POST first");
    if (after != nullptr) return wrong("one NOTIFY_POST", "two");
    if (callout.context != before->context)
      return wrong("the lpContext that NOTIFY_PRE has set", "another one with NOTIFY_POST");
    after = &callout;
  }
  if (before == nullptr) return wrong("NOTIFY_PRE, then NOTIFY_POST", "no notification");
  if (before->context != 0 && after == nullptr) return wrong("NOTIFY_POST after NOTIFY_PRE", "none");
  for (const Callout* each = after; each != nullptr && each != step.callouts.data() + step.callouts.size(); ++each)
    if (each->kind == Callout::Kind::provider_cancel)
      return wrong("NOTIFY_POST after the operation", "a provider is asked after it");
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> judge_notifications(const Program& program, const Step& step, const models::ClauseSet& clauses,
                                           const std::string& state) {
  if (!clauses.has(kNotified)) return std::nullopt;
  for (const std::string& notifyee : program.notifyees) {
    auto refusal = judge_one(notifyee, step);
    if (!refusal) continue;
    refusal->state = state;
    return refusal;
  }
  return std::nullopt;
}

}  // namespace rxcheck::mpr
