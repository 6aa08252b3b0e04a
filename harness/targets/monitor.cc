// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/monitor.h"

#include <array>
#include <nlohmann/json.hpp>

namespace rxcheck {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

std::unique_ptr<Monitor> Monitor::connect(const std::string& path, milliseconds limit) {
  auto socket = UnixSocket::connect(path, limit);
  if (!socket) return nullptr;
  std::unique_ptr<Monitor> monitor(new Monitor(std::move(socket)));
  return monitor->greet(limit) ? std::move(monitor) : nullptr;
}

bool Monitor::send(const std::string& line) {
  const std::string whole = line + "\n";
  return socket_->write({reinterpret_cast<const uint8_t*>(whole.data()), whole.size()});
}

std::optional<std::string> Monitor::answer(milliseconds limit) {
  const auto until = Clock::now() + limit;
  for (;;) {
    for (size_t end = received_.find('\n'); end != std::string::npos; end = received_.find('\n')) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      const Json object = Json::parse(line, nullptr, false);
      if (object.is_object() && !object.contains("event")) return line;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    std::array<uint8_t, 4096> buffer;
    const auto got = socket_->read(buffer, left);
    if (!got) return std::nullopt;
    received_.append(buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(*got));
  }
}

bool Monitor::greet(milliseconds limit) {
  const auto greeting = answer(limit);
  if (!greeting || !Json::parse(*greeting, nullptr, false).contains("QMP")) return false;
  if (!send(R"({"execute": "qmp_capabilities"})")) return false;
  const auto agreed = answer(limit);
  return agreed && Json::parse(*agreed, nullptr, false).contains("return");
}

std::optional<std::string> Monitor::command(const std::string& line, milliseconds limit) {
  const Json request = {{"execute", "human-monitor-command"}, {"arguments", {{"command-line", line}}}};
  if (!send(request.dump())) return "QEMU is gone";
  const auto said = answer(limit);
  if (!said) return "QEMU does not answer to " + line;
  const Json object = Json::parse(*said, nullptr, false);
  if (object.contains("return") && object["return"].is_string()) {
    const auto text = object["return"].get<std::string>();
    if (text.empty()) return std::nullopt;
    return line + ": " + text;
  }
  return line + ": " + *said;
}

}  // namespace rxcheck
