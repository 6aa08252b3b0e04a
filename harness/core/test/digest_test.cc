// SPDX-License-Identifier: Apache-2.0
#include "harness/core/digest.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "harness/core/status.h"
#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(sha256_of_known_texts) {  // FIPS 180-4 examples
  BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(sha1_of_known_texts) {  // FIPS 180-4 examples
  BOOST_TEST(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  BOOST_TEST(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

BOOST_AUTO_TEST_CASE(words_are_little_endian_and_pieces_add_up) {
  std::vector<uint64_t> words;
  std::string bytes;
  for (uint64_t i = 0; i < 200; ++i) {
    words.push_back(i * 0x0123456789abcdefULL);
    for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(words.back() >> shift);
  }
  Sha256 digest;
  digest.update(words);
  BOOST_TEST(digest.hex() == sha256_hex(bytes));
  Sha256 pieces;
  pieces.update(std::string_view(bytes).substr(0, 7));
  pieces.update(std::string_view(bytes).substr(7));
  BOOST_TEST(pieces.hex() == sha256_hex(bytes));
}

BOOST_AUTO_TEST_CASE(files_digest_as_their_bytes) {
  const std::string path = "digest_test.tmp";
  const std::string bytes(100'000, 'x');
  BOOST_TEST(!write_text_file(path, bytes));
  BOOST_TEST(*sha256_of_file(path) == sha256_hex(bytes));
  std::remove(path.c_str());
  BOOST_TEST(sha256_of_file(path).error().place == path);
  BOOST_TEST(sha256_of_file(".").error().message == "the file cannot be read");
}

BOOST_AUTO_TEST_CASE(statuses_have_names) {
  BOOST_TEST(status::name_of(status::kFilesOpen) == "FILES_OPEN");
  BOOST_TEST(status::name_of(0xC0001234) == "0xC0001234");
  BOOST_TEST(status::parse("STATUS_FILES_OPEN").value() == status::kFilesOpen);
  BOOST_TEST(status::parse("0xc0000107").value() == status::kFilesOpen);
  for (const char* text : {"", "0x", "files_open", "0x1C0000107", "0xC000010G", "FILES"})
    BOOST_TEST(!status::parse(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
