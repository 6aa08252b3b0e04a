// SPDX-License-Identifier: Apache-2.0
//
// A program of the surface `mpr`: what one application asks of the system's router of network connections (Windows'
// and Wine's mpr.dll), and which providers and notifyees are installed meanwhile. Operations run one after the other. A
// file is named by the index of the operation that opens it. The text form is in mpr_program_text.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/program.h"

namespace rxcheck::mpr {

// What a provider can be made to do wrong, so that one can see that it is noticed.
enum class Fault : uint8_t { ignores_force, ignores_open_files, cancels_share };
inline constexpr std::array kFaults = {Fault::ignores_force, Fault::ignores_open_files, Fault::cancels_share};

struct Provider {
  std::string name;
  std::string server;         // the only one that it has, as `\\server`; "" for all
  std::vector<Fault> faults;  // none twice, in the order of kFaults

  friend bool operator==(const Provider&, const Provider&) = default;
};

enum class OpKind : uint8_t {
  add,     // WNetAddConnection2
  cancel,  // WNetCancelConnection
  open,    // an application opens a file, or has its current directory there
  close,   // closes it
  list,    // is the connection there? Asked of the providers themselves, not of the router
};
inline constexpr std::array kOpKinds = {OpKind::add, OpKind::cancel, OpKind::open, OpKind::close, OpKind::list};

// The router's functions for `add` and `cancel`; the first of each is the one that is called unless another is named.
inline constexpr std::array<std::string_view, 2> kAddFunctions = {"WNetAddConnection2W", "WNetAddConnection2A"};
inline constexpr std::array<std::string_view, 4> kCancelFunctions = {
    "WNetCancelConnectionA", "WNetCancelConnectionW", "WNetCancelConnection2A", "WNetCancelConnection2W"};

struct Operation {
  OpKind kind = OpKind::list;
  uint8_t connection = 0;              // index into Program::connections; all but close
  bool force = false;                  // cancel: fForce
  bool current = false;                // open: a current directory instead of a file
  uint8_t function = 0;                // add, cancel: index into kAddFunctions or kCancelFunctions
  int32_t slot = kNoSlot;              // close: the index of the operation that opened the file
  std::optional<uint32_t> expected{};  // the Win32 error that a person wrote down before the run

  friend bool operator==(const Operation&, const Operation&) = default;
};

struct Program {
  std::string title;
  std::vector<Provider> providers;     // in the router's order
  std::vector<std::string> notifyees;  // names of DLLs that want to hear of connections made and cancelled
  std::vector<Connection> connections;
  std::vector<Operation> operations;

  friend bool operator==(const Program&, const Program&) = default;
};

inline constexpr size_t kMaxInstalled = 4;  // providers, and notifyees
inline constexpr size_t kMaxInstalledName = 15;
inline constexpr size_t kMaxFiles = 256;  // opened by one program

std::string_view name_of(OpKind kind);  // "netadd"
std::string_view name_of(Fault fault);  // "ignores-force"
// The router's function that the operation calls; "" for those that call none.
std::string_view function_of(const Operation& op);

// The first rule that the program breaks, in words; nothing if it is valid.
std::optional<std::string> why_invalid(const Program& program);

}  // namespace rxcheck::mpr
