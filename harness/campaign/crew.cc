// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/crew.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <new>

#include "harness/campaign/worker.h"

namespace rxcheck {

namespace {

constexpr int kTickMs = 200;
constexpr std::chrono::seconds kStuckAfter{120};  // in one run, which takes about a millisecond
constexpr unsigned kMaxLosses = 32;               // after that the rest of a dying worker's blocks are given up as well

// Memory that workers share with the caller.
struct Slot {
  std::atomic<uint64_t> programs{0};  // begun
  std::atomic<uint64_t> runs{0};      // begun
  std::atomic<uint64_t> program{0};   // at which it is
  std::atomic<uint32_t> schedule{0};
};
struct Board {
  std::atomic<bool> stop{false};
  Slot slots[1];  // as many as there are jobs
};

struct BoardMemory {
  explicit BoardMemory(unsigned jobs) : size(sizeof(Board) + jobs * sizeof(Slot)) {
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    board = new (memory) Board;
    for (unsigned i = 1; i < jobs; ++i) new (&board->slots[i]) Slot;
  }
  ~BoardMemory() { munmap(board, size); }
  size_t size;
  Board* board;
};

class Crew {
  using Clock = std::chrono::steady_clock;

 public:
  explicit Crew(const CrewTask& task) : task_(task), memory_(task.jobs), next_(task.first_block) {}

  void run() {
    if (!task_.forks) return run_alone();
    for (unsigned i = 0; i < task_.jobs; ++i) hire(i, task_.first_block + i);
    while (std::ranges::any_of(seats_, [](const auto& seat) { return seat.second.worker != nullptr; })) {
      wait();
      if (task_.interrupted()) memory_.board->stop = true;
      for (auto& [number, seat] : seats_)
        if (seat.worker) serve(number, seat);
      task_.tick(programs_begun());
    }
    // Interrupted: what is left has gaps before it.
    for (auto& [block, report] : waiting_) task_.take(std::move(report));
  }

 private:
  void run_alone() {
    uint64_t begun = 0;
    const auto watch = [&](Position at) {
      begun += at.schedule == 0 ? 1 : 0;
      task_.tick(begun);
    };
    for (uint64_t block = task_.first_block; block < task_.last_block && !task_.interrupted(); ++block)
      task_.take(task_.work(block, watch, task_.interrupted));
  }

  struct Seat {
    std::unique_ptr<Worker> worker;
    uint64_t block = 0;  // the next that its worker will report
    uint64_t seen = 0;   // how many runs it had begun when last looked at, and since when
    Clock::time_point since{};
  };

  bool stopping() const { return memory_.board->stop.load(); }

  void hire(unsigned number, uint64_t block) {
    Seat& seat = seats_[number];
    seat.block = block;
    seat.since = Clock::now();
    seat.worker.reset();
    if (block < task_.last_block && !stopping())
      seat.worker =
          std::make_unique<Worker>([&](const Worker::Send& send) { work(memory_.board->slots[number], block, send); });
  }

  // In the worker.
  void work(Slot& slot, uint64_t block, const Worker::Send& send) {
    const auto watch = [&](Position at) {
      slot.program.store(at.program, std::memory_order_relaxed);
      slot.schedule.store(at.schedule, std::memory_order_relaxed);
      slot.runs.fetch_add(1, std::memory_order_relaxed);
      if (at.schedule == 0) slot.programs.fetch_add(1, std::memory_order_relaxed);
    };
    const auto stop = [&] { return stopping(); };
    for (; block < task_.last_block && !stop(); block += task_.jobs)
      if (!send(to_bytes(task_.work(block, watch, stop)))) return;
  }

  void wait() {
    std::vector<Worker*> workers;
    for (const auto& [number, seat] : seats_)
      if (seat.worker) workers.push_back(seat.worker.get());
    wait_for_any(workers, kTickMs);
  }

  void serve(unsigned number, Seat& seat) {
    const bool open = seat.worker->read();
    bool damaged = false;
    while (auto content = seat.worker->next()) {
      auto report = from_bytes(*content);
      if (!report) {
        damaged = true;
        break;
      }
      seat.block = report->block + task_.jobs;
      seat.since = Clock::now();  // it may have waited for somebody to read
      accept(std::move(*report));
    }
    damaged = damaged || seat.worker->damaged();
    const bool stuck = is_stuck(seat, memory_.board->slots[number]);
    if (open && !damaged && !stuck) return;
    std::string why = damaged ? "sent a damaged report" : stuck ? "hangs" : seat.worker->end();
    seat.worker.reset();
    if (seat.block >= task_.last_block || (why.empty() && stopping())) return;
    lose(number, seat.block, why.empty() ? "ended without a report" : why);
    hire(number, seat.block);
  }

  // A net under the lab only: runs end by counts.
  bool is_stuck(Seat& seat, const Slot& slot) {
    const uint64_t runs = slot.runs.load();
    if (runs != seat.seen) {
      seat.seen = runs;
      seat.since = Clock::now();
    }
    return Clock::now() - seat.since > kStuckAfter;
  }

  void lose(unsigned number, uint64_t block, const std::string& why) {
    const Slot& slot = memory_.board->slots[number];
    Seat& seat = seats_[number];
    do {
      BlockReport lost;
      lost.block = block;
      lost.lab_faults = 1;
      lost.lab_message = fmt::format("block {} was lost: worker {} {} in program {}, schedule {}", block, number, why,
                                     slot.program.load(), slot.schedule.load());
      accept(std::move(lost));
      block += task_.jobs;
      seat.block = block;
    } while (++losses_ > kMaxLosses && block < task_.last_block);
  }

  void accept(BlockReport report) {
    waiting_.emplace(report.block, std::move(report));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      BlockReport first = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      ++next_;
      task_.take(std::move(first));
    }
  }

  uint64_t programs_begun() const {
    uint64_t sum = 0;
    for (unsigned i = 0; i < task_.jobs; ++i) sum += memory_.board->slots[i].programs.load();
    return sum;
  }

  const CrewTask& task_;
  BoardMemory memory_;
  std::map<unsigned, Seat> seats_;
  std::map<uint64_t, BlockReport> waiting_;  // came before their turn
  uint64_t next_;
  unsigned losses_ = 0;
};

}  // namespace

void run_crew(const CrewTask& task) { Crew(task).run(); }

}  // namespace rxcheck
