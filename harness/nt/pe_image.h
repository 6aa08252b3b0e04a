// SPDX-License-Identifier: Apache-2.0
//
// A kernel driver's file (PE32+, x86-64) mapped into this process: headers checked, sections copied and relocated,
// exports and COFF symbols indexed. Imports are listed, not resolved: the loader does that. The writable part can be
// put back to the state it had after loading, which takes microseconds. Microsoft PE/COFF specification, revision 11.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/core/result.h"

namespace rxcheck::nt {

class PeImage {
 public:
  struct Import {
    std::string library;  // as written in the file, lower case: "ntoskrnl.exe"
    std::string name;
    void** slot;  // the entry of the import address table
  };
  struct Symbol {
    uint32_t rva;
    bool function;
    std::string name;
  };

  // Reads and maps the file. The error names what is wrong with it.
  static Result<std::unique_ptr<PeImage>> load(const std::string& path);
  ~PeImage();
  PeImage(const PeImage&) = delete;
  PeImage& operator=(const PeImage&) = delete;

  const std::string& path() const { return path_; }
  const std::string& name() const { return name_; }  // file name, lower case: "rxrdbss.sys"
  uint8_t* base() const { return base_; }
  uint32_t size() const { return size_; }
  void* entry() const { return base_ + entry_rva_; }
  bool contains(const void* address) const {
    return static_cast<uint64_t>(static_cast<const uint8_t*>(address) - base_) < size_;
  }
  bool is_code(const void* address) const;
  // Edge counters that the compiler put there for a fuzzer, which the driver's own code never tells the harness of.
  bool is_coverage(uint64_t rva) const { return rva - coverage_rva_ < coverage_size_; }
  std::vector<Import>& imports() { return imports_; }
  void* find_export(std::string_view name) const;  // nullptr if there is none

  // The symbol that covers an address: the nearest at or below it. Empty name if there is none.
  const Symbol& symbol_at(const void* address) const;
  // Where symbol_at() gives that name: from each such symbol to the next one, relative to the image.
  std::vector<std::pair<uint32_t, uint32_t>> ranges_named(std::string_view name) const;

  // After the import table was filled: sets the sections' protections and keeps a copy of the writable ones.
  void seal();
  // Puts the writable sections back, except for coverage: that belongs to the fuzzer. REQUIRES: seal() was called.
  void restore();
  // Restores by reading the file again, for comparison with restore(): true if every writable byte is equal.
  bool same_as_fresh() const;

 private:
  PeImage() = default;
  struct Section {
    uint32_t rva;
    uint32_t size;
    uint32_t characteristics;
  };

  std::string path_;
  std::string name_;
  uint8_t* base_ = nullptr;
  uint32_t size_ = 0;
  uint32_t entry_rva_ = 0;
  uint64_t coverage_rva_ = 0;
  uint64_t coverage_size_ = 0;
  std::vector<Section> sections_;
  std::vector<Import> imports_;
  std::unordered_map<std::string, uint32_t> exports_;
  std::vector<Symbol> symbols_;  // by rva
  Symbol unknown_{0, false, ""};
  struct Saved {
    uint32_t rva;
    std::vector<uint8_t> bytes;
  };
  std::vector<Saved> saved_;

  friend class PeReader;
};

}  // namespace rxcheck::nt
