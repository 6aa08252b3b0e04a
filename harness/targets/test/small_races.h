// SPDX-License-Identifier: Apache-2.0
//
// Programs with few interleavings, and the drivers on which tests explore them.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>

#include "harness/core/program_text.h"
#include "harness/targets/inproc.h"

namespace rxcheck {

inline constexpr const char* kCancelRace = R"(rxp 1
connection X: \\server\share
1 open X: \file2 -> f1
2 read f1 -> r1
1 cancel r1
end
)";
inline constexpr const char* kConnectAndList = R"(rxp 1
connection X: \\server\share
1 connect X:
2 list X:
end
)";
// The delete waits for the FCB that the open holds until it is released; until then nothing can go on.
inline constexpr const char* kWaitingDelete = R"(rxp 1
connection X: \\server\share
1 open X: \file1 hold -> f1
1 disconnect X: FALSE -> r1
2 release X:
end
)";

// `folder`: below the built drivers, "" for the shipped ones, "mutants/ID/" for a mutant.
inline std::unique_ptr<InprocTarget> drivers(const std::string& folder) {
  const std::string path = std::string(RXCHECK_BINARY_DIR "/driver/") + folder;
  auto target = make_inproc_target({{path + "rxrdbss.sys", path + "rxprobe.sys"}, true, true});
  BOOST_REQUIRE_MESSAGE(target.ok(), (target.ok() ? "" : target.error().text()));
  return std::move(*target);
}

inline Program program_of(const char* text) {
  auto file = parse_program(text, "test.rxp");
  BOOST_REQUIRE(file.ok());
  return file->program;
}

}  // namespace rxcheck
