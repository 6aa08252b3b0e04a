// SPDX-License-Identifier: Apache-2.0
#include "models/mpr/contract.h"

#include <algorithm>
#include <utility>

#include "harness/core/win32_error.h"
#include "models/mpr/notifications.h"

namespace rxcheck::mpr {

namespace {

using models::ClauseId;

constexpr ClauseId kBusyStays = 74;
constexpr ClauseId kDeviceOnly = 75;
constexpr ClauseId kRemoteOnly = 76;
constexpr ClauseId kNotConnected = 77;
constexpr ClauseId kForce = 78;
constexpr ClauseId kNobody = 0;

// What is known of one connection, and which clause says that it must be so: the one that the last operation which
// could have changed it would have broken. Without one the next `netlist` is believed.
struct Known {
  bool there = false;
  ClauseId because = kNobody;
};

class Contract {
 public:
  Contract(const History& history, const models::ClauseSet& clauses)
      : program_(history.program), clauses_(clauses), known_(program_.connections.size()) {}

  std::optional<Refusal> judge(size_t index, const Step& step);

 private:
  std::optional<Refusal> judge_cancel(const Step& step, const Operation& op);
  std::optional<Refusal> judge_list(const Step& step, const Operation& op);
  std::optional<Refusal> judge_close(const Step& step, const Operation& op);
  std::optional<Refusal> refuse(ClauseId clause, size_t connection, std::string expected, std::string observed) const;

  void add(size_t connection);
  void cancelled(size_t connection);
  void stayed(size_t connection, bool busy);
  bool is_busy(size_t connection) const {
    return std::ranges::find(open_, connection, &Open::connection) != open_.end();
  }
  std::string state_of(size_t connection) const {
    return is_busy(connection) ? "busy" : known_[connection].there ? "connected" : "absent";
  }
  // Whether another connection to the same share has a device.
  bool has_drive(const Connection& share) const;

  struct Open {
    size_t operation;
    size_t connection;
    bool must_close = false;  // a cancel that was not forced has met it
  };

  const Program& program_;
  const models::ClauseSet& clauses_;
  std::vector<Known> known_;
  std::vector<Open> open_;
};

std::optional<Refusal> Contract::refuse(ClauseId clause, size_t connection, std::string expected,
                                        std::string observed) const {
  if (!clauses_.has(clause)) return std::nullopt;
  return Refusal{clause, 0, state_of(connection), std::move(expected), std::move(observed)};
}

bool Contract::has_drive(const Connection& share) const {
  for (size_t i = 0; i < known_.size(); ++i)
    if (known_[i].there && program_.connections[i].device != 0 && same_share(program_.connections[i], share))
      return true;
  return false;
}

// That a connection is there after it was added is promised elsewhere; here it is only what the others begin with.
void Contract::add(size_t connection) { known_[connection] = {true, kNobody}; }

void Contract::cancelled(size_t connection) {
  const bool device = program_.connections[connection].device != 0;
  const ClauseId clause = device ? kDeviceOnly : kRemoteOnly;
  for (size_t i = 0; i < known_.size(); ++i)
    if (i != connection) known_[i].because = known_[i].there ? clause : known_[i].because;
  known_[connection] = {false, clause};
  std::erase_if(open_, [&](const Open& each) { return each.connection == connection; });
}

// A cancel that failed: what it named is still what it was.
void Contract::stayed(size_t connection, bool busy) {
  if (!busy) return;
  known_[connection].because = kBusyStays;
  for (Open& each : open_)
    if (each.connection == connection) each.must_close = true;
}

std::optional<Refusal> Contract::judge_cancel(const Step& step, const Operation& op) {
  const Connection& named = program_.connections[op.connection];
  const bool busy = is_busy(op.connection);
  const bool there = known_[op.connection].there;
  const uint32_t result = step.result;
  const bool succeeded = result == win32::kNoError;
  std::optional<Refusal> refusal;
  if (!there) {
    // Whether a share to which only drives are redirected is connected by its own name too is left open.
    const bool open_question = named.device == 0 && succeeded && has_drive(named);
    if (result != win32::kNotConnected && !open_question)
      refusal = refuse(kNotConnected, op.connection, "ERROR_NOT_CONNECTED", win32::name_of(result));
  } else if (busy && !op.force) {
    if (result != win32::kOpenFiles && result != win32::kDeviceInUse)
      refusal = refuse(kBusyStays, op.connection, "ERROR_OPEN_FILES or ERROR_DEVICE_IN_USE", win32::name_of(result));
  } else if (!succeeded) {
    const ClauseId clause = busy ? kForce : named.device != 0 ? kDeviceOnly : kRemoteOnly;
    refusal = refuse(clause, op.connection, "NO_ERROR", win32::name_of(result));
  }
  if (refusal) return refusal;
  if (succeeded)
    cancelled(op.connection);
  else
    stayed(op.connection, busy && !op.force);
  return std::nullopt;
}

std::optional<Refusal> Contract::judge_list(const Step& step, const Operation& op) {
  Known& known = known_[op.connection];
  const bool there = step.result == win32::kNoError;
  if (there == known.there) return std::nullopt;
  if (known.because != kNobody)
    if (auto refusal = refuse(known.because, op.connection, known.there ? "the connection is there" : "it is gone",
                              there ? "it is there" : "it is gone"))
      return refusal;
  known = {there, kNobody};
  if (!there) std::erase_if(open_, [&](const Open& each) { return each.connection == op.connection; });
  return std::nullopt;
}

std::optional<Refusal> Contract::judge_close(const Step& step, const Operation& op) {
  const auto found = std::ranges::find(open_, static_cast<size_t>(op.slot), &Open::operation);
  if (found == open_.end()) return std::nullopt;
  const Open closed = *found;
  if (step.result != win32::kNoError && closed.must_close)
    if (auto refusal = refuse(kForce, closed.connection, "the file is still open", win32::name_of(step.result)))
      return refusal;
  open_.erase(found);
  return std::nullopt;
}

std::optional<Refusal> Contract::judge(size_t index, const Step& step) {
  const Operation& op = program_.operations[step.operation];
  std::optional<Refusal> refusal;
  switch (op.kind) {
    case OpKind::add:
      if (step.result == win32::kNoError) add(op.connection);
      break;
    case OpKind::open:
      if (step.result == win32::kNoError) open_.push_back({step.operation, op.connection});
      break;
    case OpKind::close:
      refusal = judge_close(step, op);
      break;
    case OpKind::list:
      refusal = judge_list(step, op);
      break;
    case OpKind::cancel: {
      const std::string state = state_of(op.connection);
      refusal = judge_cancel(step, op);
      if (!refusal) refusal = judge_notifications(program_, step, clauses_, state);
      break;
    }
  }
  if (refusal) refusal->step = index;
  return refusal;
}

}  // namespace

std::optional<Refusal> judge(const History& history, const models::ClauseSet& clauses) {
  Contract contract(history, clauses);
  for (size_t i = 0; i < history.steps.size(); ++i)
    if (auto refusal = contract.judge(i, history.steps[i])) return refusal;
  return std::nullopt;
}

}  // namespace rxcheck::mpr
