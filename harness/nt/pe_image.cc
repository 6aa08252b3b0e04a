// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/pe_image.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "harness/nt/pe_reader.h"

namespace rxcheck::nt {

namespace {
constexpr uint32_t kSectionWrite = 0x80000000;
constexpr uint32_t kSectionExecute = 0x20000000;
constexpr uint32_t kPage = 4096;

uint32_t round_up(uint32_t size) { return (size + kPage - 1) & ~(kPage - 1); }
}  // namespace

Result<std::unique_ptr<PeImage>> PeImage::load(const std::string& path) {
  std::unique_ptr<PeImage> image(new PeImage());
  PeReader reader(*image);
  if (auto error = reader.read(path)) return *error;
  return image;
}

PeImage::~PeImage() {
  if (base_ != nullptr) munmap(base_, size_);
}

bool PeImage::is_code(const void* address) const {
  if (!contains(address)) return false;
  const auto rva = static_cast<uint32_t>(static_cast<const uint8_t*>(address) - base_);
  return std::any_of(sections_.begin(), sections_.end(), [rva](const Section& s) {
    return (s.characteristics & kSectionExecute) != 0 && rva >= s.rva && rva < s.rva + s.size;
  });
}

void* PeImage::find_export(std::string_view name) const {
  auto it = exports_.find(std::string(name));
  return it == exports_.end() ? nullptr : base_ + it->second;
}

const PeImage::Symbol& PeImage::symbol_at(const void* address) const {
  if (!contains(address)) return unknown_;
  const auto rva = static_cast<uint32_t>(static_cast<const uint8_t*>(address) - base_);
  auto it = std::upper_bound(symbols_.begin(), symbols_.end(), rva,
                             [](uint32_t value, const Symbol& s) { return value < s.rva; });
  return it == symbols_.begin() ? unknown_ : *std::prev(it);
}

std::vector<std::pair<uint32_t, uint32_t>> PeImage::ranges_named(std::string_view name) const {
  std::vector<std::pair<uint32_t, uint32_t>> ranges;
  for (size_t i = 0; i < symbols_.size(); ++i) {
    const uint32_t end = i + 1 < symbols_.size() ? symbols_[i + 1].rva : size_;
    if (symbols_[i].name == name && symbols_[i].rva != end) ranges.emplace_back(symbols_[i].rva, end);
  }
  return ranges;
}

void PeImage::seal() {
  for (const Section& section : sections_) {
    int protection = PROT_READ;
    if ((section.characteristics & kSectionWrite) != 0) {
      protection |= PROT_WRITE;
      if (!is_coverage(section.rva))
        saved_.push_back({section.rva, std::vector<uint8_t>(base_ + section.rva, base_ + section.rva + section.size)});
    }
    if ((section.characteristics & kSectionExecute) != 0) protection |= PROT_EXEC;
    mprotect(base_ + section.rva, round_up(section.size), protection);
  }
}

void PeImage::restore() {
  for (const Saved& saved : saved_) std::memcpy(base_ + saved.rva, saved.bytes.data(), saved.bytes.size());
}

bool PeImage::same_as_fresh() const {
  auto fresh = load(path_);
  if (!fresh) return false;
  // Import slots and relocated pointers depend on where an image lies: those differ by the distance of the two bases,
  // or are slots that the loader filled. Everything else must be equal.
  const int64_t distance = base_ - (*fresh)->base_;
  for (const Saved& saved : saved_) {
    for (size_t at = 0; at + 8 <= saved.bytes.size(); at += 8) {
      const uint8_t* mine = base_ + saved.rva + at;
      const uint8_t* theirs = (*fresh)->base_ + saved.rva + at;
      uint64_t a = 0;
      uint64_t b = 0;
      std::memcpy(&a, mine, 8);
      std::memcpy(&b, theirs, 8);
      if (a == b || static_cast<int64_t>(a - b) == distance) continue;
      const bool slot =
          std::any_of(imports_.begin(), imports_.end(),
                      [mine](const Import& import) { return reinterpret_cast<const uint8_t*>(import.slot) == mine; }) ||
          mine == find_export("RxHookTable");
      if (!slot) return false;
    }
  }
  return true;
}

}  // namespace rxcheck::nt
