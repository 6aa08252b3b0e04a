// SPDX-License-Identifier: Apache-2.0
//
// Names of a schedule as the gate in a guest knows them, and back: it sees places in images and allocations, and this
// machine has the driver files with their symbols. driver/protocol/rxgate_protocol.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/protocol/rxgate_protocol.h"
#include "harness/core/result.h"
#include "harness/core/schedule.h"
#include "harness/nt/pe_image.h"

namespace rxcheck {

class GateNames {
 public:
  // In the order in which the guest loads them. The error is the file's.
  static Result<GateNames> read(const std::vector<std::string>& drivers);

  // The error says which choice the gate cannot look for, and why.
  Result<std::vector<RXGATE_CHOICE>> translate(const Schedule& schedule) const;
  // "RxCx+0x48", "rxrdbss.sys!RxActiveContexts+0x0"; "" for nowhere.
  std::string object_at(const RXGATE_PLACE& place) const;
  // The function before this return address; "" for none.
  std::string function_at(const RXGATE_PLACE& site) const;

 private:
  std::vector<RXGATE_RANGE> functions_named(const std::string& name) const;
  std::vector<RXGATE_PLACE> objects_named(const std::string& name) const;

  std::vector<std::unique_ptr<nt::PeImage>> images_;
};

}  // namespace rxcheck
