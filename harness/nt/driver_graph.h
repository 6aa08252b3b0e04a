// SPDX-License-Identifier: Apache-2.0
//
// A graph of drivers that import each other and the kernel, loaded in order. Imports of kernel services go to the
// executive's; imports of another driver's routines go through a thunk that is a yield point and checks the routine's
// documented IRQL.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/protocol/rxcheck_events.h"
#include "harness/nt/executive.h"

namespace rxcheck::nt {

// Called with each entry of the drivers' event log as it is made.
using EventHook = void(__attribute__((ms_abi)) *)(const RXCHECK_EVENT*);

class DriverGraph {
 public:
  // Loads the files; a driver may import from those before it. `checks` false binds driver-to-driver imports directly
  // and sets an access hook that does nothing.
  static Result<std::unique_ptr<DriverGraph>> load(const std::vector<std::string>& paths, Executive& executive,
                                                   bool checks, EventHook event_hook);

  // Puts the images back to what they were after loading. For a new program.
  void restore();
  bool same_as_fresh() const;
  // On a thread of the executive: calls each DriverEntry in order; the first failing status, or success.
  NtStatus start(size_t& failed);
  // On a thread of the executive: calls each DriverUnload in reverse order.
  void unload();

  std::vector<PeImage*> images() const;
  // What the images export under this name.
  std::vector<void*> exports_named(std::string_view name) const;
  // The last driver's first device; nullptr if it made none.
  DeviceObject* device() const;

 private:
  explicit DriverGraph(Executive& executive) : executive_(executive) {}
  Result<void*> resolve(const PeImage& importer, const PeImage::Import& import, bool checks);

  Executive& executive_;
  std::vector<std::unique_ptr<PeImage>> images_;
  std::vector<DriverObject*> objects_;
};

}  // namespace rxcheck::nt
