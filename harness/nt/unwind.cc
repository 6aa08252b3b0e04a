// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/unwind.h"

#include <cstring>

namespace rxcheck::nt {

namespace {

constexpr uint8_t kChained = 4;
constexpr unsigned kExceptionDirectory = 3;

enum UnwindOperation : uint8_t {
  kPush = 0,
  kAllocateLarge = 1,
  kAllocateSmall = 2,
  kSetFrame = 3,
  kSave = 4,
  kSaveFar = 5,
  kEpilogue = 6,  // in version 2 of the information: where epilogues are
  kSaveXmm = 8,
  kSaveXmmFar = 9,
};

// nullptr if these bytes are not all in the image.
const uint8_t* bytes_at(const PeImage& image, uint64_t rva, uint64_t count) {
  return rva <= image.size() && image.size() - rva >= count ? image.base() + rva : nullptr;
}

template <typename T>
T load(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// The entry of the function that holds the address. The headers were checked when the image was loaded.
const uint32_t* function_at(const PeImage& image, uint32_t rva) {
  const uint8_t* optional_header = image.base() + load<uint32_t>(image.base() + 0x3c) + 24;
  const auto* directory = optional_header + 112 + 8 * kExceptionDirectory;
  const auto size = load<uint32_t>(directory + 4);
  const uint8_t* table = bytes_at(image, load<uint32_t>(directory), size);
  if (table == nullptr) return nullptr;
  for (uint32_t at = 0; at + 12 <= size; at += 12) {
    const auto* entry = reinterpret_cast<const uint32_t*>(table + at);
    if (rva >= entry[0] && rva < entry[1]) return entry;
  }
  return nullptr;
}

class Walk {
 public:
  Walk(const PeImage& image, std::span<const uint8_t> stack, Context& context)
      : image_(image), stack_(stack), context_(context) {}

  bool read(uint64_t address, void* value, size_t size) const {
    const auto low = reinterpret_cast<uint64_t>(stack_.data());
    if (address < low || address - low > stack_.size() - size) return false;
    std::memcpy(value, reinterpret_cast<const void*>(address), size);
    return true;
  }
  bool pop(uint64_t& value) {
    if (!read(context_.general[kRsp], &value, 8)) return false;
    context_.general[kRsp] += 8;
    return true;
  }

  // Undoes what the function, and those that it is chained to, did to the registers up to `offset` of it.
  bool undo(const uint32_t* function, uint32_t offset, Frame& frame) {
    frame.establisher = context_.general[kRsp];
    bool first = true;
    for (unsigned depth = 0; depth < 32; ++depth) {
      const uint8_t* info = bytes_at(image_, function[2], 4);
      if (info == nullptr) return false;
      const unsigned count = info[2];
      const uint8_t* codes = bytes_at(image_, function[2] + 4ull, count * 2ull + 14);
      if (codes == nullptr) return false;
      const uint8_t flags = info[0] >> 3;
      if (first && (info[3] & 15) != 0) frame.establisher = context_.general[info[3] & 15] - (info[3] >> 4) * 16ull;
      for (unsigned i = 0; i < count;)
        if ((info[0] & 7) == 2 && (codes[i * 2ull + 1] & 15) == kEpilogue) {
          ++i;
        } else if (!undo_one(codes, i, count, first && offset < info[1] ? offset : 255, info[3], frame)) {
          return false;
        }
      const uint8_t* tail = codes + (count + 1) / 2 * 4;
      if (first && (flags & (kExceptionHandler | kTerminationHandler)) != 0) {
        frame.handlers = flags & 3;
        frame.handler = bytes_at(image_, load<uint32_t>(tail), 1);
        frame.handler_data = tail + 4;
      }
      if ((flags & kChained) == 0) return true;
      function = reinterpret_cast<const uint32_t*>(tail);
      first = false;
    }
    return false;
  }

 private:
  // One code and its operands; `i` goes on to the next.
  bool undo_one(const uint8_t* codes, unsigned& i, unsigned count, uint32_t done, uint8_t frame_register,
                const Frame& frame) {
    const uint8_t* code = codes + i * 2ull;
    const uint8_t operation = code[1] & 15;
    const uint8_t operand = code[1] >> 4;
    const unsigned slots = operation == kAllocateLarge                         ? 2u + (operand != 0 ? 1 : 0)
                           : operation == kSave || operation == kSaveXmm       ? 2u
                           : operation == kSaveFar || operation == kSaveXmmFar ? 3u
                                                                               : 1u;
    i += slots;
    if (i > count) return false;
    if (code[0] > done) return true;  // the prologue has not come so far
    uint64_t& rsp = context_.general[kRsp];
    const uint64_t near = load<uint16_t>(code + 2);
    const uint64_t far = slots == 3 ? load<uint32_t>(code + 2) : 0;
    switch (operation) {
      case kPush:
        return pop(context_.general[operand]);
      case kAllocateLarge:
        rsp += operand == 0 ? near * 8 : far;
        return true;
      case kAllocateSmall:
        rsp += operand * 8ull + 8;
        return true;
      case kSetFrame:
        rsp = context_.general[frame_register & 15] - (frame_register >> 4) * 16ull;
        return true;
      case kSave:
        return read(frame.establisher + near * 8, &context_.general[operand], 8);
      case kSaveFar:
        return read(frame.establisher + far, &context_.general[operand], 8);
      case kSaveXmm:
        return read(frame.establisher + near * 16, context_.xmm[operand], 16);
      case kSaveXmmFar:
        return read(frame.establisher + far, context_.xmm[operand], 16);
      default:
        return false;
    }
  }

  const PeImage& image_;
  std::span<const uint8_t> stack_;
  Context& context_;
};

}  // namespace

bool unwind_frame(std::span<PeImage* const> images, std::span<const uint8_t> stack, Context& context, Frame& frame) {
  frame = {nullptr, context.rip, context.general[kRsp], nullptr, 0, nullptr, nullptr};
  for (const PeImage* image : images)
    if (image->contains(reinterpret_cast<const void*>(context.rip))) frame.image = image;
  if (frame.image == nullptr) return false;
  const uint64_t below = context.general[kRsp];
  const auto rva = static_cast<uint32_t>(context.rip - reinterpret_cast<uint64_t>(frame.image->base()));
  Walk walk(*frame.image, stack, context);
  frame.function = function_at(*frame.image, rva);
  if (frame.function != nullptr && !walk.undo(frame.function, rva - frame.function[0], frame)) return false;
  return walk.pop(context.rip) && context.general[kRsp] > below;  // or else the walk may go in a circle
}

}  // namespace rxcheck::nt
