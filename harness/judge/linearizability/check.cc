// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "harness/judge/linearizability/cas_register_model.h"
#include "harness/judge/linearizability/jepsen_log.h"
#include "harness/judge/linearizability/kv_model.h"
#include "harness/judge/linearizability/refusal.h"
#include "harness/judge/linearizability/search.h"

namespace rxcheck::linear {

namespace {

constexpr uint64_t kFirstRoundSteps = 100'000;  // a part that is hard must not keep others from being refused
constexpr uint64_t kExplanationSteps = 5'000'000;

// What is judged by itself. The model is made anew for each search: its states are part of the budget.
struct Part {
  std::string name;
  std::vector<TimedOperation> operations;
  std::function<std::unique_ptr<Model>()> make_model;
};

ToldOperation told(const TimedOperation& operation, std::string text) {
  return {operation.process, operation.call_line, operation.return_line, std::move(text)};
}

Explanation explain(const Part& part, const CheckOptions& options) {
  const auto model = part.make_model();
  const Refusal refusal =
      explain_refusal(*model, part.operations, {std::min(options.steps, kExplanationSteps), options.bytes});
  const auto in_words = [&](uint32_t each) {
    return told(part.operations[each], model->text_of(part.operations[each]));
  };
  Explanation explanation;
  explanation.part = part.name;
  explanation.accepted = refusal.accepted;
  explanation.operations = static_cast<uint32_t>(part.operations.size());
  explanation.last = in_words(refusal.last);
  for (const Candidate& each : refusal.refused)
    explanation.refused.push_back(told(part.operations[each.operation], each.reason));
  for (const uint32_t each : refusal.smallest) explanation.smallest.push_back(in_words(each));
  explanation.minimal = refusal.minimal;
  return explanation;
}

std::string why_refused(const Explanation& explanation) {
  return fmt::format("{}{}no order explains what line {} returned: {}", explanation.part,
                     explanation.part.empty() ? "" : ": ", explanation.last.return_line, explanation.last.text);
}

std::vector<const Part*> pointers_to(const std::vector<Part>& parts) {
  std::vector<const Part*> pointers;
  pointers.reserve(parts.size());
  for (const Part& part : parts) pointers.push_back(&part);
  return pointers;
}

// Searches every part that is not decided yet; each may take `steps`. Removes the decided ones. The refused part, if
// there is one.
const Part* search_round(std::vector<const Part*>& open, uint64_t steps, const CheckOptions& options, uint64_t& work,
                         Checked& checked) {
  bool no_memory = false;
  for (size_t i = 0; i < open.size();) {
    const uint64_t left = options.steps > work ? options.steps - work : 0;
    const auto model = open[i]->make_model();
    const SearchResult result = search(*model, open[i]->operations, {std::min(steps, left), options.bytes});
    work += result.work;
    checked.steps += result.steps;
    checked.configurations += result.configurations;
    if (result.outcome == Outcome::refused) return open[i];
    no_memory = no_memory || result.outcome == Outcome::out_of_memory;
    if (result.outcome == Outcome::accepted)
      open.erase(open.begin() + static_cast<ptrdiff_t>(i));
    else
      ++i;
  }
  if (open.empty()) return nullptr;
  const std::string where = open[0]->name.empty() ? "" : fmt::format(" at {}", open[0]->name);
  checked.reason =
      no_memory ? fmt::format("the budget of {} MiB is used up{}; give more with --memory", options.bytes >> 20, where)
                : fmt::format("the budget of {} steps is used up{}; give more with --steps", options.steps, where);
  return nullptr;
}

// `parts` are those that are judged, `finer` those in which a refusal is explained.
Checked check(const std::vector<Part>& parts, const std::vector<Part>& finer, const CheckOptions& options) {
  Checked checked;
  for (const Part& part : parts) checked.operations += part.operations.size();
  std::vector<const Part*> open = pointers_to(parts);
  uint64_t work = 0;
  const Part* refused = nullptr;
  const uint64_t few = std::min(kFirstRoundSteps, options.steps / (2 * std::max<size_t>(parts.size(), 1)));
  for (const uint64_t steps : {few, options.steps}) {
    refused = search_round(open, steps, options, work, checked);
    if (refused != nullptr || open.empty()) break;
  }
  if (refused == nullptr) {
    checked.answer = open.empty() ? Answer::ok : Answer::unknown;
    if (open.empty()) checked.reason.clear();
    return checked;
  }
  checked.answer = Answer::illegal;
  checked.reason = "no order of the operations explains what they returned";
  if (!options.explain) return checked;
  if (&parts != &finer) {
    Checked ignored;
    std::vector<const Part*> candidates = pointers_to(finer);
    if (const Part* found = search_round(candidates, kExplanationSteps, options, work, ignored)) refused = found;
  }
  checked.explanation = explain(*refused, options);
  checked.reason = why_refused(*checked.explanation);
  return checked;
}

}  // namespace

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return "ok";
    case Answer::illegal:
      return "illegal";
    case Answer::unknown:
      break;
  }
  return "unknown";
}

Checked check_kv(const TimedHistory& history, const CheckOptions& options) {
  const auto texts = std::make_shared<const KvTexts>(history);
  std::vector<Part> keys(history.keys.size());
  for (uint32_t key = 0; key < keys.size(); ++key) {
    keys[key].name = fmt::format("key `{}`", history.keys[key]);
    keys[key].make_model = [texts, key] { return std::make_unique<KvModel>(texts, key); };
  }
  for (const TimedOperation& each : history.operations) keys[each.key].operations.push_back(each);
  if (options.partition) return check(keys, keys, options);
  std::vector<Part> whole(1);
  whole[0].operations = history.operations;
  whole[0].make_model = [texts] { return std::make_unique<KvStoreModel>(texts); };
  return check(whole, keys, options);
}

Checked check_cas_register(const TimedHistory& history, const CheckOptions& options) {
  std::vector<Part> whole(1);
  whole[0].operations = history.operations;
  // The reader numbers nil first.
  whole[0].make_model = [&history] { return std::make_unique<CasRegisterModel>(history, 0); };
  return check(whole, whole, options);
}

}  // namespace rxcheck::linear
