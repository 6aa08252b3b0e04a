// SPDX-License-Identifier: Apache-2.0
#include "harness/core/status.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace rxcheck::status {
namespace {

struct Named {
  uint32_t value;
  std::string_view name;
};

constexpr std::array kNames = {
    Named{kSuccess, "SUCCESS"},
    Named{kPending, "PENDING"},
    Named{kNotifyCleanup, "NOTIFY_CLEANUP"},
    Named{kDeviceBusy, "DEVICE_BUSY"},
    Named{kRedirectorHasOpenHandles, "REDIRECTOR_HAS_OPEN_HANDLES"},
    Named{kUnsuccessful, "UNSUCCESSFUL"},
    Named{kNotImplemented, "NOT_IMPLEMENTED"},
    Named{kInvalidHandle, "INVALID_HANDLE"},
    Named{kInvalidParameter, "INVALID_PARAMETER"},
    Named{kInvalidDeviceRequest, "INVALID_DEVICE_REQUEST"},
    Named{kAccessDenied, "ACCESS_DENIED"},
    Named{kObjectNameInvalid, "OBJECT_NAME_INVALID"},
    Named{kObjectNameCollision, "OBJECT_NAME_COLLISION"},
    Named{kLockNotGranted, "LOCK_NOT_GRANTED"},
    Named{kInsufficientResources, "INSUFFICIENT_RESOURCES"},
    Named{kNotSupported, "NOT_SUPPORTED"},
    Named{kBadNetworkPath, "BAD_NETWORK_PATH"},
    Named{kUnexpectedNetworkError, "UNEXPECTED_NETWORK_ERROR"},
    Named{kBadNetworkName, "BAD_NETWORK_NAME"},
    Named{kRedirectorNotStarted, "REDIRECTOR_NOT_STARTED"},
    Named{kFilesOpen, "FILES_OPEN"},
    Named{kConnectionInUse, "CONNECTION_IN_USE"},
    Named{kRedirectorStarted, "REDIRECTOR_STARTED"},
    Named{kCancelled, "CANCELLED"},
    Named{kFileClosed, "FILE_CLOSED"},
    Named{kNetworkCredentialConflict, "NETWORK_CREDENTIAL_CONFLICT"},
    Named{kNotFound, "NOT_FOUND"},
};

}  // namespace

std::string name_of(uint32_t status) {
  for (const Named& named : kNames)
    if (named.value == status) return std::string(named.name);
  char text[11];
  std::snprintf(text, sizeof text, "0x%08X", status);
  return text;
}

std::optional<uint32_t> parse(std::string_view text) {
  constexpr std::string_view kPrefix = "STATUS_";
  if (text.starts_with("0x") || text.starts_with("0X")) {
    uint32_t value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 2, last, value, 16);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
  }
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  for (const Named& named : kNames)
    if (named.name == text) return named.value;
  return std::nullopt;
}

}  // namespace rxcheck::status
