// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "harness/cli/exit_code.h"

namespace rxcheck::cli {

namespace {

volatile sig_atomic_t asked = 0;

void on_signal(int) {
  if (asked != 0) _exit(kExitInterrupted);
  asked = 1;
}

}  // namespace

void listen_for_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return asked != 0; }

}  // namespace rxcheck::cli
