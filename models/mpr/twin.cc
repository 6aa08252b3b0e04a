// SPDX-License-Identifier: Apache-2.0
#include "models/mpr/twin.h"

#include <algorithm>

#include "harness/core/operation_text.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {

namespace {

struct OpenFile {
  size_t operation;
  size_t connection;
  bool current;
};

// One provider: the connections that it has, by their index in the program.
class TwinProvider {
 public:
  TwinProvider(const Program& program, const Provider& self)
      : program_(program), self_(self), has_(program.connections.size()) {}

  bool has(size_t connection) const { return has_[connection]; }

  uint32_t add(size_t connection) {
    const std::string& remote = program_.connections[connection].remote;
    const bool serves = self_.server.empty() || same_name(remote.substr(0, remote.find('\\', 2)), self_.server);
    if (!serves) return win32::kBadNetName;
    if (has_[connection] && program_.connections[connection].device != 0) return win32::kAlreadyAssigned;
    has_[connection] = true;
    return win32::kNoError;
  }

  uint32_t cancel(size_t connection, bool force) {
    if (!has_[connection]) return win32::kNotConnected;
    const uint32_t busy = why_busy(connection);
    const bool refuses = !force || has_fault(Fault::ignores_force);
    if (busy != win32::kNoError && refuses && !has_fault(Fault::ignores_open_files)) return busy;
    for (size_t i = 0; i < has_.size(); ++i)
      if (i == connection ||
          (has_fault(Fault::cancels_share) && same_share(program_.connections[i], program_.connections[connection])))
        drop(i);
    return win32::kNoError;
  }

  void open(size_t operation) {
    const Operation& op = program_.operations[operation];
    open_.push_back({operation, op.connection, op.current});
  }
  bool close(size_t operation) {
    return std::erase_if(open_, [&](const OpenFile& each) { return each.operation == operation; }) != 0;
  }

 private:
  bool has_fault(Fault fault) const { return std::ranges::find(self_.faults, fault) != self_.faults.end(); }
  void drop(size_t connection) {
    has_[connection] = false;
    std::erase_if(open_, [&](const OpenFile& each) { return each.connection == connection; });
  }
  uint32_t why_busy(size_t connection) const {
    uint32_t busy = win32::kNoError;
    for (const OpenFile& each : open_)
      if (each.connection == connection && busy != win32::kOpenFiles)
        busy = each.current ? win32::kDeviceInUse : win32::kOpenFiles;
    return busy;
  }

  const Program& program_;
  const Provider& self_;
  std::vector<bool> has_;
  std::vector<OpenFile> open_;
};

class Twin {
 public:
  Twin(const Program& program, TwinFault fault) : program_(program), fault_(fault) {
    for (const Provider& provider : program.providers) providers_.emplace_back(program, provider);
  }

  Step run(size_t operation) {
    Step step{operation, {}, win32::kNotConnected};
    const Operation& op = program_.operations[operation];
    switch (op.kind) {
      case OpKind::add:
        add(op, step);
        break;
      case OpKind::cancel:
        cancel(op, step);
        break;
      case OpKind::close:
        step.result = win32::kInvalidHandle;
        for (TwinProvider& each : providers_)
          if (each.close(static_cast<size_t>(op.slot))) step.result = win32::kNoError;
        break;
      case OpKind::open:
      case OpKind::list:
        for (TwinProvider& each : providers_) {
          if (!each.has(op.connection)) continue;
          if (op.kind == OpKind::open) each.open(operation);
          step.result = win32::kNoError;
          break;
        }
        break;
    }
    return step;
  }

 private:
  void add(const Operation& op, Step& step) {
    step.result = win32::kNoNetwork;
    for (size_t i = 0; i < providers_.size() && step.result != win32::kNoError; ++i) {
      step.result = providers_[i].add(op.connection);
      step.callouts.push_back({Callout::Kind::provider_add, program_.providers[i].name,
                               program_.connections[op.connection].remote, false, false, step.result, 0});
      if (step.result == win32::kAlreadyAssigned) break;
    }
  }

  void notify(const Operation& op, bool post, Step& step) {
    if (fault_ == TwinFault::no_notification || (post && fault_ == TwinFault::no_post)) return;
    for (size_t i = 0; i < program_.notifyees.size(); ++i) {
      const auto context = static_cast<uint32_t>(attempts_ * kMaxInstalled + i + 1);
      step.callouts.push_back({Callout::Kind::cancel_notify, program_.notifyees[i],
                               rxcheck::name_of(program_.connections[op.connection]), false, post,
                               post ? step.result : win32::kNoError, context});
    }
  }

  // The first provider that has the connection answers.
  void cancel(const Operation& op, Step& step) {
    const std::string name = rxcheck::name_of(program_.connections[op.connection]);
    notify(op, false, step);
    step.result = fault_ == TwinFault::nobody_is_no_network ? win32::kNoNetwork : win32::kNotConnected;
    for (size_t i = 0; i < providers_.size(); ++i) {
      const uint32_t answer = providers_[i].cancel(op.connection, op.force);
      step.callouts.push_back(
          {Callout::Kind::provider_cancel, program_.providers[i].name, name, op.force, false, answer, 0});
      const bool mine = answer != win32::kNotConnected;
      if (mine || fault_ == TwinFault::last_provider_answers) step.result = answer;
      if (mine && fault_ != TwinFault::last_provider_answers) break;
    }
    notify(op, true, step);
    ++attempts_;
  }

  const Program& program_;
  TwinFault fault_;
  std::vector<TwinProvider> providers_;
  size_t attempts_ = 0;
};

}  // namespace

History run_twin(const Program& program, TwinFault fault) {
  History history{program, {}};
  Twin twin(program, fault);
  for (size_t i = 0; i < program.operations.size(); ++i) history.steps.push_back(twin.run(i));
  return history;
}

}  // namespace rxcheck::mpr
