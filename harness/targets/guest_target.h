// SPDX-License-Identifier: Apache-2.0
//
// What targets have in common whose drivers run in a guest, behind the agent: Wine, a virtual machine. The drivers are
// started afresh for every program. Threads race freely. A guest that is lost, stuck or does not start is a lab fault,
// and is started anew for the next program; a driver that crashes is a divergence, named by what the guest says of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/targets/guest_session.h"
#include "harness/targets/target.h"

namespace rxcheck {

class GuestTarget : public Target {
 public:
  std::string executive() const override { return system_; }
  std::vector<DriverFile> drivers() const override { return drivers_; }
  void run(const Program& program, const Plan& plan, RunResult& result) override;

  // Starts it once. Nothing, or why it does not start.
  std::optional<std::string> start();

 protected:
  GuestTarget(std::vector<DriverFile> drivers, GuestPatience patience)
      : drivers_(std::move(drivers)), patience_(patience) {}

  // A new guest whose agent is about to say hello.
  virtual Result<std::unique_ptr<ByteStream>> open_guest() = 0;
  // Ends the guest, whatever its state. The agent has been told goodbye if it was there.
  virtual void end_guest() = 0;
  // Makes the driver files reachable in the guest; sets where they are there. Nothing, or what went wrong.
  virtual std::optional<std::string> place_drivers(AgentChannel& channel, std::vector<std::string>& places) = 0;
  // What the guest has said of a crash, if it has.
  virtual std::optional<std::string> crash() const = 0;

  // To be called by destructors.
  void stop();

 private:
  std::vector<DriverFile> drivers_;
  GuestPatience patience_;
  std::string system_;
  std::vector<std::string> places_;
  std::unique_ptr<AgentChannel> channel_;
};

// The files with their digests. The error names one that is not there, or says that two are wanted.
Result<std::vector<DriverFile>> two_drivers(const std::vector<std::string>& paths);
// The first line of what a Wine has said that tells of a crash in a driver.
std::optional<std::string> crash_in(const std::string& said);
// The whole of a file, "" if it is not there.
std::string text_of_file(const std::string& path);

}  // namespace rxcheck
