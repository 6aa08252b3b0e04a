// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/debugger.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "harness/cli/source_lines.h"

namespace rxcheck::cli {

namespace {

// The images lie where they will lie again: at fixed addresses (harness/nt/pe_reader.cc), in the order of loading.
std::string symbols_of(const nt::PeImage& image) {
  const uint64_t offset = reinterpret_cast<uint64_t>(image.base()) - preferred_base_of(image);
  return fmt::format("add-symbol-file \"{}\" -o {:#x}", debug_file_of(image), offset);
}

std::vector<std::string> commands(const std::vector<nt::PeImage*>& images, const DebuggerStop& stop, bool batch) {
  std::vector<std::string> all{"set confirm off"};
  if (batch) all.emplace_back("set debuginfod enabled off");
  all.emplace_back("handle SIGSEGV nostop noprint pass");  // how the executive learns of accesses that fault
  for (const nt::PeImage* image : images) all.push_back(symbols_of(*image));
  if (stop.choice != 0)
    all.push_back(fmt::format("break rxcheck_at_choice if $rdi == {}", stop.choice));
  else
    all.emplace_back("break rxcheck::nt::Executive::violate");
  all.emplace_back("run");
  if (batch) all.emplace_back("bt 12");
  if (!stop.function.empty()) all.push_back("frame function " + stop.function);
  return all;
}

}  // namespace

Error debug(const std::vector<std::string>& arguments, const std::vector<nt::PeImage*>& images,
            const DebuggerStop& stop, bool batch) {
  const std::string gdb = find_program({"gdb"});
  if (gdb.empty()) return {"incomplete: there is no gdb", "", "apt-get install gdb"};
  std::vector<std::string> words{gdb, "-q"};
  if (batch) words.insert(words.end(), {"-nx", "-batch"});
  for (const std::string& command : commands(images, stop, batch)) words.insert(words.end(), {"-ex", command});
  words.insert(words.end(), {"--args", std::filesystem::read_symlink("/proc/self/exe").string()});
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  execv(gdb.c_str(), pointers.data());
  return {"gdb cannot be started", gdb, ""};
}

}  // namespace rxcheck::cli
