// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/guest_rates.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "driver/protocol/rxprobe_protocol.h"
#include "harness/targets/agent_channel.h"
#include "harness/targets/guest_target.h"
#include "harness/targets/machine.h"

namespace rxcheck {

namespace fs = std::filesystem;

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr unsigned kRounds = 5;
constexpr milliseconds kLimit{60'000};

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// A folder that goes with the object.
struct Folder {
  std::string path;
  ~Folder() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

class Rates {
 public:
  explicit Rates(AgentChannel& channel) : channel_(channel) { request_.Tag = 0xfffffffdU; }

  // Requests a second; 0 if one fails.
  double frames(uint32_t code, unsigned count) {
    const auto begin = Clock::now();
    for (unsigned i = 0; i < count; ++i)
      if (!answered(channel_.issue(1, code, input(), sizeof(RXPROBE_LIST)))) return 0;
    return count / ms_since(begin) * 1000;
  }
  double batched(uint32_t code, unsigned frames, unsigned times) {
    const auto begin = Clock::now();
    for (unsigned i = 0; i < frames; ++i)
      if (!answered(channel_.repeat(times, code, input(), sizeof(RXPROBE_LIST)))) return 0;
    return frames * times / ms_since(begin) * 1000;
  }

 private:
  std::span<const uint8_t> input() const {
    return {reinterpret_cast<const uint8_t*>(&request_), RXPROBE_REQUEST_HEADER + 2};
  }
  bool answered(uint32_t number) {
    while (const auto answer = channel_.next(kLimit))
      if (answer->request == number && !answer->pending) return answer->status == 0;
    return false;
  }

  AgentChannel& channel_;
  RXPROBE_REQUEST request_{};
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

Result<GuestRates> measure_guest(const std::vector<std::string>& drivers, const GuestImage& image) {
  Folder folder{(fs::temp_directory_path() / "rxcheck-vm-XXXXXX").string()};
  if (mkdtemp(folder.path.data()) == nullptr) return Error{"cannot make a folder", folder.path, "set TMPDIR"};
  MachineOptions options;
  options.folder = folder.path;
  options.boots = boot_arguments(image);
  GuestRates rates;
  const auto begin = Clock::now();
  auto machine = Machine::start(options);
  if (!machine) return machine.error();
  auto port = (*machine)->port();
  if (!port) return Error{"QEMU has no serial port to the guest", Machine::qemu(), ""};
  auto channel = std::make_unique<AgentChannel>(std::move(port));
  if (!channel->hello(kLimit * 2)) return Error{channel->why(), Machine::qemu(), ""};
  std::vector<std::string> places;
  for (const std::string& driver : drivers) {
    const std::string bytes = text_of_file(driver);
    places.push_back("Z:\\rx\\" + fs::path(driver).filename().string());
    if (auto failed =
            channel->put(places.back(), {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, kLimit))
      return Error{*failed, driver, ""};
  }
  if (auto failed = channel->load(places[0], places[1], "", kLimit)) return Error{*failed, drivers[0], ""};
  Rates guest(*channel);
  guest.frames(IOCTL_RXPROBE_QUERY_VARIANTS, 1);
  rates.start_ms = ms_since(begin);

  std::vector<double> bare, frames, single, batched;
  for (unsigned round = 0; round < kRounds; ++round) {
    bare.push_back(guest.batched(IOCTL_RXPROBE_QUERY_VARIANTS, 2, 200));
    frames.push_back(guest.frames(IOCTL_RXPROBE_QUERY_VARIANTS, 100));
    single.push_back(guest.frames(IOCTL_RXPROBE_LIST, 100));
    batched.push_back(guest.batched(IOCTL_RXPROBE_LIST, 2, 100));
  }
  rates.bare_per_s = median(bare);
  rates.bare_frames_per_s = median(frames);
  rates.single_per_s = median(single);
  rates.batched_per_s = median(batched);

  if (auto failed = (*machine)->save("ready")) return Error{*failed, folder.path, "make room there"};
  std::vector<double> restores;
  for (unsigned round = 0; round < kRounds; ++round) {
    channel.reset();
    const auto start = Clock::now();
    auto again = (*machine)->restore("ready");
    if (!again) return Error{"the guest cannot be put back", Machine::qemu(), ""};
    channel = std::make_unique<AgentChannel>(std::move(again));
    if (!channel->hello(kLimit)) return Error{channel->why(), Machine::qemu(), ""};
    restores.push_back(ms_since(start));
  }
  rates.restore_ms = median(restores);
  return rates;
}

}  // namespace rxcheck
