// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/made_history.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "harness/judge/linearizability/cas_register_model.h"
#include "harness/judge/linearizability/jepsen_log.h"
#include "harness/judge/linearizability/kv_model.h"

namespace rxcheck::linear {

namespace {

// Lets processes run. `start` fills in what a new operation does, `take_effect` its result.
template <typename Start, typename TakeEffect>
void run_processes(Random& random, const MadeHistory& wanted, TimedHistory& history, Start start,
                   TakeEffect take_effect) {
  struct Process {
    enum : uint8_t { idle, called, done } phase = idle;
    uint32_t name = 0;
    size_t operation = 0;
  };
  std::vector<Process> processes(wanted.processes);
  for (uint32_t i = 0; i < wanted.processes; ++i) processes[i].name = i;
  uint32_t names = wanted.processes, moment = 0, line = 0, busy = 0;
  while (busy > 0 || history.operations.size() < wanted.operations) {
    Process& process = processes[random.below(wanted.processes)];
    if (process.phase == Process::idle) {
      if (history.operations.size() == wanted.operations) continue;
      TimedOperation operation;
      operation.process = process.name;
      operation.call = moment++;
      operation.call_line = ++line;
      start(operation);
      process.operation = history.operations.size();
      history.operations.push_back(operation);
      process.phase = Process::called;
      ++busy;
      continue;
    }
    TimedOperation& operation = history.operations[process.operation];
    if (random.below(2000) < wanted.lost_permille) {  // drawn twice in a life
      operation.result = kUnknown;
      process = {Process::idle, names++, 0};
      --busy;
    } else if (process.phase == Process::called) {
      take_effect(operation);
      process.phase = Process::done;
    } else {
      operation.ret = moment++;
      operation.return_line = ++line;
      process.phase = Process::idle;
      --busy;
    }
  }
}

// The states that an object has had, for observations of long ago.
class Past {
 public:
  explicit Past(const MadeHistory& wanted)
      : back_(3 * wanted.processes), from_(wanted.stale ? wanted.operations * 3 / 4 : kNever) {}

  void add(uint32_t state) { states_.push_back(state); }
  // The state to be observed by the operation `number`: once that of long ago.
  uint32_t observed(size_t number) {
    if (number < from_ || states_.size() <= back_) return states_.back();
    from_ = kNever;
    return states_[states_.size() - 1 - back_];
  }

 private:
  size_t back_;
  size_t from_;
  std::vector<uint32_t> states_;
};

}  // namespace

TimedHistory make_kv_history(Random& random, const MadeHistory& wanted) {
  TimedHistory history;
  std::vector<std::string> held(wanted.keys);
  std::vector<Past> past(wanted.keys, Past(wanted));
  for (uint32_t key = 0; key < wanted.keys; ++key) {
    history.keys.number_of(std::to_string(key));
    past[key].add(history.words.number_of(""));
  }
  run_processes(
      random, wanted, history,
      [&](TimedOperation& operation) {
        operation.key = random.below(wanted.keys);
        const uint32_t chosen = random.below(20);
        const KvFunction function = chosen < 9 ? KvFunction::get : chosen < 19 ? KvFunction::append : KvFunction::put;
        operation.function = static_cast<uint32_t>(function);
        if (function != KvFunction::get)
          operation.argument =
              history.words.number_of(fmt::format("x {} {} y", operation.process, history.operations.size()));
      },
      [&](TimedOperation& operation) {
        std::string& text = held[operation.key];
        if (operation.function == static_cast<uint32_t>(KvFunction::get)) {
          operation.result = past[operation.key].observed(operation.call / 2);
          return;
        }
        if (operation.function == static_cast<uint32_t>(KvFunction::put)) text.clear();
        text += history.words[operation.argument];
        past[operation.key].add(history.words.number_of(text));
      });
  return history;
}

TimedHistory make_register_history(Random& random, const MadeHistory& wanted) {
  TimedHistory history;
  uint32_t held = history.words.number_of(kNilWord);
  for (uint32_t value = 0; value < wanted.values; ++value) history.words.number_of(std::to_string(value));
  Past past(wanted);
  past.add(held);
  run_processes(
      random, wanted, history,
      [&](TimedOperation& operation) {
        operation.function = random.below(3);
        operation.argument = 1 + random.below(wanted.values);
        operation.argument2 = 1 + random.below(wanted.values);
      },
      [&](TimedOperation& operation) {
        const auto function = static_cast<RegisterFunction>(operation.function);
        if (function == RegisterFunction::read) {
          operation.result = past.observed(operation.call / 2);
          return;
        }
        const bool matches = function == RegisterFunction::write || held == operation.argument;
        if (function == RegisterFunction::cas) operation.result = matches ? kMatch : kNoMatch;
        if (!matches) return;
        held = function == RegisterFunction::write ? operation.argument : operation.argument2;
        past.add(held);
      });
  return history;
}

}  // namespace rxcheck::linear
