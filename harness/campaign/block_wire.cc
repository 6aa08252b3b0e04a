// SPDX-License-Identifier: Apache-2.0
//
// Block reports as bytes: the fields in order.
#include "harness/campaign/block.h"
#include "harness/campaign/wire.h"

namespace rxcheck {

std::string to_bytes(const BlockReport& report) {
  WireWriter out;
  out.number(report.block);
  put(out, static_cast<const Tally&>(report));
  out.text(report.lab_message);
  out.text(report.digest);
  out.number(report.occurrences.size());
  for (const Occurrence& occurrence : report.occurrences) {
    out.text(occurrence.fingerprint);
    out.number(static_cast<uint64_t>(occurrence.verdict));
    out.number(occurrence.first.program);
    out.number(occurrence.first.schedule);
    out.number(occurrence.count);
    out.text(occurrence.directed);
  }
  return out.take();
}

Result<BlockReport> from_bytes(std::string_view bytes) {
  WireReader in(bytes);
  BlockReport report;
  report.block = in.number();
  get(in, static_cast<Tally&>(report));
  report.lab_message = in.text();
  report.digest = in.text();
  const uint64_t occurrences = in.number();
  for (uint64_t i = 0; i < occurrences && in.ok(); ++i) {
    Occurrence occurrence;
    occurrence.fingerprint = in.text();
    occurrence.verdict = static_cast<Verdict>(in.number());
    occurrence.first.program = in.number();
    occurrence.first.schedule = static_cast<uint32_t>(in.number());
    occurrence.count = in.number();
    occurrence.directed = in.text();
    report.occurrences.push_back(std::move(occurrence));
  }
  if (!in.done()) return Error{"a worker's report is damaged", "", ""};
  return report;
}

}  // namespace rxcheck
