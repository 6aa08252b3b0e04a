// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_store.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "harness/core/digest.h"

namespace rxcheck {

namespace {

constexpr uint64_t kFormat = 1;
constexpr const char* kFile = "run.db";
// A block is loose until it is folded into the tally.
constexpr const char* kTables =
    "CREATE TABLE run (format INTEGER, programs INTEGER, shard INTEGER, shards INTEGER, campaign TEXT, options TEXT, "
    "seal TEXT, elapsed_ms INTEGER, blocks INTEGER, loose INTEGER, findings INTEGER);"
    "CREATE TABLE blocks (block INTEGER PRIMARY KEY, digest TEXT NOT NULL, seal TEXT NOT NULL);"
    "CREATE TABLE loose (block INTEGER PRIMARY KEY, report BLOB NOT NULL, seal TEXT NOT NULL);"
    "CREATE TABLE tally (only INTEGER PRIMARY KEY CHECK (only = 1), content BLOB NOT NULL, seal TEXT NOT NULL);"
    "CREATE TABLE findings (fingerprint TEXT PRIMARY KEY, verdict TEXT NOT NULL, clause TEXT NOT NULL, summary TEXT "
    "NOT "
    "NULL, repro TEXT NOT NULL, operations INTEGER, actors INTEGER, switches INTEGER, seal TEXT NOT NULL);";

// A row that is lost leaves no trace of its own.
constexpr const char* kCountRows =
    "UPDATE run SET blocks = (SELECT count(*) FROM blocks), loose = (SELECT count(*) FROM loose), "
    "findings = (SELECT count(*) FROM findings)";
constexpr const char* kRowsAreThere =
    "SELECT blocks = (SELECT count(*) FROM blocks) AND loose = (SELECT count(*) FROM loose) AND findings = (SELECT "
    "count(*) FROM findings) AND (SELECT count(*) FROM tally) >= (blocks > loose) FROM run";

// SQLite does not notice a byte that has changed within a value.
std::string seal_of(std::string_view bytes) { return sha256_hex(bytes).substr(0, 16); }

std::string seal_of(uint64_t block, std::string_view digest) {
  WireWriter out;
  out.number(block);
  out.text(digest);
  return seal_of(out.take());
}

std::string seal_of(const RunHeader& header) {
  WireWriter out;
  for (const uint64_t value : {header.programs, uint64_t{header.shard}, uint64_t{header.shards}}) out.number(value);
  out.text(header.campaign);
  out.text(header.options);
  return seal_of(out.take());
}

std::string seal_of(const Finding& finding) {
  WireWriter out;
  for (const std::string& text :
       {finding.fingerprint, std::string(name_of(finding.verdict)), finding.clause, finding.summary, finding.repro})
    out.text(text);
  for (const unsigned value : {finding.operations, finding.actors, finding.switches}) out.number(value);
  return seal_of(out.take());
}

std::optional<Verdict> parse_finding_verdict(std::string_view name) {
  for (const Verdict verdict : {Verdict::divergent, Verdict::drift, Verdict::nondeterministic})
    if (name_of(verdict) == name) return verdict;
  return std::nullopt;
}

}  // namespace

Result<RunStore> RunStore::create(const std::string& folder, const RunHeader& header) {
  const std::string path = (std::filesystem::path(folder) / kFile).string();
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored))
    return Error{"there is a run store here already", path, "name a new folder"};
  auto store = begun(Database::open(path, true), header);
  if (store) return store;
  for (const char* part : {"", "-wal", "-journal"}) std::filesystem::remove(path + part, ignored);
  return store;
}

Result<RunStore> RunStore::create_in_memory(const RunHeader& header) { return begun(Database::in_memory(""), header); }

Result<RunStore> RunStore::begun(Result<Database> database, const RunHeader& header) {
  if (!database) return database.error();
  RunStore store(std::move(*database));
  store.header_ = header;
  const std::string seal = seal_of(header);
  Database& db = store.database_;
  // In one transaction: a store has a header, or it has not begun.
  if (!db.run("BEGIN IMMEDIATE") || !db.run(kTables) ||
      !db.prepare("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)")
           .with(kFormat)
           .with(header.programs)
           .with(uint64_t{header.shard})
           .with(uint64_t{header.shards})
           .with(header.campaign)
           .with(header.options)
           .with(seal)
           .run() ||
      !db.run("COMMIT"))
    return db.error();
  return store;
}

Result<RunStore> RunStore::open(const std::string& folder) {
  return read(Database::open((std::filesystem::path(folder) / kFile).string(), false));
}

Result<RunStore> RunStore::of_bytes(std::string_view bytes) { return read(Database::in_memory(bytes)); }

Result<RunStore> RunStore::read(Result<Database> database) {
  if (!database) return database.error();
  RunStore store(std::move(*database));
  Database& db = store.database_;
  auto tables = db.prepare("SELECT count(*) FROM sqlite_master");
  if (!tables.row()) return db.error();
  if (tables.number(0) == 0)
    return Error{"this run was ended before it began", db.path(), "remove the folder and begin anew"};
  auto run = db.prepare("SELECT format, programs, shard, shards, campaign, options, seal FROM run");
  if (!run.row()) return store.damaged("it does not say of what");
  if (run.number(0) != kFormat)
    return Error{"this run store has format " + std::to_string(run.number(0)), db.path(),
                 "use the version of rxcheck that made it"};
  if (!store.has_our_tables()) return store.damaged("it has other tables");
  RunHeader& header = store.header_;
  header.programs = run.number(1);
  header.shard = static_cast<unsigned>(run.number(2));
  header.shards = static_cast<unsigned>(run.number(3));
  header.campaign = run.bytes(4);
  header.options = run.bytes(5);
  if (run.bytes(6) != seal_of(header) || header.shard > header.shards)
    return store.damaged("what it is of has changed");
  return store;
}

// Only then what they say of uniqueness holds, and no rule of theirs is somebody else's.
bool RunStore::has_our_tables() {
  std::string all;
  auto tables = database_.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid");
  while (tables.row()) all += tables.bytes(0) + ";";
  return !tables.failed() && all == kTables;
}

Error RunStore::damaged(const std::string& what) const {
  return {"this run store is damaged (" + what + ")", database_.path(), "begin the run anew in another folder"};
}

Result<RunState> RunStore::load() {
  RunState state;
  auto time = database_.prepare("SELECT elapsed_ms FROM run");
  if (!time.row()) return damaged("it does not say of what");
  state.elapsed_ms = time.number(0);
  auto rows = database_.prepare(kRowsAreThere);
  if (!rows.row() || rows.number(0) != 1) return damaged("rows are missing");
  auto tally = database_.prepare("SELECT content, seal FROM tally");
  if (tally.row()) {
    const std::string content = tally.bytes(0);
    if (tally.bytes(1) != seal_of(content) || !read_content(content, state)) return damaged("its tally has changed");
  }
  loose_ = 0;
  auto loose = database_.prepare("SELECT block, report, seal FROM loose ORDER BY block");
  for (; loose.row(); ++loose_) {
    const std::string content = loose.bytes(1);
    const auto report = from_bytes(content);
    if (loose.bytes(2) != seal_of(content) || !report || report->block != loose.number(0))
      return damaged("block " + std::to_string(loose.number(0)) + " has changed");
    state.tally.merge(*report);
    for (const Occurrence& one : report->occurrences) state.meet(one.fingerprint, one.first, one.count);
  }
  if (tally.failed() || loose.failed()) return database_.error();
  auto findings = database_.prepare(
      "SELECT fingerprint, verdict, clause, summary, repro, operations, actors, switches, seal FROM findings");
  std::set<std::string> fingerprints;
  while (findings.row()) {
    Finding finding;
    finding.fingerprint = findings.bytes(0);
    const auto verdict = parse_finding_verdict(findings.bytes(1));
    finding.verdict = verdict.value_or(Verdict::divergent);
    finding.clause = findings.bytes(2);
    finding.summary = findings.bytes(3);
    finding.repro = findings.bytes(4);
    finding.operations = static_cast<unsigned>(findings.number(5));
    finding.actors = static_cast<unsigned>(findings.number(6));
    finding.switches = static_cast<unsigned>(findings.number(7));
    // A repro is a file of the folder: no path leads out of it.
    if (!verdict || findings.bytes(8) != seal_of(finding) || !state.met.contains(finding.fingerprint) ||
        std::filesystem::path(finding.repro).filename() != finding.repro ||
        !fingerprints.insert(finding.fingerprint).second)
      return damaged("a finding has changed");
    state.findings.push_back(std::move(finding));
  }
  if (findings.failed()) return database_.error();
  state.sort_findings();
  return state;
}

std::optional<Error> RunStore::each_block(const std::function<void(uint64_t, const std::string&)>& tell) {
  auto blocks = database_.prepare("SELECT block, digest, seal FROM blocks ORDER BY block");
  while (blocks.row()) {
    const std::string digest = blocks.bytes(1);
    if (blocks.bytes(2) != seal_of(blocks.number(0), digest))
      return damaged("block " + std::to_string(blocks.number(0)) + " has changed");
    tell(blocks.number(0), digest);
  }
  if (blocks.failed()) return database_.error();
  return std::nullopt;
}

void RunStore::add(const BlockReport& report, const RunState& state, std::span<const Finding> fresh) {
  if (failed_) return;
  const std::string content = to_bytes(report);
  const std::string seal = seal_of(content);
  const bool fold = loose_ + 1 >= kFoldEvery;
  bool written = database_.run("BEGIN IMMEDIATE") && write_block(report.block, report.digest);
  for (const Finding& finding : fresh) written = written && write_finding(finding);
  if (fold)
    written = written && write_tally(state);
  else
    written = written &&
              database_.prepare("INSERT INTO loose VALUES (?, ?, ?)").with(report.block).blob(content).with(seal).run();
  written = written && database_.prepare("UPDATE run SET elapsed_ms = ?").with(state.elapsed_ms).run() &&
            database_.run(kCountRows) && database_.run("COMMIT");
  if (!written) {
    failed_ = database_.error();
    database_.run("ROLLBACK");
    return;
  }
  loose_ = fold ? 0 : loose_ + 1;
}

std::optional<Error> RunStore::put_block(uint64_t block, const std::string& digest) {
  if (!write_block(block, digest)) return database_.error();
  return std::nullopt;
}

std::optional<Error> RunStore::begin() {
  if (!database_.run("BEGIN IMMEDIATE")) return database_.error();
  return std::nullopt;
}

std::optional<Error> RunStore::commit(const RunState& state) {
  for (const Finding& finding : state.findings)
    if (!write_finding(finding)) return database_.error();
  // Laid out anew: the file's bytes follow from what is in it, not from the order in which it came.
  if (!write_tally(state) || !database_.run(kCountRows) || !database_.run("COMMIT") || !database_.run("VACUUM"))
    return database_.error();
  database_.settle();
  return std::nullopt;
}

bool RunStore::write_block(uint64_t block, const std::string& digest) {
  const std::string seal = seal_of(block, digest);
  return database_.prepare("INSERT INTO blocks VALUES (?, ?, ?)").with(block).with(digest).with(seal).run();
}

bool RunStore::write_finding(Finding finding) {
  finding.repro = std::filesystem::path(finding.repro).filename().string();
  const std::string seal = seal_of(finding);
  return database_.prepare("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .with(finding.fingerprint)
      .with(name_of(finding.verdict))
      .with(finding.clause)
      .with(finding.summary)
      .with(finding.repro)
      .with(uint64_t{finding.operations})
      .with(uint64_t{finding.actors})
      .with(uint64_t{finding.switches})
      .with(seal)
      .run();
}

// All blocks so far, folded together.
bool RunStore::write_tally(const RunState& state) {
  const std::string content = content_of(state);
  const std::string seal = seal_of(content);
  return database_.prepare("INSERT OR REPLACE INTO tally VALUES (1, ?, ?)").blob(content).with(seal).run() &&
         database_.run("DELETE FROM loose");
}

bool RunStore::holds(uint64_t block) {
  auto found = database_.prepare("SELECT 1 FROM blocks WHERE block = ?");
  return found.with(block).row();
}

void RunStore::finish(const RunState& state) {
  if (failed_) return;
  if (!database_.run("BEGIN IMMEDIATE") || !write_tally(state) || !database_.run(kCountRows) ||
      !database_.run("COMMIT")) {
    failed_ = database_.error();
    database_.run("ROLLBACK");
    return;
  }
  loose_ = 0;
  database_.settle();
}

}  // namespace rxcheck
