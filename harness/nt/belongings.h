// SPDX-License-Identifier: Apache-2.0
//
// What drivers make, open or reference beside memory, requests and threads, and must have given back when they are
// unloaded. Services write it down, Executive::find_leak() looks what is left. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/nt/broken.h"
#include "harness/nt/kernel_objects.h"
#include "harness/nt/layout.h"

namespace rxcheck::nt {

// Objects of one kind in drivers' memory that are initialized and not deleted.
class Initialized {
 public:
  bool add(const void* object);     // false if it is initialized
  bool remove(const void* object);  // false if it is not
  std::span<const void* const> all() const { return objects_; }
  void forget() { objects_.clear(); }

 private:
  std::vector<const void*> objects_;  // drivers have few
};

struct Belongings {
  std::vector<DeviceObject*> devices;
  std::vector<std::string> links;  // symbolic ones, by name
  Initialized resources;
  Initialized lookaside_lists;
  uint32_t open_handles = 0;                             // of threads and registrations
  std::array<uint8_t, kMaxThreads> thread_handles{};     // by thread: of the open ones
  std::array<int32_t, kMaxThreads> thread_references{};  // by thread
  KernelObjects objects;                                 // with the references to them

  // Whether drivers have a handle of the thread, or a reference to it.
  bool is_known(unsigned thread) const { return thread_handles[thread] != 0 || thread_references[thread] != 0; }
  // As if nothing had been made. Who the actors are stays.
  void forget();
  // The first that was not given back, by the rule `leak`.
  std::optional<Broken> find_leak() const;
};

}  // namespace rxcheck::nt
