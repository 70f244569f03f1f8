// kill -9 at moments of chance.
#include "tests/e2e/kills.h"

#include <iostream>

#include "gtest/gtest.h"

namespace satudata::e2e {
namespace {

class KillsTest : public testing::TestWithParam<int> {};

TEST_P(KillsTest, NothingIsLostAndNothingSentTwice) {
  const uint64_t seed = KillSeed();
  std::cout << "SATUDATA_KILL_SEED=" << seed << std::endl;
  Kills kills(seed);
  for (int i = 0; i < GetParam() && !testing::Test::HasFatalFailure(); ++i) kills.KillOnce();
  kills.ExpectAllIsWell();
}

INSTANTIATE_TEST_SUITE_P(Times, KillsTest, testing::Values(SATUDATA_KILLS),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace satudata::e2e
