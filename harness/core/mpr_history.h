// SPDX-License-Identifier: Apache-2.0
//
// What a program of the surface `mpr` did: per operation its result, and the calls that providers and notifyees got
// meanwhile, in order. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/mpr_program.h"

namespace rxcheck::mpr {

// The router calls a provider or a notifyee.
struct Callout {
  enum class Kind : uint8_t {
    provider_add,     // NPAddConnection or NPAddConnection3; `name` is the remote name
    provider_cancel,  // NPCancelConnection
    add_notify,       // AddConnectNotify
    cancel_notify,    // CancelConnectNotify
  } kind = Kind::provider_cancel;
  std::string who;       // the provider's or notifyee's name
  std::string name;      // of the connection, as it was passed
  bool force = false;    // provider_cancel
  bool post = false;     // notify: NOTIFY_POST; else NOTIFY_PRE
  uint32_t status = 0;   // provider: what it returned; notify: dwOperationStatus
  uint32_t context = 0;  // cancel_notify: lpContext when it returned from PRE, or as it came with POST; 0: NULL

  friend bool operator==(const Callout&, const Callout&) = default;
};

struct Step {
  size_t operation = 0;  // index into the program's operations
  std::vector<Callout> callouts;
  uint32_t result = 0;  // a Win32 error

  friend bool operator==(const Step&, const Step&) = default;
};

struct History {
  Program program;
  std::vector<Step> steps;

  friend bool operator==(const History&, const History&) = default;
};

// The program, and after it one line a step and one a callout; equal iff the histories are. What is hashed as a trace.
std::string trace_of(const History& history);

// One callout as rxmpr.exe says it: "rxnp1 NPCancelConnection X: FALSE 0". Nothing if it is not one.
std::string text_of(const Callout& callout);
std::optional<Callout> parse_callout(std::string_view text);

}  // namespace rxcheck::mpr
