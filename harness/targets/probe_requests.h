// SPDX-License-Identifier: Apache-2.0
//
// A program's operations as the test mini-redirector's IOCTLs (driver/protocol/rxprobe_protocol.h), the same on every
// target. Reuses its memory. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/core/program.h"

namespace rxcheck {

// A request with room for the longest name; RXPROBE_REQUEST itself ends with its first character.
struct ProbeRequest {
  RXPROBE_REQUEST request;
  char16_t rest[RXPROBE_NAME_MAX / 2];
};

class ProbeRequests {
 public:
  void prepare(const Program& program);

  // Fills the request of operation `index` and returns its code; 0 for operations that are no single request: close,
  // cancel, await, tick. REQUIRES: the program is the one prepared, perhaps with operations appended.
  uint32_t encode(const Program& program, uint16_t index, ProbeRequest& out) const;
  // The two of a close.
  static void encode_close(uint16_t index, const Operation& op, ProbeRequest& out);

  // Bytes of the input. `raw_length` of a bare name is what says how long it is.
  static uint32_t input_length(const Operation& op, const ProbeRequest& request);
  // The serial of the connection in the list, or nothing if it is not there.
  std::optional<uint32_t> find_in_list(const Operation& op, const RXPROBE_LIST& list) const;

 private:
  void put_name(const Program& program, const Operation& op, RXPROBE_REQUEST& request) const;

  std::vector<std::u16string> names_;
  std::vector<std::u16string> paths_;
};

}  // namespace rxcheck
