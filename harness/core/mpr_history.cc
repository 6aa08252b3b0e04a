// SPDX-License-Identifier: Apache-2.0
#include "harness/core/mpr_history.h"

#include <fmt/format.h>

#include "harness/core/mpr_program_text.h"
#include "harness/core/text_file.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {

namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = text.find_first_not_of(' '); at != std::string_view::npos; at = text.find_first_not_of(' ', at)) {
    const size_t next = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, next - at));
    at = next;
  }
  return words;
}

std::optional<bool> one_of(std::string_view word, std::string_view no, std::string_view yes) {
  if (word == no) return false;
  if (word == yes) return true;
  return std::nullopt;
}

}  // namespace

std::string text_of(const Callout& callout) {
  switch (callout.kind) {
    case Callout::Kind::provider_add:
      return fmt::format("{} NPAddConnection {} {}", callout.who, callout.name, callout.status);
    case Callout::Kind::provider_cancel:
      return fmt::format("{} NPCancelConnection {} {} {}", callout.who, callout.name, callout.force ? "TRUE" : "FALSE",
                         callout.status);
    case Callout::Kind::add_notify:
    case Callout::Kind::cancel_notify:
      break;
  }
  return fmt::format("{} {} {} {} {} {}", callout.who,
                     callout.kind == Callout::Kind::add_notify ? "AddConnectNotify" : "CancelConnectNotify",
                     callout.post ? "POST" : "PRE", callout.name, callout.status, callout.context);
}

std::optional<Callout> parse_callout(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() < 4) return std::nullopt;
  Callout callout;
  callout.who = words[0];
  const std::string_view routine = words[1];
  size_t at = 2;
  std::optional<bool> flag = false;
  const bool notify = routine == "AddConnectNotify" || routine == "CancelConnectNotify";
  if (routine == "NPAddConnection" || routine == "NPAddConnection3") {
    callout.kind = Callout::Kind::provider_add;
    if (words.size() == 5) ++at;  // the device, which the operation names as well
  } else if (notify) {
    callout.kind = routine == "AddConnectNotify" ? Callout::Kind::add_notify : Callout::Kind::cancel_notify;
    flag = one_of(words[at++], "PRE", "POST");
    callout.post = flag.value_or(false);
  } else if (routine != "NPCancelConnection") {
    return std::nullopt;
  }
  callout.name = words[at++];
  if (callout.kind == Callout::Kind::provider_cancel) {
    flag = one_of(words[at++], "FALSE", "TRUE");
    callout.force = flag.value_or(false);
  }
  if (!flag || at + (notify ? 2 : 1) != words.size()) return std::nullopt;
  const auto status = parse_number(words[at++], UINT32_MAX);
  const auto context = notify ? parse_number(words[at], UINT32_MAX) : 0;
  if (!status || !context) return std::nullopt;
  callout.status = static_cast<uint32_t>(*status);
  callout.context = static_cast<uint32_t>(*context);
  return callout;
}

std::string trace_of(const History& history) {
  std::string out = print(ProgramFile{history.program, std::nullopt});
  for (const Step& step : history.steps) {
    for (const Callout& callout : step.callouts) out += "call " + text_of(callout) + "\n";
    out += fmt::format("{} {}\n", operation_text(history.program, step.operation), win32::name_of(step.result));
  }
  return out;
}

}  // namespace rxcheck::mpr
