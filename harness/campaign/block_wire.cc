// SPDX-License-Identifier: Apache-2.0
//
// Block reports as bytes: the fields in order.
#include "harness/campaign/block.h"
#include "harness/campaign/wire.h"

namespace rxcheck {

std::string to_bytes(const BlockReport& report) {
  WireWriter out;
  for (const uint64_t value : {report.block, report.programs, report.schedules, report.distinct_schedules,
                               report.operations, report.drift, report.lab_faults})
    out.number(value);
  out.text(report.lab_message);
  out.text(report.digest);
  out.number(report.occurrences.size());
  for (const Occurrence& occurrence : report.occurrences) {
    out.text(occurrence.fingerprint);
    out.number(static_cast<uint64_t>(occurrence.verdict));
    out.number(occurrence.first.program);
    out.number(occurrence.first.schedule);
    out.number(occurrence.count);
  }
  out.number(report.cells.count());
  for (unsigned i = 0; i < models::kCells; ++i)
    if (report.cells[i]) out.number(i);
  return out.take();
}

Result<BlockReport> from_bytes(std::string_view bytes) {
  WireReader in(bytes);
  BlockReport report;
  for (uint64_t* value : {&report.block, &report.programs, &report.schedules, &report.distinct_schedules,
                          &report.operations, &report.drift, &report.lab_faults})
    *value = in.number();
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
    report.occurrences.push_back(std::move(occurrence));
  }
  const uint64_t cells = in.number();
  for (uint64_t i = 0; i < cells && in.ok(); ++i) {
    const uint64_t cell = in.number();
    if (cell >= models::kCells) return Error{"a worker's report is damaged", "", ""};
    report.cells.set(cell);
  }
  if (!in.done()) return Error{"a worker's report is damaged", "", ""};
  return report;
}

}  // namespace rxcheck
