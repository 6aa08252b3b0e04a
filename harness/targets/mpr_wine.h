// SPDX-License-Identifier: Apache-2.0
//
// Programs of the surface `mpr` under Wine: Wine's own mpr.dll is the router, rxmpr.exe the application, copies of
// rxnp.dll are providers and notifyees (docs/surface-mpr.md). Each program has a process of its own in a Wine prefix of
// ours. Not thread-safe.
#pragma once

#include <string>

#include "harness/core/mpr_history.h"
#include "harness/core/result.h"
#include "harness/targets/child_process.h"
#include "harness/targets/wine_prefix.h"

namespace rxcheck::mpr {

class WineRouter {
 public:
  // `application`: rxmpr.exe; `provider`: rxnp.dll.
  static Result<WineRouter> make(const std::string& application, const std::string& provider);

  // The error is a fault of the lab: Wine or the application did not do its part.
  Result<History> run(const Program& program);
  // "Wine 8.0"; empty before the first run.
  const std::string& executive() const { return executive_; }

 private:
  WineRouter(std::string wine, std::string application, std::string provider, WinePrefix prefix)
      : wine_(std::move(wine)),
        application_(std::move(application)),
        provider_(std::move(provider)),
        prefix_(std::move(prefix)) {}

  std::string wine_;
  std::string application_;
  std::string provider_;
  WinePrefix prefix_;
  std::string executive_;
};

}  // namespace rxcheck::mpr
