// SPDX-License-Identifier: Apache-2.0
#include "harness/core/win32_error.h"

#include <array>
#include <utility>

#include "harness/core/text_file.h"

namespace rxcheck::win32 {
namespace {

constexpr std::array<std::pair<uint32_t, std::string_view>, 23> kNames = {{
    {kNoError, "NO_ERROR"},
    {5, "ERROR_ACCESS_DENIED"},
    {kInvalidHandle, "ERROR_INVALID_HANDLE"},
    {53, "ERROR_BAD_NETPATH"},
    {66, "ERROR_BAD_DEV_TYPE"},
    {kBadNetName, "ERROR_BAD_NET_NAME"},
    {kAlreadyAssigned, "ERROR_ALREADY_ASSIGNED"},
    {87, "ERROR_INVALID_PARAMETER"},
    {127, "ERROR_PROC_NOT_FOUND"},
    {170, "ERROR_BUSY"},
    {487, "ERROR_INVALID_ADDRESS"},
    {1200, "ERROR_BAD_DEVICE"},
    {1202, "ERROR_DEVICE_ALREADY_REMEMBERED"},
    {1203, "ERROR_NO_NET_OR_BAD_PATH"},
    {1204, "ERROR_BAD_PROVIDER"},
    {1205, "ERROR_CANNOT_OPEN_PROFILE"},
    {1206, "ERROR_BAD_PROFILE"},
    {1208, "ERROR_EXTENDED_ERROR"},
    {1219, "ERROR_SESSION_CREDENTIAL_CONFLICT"},
    {kNoNetwork, "ERROR_NO_NETWORK"},
    {kNotConnected, "ERROR_NOT_CONNECTED"},
    {kOpenFiles, "ERROR_OPEN_FILES"},
    {kDeviceInUse, "ERROR_DEVICE_IN_USE"},
}};

}  // namespace

std::string name_of(uint32_t error) {
  for (const auto& [value, name] : kNames)
    if (value == error) return std::string(name);
  return std::to_string(error);
}

std::optional<uint32_t> parse(std::string_view text) {
  for (const auto& [value, name] : kNames)
    if (name == text) return value;
  const auto number = parse_number(text, UINT32_MAX);
  if (!number) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

}  // namespace rxcheck::win32
