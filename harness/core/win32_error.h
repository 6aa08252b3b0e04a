// SPDX-License-Identifier: Apache-2.0
//
// The Win32 errors that routines of WNet and network providers return, with their documented names (winerror.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rxcheck::win32 {

inline constexpr uint32_t kNoError = 0;
inline constexpr uint32_t kInvalidHandle = 6;
inline constexpr uint32_t kBadNetName = 67;
inline constexpr uint32_t kAlreadyAssigned = 85;
inline constexpr uint32_t kNoNetwork = 1222;
inline constexpr uint32_t kNotConnected = 2250;
inline constexpr uint32_t kOpenFiles = 2401;
inline constexpr uint32_t kDeviceInUse = 2404;

// "ERROR_OPEN_FILES"; a value without a name as "1234".
std::string name_of(uint32_t error);
// The inverse.
std::optional<uint32_t> parse(std::string_view text);

}  // namespace rxcheck::win32
