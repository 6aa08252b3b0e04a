// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "harness/core/random.h"
#include "harness/nt/driver_graph.h"

using namespace rxcheck;
using namespace rxcheck::nt;

namespace {

const std::string kFaulty = std::string(RXCHECK_BINARY_DIR) + "/driver/faulty/faulty.sys";

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct TemporaryFile {
  std::string path =
      (std::filesystem::temp_directory_path() / ("rxcheck-pe-" + std::to_string(getpid()) + ".sys")).string();
  explicit TemporaryFile(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  ~TemporaryFile() { std::filesystem::remove(path); }
};

std::string why(const std::string& bytes) {
  TemporaryFile file(bytes);
  auto image = PeImage::load(file.path);
  return image ? "" : image.error().message;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_driver_file_is_mapped_with_its_symbols) {
  auto image = PeImage::load(kFaulty);
  BOOST_REQUIRE(image.ok());
  BOOST_TEST((*image)->symbol_at((*image)->entry()).name == "DriverEntry");
  BOOST_TEST((*image)->is_code((*image)->entry()));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_pe_is_refused) {
  BOOST_TEST(why("hello") == "not a PE file: it does not begin with MZ");
}

BOOST_AUTO_TEST_CASE(a_file_for_another_machine_is_refused) {
  std::string bytes = read(kFaulty);
  const auto pe = static_cast<unsigned char>(bytes[0x3c]);
  bytes[pe + 4] = 0x4c;  // i386
  bytes[pe + 5] = 0x01;
  BOOST_TEST(why(bytes) == "not a PE32+ file for x86-64");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  auto image = PeImage::load("/nowhere/x.sys");
  BOOST_REQUIRE(!image.ok());
  BOOST_TEST(image.error().place == "/nowhere/x.sys");
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_refused_at_every_length) {
  const std::string bytes = read(kFaulty);
  for (size_t length = 0; length < 0x800; length += 7) BOOST_TEST(why(bytes.substr(0, length)) != "");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_or_mapped_but_never_faults) {
  const std::string bytes = read(kFaulty);
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = bytes;
    for (uint32_t n = 1 + random.below(8); n-- != 0;)
      damaged[random.below(random.chance(1, 2) ? 0x400 : static_cast<uint32_t>(bytes.size()))] =
          static_cast<char>(random.next());
    TemporaryFile file(damaged);
    auto image = PeImage::load(file.path);
    if (image.ok()) (*image)->symbol_at((*image)->entry());
  }
}

BOOST_AUTO_TEST_CASE(an_import_that_the_executive_does_not_have_is_named) {
  std::string bytes = read(kFaulty);
  const size_t at = bytes.find("KeBugCheckEx");
  BOOST_REQUIRE(at != std::string::npos);
  bytes.replace(at, 12, "KeNoSuchThin");
  TemporaryFile file(bytes);
  Executive executive;
  auto graph = DriverGraph::load({file.path}, executive, true, nullptr);
  BOOST_REQUIRE(!graph.ok());
  BOOST_TEST(graph.error().message == "it imports KeNoSuchThin from ntoskrnl.exe, which this executive does not have");
}
