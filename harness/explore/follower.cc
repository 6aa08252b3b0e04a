// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/follower.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "harness/nt/kernel_objects.h"

namespace rxcheck {

namespace {

// The semaphore for which the thread waits, or waited and has not run since; nullptr: none.
const void* awaited_semaphore(const nt::Thread& thread) {
  if (thread.wait != nt::Wait::dispatcher) return nullptr;
  const auto* header = static_cast<const nt::DispatcherHeader*>(thread.wait_object);
  return header->type == static_cast<uint8_t>(nt::ObjectType::semaphore) ? header : nullptr;
}

}  // namespace

void Follower::begin(const std::vector<uint8_t>& threads, nt::Executive& executive) {
  threads_ = &threads;
  executive_ = &executive;
  next_ = 0;
  std::iota(thread_of_.begin(), thread_of_.end(), uint8_t{0});
}

unsigned Follower::take(uint32_t runnable, unsigned otherwise) {
  if (next_ == threads_->size()) return otherwise;
  const unsigned number = (*threads_)[next_];
  if ((runnable >> thread_of_[number] & 1) == 0) find_stand_in(number, runnable);
  if ((runnable >> thread_of_[number] & 1) == 0) return otherwise;
  ++next_;
  return thread_of_[number];
}

void Follower::find_stand_in(unsigned number, uint32_t runnable) {
  const void* semaphore = awaited_semaphore(executive_->thread(thread_of_[number]));
  if (semaphore == nullptr) return;
  for (uint32_t left = runnable; left != 0; left &= left - 1) {
    const auto other = static_cast<uint8_t>(std::countr_zero(left));
    if (awaited_semaphore(executive_->thread(other)) != semaphore) continue;
    std::iter_swap(std::ranges::find(thread_of_, other), thread_of_.begin() + number);
    return;
  }
}

}  // namespace rxcheck
