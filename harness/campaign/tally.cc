// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/tally.h"

#include <vector>

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
  const uint64_t thinned = in.number();
  if (thinned > BehaviourSample::kMostThinned) in.refuse();
  std::vector<BehaviourSample::Entry> entries;
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
    BehaviourSample::Entry entry;
    entry.hash = in.number();
    entry.first = in.number();
    entry.trials = static_cast<uint32_t>(in.number());
    if (entry.trials != 0) entries.push_back(entry);
  }
  if (!in.ok()) return;
  sample = BehaviourSample::from_parts(trials, static_cast<unsigned>(thinned), entries);
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

void Tally::merge(const Tally& other) {
  programs += other.programs;
  schedules += other.schedules;
  distinct_schedules += other.distinct_schedules;
  operations += other.operations;
  drift += other.drift;
  lab_faults += other.lab_faults;
  cells |= other.cells;
  pct.merge(other.pct);
  behaviours.merge(other.behaviours);
  direction.merge(other.direction);
}

void put(WireWriter& out, const Tally& tally) {
  for (const uint64_t value :
       {tally.programs, tally.schedules, tally.distinct_schedules, tally.operations, tally.drift, tally.lab_faults})
    out.number(value);
  put(out, tally.cells);
  put(out, tally.direction);
  put(out, tally.pct);
  put(out, tally.behaviours);
}

void get(WireReader& in, Tally& tally) {
  for (uint64_t* value : {&tally.programs, &tally.schedules, &tally.distinct_schedules, &tally.operations, &tally.drift,
                          &tally.lab_faults})
    *value = in.number();
  get(in, tally.cells);
  get(in, tally.direction);
  get(in, tally.pct);
  get(in, tally.behaviours);
}

std::string to_bytes(const Tally& tally) {
  WireWriter out;
  put(out, tally);
  return out.take();
}

Result<Tally> tally_from_bytes(std::string_view bytes) {
  WireReader in(bytes);
  Tally tally;
  get(in, tally);
  if (!in.done()) return Error{"this tally is damaged", "", ""};
  return tally;
}

}  // namespace rxcheck
