// SPDX-License-Identifier: Apache-2.0
//
// Raw requests on the drivers in process, one after the other, each until nothing can go on. No model says what they
// should do: the executive judges (memory, locks, completion, leaks, hangs). At the end the harness lets go what is
// held, answers, gives back and disconnects whatever the requests have made, and unloads the drivers, which may then
// leave nothing. Deterministic; not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fuzzers/ioctl/handle_table.h"
#include "fuzzers/ioctl/requests.h"
#include "harness/nt/driver_graph.h"

namespace rxcheck::fuzz {

class RawSession : public nt::IoObserver {
 public:
  static Result<std::unique_ptr<RawSession>> load(const std::vector<std::string>& drivers);

  // The rule that was broken, or nothing.
  std::optional<nt::Broken> run(const RawProgram& program);

  // After a run: the code and the status of each request that was sent and completed, in the order of completion.
  struct Answer {
    uint32_t code;
    uint32_t status;
  };
  const std::vector<Answer>& answers() const { return answers_; }
  std::vector<void*> exports_named(std::string_view name) const;

  void irp_completed(uint32_t record, nt::NtStatus status, uint64_t information) override;

 private:
  struct Sent {
    int record = -1;
    uint32_t code = 0;
    std::vector<uint8_t> input, output;
    bool completed = false;
  };

  RawSession() = default;
  static void thread_main(void* session);
  // On thread 0, and everything that it sets going, until nothing can go on. True if the job came to its end.
  bool carry_out(std::function<void()> job);
  // False if it did not come back, or broke a rule.
  bool send(const RawRequest& request, uint8_t actor);
  bool send_header(uint32_t code, uint32_t handle, uint32_t target, uint32_t session, std::span<const uint8_t> name);
  bool step(const RawRequest& request, size_t index);
  bool let_go();
  bool give_back();
  bool disconnect();
  size_t pending() const;

  nt::Executive executive_;
  std::unique_ptr<nt::DriverGraph> graph_;
  HandleTable handles_;
  std::vector<std::unique_ptr<Sent>> sent_;
  std::vector<int> of_step_;  // index in sent_, or -1
  std::vector<Answer> answers_;
  std::function<void()> job_;
};

}  // namespace rxcheck::fuzz
