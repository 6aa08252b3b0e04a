// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/source_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "harness/targets/child_process.h"

namespace rxcheck::cli {

namespace {

constexpr std::chrono::seconds kLimit{60};

// What the program prints; "" if it does not run.
std::string output_of(const std::vector<std::string>& arguments) {
  auto child = ChildProcess::start(arguments, {}, "");
  if (!child) return "";
  std::string text;
  uint8_t buffer[4096];
  for (;;) {
    const auto got = child->read(buffer, kLimit);
    if (!got || *got == 0) break;
    text.append(reinterpret_cast<const char*>(buffer), *got);
  }
  child->wait(kLimit);
  return text;
}

// "/a/b/cancel.c:27 (discriminator 2)".
void read_place(const std::string& text, SourceLine& line) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.starts_with("??")) return;
  const char* digits = text.c_str() + colon + 1;
  std::from_chars(digits, text.c_str() + text.size(), line.line);
  if (line.line != 0) line.path = text.substr(0, colon);
}

// Functions and places of one address, innermost first. What stands in a header is the compiler's or the kernel's: the
// place is where it was called.
SourceLine read_frames(std::istream& text) {
  SourceLine found;
  while (text.good() && text.peek() != '0' && text.peek() != EOF) {
    SourceLine line;
    std::string place;
    std::getline(text, line.function);
    std::getline(text, place);
    read_place(place, line);
    if (line.line != 0 && (found.line == 0 || (found.path.ends_with(".h") && !line.path.ends_with(".h")))) found = line;
  }
  if (found.function == "??") found.function.clear();
  return found;
}

}  // namespace

std::string SourceLine::text() const {
  return line == 0 ? "" : fmt::format("{}:{}", std::filesystem::path(path).filename().string(), line);
}

std::string find_program(const std::vector<std::string>& names) {
  const char* path = std::getenv("PATH");
  for (const std::string& name : names) {
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      folder.append("/").append(name);
      if (access(folder.c_str(), X_OK) == 0) return folder;
    }
  }
  return "";
}

std::string debug_file_of(const nt::PeImage& image) {
  const std::string beside = std::filesystem::path(image.path()).replace_extension(".debug").string();
  return std::filesystem::exists(beside) ? beside : image.path();
}

uint64_t preferred_base_of(const nt::PeImage& image) {
  constexpr size_t kNewHeader = 0x3c;
  constexpr size_t kImageBase = 24 + 24;  // in the optional header, after signature and file header
  uint32_t header = 0;
  uint64_t base = 0;
  std::memcpy(&header, image.base() + kNewHeader, sizeof header);
  std::memcpy(&base, image.base() + header + kImageBase, sizeof base);
  return base;
}

// addr2line -a -f -i prints for each address: the address, then function and place, innermost first.
SourceLines::SourceLines(const std::vector<nt::PeImage*>& images, const std::vector<uint64_t>& sites) {
  const std::string program = find_program({"x86_64-w64-mingw32-addr2line", "addr2line"});
  if (program.empty()) return;
  for (const nt::PeImage* image : images) {
    const uint64_t base = reinterpret_cast<uint64_t>(image->base());
    const uint64_t preferred = preferred_base_of(*image);
    std::vector<std::string> arguments{program, "-e", debug_file_of(*image), "-a", "-f", "-i"};
    for (const uint64_t site : sites)
      if (image->contains(reinterpret_cast<const void*>(site)))
        arguments.push_back(fmt::format("{:#x}", site - 1 - base + preferred));
    if (arguments.size() == 6) continue;
    std::istringstream text(output_of(arguments));
    for (std::string head; std::getline(text, head);) {
      uint64_t address = 0;
      if (!head.starts_with("0x")) continue;
      std::from_chars(head.c_str() + 2, head.c_str() + head.size(), address, 16);
      lines_[address - preferred + base + 1] = read_frames(text);
    }
  }
}

SourceLine SourceLines::at(uint64_t site) const {
  const auto found = lines_.find(site);
  return found == lines_.end() ? SourceLine{} : found->second;
}

}  // namespace rxcheck::cli
