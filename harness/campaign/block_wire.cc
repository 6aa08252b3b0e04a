// SPDX-License-Identifier: Apache-2.0
//
// Block reports as bytes: the fields in order.
#include "harness/campaign/block.h"
#include "harness/campaign/wire.h"

namespace rxcheck {

namespace {

void put(WireWriter& out, const PctTally& pct) {
  out.number(pct.schedules);
  out.number(pct.overran);
  for (const PctTally::Depth& depth : pct.depths) {
    out.number(depth.programs);
    out.number(depth.log_miss);
    out.number(depth.bins.size());
    for (const auto& [bin, count] : depth.bins) {
      out.number(bin);
      out.number(count);
    }
  }
}

void get(WireReader& in, PctTally& pct) {
  pct.schedules = in.number();
  pct.overran = in.number();
  for (PctTally::Depth& depth : pct.depths) {
    depth.programs = in.number();
    depth.log_miss = in.number();
    for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
      const auto bin = static_cast<uint16_t>(in.number());
      depth.bins[bin] = in.number();
    }
  }
}

void put(WireWriter& out, const BehaviourSample& sample) {
  const auto entries = sample.entries();
  out.number(sample.trials());
  out.number(sample.thinned());
  out.number(entries.size());
  for (const auto& entry : entries) {
    out.number(entry.hash);
    out.number(entry.first);
    out.number(entry.trials);
  }
}

void get(WireReader& in, BehaviourSample& sample) {
  const uint64_t trials = in.number();
  const auto thinned = static_cast<unsigned>(in.number());
  std::vector<BehaviourSample::Entry> entries;
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
    BehaviourSample::Entry entry;
    entry.hash = in.number();
    entry.first = in.number();
    entry.trials = static_cast<uint32_t>(in.number());
    if (entry.trials != 0) entries.push_back(entry);
  }
  sample = BehaviourSample::from_parts(trials, thinned, entries);
}

}  // namespace

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
  put(out, report.pct);
  put(out, report.behaviours);
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
  get(in, report.pct);
  get(in, report.behaviours);
  if (!in.done()) return Error{"a worker's report is damaged", "", ""};
  return report;
}

}  // namespace rxcheck
