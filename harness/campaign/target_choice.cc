// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/target_choice.h"

#include "harness/targets/inproc.h"
#include "harness/targets/shadow.h"
#include "harness/targets/vm.h"
#include "harness/targets/wine.h"

namespace rxcheck {

OpenTarget::OpenTarget(std::unique_ptr<Target> target, InprocTarget* inproc)
    : target_(std::move(target)), inproc_(inproc) {}

void OpenTarget::learn(std::span<const Program> programs, uint64_t seed) {
  if (inproc_ != nullptr) inproc_->learn(programs, seed);
}

std::optional<std::string> missing_for(const TargetChoice& choice) {
  if (choice.name == "wine") return why_no_wine();
  if (choice.name == "vm") return why_no_vm();
  return std::nullopt;
}

Result<OpenTarget> open_target(const TargetChoice& choice) {
  if (choice.name == "shadow") return OpenTarget(make_shadow_target());
  auto drivers = choice.drivers;
  if (drivers.empty()) drivers = {beside_executable("driver/rxrdbss.sys"), beside_executable("driver/rxprobe.sys")};
  const std::string gate = beside_executable("driver/rxgate.sys");
  if (choice.name == "wine") {
    auto wine = make_wine_target(drivers, beside_executable("driver/rxagent.exe"), gate, choice.gated);
    if (!wine) return wine.error();
    InprocTarget* twin = (*wine)->twin();
    return OpenTarget(std::move(*wine), twin);
  }
  if (choice.name == "vm") {
    auto guest = choice.vm_image.empty()
                     ? guest_image(beside_executable("driver/rxagent.exe"), beside_executable("driver/guest-build.sh"))
                     : Result<GuestImage>(GuestImage{"", "", choice.vm_image});
    if (!guest) return guest.error();
    auto vm = make_vm_target(drivers, *guest, gate, choice.gated);
    if (!vm) return vm.error();
    InprocTarget* twin = (*vm)->twin();
    return OpenTarget(std::move(*vm), twin);
  }
  auto inproc = make_inproc_target({choice.drivers, choice.access_yields, choice.checks});
  if (!inproc) return inproc.error();
  InprocTarget* target = inproc->get();
  target->detect_races(choice.races);
  return OpenTarget(std::move(*inproc), target);
}

}  // namespace rxcheck
