// SPDX-License-Identifier: Apache-2.0
//
// One step up the stack of a driver, by the unwind information in its image (.pdata and .xdata; "x64 exception
// handling" of the MSVC documentation). Every address is checked before it is read: a damaged image, or a stack that
// is, ends the walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/nt/pe_image.h"

namespace rxcheck::nt {

struct alignas(16) Context {  // CONTEXT, x64
  uint64_t home[6];
  uint32_t flags;
  uint32_t mxcsr;
  uint16_t segments[6];
  uint32_t eflags;
  uint64_t debug[6];
  uint64_t general[16];  // rax rcx rdx rbx rsp rbp rsi rdi r8 to r15: as unwind codes number them
  uint64_t rip;
  uint8_t legacy[0xa0];
  uint64_t xmm[16][2];
  uint8_t rest[0x4d0 - 0x2a0];
};
static_assert(offsetof(Context, general) == 0x78 && offsetof(Context, rip) == 0xf8);
static_assert(offsetof(Context, xmm) == 0x1a0 && sizeof(Context) == 0x4d0);
inline constexpr unsigned kRsp = 4;

// What a function's frame says.
struct Frame {
  const PeImage* image;
  uint64_t pc;               // in the function
  uint64_t establisher;      // how handlers know the frame
  const uint32_t* function;  // RUNTIME_FUNCTION; nullptr for a leaf function
  uint8_t handlers;          // kExceptionHandler, kTerminationHandler
  const void* handler;
  const void* handler_data;
};
inline constexpr uint8_t kExceptionHandler = 1;
inline constexpr uint8_t kTerminationHandler = 2;

// Describes the frame of the function that `context` is in, and makes `context` that of its caller. False if the
// function is no driver's, or the walk cannot go on. `stack` is what may be read of the stack.
bool unwind_frame(std::span<PeImage* const> images, std::span<const uint8_t> stack, Context& context, Frame& frame);

}  // namespace rxcheck::nt
