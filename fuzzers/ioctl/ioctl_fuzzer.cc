// SPDX-License-Identifier: Apache-2.0
//
// The entry of both engines: bytes are raw requests (requests.h) to the drivers in process, before the executive. The
// drivers count their edges and tell their comparisons; a request's code with what became of it is behaviour. A rule
// that is broken ends the process.
//
// RXCHECK_DRIVERS: a folder with rxrdbss.sys and rxprobe.sys; by default `compare-driver` beside the executable.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "fuzzers/engine/feedback.h"
#include "fuzzers/ioctl/raw_session.h"
#include "harness/targets/inproc.h"

namespace rxcheck::fuzz {
namespace {

std::unique_ptr<RawSession>& session() {
  static std::unique_ptr<RawSession> session;
  return session;
}

void set_up() {
  const char* chosen = std::getenv("RXCHECK_DRIVERS");
  const std::string folder = chosen != nullptr ? chosen : beside_executable("compare-driver");
  auto loaded = RawSession::load({folder + "/rxrdbss.sys", folder + "/rxprobe.sys"});
  if (!loaded) {
    std::fprintf(stderr, "ioctl_fuzzer: %s\n", loaded.error().text().c_str());
    std::exit(1);
  }
  session() = std::move(*loaded);
  if (watch_drivers(session()->exports_named("RxCoverage"), session()->exports_named("RxCompared")) != 0) return;
  std::fprintf(stderr, "ioctl_fuzzer: the drivers in %s count no edges; build them with the preset fuzz\n",
               folder.c_str());
  std::exit(1);
}

}  // namespace
}  // namespace rxcheck::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerInitialize(int*, char***) {
  rxcheck::fuzz::set_up();
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rxcheck::fuzz;
  begin_run();
  const auto broken = session()->run(decode_requests(std::span(data, size)));
  for (const RawSession::Answer& answer : session()->answers())
    met(uint64_t{is_known(answer.code) ? answer.code : 0} << 32 | answer.status);
  end_run();
  if (!broken) return 0;
  std::fprintf(stderr, "ioctl_fuzzer: %s: %s: %s\n", broken->rule.c_str(), broken->object.c_str(),
               broken->text.c_str());
  std::abort();
}
