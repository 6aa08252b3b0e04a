// SPDX-License-Identifier: Apache-2.0
//
// Stores that somebody else has made: SQLite reads them well, and their seals are right.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "harness/campaign/database.h"
#include "harness/campaign/run_store.h"
#include "harness/campaign/wire.h"
#include "harness/core/digest.h"

namespace rxcheck {
namespace {

Finding finding(const std::string& repro) {
  Finding finding;
  finding.fingerprint = "C2 view";
  finding.clause = "C2";
  finding.summary = "so";
  finding.repro = repro;
  return finding;
}

RunState state_of(const std::vector<Finding>& findings) {
  RunState state;
  for (const Finding& one : findings) state.meet(one.fingerprint, {3, 1}, 2);
  state.findings = findings;
  return state;
}

// A store with this finding, made as `merge` makes one, and its bytes.
std::string store_with(const std::vector<Finding>& findings) {
  auto store = RunStore::create_in_memory({2048, 1, 1, "it", "so"});
  BOOST_REQUIRE(store.ok());
  BOOST_REQUIRE(!store->begin());
  BOOST_REQUIRE(!store->put_block(0, "digest"));
  BOOST_REQUIRE(!store->commit(state_of(findings)));
  return store->bytes();
}

// The same after somebody has run this SQL on it.
std::string changed(const std::string& bytes, const std::string& sql) {
  auto database = Database::in_memory(bytes);
  BOOST_REQUIRE(database.ok());
  BOOST_REQUIRE(database->run(sql.c_str()));
  return database->bytes();
}

// As run_store.cc seals a finding.
std::string seal_of(const Finding& finding) {
  WireWriter out;
  for (const std::string& text :
       {finding.fingerprint, std::string(name_of(finding.verdict)), finding.clause, finding.summary, finding.repro})
    out.text(text);
  for (int i = 0; i < 3; ++i) out.number(0);
  return sha256_hex(out.take()).substr(0, 16);
}

std::string why_refused(const std::string& bytes) {
  auto store = RunStore::of_bytes(bytes);
  if (!store) return store.error().message;
  const auto state = store->load();
  return state ? "" : state.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_store_trust_suite)

BOOST_AUTO_TEST_CASE(a_store_in_memory_says_what_its_bytes_say) {
  const std::string bytes = store_with({finding("C2-0.rxp")});
  auto store = RunStore::of_bytes(bytes);
  BOOST_REQUIRE(store.ok());
  BOOST_TEST(store->header().campaign == "it");
  const auto state = store->load();
  BOOST_REQUIRE(state.ok());
  BOOST_REQUIRE(state->findings.size() == 1U);
  BOOST_TEST(state->findings[0].repro == "C2-0.rxp");
  BOOST_TEST(state->met.at("C2 view").count == 2U);
  BOOST_TEST(store->holds(0));
  BOOST_TEST(bytes.size() < 8192U);
}

BOOST_AUTO_TEST_CASE(a_repro_is_a_file_of_the_folder) {
  for (const char* repro : {"../C2-0.rxp", "/etc/passwd", "x/C2-0.rxp"}) {
    const Finding elsewhere = finding(repro);
    const std::string sql =
        "UPDATE findings SET repro = '" + elsewhere.repro + "', seal = '" + seal_of(elsewhere) + "'";
    BOOST_TEST(why_refused(changed(store_with({finding("C2-0.rxp")}), sql)) ==
               "this run store is damaged (a finding has changed)");
  }
  // It is the path that is refused, not the seal.
  const Finding renamed = finding("C2-1.rxp");
  const std::string sql = "UPDATE findings SET repro = '" + renamed.repro + "', seal = '" + seal_of(renamed) + "'";
  BOOST_TEST(why_refused(changed(store_with({finding("C2-0.rxp")}), sql)) == "");
}

BOOST_AUTO_TEST_CASE(a_store_with_tables_of_somebody_elses_is_refused) {
  for (const char* sql :
       {"CREATE TABLE more (it)", "CREATE INDEX more ON blocks (digest)", "CREATE VIEW more AS SELECT 1",
        "DROP TABLE loose", "CREATE TRIGGER more AFTER INSERT ON blocks BEGIN DELETE FROM findings; END"})
    BOOST_TEST(why_refused(changed(store_with({}), sql)) == "this run store is damaged (it has other tables)", sql);
}

BOOST_AUTO_TEST_CASE(a_view_in_the_place_of_a_table_is_not_asked) {
  const std::string bytes =
      changed(store_with({}),
              "DROP TABLE run; CREATE VIEW run AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
              "SELECT n AS format, 1 AS programs, 1 AS shard, 1 AS shards, '' AS campaign, '' AS options, '' AS "
              "seal FROM c WHERE n < 0");
  BOOST_TEST(why_refused(bytes) == "this run store is damaged (it does not say of what)");
}

BOOST_AUTO_TEST_CASE(a_sample_that_is_thinned_more_often_than_a_hash_has_bits_is_refused) {
  const Tally empty;
  std::string bytes = to_bytes(empty);
  BOOST_REQUIRE(tally_from_bytes(bytes).ok());
  char& thinned = bytes[bytes.size() - 16];  // the last three numbers are trials, thinned, entries
  thinned = 63;
  BOOST_TEST(tally_from_bytes(bytes).ok());
  thinned = 64;
  BOOST_TEST(!tally_from_bytes(bytes).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
