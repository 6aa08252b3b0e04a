// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/inproc_session.h"

#include <algorithm>
#include <cstring>

#include "harness/targets/request_shape.h"

namespace rxcheck {

namespace {

// Between two calls, and between two returns, no order is judged: see the judges' use of both.
nt::Touch touch_of(EventKind kind) {
  if (kind == EventKind::call) return nt::Touch::call;
  return kind == EventKind::ret ? nt::Touch::returns : nt::Touch::write;
}

}  // namespace

void InprocSession::record(EventKind kind, uint16_t operation, uint32_t status, uint32_t value, uint16_t target) {
  executive_.touch(nt::object_name(nt::ObjectKind::history, 0), touch_of(kind));
  result_->history.events.push_back(
      {.kind = kind, .operation = operation, .target = target, .status = status, .value = value});
}

void InprocSession::driver_event(const RXCHECK_EVENT& event) {
  if (result_ == nullptr || standings_.empty()) return;  // before the first actor there is nothing to tell
  if (event.Tag == RXPROBE_TAG_ROUTINE) return;          // what a cancel routine does for itself
  if (event.Kind < RxEventStart) return;                 // the harness's own numbers
  uint16_t operation = standings_.operation_of(event.Tag);
  // Which of the engine's threads takes up a request is by chance; from here on that one works for it.
  if (event.Kind == RxEventStart && operation != kNoOperation && executive_.running().system &&
      requests_[operation].record >= 0)
    executive_.give_work(executive_.running(),
                         executive_.irps()[static_cast<size_t>(requests_[operation].record)].work);
  if (operation == kNoOperation) operation = executive_.running().work.operation;
  const auto kind = static_cast<EventKind>(event.Kind);
  const uint16_t target = standings_.operation_of(event.Target);
  const uint16_t whose = standings_.told(kind, operation, target);
  if (whose != kNoOperation) touch_slot(whose, nt::Touch::write);
  record(kind, operation, event.Status, event.Value, target);
}

void InprocSession::irp_completed(uint32_t number, nt::NtStatus status, uint64_t) {
  const nt::Work& work = executive_.irps()[number].work;
  const uint16_t index = work.operation;
  if (index >= standings_.size()) return;
  const Operation& op = result_->history.program.operations[index];
  touch_slot(index, nt::Touch::write);
  synchronize(index, Met::completed, nt::Sync::release);
  if (op.kind != OpKind::close) standings_.completed(op, index, status);
  if (is_asynchronous(op) && op.slot != kNoSlot) leave_handle(static_cast<size_t>(op.slot));
  record(EventKind::completed, index, status, shows_view(op.kind) && status == 0 ? requests_[index].reply.Serial : 0);
}

void InprocSession::allocation_refused(const nt::Work& work) {
  if (work.operation < standings_.size()) record(EventKind::low_memory, work.operation);
}

bool InprocSession::start(RunResult& result, std::string& message) {
  result_ = &result;
  standings_.reset(0);
  executive_.set_observer(this);
  executive_.start_thread(0, &InprocSession::environment_main, this);
  size_t failed = 0;
  nt::NtStatus status = nt::kStatusPending;
  const bool returned = on_environment([&] { status = graph_.start(failed); });
  const std::string name = graph_.images()[failed]->path();
  if (executive_.violation()) {
    message =
        name + ": DriverEntry broke the rule " + executive_.violation()->rule + ": " + executive_.violation()->text;
  } else if (!returned) {
    message = name + ": DriverEntry waits for something that nobody does";
  } else if (status != nt::kStatusSuccess) {
    char text[32];
    std::snprintf(text, sizeof text, "%08X", status);
    message = name + ": DriverEntry failed with 0x" + text;
  } else if (graph_.device() == nullptr) {
    message = graph_.images().back()->path() + ": DriverEntry made no device";
  }
  return message.empty();
}

// A request that belongs to no operation.
nt::NtStatus InprocSession::ask(uint32_t code, uint32_t argument, uint32_t& value) {
  ProbeRequest buffer;
  std::memset(&buffer.request, 0, sizeof buffer.request);
  buffer.request.Tag = RXPROBE_TAG_ROUTINE - 1;
  buffer.request.Argument = argument;
  RXPROBE_REPLY reply{};
  nt::NtStatus status = nt::kStatusPending;
  on_environment([&] {
    const int number = executive_.build_ioctl(graph_.device(), code, &buffer.request, RXPROBE_REQUEST_HEADER + 2,
                                              &reply, sizeof reply, executive_.running().work);
    if (number < 0) return;
    executive_.send(number);
    const auto record = static_cast<size_t>(number);
    executive_.wait_for([&] { return executive_.irps()[record].completed; });
    status = executive_.irps()[record].status;
  });
  value = reply.Value;
  return status;
}

VariantSet InprocSession::query_variants(RunResult& result) {
  result_ = &result;
  uint32_t bits = 0;
  return VariantSet(ask(IOCTL_RXPROBE_QUERY_VARIANTS, 0, bits) == nt::kStatusSuccess ? bits : 0);
}

bool InprocSession::choose_variants(VariantSet variants, RunResult& result, std::string& message) {
  result_ = &result;
  uint32_t unused = 0;
  const std::string& driver = graph_.images().back()->path();
  if (ask(IOCTL_RXPROBE_CHOOSE_VARIANTS, variants.bits(), unused) != nt::kStatusSuccess) {
    message = driver + ": it cannot be started with the variants " + names_of(variants);
    return false;
  }
  if (query_variants(result) == variants) return true;
  message = driver + ": it was started with the variants " + names_of(variants) + " but does not report them";
  return false;
}

void InprocSession::prepare(const Program& program) {
  History& history = result_->history;
  history.program.connections = program.connections;
  history.program.paths = program.paths;
  history.program.operations = program.operations;
  history.program.title = program.title;
  history.program.low_memory = program.low_memory;
  history.program.variants = program.variants;
  history.program_operations = static_cast<uint32_t>(program.operations.size());
  history.events.clear();
  if (!variants_.empty()) record(EventKind::variants, kNoOperation, 0, variants_.bits());
  environment_.reset();
  environment_ordinal_ = 0;
  standings_.reset(program.operations.size());
  requests_.clear();
  requests_.reserve(program.operations.size() * 8 + 64);
  requests_.resize(program.operations.size());
  encoder_.prepare(program);
  actors_.resize(kMaxActors + 1);
  for (unsigned i = 0; i <= kMaxActors; ++i) {
    actors_[i].session = this;
    actors_[i].number = i;
    actors_[i].operations.clear();
    actors_[i].done = false;
  }
  for (size_t i = 0; i < program.operations.size(); ++i)
    actors_[program.operations[i].actor].operations.push_back(static_cast<uint16_t>(i));
}

bool InprocSession::actors_left() const {
  return std::any_of(actors_.begin() + 1, actors_.end(),
                     [](const Actor& actor) { return !actor.operations.empty() && !actor.done; });
}

void InprocSession::take_violation(std::optional<nt::Broken> broken) {
  if (!broken) return;
  result_->end = RunResult::End::violation;
  result_->violation = Violation{broken->rule, broken->object, broken->function, broken->text, broken->operation};
}

void InprocSession::run(const Program& program, RunResult& result, bool exploring) {
  result_ = &result;
  prepare(program);
  for (Actor& actor : actors_)
    if (!actor.operations.empty()) executive_.start_thread(actor.number, &InprocSession::actor_main, &actor);
  executive_.set_exploring(exploring);
  executive_.refuse_allocation(program.low_memory);
  executive_.run();
  bool alive = !executive_.violation();
  while (alive && actors_left()) {
    record(EventKind::quiescent, kNoOperation);
    alive = run_environment(true);
    if (!alive && !executive_.violation()) return take_violation(executive_.find_stuck());
  }
  result.yields = static_cast<uint32_t>(executive_.yields());
  result.lines = executive_.lines();
  result.switches = executive_.switches();
  result.schedule_hash = executive_.choices_hash();
  if (!alive) return take_violation(executive_.violation());
  executive_.set_exploring(false);
  executive_.refuse_allocation(0);
  record(EventKind::quiescent, kNoOperation);
  while (run_environment(false)) {
  }
  if (executive_.violation()) return take_violation(executive_.violation());
  if (!standings_.empty() && standings_.size() > program.operations.size() &&
      !standings_[standings_.size() - 1].returned)
    return take_violation(executive_.find_stuck());
  const bool unloaded = on_environment([this] { graph_.unload(); });
  if (executive_.violation()) return take_violation(executive_.violation());
  if (!unloaded) return take_violation(executive_.find_stuck());
  record(EventKind::end, kNoOperation);
  take_violation(executive_.find_leak());
}

// One operation of the environment. False if there is none, or it did not return, or a rule was broken.
bool InprocSession::run_environment(bool left) {
  auto next = environment_.next(result_->history.program, standings_.all(), left);
  if (!next || requests_.size() == requests_.capacity()) return false;  // IRPs point into `requests_`: it may not move
  next->actor = 0;
  const auto index = static_cast<uint16_t>(standings_.size());
  result_->history.program.operations.push_back(*next);
  standings_.add();
  requests_.emplace_back();
  const uint16_t ordinal = ++environment_ordinal_;
  const bool returned = on_environment([this, index, ordinal] { operate(index, 0, ordinal); });
  return returned && !executive_.violation();
}

// Runs the job on thread 0, and everything that it sets going, until nothing can go on. True if the job came to its
// end.
bool InprocSession::on_environment(std::function<void()> job) {
  job_ = std::move(job);
  executive_.run();
  return !executive_.violation() && !job_;
}

void InprocSession::environment_main(void* argument) {
  auto* session = static_cast<InprocSession*>(argument);
  for (;;) {
    session->executive_.wait_for([session] { return static_cast<bool>(session->job_); });
    session->job_();
    session->job_ = nullptr;
    session->executive_.running().work = {0, 0, 0xffff};
  }
}

void InprocSession::actor_main(void* argument) {
  auto* actor = static_cast<Actor*>(argument);
  uint16_t ordinal = 0;
  for (uint16_t index : actor->operations)
    actor->session->operate(index, static_cast<uint8_t>(actor->number), ++ordinal);
  actor->done = true;
}

}  // namespace rxcheck
