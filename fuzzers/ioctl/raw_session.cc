// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/ioctl/raw_session.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "driver/protocol/rxprobe_protocol.h"

namespace rxcheck::fuzz {

namespace {

constexpr uint32_t kTag = 0x7fffffff;  // of the harness's own requests
constexpr unsigned kRounds = 32;       // an answer may let somebody go on who is held again

void __attribute__((ms_abi)) ignore_event(const RXCHECK_EVENT*) {}

RXPROBE_REQUEST header_of(std::span<const uint8_t> input) {
  RXPROBE_REQUEST header{};
  // A request without a buffer has no address either, which memcpy must not see.
  if (!input.empty()) std::memcpy(&header, input.data(), std::min<size_t>(input.size(), RXPROBE_REQUEST_HEADER));
  return header;
}

bool is_raw(uint32_t code) { return code == IOCTL_RXPROBE_RAW_ADD || code == IOCTL_RXPROBE_RAW_DEL; }

// The name in a request's buffer, as the probe sees it.
std::span<const uint8_t> name_of(uint32_t code, std::span<const uint8_t> input) {
  if (input.size() < RXPROBE_REQUEST_HEADER) return {};
  const auto rest = input.subspan(RXPROBE_REQUEST_HEADER);
  const size_t length = is_raw(code) ? rest.size() - std::min<size_t>(rest.size(), 2) : header_of(input).NameLength;
  return rest.first(std::min({length, rest.size(), size_t{RXPROBE_NAME_MAX}}) & ~size_t{1});
}

// A name may go on behind the share: each beginning of it that ends before a backslash could be the connection's.
std::vector<std::span<const uint8_t>> beginnings(std::span<const uint8_t> name) {
  std::vector<std::span<const uint8_t>> found = {name};
  for (size_t at = 2; at + 1 < name.size(); at += 2)
    if (name[at] == '\\' && name[at + 1] == 0) found.push_back(name.first(at));
  return found;
}

}  // namespace

Result<std::unique_ptr<RawSession>> RawSession::load(const std::vector<std::string>& drivers) {
  std::unique_ptr<RawSession> session(new RawSession);
  session->executive_.make_current();
  auto graph = nt::DriverGraph::load(drivers, session->executive_, true, &ignore_event);
  if (!graph) return graph.error();
  session->graph_ = std::move(*graph);
  session->executive_.set_images(session->graph_->images());
  if (const auto broken = session->run({}))
    return Error{"starting and stopping it breaks the rule " + broken->rule + ": " + broken->text, drivers.back(),
                 "look at DriverEntry and DriverUnload"};
  return session;
}

std::vector<void*> RawSession::exports_named(std::string_view name) const { return graph_->exports_named(name); }

void RawSession::thread_main(void* argument) {
  auto* session = static_cast<RawSession*>(argument);
  for (;;) {
    session->executive_.wait_for([session] { return static_cast<bool>(session->job_); });
    session->job_();
    session->job_ = nullptr;
    session->executive_.running().work = {0, 0, 0xffff};
  }
}

bool RawSession::carry_out(std::function<void()> job) {
  job_ = std::move(job);
  executive_.run();
  return !executive_.violation() && !job_;
}

void RawSession::irp_completed(uint32_t record, nt::NtStatus status, uint64_t) {
  const auto sent = std::ranges::find(sent_, static_cast<int>(record), [](const auto& one) { return one->record; });
  if (sent == sent_.end()) return;
  (*sent)->completed = true;
  handles_.completed(static_cast<uint32_t>(sent - sent_.begin()), status);
  answers_.push_back({(*sent)->code, status});
}

bool RawSession::send(const RawRequest& request, uint8_t actor) {
  const auto index = static_cast<uint32_t>(sent_.size());
  if (!handles_.admit(index, request.code, request.input)) return true;
  sent_.push_back(std::make_unique<Sent>());
  Sent& mine = *sent_.back();
  mine.code = request.code;
  mine.input = request.input;
  mine.output.resize(request.output_length);
  return carry_out([this, &mine, &request, actor, index] {
    const nt::Work work{actor, static_cast<uint16_t>(index + 1), static_cast<uint16_t>(index)};
    executive_.running().work = work;
    mine.record =
        executive_.build_ioctl(graph_->device(), mine.code, mine.input.data(), static_cast<uint32_t>(mine.input.size()),
                               mine.output.data(), request.output_length, work);
    if (mine.record < 0) executive_.violate("out-of-pool", "arena", "the requests use up the executive's pool");
    if (request.cancelled) executive_.irps()[static_cast<size_t>(mine.record)].irp->cancel = 1;
    executive_.send(mine.record);
  });
}

bool RawSession::send_header(uint32_t code, uint32_t handle, uint32_t target, uint32_t session,
                             std::span<const uint8_t> name) {
  RXPROBE_REQUEST header{};
  header.Tag = kTag;
  header.Handle = handle;
  header.Target = target;
  header.Session = session;
  header.Argument = RXPROBE_LEVEL_FORCED;
  header.ConnectionLength = header.NameLength = static_cast<uint16_t>(name.size());
  RawRequest request;
  request.code = code;
  request.output_length = sizeof(RXPROBE_REPLY);
  request.input.resize(RXPROBE_REQUEST_HEADER);
  std::memcpy(request.input.data(), &header, RXPROBE_REQUEST_HEADER);
  request.input.insert(request.input.end(), name.begin(), name.end());
  return send(request, 0);
}

bool RawSession::step(const RawRequest& request, size_t index) {
  of_step_.push_back(-1);
  if (!request.cancels) {
    const size_t before = sent_.size();
    if (!send(request, 1)) return false;
    if (sent_.size() != before) of_step_.back() = static_cast<int>(before);
    return true;
  }
  const int which = request.back < index ? of_step_[index - 1 - request.back] : -1;
  if (which < 0) return true;
  return carry_out([this, which] { executive_.cancel(sent_[static_cast<size_t>(which)]->record); });
}

size_t RawSession::pending() const {
  return static_cast<size_t>(std::ranges::count_if(sent_, [](const auto& one) { return !one->completed; }));
}

// Of each request that is not over: the server answers, or it is cancelled.
bool RawSession::let_go() {
  for (unsigned round = 0; round < kRounds && pending() != 0; ++round) {
    for (size_t i = 0; i < sent_.size(); ++i) {
      if (sent_[i]->completed) continue;
      const Sent& one = *sent_[i];
      const RXPROBE_REQUEST header = header_of(one.input);
      // Its buffer may hold the reply by now: the name is taken from what was sent.
      for (const auto name : beginnings(name_of(one.code, one.input)))
        if (!send_header(IOCTL_RXPROBE_RELEASE, 0, 0, header.Session, name)) return false;
      if (!send_header(IOCTL_RXPROBE_COMPLETE, 0, header.Tag, 0, {})) return false;
      if (one.completed) continue;
      if (!carry_out([this, &one] { executive_.cancel(one.record); })) return false;
    }
    for (const uint32_t key : handles_.references())
      if (!send_header(IOCTL_RXPROBE_DEREFERENCE, key, 0, 0, {})) return false;
  }
  return pending() == 0;
}

bool RawSession::give_back() {
  for (const uint32_t key : handles_.references())
    if (!send_header(IOCTL_RXPROBE_DEREFERENCE, key, 0, 0, {})) return false;
  for (const uint32_t key : handles_.in_state(HandleTable::State::open))
    if (!send_header(IOCTL_RXPROBE_CLEANUP, key, 0, 0, {})) return false;
  for (const uint32_t key : handles_.in_state(HandleTable::State::cleaned))
    if (!send_header(IOCTL_RXPROBE_CLOSE, key, 0, 0, {})) return false;
  return let_go();
}

bool RawSession::disconnect() {
  std::set<std::pair<uint32_t, std::vector<uint8_t>>> connections;
  bool stopped = false;
  for (const auto& one : sent_) {
    stopped = stopped || one->code == IOCTL_RXPROBE_STOP;
    const auto name = name_of(one->code, one->input);
    if (one->code != IOCTL_RXPROBE_CONNECT && !is_raw(one->code) && one->code != IOCTL_RXPROBE_DISCONNECT) continue;
    for (const auto part : beginnings(name))
      connections.emplace(header_of(one->input).Session, std::vector<uint8_t>(part.begin(), part.end()));
  }
  if (stopped && !send_header(IOCTL_RXPROBE_START, 0, 0, 0, {})) return false;
  for (const auto& [session, name] : connections)
    if (!send_header(IOCTL_RXPROBE_DISCONNECT, 0, 0, session, name)) return false;
  return let_go();
}

std::optional<nt::Broken> RawSession::run(const RawProgram& program) {
  executive_.make_current();
  executive_.reset();
  graph_->restore();
  handles_.reset();
  sent_.clear();
  of_step_.clear();
  answers_.clear();
  executive_.set_observer(this);
  executive_.start_thread(0, &RawSession::thread_main, this);
  size_t failed = 0;
  nt::NtStatus status = nt::kStatusPending;
  bool good = carry_out([&] { status = graph_->start(failed); }) && status == nt::kStatusSuccess;
  executive_.refuse_allocation(program.refused_allocation);
  for (size_t i = 0; good && i < program.requests.size(); ++i) good = step(program.requests[i], i);
  executive_.refuse_allocation(0);
  good = good && let_go() && give_back() && disconnect() && carry_out([this] { graph_->unload(); });
  if (executive_.violation()) return executive_.violation();
  return good ? executive_.find_leak() : executive_.find_stuck();
}

}  // namespace rxcheck::fuzz
