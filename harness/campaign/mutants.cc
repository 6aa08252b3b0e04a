// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/mutants.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "harness/campaign/mutant_hunt.h"
#include "harness/campaign/worker.h"
#include "harness/core/text_file.h"
#include "harness/targets/inproc.h"

namespace rxcheck {

namespace {

constexpr int kLookMs = 200;

Result<std::vector<std::string>> chosen(const std::vector<std::string>& only) {
  auto built = built_mutants();
  if (built.empty())
    return Error{"no mutants are built", beside_executable("driver/mutants"), "build them with script/build"};
  if (only.empty()) return built;
  std::string list;
  for (const auto& id : built) list += " " + id;
  for (const auto& id : only)
    if (std::ranges::find(built, id) == built.end()) return Error{"there is no such mutant", id, "built are:" + list};
  std::erase_if(built, [&](const std::string& id) { return std::ranges::find(only, id) == only.end(); });
  return built;
}

// A mutant's process, until its result is in.
struct Seat {
  std::unique_ptr<Worker> worker;
  size_t index;
};

// The result if the process has ended or sent it.
std::optional<MutantResult> look(Seat& seat, const std::string& id) {
  const bool open = seat.worker->read();
  if (auto content = seat.worker->next())
    if (auto result = mutant_from_bytes(*content)) return std::move(*result);
  if (open) return std::nullopt;
  MutantResult lost;
  lost.id = id;
  lost.problem = "its process " + seat.worker->end();
  return lost;
}

}  // namespace

MutantNote note_from(std::string_view text) {
  MutantNote note;
  const auto find = [&](std::string_view word, MutantNote::Kind kind) {
    const size_t at = text.find(word);
    if (at == std::string_view::npos) return;
    note.kind = kind;
    note.reason = text.substr(at + word.size(), text.find("\n\n", at) - at - word.size());
    std::ranges::replace(note.reason, '\n', ' ');
    while (note.reason.ends_with(' ')) note.reason.pop_back();
  };
  find("\nSurvives: ", MutantNote::Kind::survives);
  find("\nEquivalent: ", MutantNote::Kind::equivalent);
  note.races = text.find("\nRaces: yes\n") != std::string_view::npos;
  return note;
}

MutantNote note_of(const std::string& id) {
  constexpr size_t kMost = 1 << 16;
  const auto text = read_text_file(beside_executable("driver/mutants/" + id + "/about.txt"), kMost);
  return text ? note_from(*text) : MutantNote{};
}

std::vector<std::string> built_mutants() {
  std::vector<std::string> ids;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(beside_executable("driver/mutants"), none))
    if (std::filesystem::exists(entry.path() / "rxprobe.sys", none) &&
        std::filesystem::exists(entry.path() / "rxrdbss.sys", none))
      ids.push_back(entry.path().filename().string());
  std::ranges::sort(ids);
  return ids;
}

Result<std::vector<MutantResult>> run_mutants(const MutantOptions& options,
                                              const std::function<void(const MutantResult&)>& done,
                                              const std::function<bool()>& interrupted) {
  const auto ids = chosen(options.only);
  if (!ids) return ids.error();
  std::vector<std::optional<MutantResult>> results(ids->size());
  std::vector<Seat> seats;
  size_t next = 0;
  while ((next < ids->size() || !seats.empty()) && !interrupted()) {
    while (next < ids->size() && seats.size() < std::max(options.jobs, 1u)) {
      const std::string& id = (*ids)[next];
      auto body = [&](const Worker::Send& send) { send(to_bytes(hunt(id, options))); };
      seats.push_back({std::make_unique<Worker>(body), next++});
    }
    std::vector<Worker*> workers;
    workers.reserve(seats.size());
    for (const Seat& seat : seats) workers.push_back(seat.worker.get());
    wait_for_any(workers, kLookMs);
    std::erase_if(seats, [&](Seat& seat) {
      results[seat.index] = look(seat, (*ids)[seat.index]);
      if (!results[seat.index]) return false;
      done(*results[seat.index]);
      return true;
    });
  }
  std::vector<MutantResult> finished;
  for (auto& result : results)
    if (result) finished.push_back(std::move(*result));
  return finished;
}

}  // namespace rxcheck
