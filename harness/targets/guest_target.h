// SPDX-License-Identifier: Apache-2.0
//
// What targets have in common whose drivers run in a guest, behind the agent: Wine, a virtual machine. The drivers are
// started afresh for every program. In mode gated they follow a schedule, in mode free threads race. A guest that
// is lost, stuck or does not start is a lab fault, and is started anew for the next program; a driver that crashes is a
// divergence, named by what the guest says of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/targets/gate_names.h"
#include "harness/targets/guest_session.h"
#include "harness/targets/inproc.h"
#include "harness/targets/target.h"

namespace rxcheck {

// What a guest loads.
struct GuestFiles {
  std::vector<DriverFile> drivers;  // the engine, the mini-redirector
  std::string agent;
  std::string gate;
  bool gated = true;                     // under a schedule; else the gate only delays
  std::optional<GateNames> names;        // if gated: of the drivers
  std::unique_ptr<InprocTarget> twin{};  // if gated: the same drivers in process, if they run there
  std::string why_no_twin{};             // ...and else why not
};

// The files with their digests; for `gated` the names of places and the twin. The error names what is not there.
Result<GuestFiles> guest_files(const std::vector<std::string>& drivers, const std::string& agent,
                               const std::string& gate, bool gated);

class GuestTarget : public Target {
 public:
  std::string executive() const override { return system_; }
  std::vector<DriverFile> drivers() const override { return files_.drivers; }
  // Gated: a plan that is no replay is carried out in process first, and the guest follows what was recorded
  // there. If the two then do not show the same, the run is a lab fault of the guest's, or has left the schedule.
  void run(const Program& program, const Plan& plan, RunResult& result) override;
  bool is_gated() const { return files_.gated; }
  InprocTarget* twin() const { return files_.twin.get(); }
  Target& searcher() override;
  bool survives_fork() const override { return false; }

  // Starts it once. A guest that does not start then makes every run a fault of the lab.
  void start_first();

 protected:
  GuestTarget(GuestFiles files, GuestPatience patience) : files_(std::move(files)), patience_(patience) {}

  // A new guest whose agent is about to say hello.
  virtual Result<std::unique_ptr<ByteStream>> open_guest() = 0;
  // Ends the guest, whatever its state. The agent has been told goodbye if it was there.
  virtual void end_guest() = 0;
  // Makes the driver files and the gate reachable in the guest; sets where they are there, in that
  // order. Nothing, or what went wrong.
  virtual std::optional<std::string> place_drivers(AgentChannel& channel, std::vector<std::string>& places) = 0;
  // What the guest has said of a crash, if it has.
  virtual std::optional<std::string> crash() const = 0;
  // How long it may take until its agent answers.
  virtual std::chrono::milliseconds boot_limit() const { return std::chrono::milliseconds(90'000); }
  // All that it has said.
  virtual std::string said() const = 0;
  // The drivers' files are in place, and none is loaded.
  virtual void guest_is_ready() {}
  // Whether end_guest() leaves a guest to which open_guest() goes back: then its agent is not told goodbye.
  virtual bool keeps_guest() const { return false; }
  // After so many programs a guest is ended and started anew; 0: never.
  virtual unsigned budget() const { return 0; }

  // To be called by destructors.
  void stop();

  const GuestFiles& files() const { return files_; }

 private:
  // Nothing, or why it does not start.
  std::optional<std::string> start();
  std::optional<std::string> load();
  void run_free(const Program& program, uint64_t seed, RunResult& result);
  void run_gated(const Program& program, const Schedule& schedule, RunResult& result);
  void clear_away(RunResult& result);

  GuestFiles files_;
  GuestPatience patience_;
  std::string system_;
  std::vector<std::string> places_;
  std::unique_ptr<AgentChannel> channel_;
  std::optional<std::string> never_started_;
  unsigned programs_ = 0;  // since the guest was started
};

// The first line of what a Wine has said that tells of a crash in a driver.
std::optional<std::string> crash_in(const std::string& said);
// The whole of a file, "" if it is not there.
std::string text_of_file(const std::string& path);

}  // namespace rxcheck
