// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/belongings.h"

#include <algorithm>

namespace rxcheck::nt {

bool Initialized::add(const void* object) {
  if (std::ranges::find(objects_, object) != objects_.end()) return false;
  objects_.push_back(object);
  return true;
}

bool Initialized::remove(const void* object) {
  const auto it = std::ranges::find(objects_, object);
  if (it == objects_.end()) return false;
  objects_.erase(it);
  return true;
}

void Belongings::forget() {
  devices.clear();
  links.clear();
  resources.forget();
  lookaside_lists.forget();
  open_handles = 0;
  thread_handles.fill(0);
  thread_references.fill(0);
  objects.forget_references();
}

std::optional<Broken> Belongings::find_leak() const {
  if (!resources.all().empty())
    return Broken{"leak", "resource", "", "a resource was initialized and never deleted", 0xffff};
  if (!lookaside_lists.all().empty())
    return Broken{"leak", "lookaside-list", "", "a lookaside list was initialized and never deleted", 0xffff};
  if (!devices.empty()) return Broken{"leak", "device", "", "a device is still there after unload", 0xffff};
  if (!links.empty()) return Broken{"leak", "symbolic-link", "", "a symbolic link is still there after unload", 0xffff};
  if (open_handles != 0) return Broken{"leak", "handle", "", "a handle was never closed", 0xffff};
  for (int32_t references : thread_references)
    if (references != 0)
      return Broken{"leak", "thread-reference", "", "a thread object was referenced and never dereferenced", 0xffff};
  if (!objects.all_given_back())
    return Broken{"leak", "object-reference", "", "a process or token was referenced and never dereferenced", 0xffff};
  return std::nullopt;
}

}  // namespace rxcheck::nt
