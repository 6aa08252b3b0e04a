// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/fiber.h"

#include <sys/mman.h>

#include <cstdlib>

#include "harness/nt/low_map.h"

#if defined(__SANITIZE_ADDRESS__)
#define RXCHECK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RXCHECK_ASAN 1
#endif
#endif
#ifdef RXCHECK_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace rxcheck::nt {

namespace bc = boost::context::detail;

Fiber::~Fiber() {
  if (stack_ == nullptr) return;
  forget_frames(stack_, stack_size_);  // the sanitizer knows nothing of munmap, and the pool may come to lie here
  munmap(stack_ - 4096, stack_size_ + 4096);
}

void Fiber::start(Entry entry, void* argument, size_t stack_size) {
  if (stack_ == nullptr) {
    uint8_t* got = map_low(stack_size + 4096);
    mprotect(got, 4096, PROT_NONE);
    stack_ = got + 4096;
    stack_size_ = stack_size;
  }
  forget_frames(stack_, stack_size_);
  entry_ = entry;
  argument_ = argument;
  context_ = bc::make_fcontext(stack_ + stack_size_, stack_size_, &Fiber::begin);
}

void Fiber::forget_frames([[maybe_unused]] void* stack, [[maybe_unused]] size_t size) {
#ifdef RXCHECK_ASAN
  __asan_unpoison_memory_region(stack, size);
#endif
}

void Fiber::begin(bc::transfer_t transfer) {
  // `data` carries both ends of the switch.
  auto* ends = static_cast<Fiber**>(transfer.data);
  Fiber* self = ends[1];
  self->arrived(transfer);
  self->entry_(self->argument_);
  std::abort();  // an entry never returns
}

void Fiber::arrived(bc::transfer_t transfer) {
  Fiber* from = static_cast<Fiber**>(transfer.data)[0];
  from->context_ = transfer.fctx;
#ifdef RXCHECK_ASAN
  const void* bottom = nullptr;
  size_t size = 0;
  __sanitizer_finish_switch_fiber(fake_stack_, &bottom, &size);
  fake_stack_ = nullptr;
  if (from->stack_ == nullptr) {  // the thread's own stack: learn where it is
    from->argument_ = const_cast<void*>(bottom);
    from->stack_size_ = size;
  }
#endif
}

void Fiber::switch_to(Fiber& next) {
  Fiber* ends[2] = {this, &next};
#ifdef RXCHECK_ASAN
  const void* bottom = next.stack_ != nullptr ? next.stack_ : next.argument_;
  __sanitizer_start_switch_fiber(&fake_stack_, bottom, next.stack_size_);
#endif
  arrived(bc::jump_fcontext(next.context_, static_cast<void*>(ends)));
}

}  // namespace rxcheck::nt
