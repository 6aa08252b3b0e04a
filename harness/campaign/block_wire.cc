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

void put(WireWriter& out, const models::CellSet& cells) {
  out.number(cells.count());
  for (unsigned i = 0; i < models::kCells; ++i)
    if (cells[i]) out.number(i);
}

void get(WireReader& in, models::CellSet& cells) {
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left)
    if (const uint64_t cell = in.number(); cell < models::kCells)
      cells.set(cell);
    else
      in.refuse();
}

void put(WireWriter& out, const DirectionReport& direction) {
  for (const uint64_t value : {direction.sketches, direction.hits, direction.turns}) out.number(value);
  put(out, direction.cells);
  put(out, direction.new_cells);
  out.number(direction.pairs.size());
  for (const auto& [sites, entry] : direction.pairs.sorted()) {
    out.number(sites.key());
    out.number(static_cast<uint64_t>(entry.forward) | static_cast<uint64_t>(entry.backward) << 1 |
               static_cast<uint64_t>(entry.turnable) << 2 | static_cast<uint64_t>(entry.forced) << 3 |
               static_cast<uint64_t>(entry.tries) << 8 | static_cast<uint64_t>(entry.runs) << 16);
  }
  out.number(direction.names.size());
  for (const auto& [site, name] : direction.names) {
    out.number(site);
    out.text(name);
  }
}

void get(WireReader& in, DirectionReport& direction) {
  for (uint64_t* value : {&direction.sketches, &direction.hits, &direction.turns}) *value = in.number();
  get(in, direction.cells);
  get(in, direction.new_cells);
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
    const uint64_t key = in.number();
    const uint64_t bits = in.number();
    const auto bit = [bits](unsigned i) { return (bits >> i & 1) != 0; };
    direction.pairs.put(
        {static_cast<Site>(key >> 32), static_cast<Site>(key)},
        {bit(0), bit(1), bit(2), bit(3), static_cast<uint8_t>(bits >> 8 & 0xff), static_cast<uint32_t>(bits >> 16)});
  }
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
    const auto site = static_cast<Site>(in.number());
    direction.names[site] = in.text();
  }
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
    out.text(occurrence.directed);
  }
  put(out, report.cells);
  put(out, report.direction);
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
    occurrence.directed = in.text();
    report.occurrences.push_back(std::move(occurrence));
  }
  get(in, report.cells);
  get(in, report.direction);
  get(in, report.pct);
  get(in, report.behaviours);
  if (!in.done()) return Error{"a worker's report is damaged", "", ""};
  return report;
}

}  // namespace rxcheck
