// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/replayer.h"

#include <bit>
#include <utility>

// Where `rxcheck explain --gdb` stops: on the stack of the line that is about to be left, `number` choices made. Its
// name and its one argument, in a register, are all that the debugger goes by.
extern "C" __attribute__((noinline, used)) void rxcheck_at_choice(unsigned number) {
  asm volatile("" ::"r"(number) : "memory");
}

namespace rxcheck {

void Replayer::begin(const Schedule& schedule, nt::Executive& executive, Likeness likeness) {
  executive_ = &executive;
  likeness_ = likeness;
  choices_.clear();
  departures_.clear();
  yields_ = picks_ = 0;
  next_ = 0;
  left_ = false;
  for (const Choice& choice : schedule.choices) {
    nt::Point point;
    point.line = choice.at.line;
    point.function = executive.names().intern(choice.at.function);
    point.access = choice.at.access;
    point.object = executive.names().intern(choice.at.object);
    point.occurrence = choice.at.occurrence;
    choices_.push_back({point, choice.kind, choice.to});
  }
}

uint32_t Replayer::whole_object(uint32_t object) {
  if (object >= whole_objects_.size()) whole_objects_.resize(object + 1, 0);
  if (whole_objects_[object] == 0) {
    const std::string text = executive_->names().text(object);
    whole_objects_[object] = executive_->names().intern(text.substr(0, text.rfind('+')));
  }
  return whole_objects_[object];
}

bool Replayer::is_alike(const nt::Point& point, const Target& target) {
  return target.at.line == point.line && target.at.access == point.access &&
         (likeness_ == Likeness::any_function || target.at.function == point.function) &&
         whole_object(target.at.object) == whole_object(point.object);
}

bool Replayer::matches(const nt::Point& point, Choice::Kind kind) {
  if (left_ || next_ >= choices_.size()) return false;
  if (likeness_ != Likeness::exact) {
    for (size_t i = next_; i < choices_.size(); ++i)
      if (choices_[i].kind == kind && is_alike(point, choices_[i])) ++choices_[i].met;
    return choices_[next_].kind == kind && choices_[next_].met == choices_[next_].at.occurrence &&
           is_alike(point, choices_[next_]);
  }
  const Target& target = choices_[next_];
  return target.kind == kind && target.at.object == point.object && target.at.function == point.function &&
         target.at.access == point.access && target.at.occurrence == point.occurrence && target.at.line == point.line;
}

int Replayer::take(uint32_t runnable) {
  const Line to = choices_[next_].to;
  for (uint32_t left = runnable; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const nt::Thread& thread = executive_->thread(i);
    const bool same = to.worker != 0 ? thread.system && executive_->line_of(thread) == to
                                     : !thread.system && thread.work.actor == to.actor;
    if (same) {
      rxcheck_at_choice(++next_);
      return static_cast<int>(i);
    }
  }
  left_ = true;
  return -1;
}

void Replayer::note(Choice::Kind kind, uint64_t at, unsigned instead_of, uint32_t runnable, unsigned chosen) {
  if (chosen == instead_of) return;
  const uint32_t lower_others = runnable & ~(1u << instead_of) & ((1u << chosen) - 1);
  departures_.push_back({kind, at, static_cast<unsigned>(std::popcount(lower_others))});
}

unsigned Replayer::preempt_at(const nt::Point& point, unsigned current, uint32_t runnable) {
  const uint64_t before = std::exchange(yields_, executive_->yields());
  if (!matches(point, Choice::Kind::switch_)) return current;
  const int thread = take(runnable);
  if (thread < 0) return current;
  note(Choice::Kind::switch_, yields_ == before ? yields_ + 1 : yields_, current, runnable,
       static_cast<unsigned>(thread));
  return static_cast<unsigned>(thread);
}

unsigned Replayer::pick_at(const nt::Point& point, uint32_t runnable, unsigned baseline) {
  ++picks_;
  if (!matches(point, Choice::Kind::pick)) return baseline;
  const int thread = take(runnable);
  if (thread < 0) return baseline;
  note(Choice::Kind::pick, picks_, baseline, runnable, static_cast<unsigned>(thread));
  return static_cast<unsigned>(thread);
}

}  // namespace rxcheck
