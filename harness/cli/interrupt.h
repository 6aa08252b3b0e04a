// SPDX-License-Identifier: Apache-2.0
//
// ^C. The first asks the command to come to an end and keep what it has; the second ends the process at once.
#pragma once

namespace rxcheck::cli {

void listen_for_interrupts();
bool interrupted();

}  // namespace rxcheck::cli
