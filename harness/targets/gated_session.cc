// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/gated_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/status.h"
#include "harness/targets/guest_variants.h"
#include "harness/targets/request_shape.h"

namespace rxcheck {

void GatedSession::record(EventKind kind, uint16_t operation, uint32_t status, uint32_t value, uint16_t target) {
  result_->history.events.push_back(
      {.kind = kind, .operation = operation, .target = target, .status = status, .value = value});
}

void GatedSession::stop_short(RunResult::End end, std::string why) {
  if (failed_) return;
  failed_ = true;
  result_->end = end;
  result_->lab_message = std::move(why);
}

void GatedSession::prepare(const Program& program) {
  History& history = result_->history;
  history.program = program;
  history.program_operations = static_cast<uint32_t>(program.operations.size());
  history.events.clear();
  environment_.reset();
  encoder_.prepare(program);
  standings_.reset(program.operations.size());
  sent_.assign(program.operations.size(), false);
  actors_.assign(kMaxActors + 1, {});
  for (size_t i = 0; i < program.operations.size(); ++i)
    actors_[program.operations[i].actor].operations.push_back(static_cast<uint16_t>(i));
  exploring_ = telling_ = failed_ = false;
}

void GatedSession::run(const Program& program, const Schedule& schedule, RunResult& result) {
  result_ = &result;
  result.end = RunResult::End::finished;
  prepare(program);
  const auto choices = names_.translate(schedule);
  if (!choices) return stop_short(RunResult::End::left_schedule, choices.error().text());
  const auto begun = gate_.begin(program.low_memory, *choices);
  if (!begun) return stop_short(RunResult::End::lab_fault, gate_.why());
  if (begun->head.Reason != RxGateQuiescent) return stop_short(RunResult::End::lab_fault, begun->head.Text);
  if (!settle_variants(program.variants)) return;
  telling_ = exploring_ = true;
  RXGATE_GO go{};
  for (unsigned i = 1; i < actors_.size(); ++i)
    if (!actors_[i].operations.empty()) go.Start |= 1u << i;
  if (!run_until_quiescent(go)) return;
  while (actors_left()) {
    record(EventKind::quiescent, kNoOperation);
    if (!run_environment(true)) return failed_ ? void() : take_stuck();
  }
  exploring_ = false;
  record(EventKind::quiescent, kNoOperation);
  while (run_environment(false)) {
  }
  if (failed_) return;
  if (standings_.size() > program.operations.size() && !standings_[standings_.size() - 1].returned) return take_stuck();
  unload();
}

// The drivers' end, on the environment's line.
void GatedSession::unload() {
  RXGATE_GO go{};
  bool unloading = false;
  bool unloaded = false;
  for (;;) {
    go.Ready = unloaded ? 0 : 1;
    go.Operation = go.Target = RXGATE_NO_OPERATION;
    const auto stop = gate_.go(go, {});
    if (!stop) return stop_short(RunResult::End::lab_fault, gate_.why());
    if (!take(*stop)) return;
    if (stop->head.Reason == RxGateQuiescent) break;
    unloaded = unloading;
    unloading = true;
    go = RXGATE_GO{};
    go.Act = unloaded ? RxGateWait : RxGateUnload;
    go.Condition = RxGateReady;
  }
  if (!unloaded) return take_stuck();
  record(EventKind::end, kNoOperation);
  const auto leaks = gate_.leaks();
  if (!leaks) return stop_short(RunResult::End::lab_fault, gate_.why());
  if (leaks->head.Rule[0] != 0) take(*leaks);
  if (!gate_.leave()) stop_short(RunResult::End::lab_fault, gate_.why());
}

// A request that belongs to no operation. Its status; nothing if the run is over.
std::optional<uint32_t> GatedSession::ask(uint32_t code, uint32_t argument, uint32_t& value) {
  RXPROBE_REQUEST request{};
  request.Tag = RXPROBE_TAG_ROUTINE - 1;
  request.Argument = argument;
  std::optional<uint32_t> status;
  RXGATE_GO go{};
  go.Ready = 1;
  go.Operation = go.Target = RXGATE_NO_OPERATION;
  for (;;) {
    const auto stop = gate_.go(go, input_);
    input_.clear();
    if (!stop) return stop_short(RunResult::End::lab_fault, gate_.why()), std::nullopt;
    if (!take(*stop) || stop->head.Reason == RxGateQuiescent) return status;
    const bool asked = go.Act == RxGateIssue;
    go = RXGATE_GO{};
    go.Target = RXGATE_NO_OPERATION;
    go.Operation = asked ? RXGATE_NO_OPERATION : RXGATE_ASKING;
    go.Act = asked ? RxGateWait : RxGateIssue;
    if (asked) {
      status = stop->head.Status;
      if (stop->output.size() >= sizeof(RXPROBE_REPLY))
        value = reinterpret_cast<const RXPROBE_REPLY*>(stop->output.data())->Value;
      continue;
    }
    const auto* bytes = reinterpret_cast<const uint8_t*>(&request);
    input_.assign(bytes, bytes + RXPROBE_REQUEST_HEADER + 2);
    go.Code = code;
    go.InputLength = static_cast<uint32_t>(input_.size());
    go.OutputLength = sizeof(RXPROBE_REPLY);
  }
}

// Tells the drivers which variants are to be in force, and writes down which are. False if the run is over.
bool GatedSession::settle_variants(VariantSet wanted) {
  VariantSet in_force;
  const auto asks = [&](uint32_t code, uint32_t argument, uint32_t& value) { return ask(code, argument, value); };
  if (auto why = rxcheck::settle_variants(asks, wanted, in_force))
    stop_short(RunResult::End::lab_fault, std::move(*why));  // unless it has been, and why
  if (!in_force.empty()) record(EventKind::variants, kNoOperation, 0, in_force.bits());
  return !failed_;
}

bool GatedSession::actors_left() const {
  return std::any_of(actors_.begin() + 1, actors_.end(),
                     [](const Actor& actor) { return !actor.operations.empty() && !actor.done; });
}

// One operation of the environment. False if there is none, or it did not return, or the run is over.
bool GatedSession::run_environment(bool left) {
  const auto next = environment_.next(result_->history.program, standings_.all(), left);
  if (!next || failed_) return false;
  const auto index = static_cast<uint16_t>(standings_.size());
  if (index + 1u >= RXGATE_MAX_OPERATIONS) return false;
  result_->history.program.operations.push_back(*next);
  result_->history.program.operations.back().actor = 0;
  standings_.add();
  sent_.push_back(false);
  actors_[0].operations.push_back(index);
  RXGATE_GO go{};
  return run_until_quiescent(go) && actors_[0].next == actors_[0].operations.size();
}

// Lets threads go on until none can. False if the run is over.
bool GatedSession::run_until_quiescent(RXGATE_GO go) {
  go.Operation = go.Target = RXGATE_NO_OPERATION;
  for (;;) {
    go.Ready = ready_actors();
    go.Exploring = exploring_ ? 1 : 0;
    const auto stop = gate_.go(go, input_);
    input_.clear();
    if (!stop) return stop_short(RunResult::End::lab_fault, gate_.why()), false;
    if (!take(*stop)) return false;
    if (stop->head.Reason == RxGateQuiescent) return true;
    if (stop->head.Reason != RxGateBoundary || stop->head.Actor >= actors_.size())
      return stop_short(RunResult::End::lab_fault, "the gate stops for no reason that is known"), false;
    go = at_boundary(static_cast<uint8_t>(stop->head.Actor), *stop);
  }
}

// What has happened since the last stop. False if the run is over.
bool GatedSession::take(const GateClient::Stop& stop) {
  for (const RXGATE_EVENT& event : stop.events) take_event(event);
  result_->choices_met = stop.head.ChoicesMet;
  result_->switches = stop.head.Switches;
  result_->yields = stop.head.Points;
  if (stop.head.Rule[0] != 0) {
    failed_ = true;
    const std::string object =
        stop.head.RuleObject[0] != 0 ? std::string(stop.head.RuleObject) : names_.object_at(stop.head.RulePlace);
    const auto operation = static_cast<uint16_t>(stop.head.RuleOperation);
    result_->end = RunResult::End::violation;
    result_->violation =
        Violation{stop.head.Rule, object, names_.function_at(stop.head.RuleSite), stop.head.Text, operation};
    return false;
  }
  if (stop.head.Reason == RxGateLost)
    stop_short(RunResult::End::left_schedule,
               fmt::format("step {}: {}", stop.head.Points, std::string(stop.head.Text)));
  if (stop.head.LeftSchedule != 0)
    stop_short(RunResult::End::left_schedule,
               fmt::format("choice {} of the schedule was not met", stop.head.ChoicesMet + 1));
  return !failed_;
}

void GatedSession::take_event(const RXGATE_EVENT& told) {
  const RXCHECK_EVENT& event = told.Event;
  if (!telling_ || event.Tag == RXPROBE_TAG_ROUTINE) return;
  uint16_t operation = standings_.operation_of(event.Tag);
  if (event.Kind == RXGATE_COMPLETED && operation != kNoOperation)
    return completed(operation, event.Status, event.Value);
  if (event.Kind == RXGATE_REFUSED && operation != kNoOperation) return record(EventKind::low_memory, operation);
  if (event.Kind < RxEventStart) return;
  if (operation == kNoOperation) operation = static_cast<uint16_t>(told.Operation);
  const auto kind = static_cast<EventKind>(event.Kind);
  const uint16_t target = standings_.operation_of(event.Target);
  standings_.told(kind, operation, target);
  record(kind, operation, event.Status, event.Value, target);
}

void GatedSession::completed(uint16_t index, uint32_t status, uint32_t value) {
  const Operation& op = result_->history.program.operations[index];
  if (op.kind != OpKind::close) standings_.completed(op, index, status);
  record(EventKind::completed, index, status, shows_view(op.kind) && status == 0 ? value : 0);
}

void GatedSession::take_stuck() {
  const auto threads = gate_.threads();
  if (!threads) return stop_short(RunResult::End::lab_fault, gate_.why());
  Violation stuck{"hang", "request", "", "no line can go on:", kNoOperation};
  for (uint32_t i = 0; i < std::min<uint32_t>(threads->Count, std::size(threads->Threads)); ++i) {
    const RXGATE_THREAD_STATE& thread = threads->Threads[i];
    if (thread.Wait == RxGateWaitNone) continue;
    const bool lock = thread.Wait == RxGateWaitSpinLock || thread.Wait == RxGateWaitResourceExclusive ||
                      thread.Wait == RxGateWaitResourceShared;
    const bool works = thread.Operation != RXGATE_NO_OPERATION;
    if (!works && !lock && (thread.System != 0 || thread.Wait == RxGateWaitCondition)) continue;
    if (lock && stuck.rule != "deadlock") {
      stuck.rule = "deadlock";
      stuck.object = names_.object_at(thread.Place);
      stuck.operation = thread.Operation;
    }
    if (stuck.operation == kNoOperation) stuck.operation = thread.Operation;
    stuck.text += fmt::format(" {}{} waits for {};", thread.System != 0 ? "worker of actor " : "actor ", thread.Actor,
                              thread.Wait == RxGateWaitCondition ? "its request" : names_.object_at(thread.Place));
  }
  failed_ = true;
  result_->end = RunResult::End::violation;
  result_->violation = std::move(stuck);
}

}  // namespace rxcheck
