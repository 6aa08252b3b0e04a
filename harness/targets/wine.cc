// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/wine.h"

#include <algorithm>
#include <filesystem>

#include "harness/targets/child_process.h"
#include "harness/targets/guest_target.h"
#include "harness/targets/wine_prefix.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

// As Wine calls a file of this machine.
std::string in_wine(const std::string& path) {
  std::string name = "Z:" + fs::absolute(path).lexically_normal().string();
  std::ranges::replace(name, '/', '\\');
  return name;
}

class WineTarget : public GuestTarget {
 public:
  WineTarget(std::string wine, GuestFiles files, WinePrefix prefix)
      : GuestTarget(std::move(files), GuestPatience{}), wine_(std::move(wine)), prefix_(std::move(prefix)) {}
  ~WineTarget() override { stop(); }

  std::string name() const override { return "wine"; }

 protected:
  Result<std::unique_ptr<ByteStream>> open_guest() override {
    std::error_code ignored;
    fs::remove(said_file(), ignored);
    auto agent = ChildProcess::start({wine_, files().agent}, prefix_.environment(), said_file());
    if (!agent) return agent.error();
    return std::unique_ptr<ByteStream>(std::make_unique<ChildProcess>(std::move(*agent)));
  }
  void end_guest() override { prefix_.end(); }
  std::optional<std::string> place_drivers(AgentChannel&, std::vector<std::string>& places) override {
    places.clear();
    for (const DriverFile& driver : drivers()) places.push_back(in_wine(driver.path));
    places.push_back(in_wine(files().gate));
    return std::nullopt;
  }
  std::optional<std::string> crash() const override { return crash_in(said()); }
  std::string said() const override { return text_of_file(said_file()); }

 private:
  std::string said_file() const { return prefix_.path() + "/said.txt"; }

  std::string wine_;
  WinePrefix prefix_;
};

}  // namespace

std::optional<std::string> why_no_wine() {
  if (find_wine()) return std::nullopt;
  return "Wine is not installed; apt-get install wine64";
}

Result<std::unique_ptr<GuestTarget>> make_wine_target(const std::vector<std::string>& drivers, const std::string& agent,
                                                      const std::string& gate, bool gated) {
  const auto wine = find_wine();
  if (!wine) return Error{"Wine is not installed", "", "apt-get install wine64"};
  auto files = guest_files(drivers, agent, gate, gated);
  if (!files) return files.error();
  auto prefix = WinePrefix::make(*wine);
  if (!prefix) return prefix.error();
  auto target = std::make_unique<WineTarget>(*wine, std::move(*files), std::move(*prefix));
  target->start_first();
  return std::unique_ptr<GuestTarget>(std::move(target));
}

}  // namespace rxcheck
