// SPDX-License-Identifier: Apache-2.0
#include "models/shadow/shadow.h"

#include "harness/core/status.h"
#include "models/shadow/runner.h"
#include "models/shadow/twin.h"

namespace rxcheck::models {
namespace {

using shadow::Made;

bool reports_status(EventKind kind) {
  return kind == EventKind::start || kind == EventKind::submit || kind == EventKind::finish ||
         kind == EventKind::completed || kind == EventKind::ret || kind == EventKind::set_leave ||
         kind == EventKind::bad || kind == EventKind::answered || kind == EventKind::is_valid_directory ||
         kind == EventKind::finalize_v_net_root || kind == EventKind::finalize_net_root ||
         kind == EventKind::share_busy;
}

bool reports_value(const Event& event) {
  if (event.kind == EventKind::completed) return event.value != 0;  // not every target reports it there
  return event.kind == EventKind::ret || event.kind == EventKind::cancel_routine ||
         event.kind == EventKind::dereference;
}

std::string in_words(const Event& event) {
  std::string text(name_of(event.kind));
  if (reports_status(event.kind)) text += " " + status::name_of(event.status);
  if (event.value != 0) text += " value=" + std::to_string(event.value);
  return text;
}

std::optional<Drift> part(const Made& made, const Event& observed, size_t index) {
  const uint16_t about = observed.target != kNoOperation && !made.possible ? observed.target : observed.operation;
  if (!made.possible) return Drift{index, about, made.clause, "no such event", in_words(observed)};
  if (made.unsure) return std::nullopt;
  const bool same = (!reports_status(observed.kind) || made.event.status == observed.status) &&
                    (!reports_value(observed) || made.event.value == observed.value);
  if (same) return std::nullopt;
  return Drift{index, observed.operation, made.clause, in_words(made.event), in_words(observed)};
}

constexpr uint8_t kFaults[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,  15, 16, 17, 18,
                               19, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,  34, 35, 36, 37,
                               38, 39, 40, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53,  54, 57, 59, 60,
                               61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 100, 101};

}  // namespace

struct Shadow::Impl {
  explicit Impl(Fault fault) : twin(fault), runner(fault) {}
  shadow::Twin twin;
  shadow::Runner runner;
};

Shadow::Shadow(Fault fault) : impl_(std::make_unique<Impl>(fault)) {}
Shadow::~Shadow() = default;
Shadow::Shadow(Shadow&&) noexcept = default;
Shadow& Shadow::operator=(Shadow&&) noexcept = default;

std::span<const uint8_t> faults() { return kFaults; }

std::optional<Drift> Shadow::compare(const History& history) {
  shadow::Twin& twin = impl_->twin;
  twin.begin(history.program);
  twin.tell_answers(history);
  for (size_t i = 0; i < history.events.size(); ++i) {
    const Event& event = history.events[i];
    Event missing;
    if (event.kind == EventKind::quiescent) missing = twin.overdue_when_quiescent();
    if (event.kind == EventKind::end) missing = twin.overdue_at_end();
    if (missing.kind != EventKind::call) return Drift{i, missing.target, 0, in_words(missing), "nothing of the kind"};
    if (auto drift = part(twin.step(event), event, i)) return drift;
  }
  return std::nullopt;
}

void Shadow::run(const Program& program, Random& random, History& history) {
  impl_->runner.run(program, random, history);
}

}  // namespace rxcheck::models
