// SPDX-License-Identifier: Apache-2.0
//
// What the generator draws a program's shape from: weightings of the kinds of operation, names of connections, paths.
// Data only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/core/program.h"

namespace rxcheck::explore {

using Weights = std::array<uint8_t, kOpKinds>;

struct Theme {
  Weights weights;
  uint8_t bare;   // of 8: reads and notifies without a routine of their own
  uint8_t async;  // of 8: connects that leave a request behind
};

inline constexpr std::array kThemes = {
    // connect tree open write read notify close finalize disconnect,
    // cancel complete set reference dereference cecancel release await list,
    // letters rawadd rawdel poll stop start teardown finalizeview finalizeroot forceall tick
    // A bit of everything.
    Theme{{3, 3, 4, 2, 4, 4, 3, 3, 3, /**/ 4, 3, 3, 2, 2, 1, 2, 1, 1, /**/ 1, 2, 2, 1, 1, 1, 1, 2, 3, 1, 1}, 2, 3},
    // Requests: several actors at one.
    Theme{{1, 1, 3, 1, 6, 4, 2, 0, 1, /**/ 7, 6, 6, 3, 3, 0, 0, 2, 0, /**/ 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0}, 2, 1},
    // Deletes among opens and closes.
    Theme{{5, 5, 6, 2, 1, 2, 6, 7, 7, /**/ 1, 1, 0, 0, 0, 0, 0, 0, 3, /**/ 0, 0, 0, 0, 0, 0, 1, 3, 4, 2, 2}, 1, 1},
    // Connects, held and cancelled.
    Theme{{9, 2, 2, 0, 0, 0, 1, 2, 5, /**/ 5, 0, 0, 0, 0, 2, 6, 3, 2, /**/ 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0}, 0, 6},
    // Context references.
    Theme{{1, 1, 2, 0, 5, 4, 1, 0, 1, /**/ 5, 5, 3, 8, 7, 0, 0, 1, 0, /**/ 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0}, 2, 1},
    // Setting and withdrawing routines.
    Theme{{1, 1, 3, 0, 6, 5, 2, 1, 2, /**/ 5, 4, 9, 1, 1, 0, 0, 1, 0, /**/ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 6, 1},
    // Deletes among requests.
    Theme{{2, 3, 4, 1, 6, 6, 4, 5, 5, /**/ 3, 2, 2, 1, 1, 0, 0, 1, 1, /**/ 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, 2, 2},
    // The mini-redirector's own: table of letters, open files, daemon.
    Theme{{6, 1, 4, 0, 3, 1, 5, 1, 4, /**/ 3, 0, 0, 0, 0, 0, 4, 1, 1, /**/ 4, 2, 2, 4, 0, 0, 0, 0, 0, 0, 1}, 0, 2},
    // Deletes while a cancel is under way.
    Theme{{2, 6, 1, 0, 0, 8, 3, 9, 2, /**/ 8, 1, 8, 0, 0, 0, 0, 1, 0, /**/ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 4, 1},
    // Deletes among notifies on trees.
    Theme{{4, 6, 1, 0, 0, 7, 3, 7, 2, /**/ 2, 2, 2, 0, 0, 0, 0, 0, 1, /**/ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 4, 1},
};

// Names of connections: those of a row share servers and shares in different ways. Every string fits a std::string's
// own buffer, so that copying one never allocates.
struct Remote {
  char device;
  const char* remote;
  uint8_t session = 1;
};
inline constexpr const char* kShare = "\\\\server\\share";
inline constexpr const char* kOther = "\\\\server\\other";   // the same server
inline constexpr const char* kDaemon = "\\\\daemon\\share";  // mounted by a daemon
inline constexpr const char* kSecond = "\\\\second\\share";  // another server
inline constexpr std::array<std::array<Remote, 3>, 10> kRemotes = {{
    {{{'X', kShare}, {'Y', kShare}, {0, kShare}}},
    {{{'X', kShare}, {0, kShare}, {'Y', kOther}}},
    {{{'X', kShare}, {'Y', kOther}, {'Z', kSecond}}},
    {{{0, kShare}, {0, kOther}, {'X', kShare}}},
    {{{'X', kShare}, {'Y', kSecond}, {0, kSecond}}},
    {{{0, kShare}, {'X', kShare}, {'Y', kShare}}},
    {{{'X', kDaemon}, {'Y', kShare}, {'Z', kDaemon}}},
    {{{0, kDaemon}, {'X', kDaemon}, {'Y', kOther}}},
    {{{'X', kDaemon}, {0, kDaemon}, {'Y', kDaemon}}},
    {{{'X', "\\\\quiz\\jazz"}, {'Y', "\\\\QUIZ\\Jazz"}, {0, "\\\\Quiz\\JAZZ"}}},  // letter case does not matter
}};

// With servers, shares and views that the network does not have (docs/format-rxp.md).
inline constexpr const char* kDaemonBad = "\\\\daemon\\bad";
inline constexpr const char* kBad = "\\\\server\\bad";
inline constexpr const char* kLocked = "\\\\server\\locked";
inline constexpr const char* kNowhere = "\\\\nowhere\\share";
inline constexpr const char* kConflict = "\\\\srv\\conflict";
inline constexpr std::array<std::array<Remote, 3>, 6> kBadRemotes = {{
    {{{'X', kDaemonBad}, {'Y', kDaemon}, {0, kDaemon}}},
    {{{'X', kBad}, {'Y', kBad}, {0, kShare}}},
    {{{'X', kNowhere}, {0, kNowhere}, {'Y', kShare}}},
    {{{'X', kLocked}, {0, kLocked}, {'Y', kShare}}},
    {{{'X', kShare}, {'Y', kBad}, {0, kLocked}}},
    {{{'X', kConflict}, {'Y', kConflict}, {0, kShare}}},
}};
// Whether a connect of this name fails.
inline bool is_unreachable(std::string_view remote) {
  return remote == kDaemonBad || remote == kBad || remote == kLocked || remote == kNowhere;
}

// In two logon sessions.
inline constexpr std::array<std::array<Remote, 3>, 2> kSessionRemotes = {{
    {{{'X', kShare}, {'X', kShare, 2}, {0, kShare, 2}}},
    {{{0, kShare, 2}, {0, kShare}, {'X', kOther, 2}}},
}};
// As short as names can be.
inline constexpr const char* kShort = "\\\\s\\a";
inline constexpr std::array<std::array<Remote, 3>, 1> kShortRemotes = {{
    {{{0, kShort}, {'X', kShort}, {'Y', "\\\\t\\a"}}},
}};

inline constexpr std::array<const char*, 6> kPaths = {"\\file1", "\\file2", "\\dir\\file", "\\denied", "\\", "\\dir"};
inline constexpr std::array<uint16_t, 4> kSeconds = {1, 5, 10, 20};  // of a tick: the scavenger needs 10
inline constexpr uint8_t kDirectoryPath = 2;
inline constexpr uint8_t kDeniedPath = 3;      // the server refuses it
inline constexpr uint8_t kFirstDirectory = 4;  // from here on
// Few files, so that actors meet at one.
inline constexpr std::array<uint8_t, 20> kPathTickets = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                                         0, 1, 1, 1, 1, 2, 2, 4, 5, kDeniedPath};

}  // namespace rxcheck::explore
