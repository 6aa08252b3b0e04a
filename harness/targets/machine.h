// SPDX-License-Identifier: Apache-2.0
//
// One virtual machine of QEMU's, with a serial port to the harness, a console in a file, and a snapshot to which it can
// be put back. Ends with the object. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/result.h"
#include "harness/targets/child_process.h"
#include "harness/targets/monitor.h"

namespace rxcheck {

struct MachineOptions {
  std::string folder;              // its own, for sockets, console and the snapshot's file
  std::vector<std::string> boots;  // what it boots, as QEMU's arguments; none: `disk`
  std::string disk;                // a qcow2 file to boot from; it is not written to
  bool kvm = false;
  unsigned memory_mib = 384;
};

class Machine {
 public:
  static Result<std::unique_ptr<Machine>> start(const MachineOptions& options);

  // The guest's end of the serial port, from now on; whoever had it before is cut off. Nothing if QEMU is gone.
  std::unique_ptr<ByteStream> port();
  // Keeps the machine's state under that name. Nothing, or why not.
  std::optional<std::string> save(const std::string& name);
  // Puts it back, with a new port. Nothing if it cannot be.
  std::unique_ptr<ByteStream> restore(const std::string& name);
  // What the guest has printed.
  std::string console() const;

  static std::string qemu();  // its path

 private:
  explicit Machine(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
  std::optional<ChildProcess> process_;
  std::unique_ptr<Monitor> monitor_;
};

}  // namespace rxcheck
