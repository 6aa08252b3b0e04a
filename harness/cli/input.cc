// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/input.h"

#include "harness/campaign/run_folder.h"
#include "harness/cli/command.h"
#include "harness/core/text_file.h"

namespace rxcheck::cli {

Input load(const std::string& path) {
  if (path.ends_with(".rxp")) return or_fail(load_program(path));
  if (path.ends_with(".rxh")) return or_fail(load_history(path));
  throw Failure{kExitInput,
                {"neither a program nor a history by its name", path, "give a file that ends in .rxp or .rxh"}};
}

ProgramFile load_program_only(const std::string& path, std::string_view command) {
  Input input = load(path);
  if (auto* file = std::get_if<ProgramFile>(&input)) return std::move(*file);
  throw Failure{kExitInput,
                {std::string(command) + " needs a program, and a history cannot be run", path, "give a .rxp file"}};
}

void write_new(const std::string& path, std::string_view text) {
  fail_if(why_not_free(path));
  fail_if(write_text_file(path, text));
}

}  // namespace rxcheck::cli
