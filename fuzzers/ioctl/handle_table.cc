// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/ioctl/handle_table.h"

#include <cstddef>
#include <cstring>

#include "driver/protocol/rxprobe_protocol.h"

namespace rxcheck::fuzz {

namespace {

bool uses_handle(uint32_t code) {
  switch (code) {
    case IOCTL_RXPROBE_WRITE:
    case IOCTL_RXPROBE_READ:
    case IOCTL_RXPROBE_NOTIFY:
    case IOCTL_RXPROBE_FINALIZE:
    case IOCTL_RXPROBE_FINALIZE_VIEW:
    case IOCTL_RXPROBE_FINALIZE_ROOT:
      return true;
    default:
      return false;
  }
}

bool opens(uint32_t code) { return code == IOCTL_RXPROBE_TREE || code == IOCTL_RXPROBE_OPEN; }

}  // namespace

bool HandleTable::admit(uint32_t request, uint32_t code, std::span<const uint8_t> input) {
  RXPROBE_REQUEST header{};
  if (input.size() < RXPROBE_REQUEST_HEADER) return true;  // the driver cannot see a handle
  std::memcpy(&header, input.data(), RXPROBE_REQUEST_HEADER);
  const uint32_t key = header.Handle;
  if (code == IOCTL_RXPROBE_REFERENCE) {
    if (!references_.try_emplace(key, false).second) return false;
  } else if (code == IOCTL_RXPROBE_DEREFERENCE) {
    const auto taken = references_.find(key);
    if (taken == references_.end()) return true;  // none such: the driver must say so
    if (!taken->second) return false;
    taken->second = false;
  } else if (opens(code)) {
    if (!handles_.try_emplace(key).second) return false;
  } else {
    const auto found = handles_.find(key);
    const bool closes = code == IOCTL_RXPROBE_CLOSE;
    if (!closes && code != IOCTL_RXPROBE_CLEANUP && !uses_handle(code)) return true;
    if (found == handles_.end()) return true;
    Handle& handle = found->second;
    if (closes && (handle.state != State::cleaned || handle.users != 0)) return false;
    if (!closes && handle.state != State::open) return false;
    if (closes) handle.state = State::closing;
    if (code == IOCTL_RXPROBE_CLEANUP) handle.state = State::cleaning;
    ++handle.users;
  }
  uses_[request] = {code, key};
  return true;
}

void HandleTable::completed(uint32_t request, uint32_t status) {
  const auto use = uses_.find(request);
  if (use == uses_.end()) return;
  const auto [code, key] = use->second;
  uses_.erase(use);
  const bool done = status == 0;
  if (code == IOCTL_RXPROBE_REFERENCE || code == IOCTL_RXPROBE_DEREFERENCE) {
    if (done == (code == IOCTL_RXPROBE_DEREFERENCE))
      references_.erase(key);
    else
      references_[key] = true;
    return;
  }
  const auto found = handles_.find(key);
  if (found == handles_.end()) return;
  if (opens(code)) {
    found->second.state = State::open;
    if (!done) handles_.erase(found);
    return;
  }
  --found->second.users;
  if (code == IOCTL_RXPROBE_CLEANUP) found->second.state = done ? State::cleaned : State::open;
  if (code == IOCTL_RXPROBE_CLOSE) {
    found->second.state = State::cleaned;
    if (done) handles_.erase(found);
  }
}

std::vector<uint32_t> HandleTable::in_state(State state) const {
  std::vector<uint32_t> found;
  for (const auto& [key, handle] : handles_)
    if (handle.state == state) found.push_back(key);
  return found;
}

std::vector<uint32_t> HandleTable::references() const {
  std::vector<uint32_t> found;
  for (const auto& [key, taken] : references_)
    if (taken) found.push_back(key);
  return found;
}

}  // namespace rxcheck::fuzz
