// SPDX-License-Identifier: Apache-2.0
//
// What must come before each block, and which blocks need no choice of their own.
#include <algorithm>
#include <utility>

#include "harness/explore/linear_extensions.h"

namespace rxcheck {

using Step = EventOrder::Step;

// Goes through the execution once more, and keeps for each line how many blocks of every line must come before what it
// does next. Sections of one lock that have more in common than the lock come as a whole one before the other.
void LinearExtensions::find_needs() {
  const std::vector<Step>& steps = order_->steps();
  const std::vector<EventOrder::Section>& sections = order_->sections();
  const size_t lines = threads_.size();
  needs_.assign(blocks_.size() * lines, 0);
  known_.assign(lines * lines, 0);
  after_.assign(sections.size() * lines, 0);
  met_.assign(lines, 0);
  find_earlier();
  open_.clear();
  size_t b = 0, s = 0;
  for (uint32_t i = 0; i < steps.size(); ++i) {
    if (steps[i].events == 0 && steps[i].locks == 0 && steps[i].thread != EventOrder::kOutside) continue;
    const auto place = std::ranges::find(threads_, steps[i].thread);
    Block* block = b < blocks_.size() && blocks_[b].step == i ? &blocks_[b++] : nullptr;
    if (steps[i].thread == EventOrder::kOutside) {
      if (block != nullptr) keep_needs(*block, met_.data());
      for (size_t line = 0; line < lines; ++line) std::ranges::copy(met_, &known_[line * lines]);
    } else if (place != threads_.end()) {
      const auto line = static_cast<size_t>(place - threads_.begin());
      uint32_t* known = &known_[line * lines];
      for (; s < sections.size() && sections[s].first == i; ++s) {
        follow_sections(s, steps[i].thread, known);
        open_.push_back(static_cast<uint32_t>(s));
      }
      if (block != nullptr) {
        learn(steps[i], line, known);
        keep_needs(*block, known);
        known[line] = met_[line];
      }
      std::erase_if(open_, [&](uint32_t section) {
        if (sections[section].last != i) return false;
        std::copy_n(known, lines, &after_[section * lines]);
        return true;
      });
    }
    while (s < sections.size() && sections[s].first <= i) ++s;
  }
}

void LinearExtensions::keep_needs(Block& block, const uint32_t* known) {
  block.needs = static_cast<uint32_t>(static_cast<size_t>(&block - blocks_.data()) * threads_.size());
  std::copy_n(known, threads_.size(), &needs_[block.needs]);
  ++met_[block.line];
}

// Of each section, which of the same lock began before it.
void LinearExtensions::find_earlier() {
  const std::vector<EventOrder::Section>& sections = order_->sections();
  earlier_.assign(sections.size(), EventOrder::kNever);
  latest_.clear();
  for (uint32_t i = 0; i < sections.size(); ++i) {
    const auto known = std::ranges::find(latest_, sections[i].lock, [&](uint32_t last) { return sections[last].lock; });
    if (known == latest_.end())
      latest_.push_back(i);
    else
      earlier_[i] = std::exchange(*known, i);
  }
}

// A line that begins a section knows what those have done that must come before it.
void LinearExtensions::follow_sections(size_t number, uint8_t thread, uint32_t* known) const {
  const std::vector<EventOrder::Section>& sections = order_->sections();
  for (size_t before = earlier_[number]; before != EventOrder::kNever; before = earlier_[before]) {
    const EventOrder::Section& earlier = sections[before];
    if (earlier.last == EventOrder::kNever) continue;
    if (order_->steps()[earlier.first].thread == thread || !order_->precedes(earlier, sections[number])) continue;
    for (size_t i = 0; i < threads_.size(); ++i) known[i] = std::max(known[i], after_[before * threads_.size() + i]);
  }
}

// What the step knows beyond what its line has known.
void LinearExtensions::learn(const Step& step, size_t line, uint32_t* known) const {
  for (size_t i = 0; i < threads_.size(); ++i)
    while (i != line && threads_[i] != EventOrder::kOutside && known[i] < met_[i] &&
           order_->knows(step, order_->steps()[blocks_[lines_[i][known[i]]].step]))
      ++known[i];
}

// How far a line can go on from each block that makes no event until it holds what it held before.
void LinearExtensions::find_quiet() {
  std::vector<uint32_t> taken;
  for (uint32_t number = 0; number < threads_.size(); ++number) {
    const std::vector<uint32_t>& line = lines_[number];
    for (size_t i = 0; i < line.size(); ++i) {
      taken.clear();
      bool balanced = false;
      size_t j = i;
      for (; j < line.size() && !balanced && step_of(blocks_[line[j]]).events == 0; ++j) {
        for (const Use& use : uses(blocks_[line[j]])) {
          const auto held = std::ranges::find(taken, use.lock);
          if (use.taken)
            taken.push_back(use.lock);
          else if (held != taken.end())
            taken.erase(held);
        }
        balanced = taken.empty();
      }
      blocks_[line[i]].quiet = balanced ? static_cast<uint32_t>(j - i) : 0;
    }
  }
}

// Who takes locks can as well take them just before what it does under them, unless another needs something in between.
void LinearExtensions::find_tied() {
  std::vector<uint8_t> needed(blocks_.size(), 0);  // by some block of another line, which needs none after it
  for (const Block& block : blocks_)
    for (uint32_t line = 0; line < threads_.size(); ++line) {
      const uint32_t count = needs_[block.needs + line];
      if (line != block.line && count != 0) needed[lines_[line][count - 1]] = 1;
    }
  for (uint32_t number = 0; number < threads_.size(); ++number)
    for (size_t i = lines_[number].size(); i-- > 1;) {
      const std::vector<uint32_t>& line = lines_[number];
      Block& block = blocks_[line[i - 1]];
      block.tied =
          step_of(block).events == 0 && needed[line[i - 1]] == 0 && std::ranges::all_of(uses(block), &Use::taken);
    }
}

}  // namespace rxcheck
