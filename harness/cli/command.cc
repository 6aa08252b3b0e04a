// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command.h"

namespace rxcheck::cli {

void TargetOptions::add_to(CLI::App& command) {
  command.add_option("--target", target, "Where programs run: inproc, shadow, wine or vm")
      ->check(CLI::IsMember({"inproc", "shadow", "wine", "vm"}))
      ->capture_default_str();
  command.add_option("--mode", mode, "gated forces the schedule; free lets threads race")
      ->check(CLI::IsMember({"gated", "free"}))
      ->capture_default_str();
  command
      .add_option("--driver", drivers,
                  "A driver file instead of the shipped ones; twice for a pair, the one that is driven last")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--vm-image", vm_image, "A guest of your own for the target vm (docs/target-vm.md)")
      ->check(CLI::ExistingFile);
  command
      .add_option("--yields", yields, "Where a switch may happen: at memory accesses too, or at imported calls only")
      ->check(CLI::IsMember({"access", "imports"}))
      ->capture_default_str();
  command
      .add_option("--accept", accepted,
                  "A clause, a variant of one or a rule of the executive that is no divergence here")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

TargetChoice TargetOptions::choice() const {
  TargetChoice choice;
  choice.name = target;
  choice.drivers = drivers;
  choice.access_yields = yields == "access";
  choice.gated = mode == "gated";
  choice.vm_image = vm_image;
  return choice;
}

Acceptance TargetOptions::acceptance() const { return or_fail(accept(accepted), kExitUsage); }

std::optional<std::string> TargetOptions::missing() const {
  const bool guest = target == "wine" || target == "vm";
  if (!vm_image.empty() && target != "vm") return "--vm-image is for the target vm; use --target vm";
  if (!guest && mode == "free") return "the target " + target + " has no mode free; use --mode gated";
  return missing_for(choice());
}

OpenTarget TargetOptions::open() const { return or_fail(open_target(choice())); }

void refuse_flags(CLI::App& command, const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    const auto refuse = [flag](const CLI::results_t&) -> bool {
      throw Failure{kExitUsage, {"this version does not have it", flag, "leave it out"}};
    };
    command.add_option(flag, refuse, "(not in this version)")->expected(0, 1)->group("");
  }
}

}  // namespace rxcheck::cli
