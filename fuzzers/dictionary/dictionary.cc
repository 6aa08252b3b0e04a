// SPDX-License-Identifier: Apache-2.0
//
// Prints a target's dictionary, in the form that both engines read (-dict=, -x): the words of the formats, and what
// means something in a request. Made from the same tables that the readers use, so it cannot fall behind.
//
//   fuzz_dictionary formats|ioctl
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "driver/protocol/rxagent_protocol.h"
#include "driver/protocol/rxprobe_protocol.h"
#include "harness/core/history.h"
#include "harness/core/program.h"
#include "harness/core/variants.h"
#include "harness/explore/themes.h"
#include "models/coverage.h"

namespace {

void print(const void* bytes, size_t size) {
  std::putchar('"');
  for (size_t i = 0; i < size; ++i) std::printf("\\x%02x", static_cast<const uint8_t*>(bytes)[i]);
  std::puts("\"");
}

template <typename T>
void number(T value) {
  print(&value, sizeof value);
}

void word(std::string_view text) {
  if (!text.empty() && text != "?") print(text.data(), text.size());
}

void wide(std::string_view text) {
  std::u16string both(text.begin(), text.end());
  print(both.data(), both.size() * 2);
}

void formats() {
  using namespace rxcheck;
  for (unsigned i = 0; i < kOpKinds; ++i) word(name_of(static_cast<OpKind>(i)));
  for (unsigned i = 0; i < 64; ++i) word(name_of(static_cast<EventKind>(i)));
  for (const char* text : {"rxp 1\n",
                           "rxh 1\n",
                           "surface mpr\n",
                           "events\n",
                           "end\n",
                           "connection ",
                           "switch ",
                           "pick ",
                           "expect ",
                           "from seed ",
                           "lowmemory ",
                           "variants ",
                           " -> ",
                           " hold",
                           " bare",
                           " dir",
                           " keep",
                           " sync",
                           " retry",
                           " cancelled",
                           " transport",
                           " nowait",
                           " user 2",
                           "effect",
                           "callout",
                           "value=1",
                           "a1.1",
                           "TRUE",
                           "FALSE",
                           "X:",
                           "\\\\server\\share",
                           "invoke",
                           ":ok",
                           ":fail",
                           ":info",
                           ":read",
                           ":write",
                           ":cas",
                           "nil"})
    word(text);
  for (const std::string& cell : models::names_of(models::reachable_cells())) word(cell);
  for (const char* text : {"\"cells\":", "[\"", "SQLite format 3", "CREATE TABLE ", " INTEGER", " TEXT", " BLOB"})
    word(text);
  number(RXAGENT_MAGIC);
  number(static_cast<uint16_t>(RXAGENT_VERSION));
  for (uint16_t kind = RxAgentAnswer; kind < RxAgentAnswer + 6; ++kind) number(kind);
}

void ioctl() {
  for (uint32_t n = 0; n < 48; ++n) number(RXPROBE_IOCTL(n));
  for (uint32_t bit = 0; bit < 16; ++bit) number(1u << bit);
  for (const uint32_t value : {RXPROBE_LEVEL_DROP_REFERENCE, RXPROBE_TAG_ROUTINE, 0xffffffffu}) number(value);
  for (const auto& row : rxcheck::explore::kRemotes)
    for (const auto& remote : row) wide(remote.remote);
  for (const char* name : {"\\;X:", "\\" RXPROBE_NOWHERE_SERVER, "\\" RXPROBE_BAD_SHARE, "\\" RXPROBE_LOCKED_SHARE,
                           "\\" RXPROBE_CONFLICT_SHARE, RXPROBE_DENIED_PATH, "\\" RXPROBE_DAEMON_SERVER, "\\file"})
    wide(name);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view target = argc == 2 ? argv[1] : "";
  if (target == "formats") return formats(), 0;
  if (target == "ioctl") return ioctl(), 0;
  std::fprintf(stderr, "usage: fuzz_dictionary formats|ioctl\n");
  return 64;
}
