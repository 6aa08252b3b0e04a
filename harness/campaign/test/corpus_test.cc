// SPDX-License-Identifier: Apache-2.0
//
// Corpora on disk, with the shadow target: taking, minimising, and what is never dropped.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "harness/campaign/corpus_survey.h"
#include "harness/core/text_file.h"
#include "harness/judge/model_version.h"
#include "harness/targets/shadow.h"

namespace rxcheck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConnect = "connection X: \\\\server\\share\n1 connect X:\n";
constexpr const char* kMore = "connection X: \\\\server\\share\n1 connect X:\n1 connect X:\n2 list X:\n";
constexpr const char* kDelete = "connection X: \\\\server\\share\n1 connect X:\n1 disconnect X: FALSE\n";
constexpr const char* kWrong = "connection X: \\\\server\\share\n1 connect X:\n1 disconnect X: TRUE => FILES_OPEN\n";

struct Corpus {
  Corpus() {
    std::string pattern = (fs::temp_directory_path() / "rxcheck-corpus-XXXXXX").string();
    path = mkdtemp(pattern.data());
    judge.watch_transitions(true);
  }
  ~Corpus() { fs::remove_all(path); }
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  void write(const std::string& name, const std::string& text) {
    BOOST_REQUIRE(!write_text_file((fs::path(path) / name).string(), text));
  }
  std::string text_of(const std::string& name) const {
    const auto text = read_text_file((fs::path(path) / name).string(), 1 << 20);
    return text.ok() ? *text : "";
  }
  CorpusFolder folder() const {
    auto opened = CorpusFolder::open(path);
    BOOST_REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().text()));
    return std::move(*opened);
  }
  CorpusWorkshop workshop() { return {*target, judge, model_digest()}; }
  Minimised minimised(bool update = false) {
    CorpusFolder opened = folder();
    looked = survey(opened, workshop());
    auto result = minimise(opened, looked, model_digest(), update);
    BOOST_REQUIRE(result.ok());
    return *result;
  }
  Taking taken(std::vector<Offer> offers) {
    CorpusFolder opened = folder();
    looked = survey(opened, workshop());
    auto result = take_into(opened, looked.shown, std::move(offers), workshop());
    BOOST_REQUIRE(result.ok());
    return *result;
  }
  std::string names() const {
    std::string all;
    const CorpusFolder opened = folder();
    for (const CorpusFile& file : opened.files()) all += file.name + " ";
    return all;
  }

  std::string path;
  std::unique_ptr<Target> target = make_shadow_target();
  Judge judge;
  Survey looked;
};

Offer offer_of(const std::string& lines) {
  auto file = parse_program("rxp 1\n" + lines + "end\n", "test.rxp");
  BOOST_REQUIRE(file.ok());
  return {"test", corpus_file_of(*file)};
}

BOOST_AUTO_TEST_SUITE(corpus)

BOOST_AUTO_TEST_CASE(what_is_taken_shows_something_new_and_is_stamped_with_what_it_means) {
  Corpus corpus;
  const Taking first = corpus.taken({offer_of(kConnect), offer_of(kMore), offer_of(kConnect)});
  BOOST_TEST(first.there == 1U);
  BOOST_TEST(first.taken.size() + first.spared == 2U);
  BOOST_REQUIRE(!first.taken.empty());
  BOOST_TEST(corpus.text_of(first.taken[0].name).ends_with("stored " + model_digest() + "\nexpect clean\nend\n"));
  const Taking second = corpus.taken({offer_of(kConnect), offer_of(kMore)});
  BOOST_TEST(second.taken.empty());
  BOOST_TEST(corpus.taken({offer_of(kDelete)}).taken.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_order_of_an_offer_does_not_matter) {
  Corpus one, other;
  one.taken({offer_of(kConnect), offer_of(kMore), offer_of(kDelete)});
  other.taken({offer_of(kDelete), offer_of(kMore), offer_of(kConnect)});
  BOOST_TEST(one.names() == other.names());
}

BOOST_AUTO_TEST_CASE(minimising_twice_changes_nothing_more) {
  Corpus corpus;
  corpus.write("one.rxp", std::string("rxp 1\n") + kConnect + "end\n");
  corpus.write("same.rxp", std::string("rxp 1\n# a comment\n") + kConnect + "end\n");
  corpus.write("delete.rxp", std::string("rxp 1\n# why\n") + kDelete + "end\n");
  const Minimised first = corpus.minimised();
  BOOST_TEST(!first.removed.empty());
  BOOST_TEST(corpus.text_of("delete.rxp").starts_with("rxp 2\n# why\nconnection X:"));
  const std::string names = corpus.names();
  const std::string text = corpus.text_of("delete.rxp");
  const Minimised second = corpus.minimised();
  BOOST_TEST(second.removed.empty());
  BOOST_TEST(second.stamped == 0U);
  BOOST_TEST(corpus.names() == names);
  BOOST_TEST(corpus.text_of("delete.rxp") == text);
}

BOOST_AUTO_TEST_CASE(a_regression_and_results_that_somebody_wrote_down_are_never_dropped) {
  Corpus corpus;
  const std::string stamp = "stored " + model_digest();
  corpus.write("all.rxp", std::string("rxp 2\n") + kConnect + stamp + "\nexpect clean\nend\n");
  corpus.write("kept.rxp", std::string("rxp 2\n# longer\n") + kConnect + stamp + " regression\nexpect clean\nend\n");
  corpus.write("told.rxp", "rxp 1\nconnection X: \\\\server\\share\n1 connect X: => SUCCESS\nend\n");
  corpus.minimised();
  BOOST_TEST(corpus.names() == "kept.rxp told.rxp ");
}

BOOST_AUTO_TEST_CASE(a_file_that_means_something_else_is_told_and_left_as_it_is_until_it_is_updated) {
  Corpus corpus;
  const std::string text = std::string("rxp 2\n") + kWrong + "stored 0123456789ab\nexpect clean\nend\n";
  corpus.write("was-clean.rxp", text);
  corpus.minimised();
  BOOST_REQUIRE(corpus.looked.changed.size() == 1U);
  BOOST_TEST(corpus.looked.changed[0].file == "was-clean.rxp");
  BOOST_TEST(corpus.looked.changed[0].text.starts_with("was clean, is divergent expectation"));
  BOOST_TEST(corpus.looked.changed[0].text.ends_with(", under models 0123456789ab, now " + model_digest()));
  BOOST_TEST(corpus.text_of("was-clean.rxp") == text);
  corpus.minimised(true);
  BOOST_TEST(corpus.text_of("was-clean.rxp").find("expect divergent expectation \"") != std::string::npos);
  corpus.minimised();
  BOOST_TEST(corpus.looked.changed.empty());
}

BOOST_AUTO_TEST_CASE(what_diverges_is_taken_only_as_a_regression) {
  Corpus corpus;
  Offer offer = offer_of(kWrong);
  BOOST_TEST(corpus.taken({offer}).diverge.size() == 1U);
  BOOST_TEST(corpus.names() == "");
  offer.file.program.stored = Stored{"", Keeping::regression};
  BOOST_TEST(corpus.taken({offer}).taken.size() == 1U);
  BOOST_TEST(corpus.folder().files().at(0).program.expectation->verdict == "divergent");
}

BOOST_AUTO_TEST_CASE(a_regression_is_merged_as_it_is_even_if_it_means_something_else_now) {
  Corpus from, into;
  const std::string text =
      std::string("rxp 2\n") + kConnect + "stored 0123456789ab regression\nexpect divergent C2\nend\n";
  from.write("c02.rxp", text);
  into.write("c02.rxp", std::string("rxp 1\n") + kMore + "end\n");
  const CorpusFolder folder = from.folder();
  const Taking taking = into.taken({{"from", folder.files().at(0)}});
  BOOST_TEST(taking.changed.size() == 1U);
  BOOST_REQUIRE(taking.taken.size() == 1U);
  BOOST_TEST(taking.taken[0].name != "c02.rxp");
  BOOST_TEST(into.text_of(taking.taken[0].name) == text);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_is_not_taken_and_not_dropped) {
  Corpus corpus;
  const std::string lost = std::string("rxp 1\n") + kConnect + "switch a1.1 F call G #1 -> a2\nend\n";
  corpus.write("lost.rxp", lost);
  corpus.write("one.rxp", std::string("rxp 1\n") + kConnect + "end\n");
  corpus.minimised();
  BOOST_TEST(corpus.looked.unproven.size() == 1U);
  BOOST_TEST(corpus.text_of("lost.rxp") == lost);
}

BOOST_AUTO_TEST_CASE(known_files_do_not_stand_among_others_and_what_a_killed_writer_left_is_no_file) {
  Corpus corpus;
  corpus.write("one.rxp", std::string("rxp 1\n") + kConnect + "end\n");
  corpus.write("half.rxp.tmp", "rxp 1\nconn");
  BOOST_TEST(corpus.names() == "one.rxp ");
  corpus.write("known.rxp", std::string("rxp 2\n") + kDelete + "stored 0123456789ab known\nexpect divergent C2\nend\n");
  const auto mixed = CorpusFolder::open(corpus.path);
  BOOST_REQUIRE(!mixed.ok());
  BOOST_TEST(mixed.error().text().find("apart") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
