// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/inproc.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "harness/core/digest.h"
#include "harness/core/random.h"
#include "harness/explore/access_log.h"
#include "harness/explore/directed.h"
#include "harness/explore/dpor_scheduler.h"
#include "harness/explore/fair.h"
#include "harness/explore/follower.h"
#include "harness/explore/holding.h"
#include "harness/explore/pair_watch.h"
#include "harness/explore/pct.h"
#include "harness/explore/pos.h"
#include "harness/explore/race_watch.h"
#include "harness/explore/random_walk.h"
#include "harness/explore/replayer.h"
#include "harness/targets/inproc_session.h"

namespace rxcheck {

namespace {

InprocSession* current_session = nullptr;

void __attribute__((ms_abi)) event_hook(const RXCHECK_EVENT* event) { current_session->driver_event(*event); }

class Inproc : public InprocTarget {
 public:
  explicit Inproc(InprocOptions options) : options_(std::move(options)) {}

  std::optional<Error> load();
  std::string name() const override { return "inproc"; }
  std::string executive() const override { return "rxcheck executive 1"; }
  std::vector<DriverFile> drivers() const override { return drivers_; }
  void run(const Program& program, const Plan& plan, RunResult& result) override;
  bool detect_races(bool on) override {
    races_ = on;
    return options_.checks;
  }
  void learn(std::span<const Program> programs, uint64_t seed) override;
  std::vector<std::string> learned() const override;
  std::vector<void*> exports_named(std::string_view name) const override;

 private:
  // The scheduler for a plan; nullptr for the baseline.
  nt::Scheduler* begin(const Plan& plan, const History& history);
  nt::AccessSink* begin_watching(const Plan& plan);
  bool fresh(RunResult& result);

  InprocOptions options_;
  nt::Executive executive_;
  std::unique_ptr<nt::DriverGraph> graph_;
  std::unique_ptr<InprocSession> session_;
  std::vector<DriverFile> drivers_;
  RandomWalk random_walk_;
  Pct pct_;
  Pos pos_;
  Fair fair_;
  Replayer replayer_;
  Directed directed_;
  DporScheduler dpor_;
  Follower follower_;
  RaceWatch race_watch_;
  bool races_ = false;
  uint64_t runs_ = 0;
  std::optional<VariantSet> native_variants_;  // in force without being asked for
};

std::optional<Error> Inproc::load() {
  if (options_.drivers.empty())
    options_.drivers = {beside_executable("driver/rxrdbss.sys"), beside_executable("driver/rxprobe.sys")};
  for (const std::string& path : options_.drivers) {
    auto digest = sha256_of_file(path);
    if (!digest) return Error{"no such driver file", path, "build the drivers with script/build, or correct the path"};
    drivers_.push_back({path, *digest});
  }
  executive_.make_current();
  auto graph = nt::DriverGraph::load(options_.drivers, executive_, options_.checks, &event_hook);
  if (!graph) return graph.error();
  graph_ = std::move(*graph);
  executive_.set_images(graph_->images());
  executive_.set_access_yields(options_.access_yields);
  session_ = std::make_unique<InprocSession>(executive_, *graph_);
  RunResult trial;
  run(Program{}, Plan{}, trial);
  if (trial.end == RunResult::End::lab_fault)
    return Error{trial.lab_message, "", "give drivers that start, or look at DriverEntry"};
  if (trial.end == RunResult::End::violation)
    return Error{"starting and stopping it breaks the rule " + trial.violation->rule + ": " + trial.violation->text,
                 options_.drivers.back(), "look at DriverEntry and DriverUnload"};
  return std::nullopt;
}

nt::Scheduler* Inproc::begin(const Plan& plan, const History& history) {
  switch (plan.kind) {
    case Plan::Kind::baseline:
      return nullptr;
    case Plan::Kind::random:
      random_walk_.begin(plan.seed, plan.period);
      return &random_walk_;
    case Plan::Kind::pct:
      pct_.begin(plan.seed, plan.depth, plan.expected_yields);
      return &pct_;
    case Plan::Kind::dpor:
      dpor_.begin(*plan.dpor, plan.movers, plan.order, plan.checkpoints, plan.seed, executive_, history);
      return &dpor_;
    case Plan::Kind::scheduled:
      return plan.scheduler;
    case Plan::Kind::follow:
      follower_.begin(*plan.threads, executive_);
      return &follower_;
    case Plan::Kind::pos:
      pos_.begin(plan.seed);
      return &pos_;
    case Plan::Kind::fair:
      pct_.begin(plan.seed, plan.depth, plan.expected_yields);
      fair_.begin(pct_, plan.period);
      return &fair_;
    case Plan::Kind::directed:
      directed_.begin(static_cast<unsigned>(plan.seed), plan.depth);
      return &directed_;
    case Plan::Kind::replay:
      if (plan.log != nullptr) {
        plan.log->begin(*plan.schedule, executive_, history);
        return plan.log;
      }
      replayer_.begin(*plan.schedule, executive_, plan.likeness);
      return &replayer_;
  }
  return nullptr;
}

// Who is told what threads touch; nullptr if nobody is.
nt::AccessSink* Inproc::begin_watching(const Plan& plan) {
  nt::AccessSink* told = nullptr;
  if (plan.kind == Plan::Kind::dpor) told = dpor_.listener(races_);
  if (plan.kind == Plan::Kind::replay) told = plan.log;
  if (told == nullptr && plan.pairs != nullptr) {
    plan.pairs->begin(executive_);
    told = plan.pairs;
  }
  if (!races_) return told;
  race_watch_.begin(executive_, told);
  return &race_watch_;
}

// Puts the drivers back and compares them with the files once in a thousand runs. False if they differ.
bool Inproc::fresh(RunResult& result) {
  graph_->restore();
  if (runs_++ % 1000 != 1 || graph_->same_as_fresh()) return true;
  result.end = RunResult::End::lab_fault;
  result.lab_message = "the drivers' memory, put back, is not what loading the files gives";
  return false;
}

void Inproc::run(const Program& program, const Plan& plan, RunResult& result) {
  result.begin(RunResult::End::finished);
  current_session = session_.get();
  executive_.make_current();
  executive_.set_scheduler(nullptr);  // the one of the last run may be gone
  const bool record = plan.record || plan.kind == Plan::Kind::replay;
  executive_.set_recorder(record ? &result.schedule : nullptr);
  nt::Scheduler* scheduler = begin(plan, result.history);
  if (plan.holding != nullptr && plan.kind != Plan::Kind::replay) {
    plan.holding->begin(scheduler, executive_, result.history);
    scheduler = plan.holding;
  }
  executive_.set_scheduler(scheduler);
  executive_.set_access_sink(begin_watching(plan));
  const bool explored = plan.kind == Plan::Kind::dpor || plan.kind == Plan::Kind::follow;
  executive_.set_lazy_locks(explored || plan.lazy_locks);
  executive_.set_every_access(explored || plan.kind == Plan::Kind::directed);
  executive_.reset();
  if (!fresh(result)) return;
  if (!session_->start(result, result.lab_message)) {
    result.end = RunResult::End::lab_fault;
    return;
  }
  if (!native_variants_) native_variants_ = session_->query_variants(result);
  session_->report_variants(program.variants.empty() ? *native_variants_ : program.variants);
  const bool chosen = program.variants.empty() || program.variants == *native_variants_;
  if (!chosen && !session_->choose_variants(program.variants, result, result.lab_message)) {
    result.end = RunResult::End::lab_fault;
    return;
  }
  session_->run(program, result, options_.checks);
  if (plan.kind == Plan::Kind::dpor) {
    dpor_.end();
    dpor_.write_threads(result.threads);
    result.explored_before = result.violation && result.violation->rule == kExploredBefore;
  }
  if (plan.kind == Plan::Kind::directed) result.directed_at = static_cast<uint32_t>(directed_.at());
  if (plan.kind != Plan::Kind::replay) return;
  const Replayer& replayer = plan.log != nullptr ? *plan.log : replayer_;
  result.choices_met = replayer.choices_met();
  result.departures = replayer.departures();
  if (replayer.left()) {
    result.end = RunResult::End::left_schedule;
    result.lab_message = "choice " + std::to_string(replayer.choices_met() + 1) + " of the schedule was not met";
  }
}

void Inproc::learn(std::span<const Program> programs, uint64_t seed) {
  nt::Learner learner;
  executive_.set_learner(&learner);
  const bool races = std::exchange(races_, false);  // which would end runs early, and then less is learned
  RunResult result;
  for (size_t i = 0; i < programs.size(); ++i) {
    Plan plan;
    plan.kind = Plan::Kind::random;
    plan.seed = derive_seed(seed, 0x6c6561726e, i);
    plan.period = 8;
    run(programs[i], plan, result);
  }
  races_ = races;
  executive_.set_learner(nullptr);
}

std::vector<std::string> Inproc::learned() const {
  std::vector<std::string> all;
  auto& executive = const_cast<nt::Executive&>(executive_);
  for (const auto& [tag, fields] : executive.pool().all_yield_fields())
    for (unsigned i = 0; i < nt::FieldSet::kFields; ++i)
      if (fields.has(i)) {
        char offset[16];
        std::snprintf(offset, sizeof offset, "+%#x", i * 8);
        all.push_back(nt::tag_name(tag) + offset);
      }
  for (size_t image = 0; image < executive.images().size(); ++image) {
    const nt::PeImage& file = *executive.images()[image];
    const auto& fields = executive.global_fields(image);
    for (size_t i = 0; i < fields.size(); ++i)
      if (fields[i] != 0) all.push_back(file.name() + "!" + file.symbol_at(file.base() + i * 8).name);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<void*> Inproc::exports_named(std::string_view name) const { return graph_->exports_named(name); }

}  // namespace

Result<std::unique_ptr<InprocTarget>> make_inproc_target(const InprocOptions& options) {
  auto target = std::make_unique<Inproc>(options);
  if (auto error = target->load()) return *error;
  return std::unique_ptr<InprocTarget>(std::move(target));
}

std::string beside_executable(const std::string& name) {
  std::error_code ignored;
  return (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name).string();
}

}  // namespace rxcheck
