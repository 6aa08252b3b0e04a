// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/inproc_session.h"

#include <algorithm>
#include <cstring>

#include "harness/core/status.h"
#include "harness/targets/request_shape.h"

namespace rxcheck {

namespace {

uint64_t slot_object(size_t operation) { return nt::object_name(nt::ObjectKind::slot, operation); }

// What the harness itself waits for, as programs that make requests do.
enum class Met : uint8_t { issued, produced, completed, idle };
uint64_t condition_of(size_t operation, Met what) {
  return nt::object_name(nt::ObjectKind::slot, operation * 4 + static_cast<unsigned>(what));
}

// Between two calls, and between two returns, no order is judged: see the judges' use of both.
nt::Touch touch_of(EventKind kind) {
  if (kind == EventKind::call) return nt::Touch::call;
  return kind == EventKind::ret ? nt::Touch::returns : nt::Touch::write;
}

}  // namespace

void InprocSession::record(EventKind kind, uint16_t operation, uint32_t status, uint32_t value, uint16_t target) {
  executive_.touch(nt::object_name(nt::ObjectKind::history, 0), touch_of(kind));
  Event event;
  event.kind = kind;
  event.operation = operation;
  event.target = target;
  event.status = status;
  event.value = value;
  result_->history.events.push_back(event);
}

void InprocSession::driver_event(const RXCHECK_EVENT& event) {
  if (result_ == nullptr || standings_.empty()) return;  // before the first actor there is nothing to tell
  if (event.Tag == RXPROBE_TAG_ROUTINE) return;          // what a cancel routine does for itself
  if (event.Kind < RxEventStart) return;                 // the harness's own numbers
  const auto operation_of = [this](unsigned tag) {
    return tag != 0 && tag <= standings_.size() ? static_cast<uint16_t>(tag - 1) : kNoOperation;
  };
  uint16_t operation = operation_of(event.Tag);
  // Which of the engine's threads takes up a request is by chance; from here on that one works for it.
  if (event.Kind == RxEventStart && operation != kNoOperation && executive_.running().system &&
      requests_[operation].record >= 0)
    executive_.give_work(executive_.running(),
                         executive_.irps()[static_cast<size_t>(requests_[operation].record)].work);
  if (operation == kNoOperation) operation = executive_.running().work.operation;
  const auto kind = static_cast<EventKind>(event.Kind);
  if (operation < standings_.size() && kind == EventKind::held) {
    executive_.touch(slot_object(operation), nt::Touch::write);
    standings_[operation].held = true;
    ++standings_[operation].holds;
  }
  if (operation < standings_.size() && kind == EventKind::released) {
    const uint16_t target = operation_of(event.Target);
    const uint16_t released = target < standings_.size() ? target : operation;
    executive_.touch(slot_object(released), nt::Touch::write);
    standings_[released].held = false;
  }
  record(kind, operation, event.Status, event.Value, operation_of(event.Target));
}

void InprocSession::irp_completed(uint32_t number, nt::NtStatus status, uint64_t) {
  const nt::Work& work = executive_.irps()[number].work;
  const uint16_t index = work.operation;
  if (index >= standings_.size()) return;
  const Operation& op = result_->history.program.operations[index];
  models::Standing& standing = standings_[index];
  executive_.touch(slot_object(index), nt::Touch::write);
  executive_.synchronize(condition_of(index, Met::completed), nt::Sync::release);
  if (op.kind != OpKind::close) {
    standing.completed = true;
    if (!standing.returned) standing.status = status;
  }
  if (is_asynchronous(op)) {
    standing.status = status;
    standing.held = false;
    if (op.slot != kNoSlot) {
      executive_.touch(slot_object(static_cast<size_t>(op.slot)), nt::Touch::returns);
      executive_.synchronize(condition_of(static_cast<size_t>(op.slot), Met::idle), nt::Sync::release);
      --requests_[static_cast<size_t>(op.slot)].in_flight;
    }
  }
  record(EventKind::completed, index, status, shows_view(op.kind) && status == 0 ? requests_[index].reply.Serial : 0);
}

void InprocSession::allocation_refused(const nt::Work& work) {
  if (work.operation < standings_.size()) record(EventKind::low_memory, work.operation);
}

bool InprocSession::start(RunResult& result, std::string& message) {
  result_ = &result;
  standings_.clear();
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
    struct Pending {
      nt::Executive* executive;
      size_t record;
    } pending{&executive_, static_cast<size_t>(number)};
    executive_.wait_for(
        [](void* argument) {
          const auto* p = static_cast<Pending*>(argument);
          return p->executive->irps()[p->record].completed;
        },
        &pending);
    status = executive_.irps()[pending.record].irp->status;
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
  standings_.assign(program.operations.size(), {});
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
  if (!standings_.empty() && standings_.size() > program.operations.size() && !standings_.back().returned)
    return take_violation(executive_.find_stuck());
  const bool unloaded = on_environment([this] { graph_.unload(); });
  if (executive_.violation()) return take_violation(executive_.violation());
  if (!unloaded) return take_violation(executive_.find_stuck());
  record(EventKind::end, kNoOperation);
  take_violation(executive_.find_leak());
}

// One operation of the environment. False if there is none, or it did not return, or a rule was broken.
bool InprocSession::run_environment(bool left) {
  auto next = environment_.next(result_->history.program, standings_, left);
  if (!next || requests_.size() == requests_.capacity()) return false;  // IRPs point into `requests_`: it may not move
  next->actor = 0;
  const auto index = static_cast<uint16_t>(standings_.size());
  result_->history.program.operations.push_back(*next);
  standings_.emplace_back();
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
    session->executive_.wait_for([](void* s) { return static_cast<bool>(static_cast<InprocSession*>(s)->job_); },
                                 session);
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

// False if the operation cannot be issued: its resource was never produced, or is gone.
bool InprocSession::resource_ready(uint16_t index) {
  const Operation& op = result_->history.program.operations[index];
  const int32_t slot = op.slot;
  if (slot == kNoSlot) return true;
  Condition condition{this, static_cast<uint16_t>(slot)};
  executive_.touch(slot_object(condition.operation), nt::Touch::read);
  if (op.kind == OpKind::cancel) {  // needs a request that is under way, whatever becomes of it
    executive_.wait_for(
        [](void* argument) {
          const auto* c = static_cast<Condition*>(argument);
          return c->session->requests_[c->operation].record >= 0 || c->session->standings_[c->operation].returned;
        },
        &condition);
    executive_.touch(slot_object(condition.operation), nt::Touch::read);
    executive_.synchronize(condition_of(condition.operation, Met::issued), nt::Sync::acquire);
    return requests_[condition.operation].record >= 0;
  }
  executive_.wait_for(
      [](void* argument) {
        const auto* c = static_cast<Condition*>(argument);
        const models::Standing& standing = c->session->standings_[c->operation];
        return standing.produced || standing.returned;
      },
      &condition);
  executive_.touch(slot_object(condition.operation), nt::Touch::read);
  executive_.synchronize(condition_of(condition.operation, Met::produced), nt::Sync::acquire);
  const models::Standing& standing = standings_[static_cast<size_t>(slot)];
  return standing.produced && !standing.consumed;
}

void InprocSession::operate(uint16_t index, uint8_t actor, uint16_t ordinal) {
  executive_.running().work = {actor, ordinal, index};
  const Operation op = result_->history.program.operations[index];
  if (!resource_ready(index)) {
    record(EventKind::skip, index);
    executive_.touch(slot_object(index), nt::Touch::write);
    standings_[index].returned = true;
    return;
  }
  record(EventKind::call, index);
  standings_[index].called = true;
  if (uses_handle(op.kind)) {
    executive_.touch(slot_object(static_cast<size_t>(op.slot)), nt::Touch::call);
    ++requests_[static_cast<size_t>(op.slot)].in_flight;
  }
  if (op.kind == OpKind::close || op.kind == OpKind::dereference) {
    executive_.touch(slot_object(static_cast<size_t>(op.slot)), nt::Touch::write);
    standings_[static_cast<size_t>(op.slot)].consumed = true;
  }
  uint32_t value = 0;
  const uint32_t status = carry_out(index, op, value);
  if (uses_handle(op.kind) && !is_asynchronous(op)) {
    executive_.touch(slot_object(static_cast<size_t>(op.slot)), nt::Touch::returns);
    executive_.synchronize(condition_of(static_cast<size_t>(op.slot), Met::idle), nt::Sync::release);
    --requests_[static_cast<size_t>(op.slot)].in_flight;
  }
  executive_.touch(slot_object(index), nt::Touch::write);
  executive_.synchronize(condition_of(index, Met::produced), nt::Sync::release);
  models::Standing& standing = standings_[index];
  standing.returned = true;
  if (!is_asynchronous(op)) standing.status = status;
  const Resource resource = produced_by(op);
  if (status == 0 && resource != Resource::none && resource != Resource::request) standing.produced = true;
  record(EventKind::ret, index, status, value);
}

uint32_t InprocSession::carry_out(uint16_t index, const Operation& op, uint32_t& value) {
  ProbeRequest request;
  const uint32_t code = encoder_.encode(result_->history.program, index, request);
  const Request& mine = requests_[index];
  switch (op.kind) {
    case OpKind::close:
      return close_handle(index, op);
    case OpKind::cancel:
      value = executive_.cancel(requests_[static_cast<size_t>(op.slot)].record) ? 1 : 0;
      return 0;
    case OpKind::await: {
      Condition condition{this, static_cast<uint16_t>(op.slot)};
      executive_.touch(slot_object(condition.operation), nt::Touch::read);
      executive_.wait_for(
          [](void* argument) {
            const auto* c = static_cast<Condition*>(argument);
            return c->session->standings_[c->operation].completed;
          },
          &condition);
      executive_.touch(slot_object(condition.operation), nt::Touch::read);
      executive_.synchronize(condition_of(condition.operation, Met::completed), nt::Sync::acquire);
      return standings_[static_cast<size_t>(op.slot)].status;
    }
    case OpKind::list:
      return find_in_list(index, op, value);
    case OpKind::tick:
      return pass_time(index, op.seconds);
    default:
      break;
  }
  if (is_asynchronous(op)) {
    issue(index, code, request);
    return nt::kStatusPending;
  }
  const uint32_t status = issue_and_wait(index, code, request);
  if (shows_view(op.kind)) value = status == 0 ? mine.reply.Serial : 0;
  if (shows_value(op.kind)) value = mine.reply.Value;
  return status;
}

// Sends the request and returns when it can go no further on its own: it is complete, or no worker that could run works
// for it.
void InprocSession::issue(uint16_t index, uint32_t code, ProbeRequest& request) {
  const nt::Work work = executive_.running().work;
  Request& mine = requests_[index];
  const Operation& op = result_->history.program.operations[index];
  const uint32_t size = ProbeRequests::input_length(op, request);
  const bool list = code == IOCTL_RXPROBE_LIST;
  const int number = executive_.build_ioctl(graph_.device(), code, &request.request, size,
                                            list ? static_cast<void*>(mine.list) : &mine.reply,
                                            list ? sizeof(RXPROBE_LIST) : sizeof(RXPROBE_REPLY), work);
  if (number < 0) executive_.violate("out-of-pool", "arena", "the program uses up the executive's pool");
  executive_.touch(slot_object(index), nt::Touch::write);
  executive_.synchronize(condition_of(index, Met::issued), nt::Sync::release);
  mine.record = number;
  const bool asynchronous = is_asynchronous(op);
  if (produced_by(op) == Resource::request) {
    executive_.synchronize(condition_of(index, Met::produced), nt::Sync::release);
    standings_[index].produced = true;
  }
  if (op.cancelled) executive_.irps()[static_cast<size_t>(number)].irp->cancel = 1;
  executive_.send(number);
  if (!asynchronous) return;
  Condition condition{this, index};
  executive_.touch(slot_object(index), nt::Touch::read);
  executive_.look_at_workers(index);
  executive_.wait_for(
      [](void* argument) {
        const auto* c = static_cast<Condition*>(argument);
        return c->session->standings_[c->operation].completed || !c->session->executive_.worker_can_run(c->operation);
      },
      &condition);
  executive_.touch(slot_object(index), nt::Touch::read);
  executive_.look_at_workers(index);
}

uint32_t InprocSession::issue_and_wait(uint16_t index, uint32_t code, ProbeRequest& request) {
  issue(index, code, request);
  struct Pending {
    nt::Executive* executive;
    size_t record;
  } pending{&executive_, static_cast<size_t>(requests_[index].record)};
  executive_.touch(slot_object(index), nt::Touch::read);
  executive_.wait_for(
      [](void* argument) {
        const auto* p = static_cast<Pending*>(argument);
        return p->executive->irps()[p->record].completed;
      },
      &pending);
  executive_.touch(slot_object(index), nt::Touch::read);
  executive_.synchronize(condition_of(index, Met::completed), nt::Sync::acquire);
  return executive_.irps()[pending.record].irp->status;
}

// Returns when what the time set going can go no further on its own.
uint32_t InprocSession::pass_time(uint16_t index, uint32_t seconds) {
  constexpr uint64_t kSecond = 10'000'000;  // in units of 100 ns
  executive_.touch(nt::object_name(nt::ObjectKind::executive, 0), nt::Touch::write);
  executive_.advance_time(seconds * kSecond);
  Condition condition{this, index};
  executive_.wait_for(
      [](void* argument) {
        const auto* c = static_cast<Condition*>(argument);
        return !c->session->executive_.worker_can_run(c->operation);
      },
      &condition);
  executive_.look_at_workers(index);
  return 0;
}

uint32_t InprocSession::close_handle(uint16_t index, const Operation& op) {
  ProbeRequest request;
  ProbeRequests::encode_close(index, op, request);
  const uint32_t cleanup = issue_and_wait(index, IOCTL_RXPROBE_CLEANUP, request);
  Condition condition{this, static_cast<uint16_t>(op.slot)};
  executive_.touch(slot_object(condition.operation), nt::Touch::write);
  executive_.wait_for(
      [](void* argument) {
        const auto* c = static_cast<Condition*>(argument);
        return c->session->requests_[c->operation].in_flight == 0;
      },
      &condition);
  executive_.touch(slot_object(condition.operation), nt::Touch::write);
  executive_.synchronize(condition_of(condition.operation, Met::idle), nt::Sync::acquire);
  const uint32_t close = issue_and_wait(index, IOCTL_RXPROBE_CLOSE, request);
  standings_[index].completed = true;
  standings_[index].status = cleanup != 0 ? cleanup : close;
  return standings_[index].status;
}

uint32_t InprocSession::find_in_list(uint16_t index, const Operation& op, uint32_t& value) {
  ProbeRequest request;
  const uint32_t code = encoder_.encode(result_->history.program, index, request);
  RXPROBE_LIST list;
  list.Count = 0;
  requests_[index].list = &list;
  const uint32_t status = issue_and_wait(index, code, request);
  if (status != 0) return status;
  const auto found = encoder_.find_in_list(op, list);
  value = found.value_or(0);
  return found ? 0 : status::kNotFound;
}

}  // namespace rxcheck
