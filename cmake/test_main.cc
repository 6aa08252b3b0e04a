// SPDX-License-Identifier: Apache-2.0
//
// Boost.Test's main, except that processor faults are left to the code under test: the executive turns those of a
// driver into a verdict.
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>
#include <cstdlib>

int main(int argc, char** argv) {
  setenv("BOOST_TEST_CATCH_SYSTEM_ERRORS", "no", 1);
  return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
