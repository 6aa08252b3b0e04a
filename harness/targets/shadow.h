// SPDX-License-Identifier: Apache-2.0
//
// The target `shadow`: the shadow model carries programs out by itself. It checks the models against each other and
// needs no driver. It interleaves the actors by Plan::seed (a baseline is seed 0) and has no yield points: it cannot
// follow a schedule that names choices, and answers one with a lab fault.
#pragma once

#include <memory>

#include "harness/targets/target.h"
#include "models/shadow/shadow.h"

namespace rxcheck {

std::unique_ptr<Target> make_shadow_target(models::Fault fault = {});

// Whether the target has yield points, so that it can record and replay schedules.
bool follows_schedules(const Target& target);

}  // namespace rxcheck
