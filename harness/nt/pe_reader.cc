// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/pe_reader.h"

#include <sys/mman.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace rxcheck::nt {

namespace {
constexpr uint16_t kMachineX64 = 0x8664;
constexpr uint16_t kMagicPe32Plus = 0x20b;
constexpr uint32_t kMaxImage = 64u << 20;
constexpr uintptr_t kFirstBase = 0x20000000;  // below every shadow of a sanitizer
constexpr uintptr_t kLastBase = 0x60000000;
enum Directory { kExport = 0, kImport = 1, kBaseRelocation = 5 };

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}
}  // namespace

Error PeReader::wrong(const std::string& what) const {
  return {what, image_.path_, "give a kernel driver built for x86-64 Windows (PE32+)"};
}

template <typename T>
std::optional<T> PeReader::file_at(uint64_t offset) const {
  if (offset > file_.size() || file_.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, file_.data() + offset, sizeof(T));
  return value;
}

template <typename T>
std::optional<T> PeReader::image_at(uint64_t rva) const {
  if (rva > image_.size_ || image_.size_ - rva < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, image_.base_ + rva, sizeof(T));
  return value;
}

std::optional<std::string> PeReader::image_string(uint64_t rva) const {
  std::string text;
  for (; text.size() < 512; ++rva) {
    auto c = image_at<char>(rva);
    if (!c) return std::nullopt;
    if (*c == 0) return text;
    text.push_back(*c);
  }
  return std::nullopt;
}

std::optional<Error> PeReader::read(const std::string& path) {
  image_.path_ = path;
  image_.name_ = lower(std::filesystem::path(path).filename().string());
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return Error{"no such driver file", path, "build the drivers with script/build, or correct the path"};
  std::ifstream in(path, std::ios::binary);
  file_.assign(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return Error{"cannot be read", path, "check its permissions"};
  if (auto error = read_headers()) return error;
  if (auto error = map_sections()) return error;
  if (auto error = relocate()) return error;
  if (auto error = read_imports()) return error;
  if (auto error = read_exports()) return error;
  read_symbols();
  return std::nullopt;
}

std::optional<Error> PeReader::read_headers() {
  auto mz = file_at<uint16_t>(0);
  auto pe_offset = file_at<uint32_t>(0x3c);
  if (!mz || *mz != 0x5a4d || !pe_offset) return wrong("not a PE file: it does not begin with MZ");
  const uint64_t pe = *pe_offset;
  auto signature = file_at<uint32_t>(pe);
  if (!signature || *signature != 0x4550) return wrong("not a PE file: no PE signature");
  auto machine = file_at<uint16_t>(pe + 4);
  auto sections = file_at<uint16_t>(pe + 6);
  auto symbols = file_at<uint32_t>(pe + 12);
  auto symbol_count = file_at<uint32_t>(pe + 16);
  auto optional_size = file_at<uint16_t>(pe + 20);
  optional_header_ = pe + 24;
  auto magic = file_at<uint16_t>(optional_header_);
  if (!optional_size || !magic) return wrong("truncated in its headers");
  if (*machine != kMachineX64 || *magic != kMagicPe32Plus) return wrong("not a PE32+ file for x86-64");
  auto size = file_at<uint32_t>(optional_header_ + 56);
  auto headers = file_at<uint32_t>(optional_header_ + 60);
  auto base = file_at<uint64_t>(optional_header_ + 24);
  auto entry = file_at<uint32_t>(optional_header_ + 16);
  auto directories = file_at<uint32_t>(optional_header_ + 108);
  if (!directories || *directories < 6 || *optional_size < 112 + 6 * 8) return wrong("truncated in its headers");
  if (*size == 0 || *size > kMaxImage || *entry == 0 || *entry >= *size)
    return wrong("its image size or entry point is impossible");
  section_headers_ = optional_header_ + *optional_size;
  section_count_ = *sections;
  symbol_table_ = *symbols;
  symbol_count_ = *symbol_count;
  preferred_base_ = *base;
  headers_size_ = *headers;
  image_.size_ = (*size + 4095u) & ~4095u;
  image_.entry_rva_ = *entry;
  return std::nullopt;
}

std::optional<Error> PeReader::map_sections() {
  for (uintptr_t at = kFirstBase; at < kLastBase && image_.base_ == nullptr; at += 0x1000000) {
    void* got = mmap(reinterpret_cast<void*>(at), image_.size_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != MAP_FAILED) image_.base_ = static_cast<uint8_t*>(got);
  }
  if (image_.base_ == nullptr) return Error{"no address space is left to map it", image_.path_, "load fewer drivers"};
  std::memcpy(image_.base_, file_.data(), std::min<uint64_t>({headers_size_, file_.size(), image_.size_}));
  for (unsigned i = 0; i < section_count_; ++i) {
    const uint64_t header = section_headers_ + i * 40ull;
    auto virtual_size = file_at<uint32_t>(header + 8);
    auto rva = file_at<uint32_t>(header + 12);
    auto raw_size = file_at<uint32_t>(header + 16);
    auto raw = file_at<uint32_t>(header + 20);
    auto flags = file_at<uint32_t>(header + 36);
    if (!flags) return wrong("truncated in its section table");
    const uint32_t size = *virtual_size != 0 ? *virtual_size : *raw_size;
    if (*rva % 4096 != 0 || *rva > image_.size_ || image_.size_ - *rva < size)
      return wrong("a section lies outside the image or off a page boundary");
    const uint32_t bytes = std::min(*raw_size, size);
    if (bytes != 0 && (*raw > file_.size() || file_.size() - *raw < bytes)) return wrong("truncated in a section");
    std::memcpy(image_.base_ + *rva, file_.data() + *raw, bytes);
    image_.sections_.push_back({*rva, size, *flags});
    if (std::memcmp(file_.data() + header, ".SCOV\0\0", 8) != 0) continue;
    image_.coverage_rva_ = *rva;
    image_.coverage_size_ = size;
  }
  return std::nullopt;
}

std::optional<Error> PeReader::relocate() {
  const auto rva = *file_at<uint32_t>(optional_header_ + 112 + kBaseRelocation * 8);
  const auto size = *file_at<uint32_t>(optional_header_ + 116 + kBaseRelocation * 8);
  const uint64_t delta = reinterpret_cast<uint64_t>(image_.base_) - preferred_base_;
  for (uint64_t at = rva; size != 0 && at + 8 <= static_cast<uint64_t>(rva) + size;) {
    auto page = image_at<uint32_t>(at);
    auto block = image_at<uint32_t>(at + 4);
    if (!block || *block < 8) return wrong("its relocation table is damaged");
    for (uint64_t entry = at + 8; entry + 2 <= at + *block; entry += 2) {
      auto word = image_at<uint16_t>(entry);
      if (!word) return wrong("its relocation table is damaged");
      const unsigned kind = *word >> 12;
      if (kind == 0) continue;
      const uint64_t target = static_cast<uint64_t>(*page) + (*word & 0xfff);
      auto value = image_at<uint64_t>(target);
      if (kind != 10 || !value) return wrong("a relocation is of an unknown kind or outside the image");
      const uint64_t moved = *value + delta;
      std::memcpy(image_.base_ + target, &moved, 8);
    }
    at += *block;
  }
  return std::nullopt;
}

std::optional<Error> PeReader::read_imports() {
  const auto rva = *file_at<uint32_t>(optional_header_ + 112 + kImport * 8);
  if (rva == 0) return std::nullopt;
  for (uint64_t descriptor = rva;; descriptor += 20) {
    auto lookup = image_at<uint32_t>(descriptor);
    auto name = image_at<uint32_t>(descriptor + 12);
    auto slots = image_at<uint32_t>(descriptor + 16);
    if (!slots) return wrong("its import table is damaged");
    if (*name == 0) return std::nullopt;
    auto library = image_string(*name);
    if (!library) return wrong("its import table is damaged");
    for (uint64_t i = 0;; ++i) {
      auto entry = image_at<uint64_t>((*lookup != 0 ? *lookup : *slots) + i * 8);
      auto slot = image_at<uint64_t>(*slots + i * 8);
      if (!entry || !slot) return wrong("its import table is damaged");
      if (*entry == 0) break;
      if ((*entry >> 63) != 0) return wrong("it imports from " + *library + " by ordinal, which is not supported");
      auto symbol = image_string((*entry & 0x7fffffff) + 2);
      if (!symbol) return wrong("its import table is damaged");
      image_.imports_.push_back({lower(*library), *symbol, reinterpret_cast<void**>(image_.base_ + *slots + i * 8)});
      if (image_.imports_.size() > 4096) return wrong("its import table is damaged");
    }
  }
}

std::optional<Error> PeReader::read_exports() {
  const auto rva = *file_at<uint32_t>(optional_header_ + 112 + kExport * 8);
  if (rva == 0) return std::nullopt;
  auto count = image_at<uint32_t>(rva + 24ull);
  auto functions = image_at<uint32_t>(rva + 28ull);
  auto names = image_at<uint32_t>(rva + 32ull);
  auto ordinals = image_at<uint32_t>(rva + 36ull);
  if (!ordinals || *count > 65536) return wrong("its export table is damaged");
  for (uint64_t i = 0; i < *count; ++i) {
    auto name_rva = image_at<uint32_t>(*names + i * 4);
    auto ordinal = image_at<uint16_t>(*ordinals + i * 2);
    auto name = name_rva ? image_string(*name_rva) : std::nullopt;
    auto address = ordinal ? image_at<uint32_t>(*functions + *ordinal * 4ull) : std::nullopt;
    if (!name || !address || *address >= image_.size_) return wrong("its export table is damaged");
    image_.exports_[*name] = *address;
  }
  return std::nullopt;
}

// COFF symbols are for people and for naming yield points; a file without them is fine: exports then serve.
void PeReader::read_symbols() {
  const uint64_t strings = symbol_table_ + symbol_count_ * 18ull;
  for (uint64_t i = 0; symbol_table_ != 0 && i < symbol_count_; ++i) {
    const uint64_t at = symbol_table_ + i * 18;
    auto section = file_at<int16_t>(at + 12);
    auto value = file_at<uint32_t>(at + 8);
    auto type = file_at<uint16_t>(at + 14);
    auto storage = file_at<uint8_t>(at + 16);
    auto auxiliary = file_at<uint8_t>(at + 17);
    if (!auxiliary) break;
    i += *auxiliary;
    if (*section < 1 || *section > static_cast<int>(image_.sections_.size())) continue;
    if (*storage != 2 && *storage != 3) continue;
    std::string name(reinterpret_cast<const char*>(file_.data() + at),
                     strnlen(reinterpret_cast<const char*>(file_.data() + at), 8));
    if (*file_at<uint32_t>(at) == 0) {
      const uint64_t offset = strings + *file_at<uint32_t>(at + 4);
      if (offset >= file_.size()) continue;
      name.assign(reinterpret_cast<const char*>(file_.data() + offset),
                  strnlen(reinterpret_cast<const char*>(file_.data() + offset), file_.size() - offset));
    }
    if (name.empty() || name[0] == '.') continue;
    image_.symbols_.push_back({image_.sections_[*section - 1].rva + *value, (*type & 0x20) != 0, name});
  }
  if (image_.symbols_.empty())
    for (const auto& [name, rva] : image_.exports_) image_.symbols_.push_back({rva, true, name});
  std::sort(image_.symbols_.begin(), image_.symbols_.end(),
            [](const auto& a, const auto& b) { return a.rva != b.rva ? a.rva < b.rva : a.name < b.name; });
}

}  // namespace rxcheck::nt
