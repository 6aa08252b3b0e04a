// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_cover.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

namespace rxcheck {
namespace {

struct Named {
  std::string digest;
  size_t bytes;
  Behaviours behaviours;
  bool always = false;
};

// The digests of what is kept, sorted.
std::string kept(std::vector<Named> files, const Behaviours& shown = {}) {
  std::vector<CoverItem> items;
  for (const Named& file : files) items.push_back({file.bytes, file.digest, &file.behaviours, file.always});
  const std::vector<bool> keeps = cover(items, shown);
  std::vector<std::string> digests;
  for (size_t i = 0; i < files.size(); ++i)
    if (keeps[i]) digests.push_back(files[i].digest);
  std::ranges::sort(digests);
  std::string text;
  for (const std::string& digest : digests) text += digest;
  return text;
}

BOOST_AUTO_TEST_SUITE(corpus_cover)

BOOST_AUTO_TEST_CASE(of_two_files_that_show_the_same_the_smaller_stays) {
  BOOST_TEST(kept({{"a", 20, {1, 2}}, {"b", 10, {1, 2}}}) == "b");
}

BOOST_AUTO_TEST_CASE(of_two_files_of_one_size_the_digest_decides) {
  BOOST_TEST(kept({{"b", 10, {1}}, {"a", 10, {1}}}) == "a");
}

BOOST_AUTO_TEST_CASE(a_small_file_goes_if_larger_ones_that_are_needed_show_it_too) {
  BOOST_TEST(kept({{"a", 10, {1}}, {"b", 20, {1, 2}}}) == "b");
}

BOOST_AUTO_TEST_CASE(what_was_shown_before_needs_no_file) {
  BOOST_TEST(kept({{"a", 10, {1}}, {"b", 20, {1, 2}}}, {2}) == "a");
  BOOST_TEST(kept({{"a", 10, {1}}, {"b", 20, {2}}}, {1, 2}) == "");
}

BOOST_AUTO_TEST_CASE(what_is_to_be_kept_is_kept_and_its_behaviours_count) {
  BOOST_TEST(kept({{"a", 10, {1}}, {"b", 90, {1}, true}, {"c", 50, {}, true}}) == "bc");
}

BOOST_AUTO_TEST_CASE(the_order_of_the_files_does_not_matter_and_all_that_is_kept_is_kept_again) {
  std::vector<Named> files = {{"a", 3, {1, 2, 3}}, {"b", 2, {2, 3}}, {"c", 2, {1, 4}}, {"d", 9, {4, 5, 6}},
                              {"e", 1, {6}},       {"f", 4, {2, 7}}, {"g", 4, {7}}};
  const std::string first = kept(files);
  for (unsigned i = 0; i < 50; ++i) {
    std::ranges::next_permutation(files, {}, &Named::digest);
    BOOST_TEST(kept(files) == first);
  }
  std::erase_if(files, [&](const Named& file) { return first.find(file.digest) == std::string::npos; });
  BOOST_TEST(kept(files) == first);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
