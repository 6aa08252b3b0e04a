// SPDX-License-Identifier: Apache-2.0
//
// One register, nil at first: read, write, and compare-and-set, which says whether it found the value that it compares
// with. A state is the number of the value's word. The history must outlive the model.
#pragma once

#include <string>

#include "harness/judge/linearizability/model.h"

namespace rxcheck::linear {

enum class RegisterFunction : uint32_t { read, write, cas };

// TimedOperation::result of a cas; that of a read is a word.
inline constexpr uint32_t kNoMatch = 0;
inline constexpr uint32_t kMatch = 1;

class CasRegisterModel final : public Model {
 public:
  // REQUIRES: `nil` is the number of the word that the register holds at first.
  CasRegisterModel(const TimedHistory& history, uint32_t nil) : history_(history), nil_(nil) {}

  State initial() override { return nil_; }
  Traits traits(const TimedOperation& operation) override;
  void step(State state, const TimedOperation& operation, const Traits& traits,
            std::vector<State>& successors) override;
  uint32_t value(State state, uint32_t) const override { return state; }
  uint32_t values() const override { return history_.words.size(); }
  bool leads_to(uint32_t value, uint32_t needs) const override { return value == needs; }
  std::string text_of(const TimedOperation& operation) const override;
  std::string why_refused(std::span<const TimedOperation> before, State state,
                          const TimedOperation& operation) const override;

 private:
  const TimedHistory& history_;
  uint32_t nil_;
};

}  // namespace rxcheck::linear
