// SPDX-License-Identifier: Apache-2.0
//
// The NTSTATUS values that operations can return, with their documented names (ntstatus.h; the name is written
// without the STATUS_ prefix).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rxcheck::status {

inline constexpr uint32_t kSuccess = 0;
inline constexpr uint32_t kPending = 0x103;
inline constexpr uint32_t kNotifyCleanup = 0x10B;
inline constexpr uint32_t kDeviceBusy = 0x80000011;
inline constexpr uint32_t kRedirectorHasOpenHandles = 0x80000023;
inline constexpr uint32_t kUnsuccessful = 0xC0000001;
inline constexpr uint32_t kNotImplemented = 0xC0000002;
inline constexpr uint32_t kInvalidHandle = 0xC0000008;
inline constexpr uint32_t kInvalidParameter = 0xC000000D;
inline constexpr uint32_t kInvalidDeviceRequest = 0xC0000010;
inline constexpr uint32_t kAccessDenied = 0xC0000022;
inline constexpr uint32_t kObjectNameInvalid = 0xC0000033;
inline constexpr uint32_t kObjectNameCollision = 0xC0000035;
inline constexpr uint32_t kLockNotGranted = 0xC0000055;
inline constexpr uint32_t kInsufficientResources = 0xC000009A;
inline constexpr uint32_t kNotSupported = 0xC00000BB;
inline constexpr uint32_t kBadNetworkPath = 0xC00000BE;
inline constexpr uint32_t kUnexpectedNetworkError = 0xC00000C4;
inline constexpr uint32_t kBadNetworkName = 0xC00000CC;
inline constexpr uint32_t kRedirectorNotStarted = 0xC00000FB;
inline constexpr uint32_t kFilesOpen = 0xC0000107;
inline constexpr uint32_t kConnectionInUse = 0xC0000108;
inline constexpr uint32_t kRedirectorStarted = 0xC00000FC;
inline constexpr uint32_t kCancelled = 0xC0000120;
inline constexpr uint32_t kFileClosed = 0xC0000128;
inline constexpr uint32_t kNetworkCredentialConflict = 0xC0000195;
inline constexpr uint32_t kNotFound = 0xC0000225;

// "FILES_OPEN"; a value without a name as "0xC0001234".
std::string name_of(uint32_t status);
// The inverse; also takes a STATUS_ prefix and hexadecimal.
std::optional<uint32_t> parse(std::string_view text);

}  // namespace rxcheck::status
