// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/shadow.h"

#include "harness/core/random.h"

namespace rxcheck {

namespace {

constexpr const char* kName = "shadow";

class ShadowTarget : public Target {
 public:
  explicit ShadowTarget(models::Fault fault) : shadow_(fault) {}

  std::string name() const override { return kName; }
  std::string executive() const override { return "none (the shadow model alone)"; }
  std::vector<DriverFile> drivers() const override { return {}; }

  void run(const Program& program, const Plan& plan, RunResult& result) override {
    result.begin(RunResult::End::finished);
    if (plan.kind == Plan::Kind::replay && plan.schedule != nullptr && !plan.schedule->choices.empty()) {
      result.end = RunResult::End::lab_fault;
      result.lab_message = "the shadow target has no yield points";
      result.history.events.clear();
      return;
    }
    const bool seeded = plan.kind == Plan::Kind::random || plan.kind == Plan::Kind::pct;
    Random random(seeded ? plan.seed : 0);
    shadow_.run(program, random, result.history);
    // The order of events is all that the seed decides.
    for (const Event& event : result.history.events)
      result.schedule_hash = mix64(result.schedule_hash ^ (static_cast<uint64_t>(event.kind) << 16 | event.operation));
  }

 private:
  models::Shadow shadow_;
};

}  // namespace

std::unique_ptr<Target> make_shadow_target(models::Fault fault) { return std::make_unique<ShadowTarget>(fault); }

bool follows_schedules(const Target& target) { return target.name() != kName; }

}  // namespace rxcheck
