// The delivery state machine over 10,000 random lives: small worlds of both profiles in which requests meet
// every fate, files change, deliveries supersede each other, runs are cancelled and the process dies. A life
// that breaks a promise prints its seed, which reproduces it.
#include <cstdint>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/sync/lane_model.h"

namespace satudata::sync {
namespace {

constexpr uint64_t kLives = 10'000;
// Lives beyond them that broke a promise once.
constexpr uint64_t kKept[] = {22242, 40053, 49082, 49711, 50200};
constexpr int kShown = 5;  // Broken lives that are told of before the test ends.

bool IsGoodLife(uint64_t seed) {
  LaneModel model(seed);
  const bool lived = model.Live();
  EXPECT_THAT(model.broken(), testing::IsEmpty()) << "seed " << seed;
  EXPECT_TRUE(lived) << "seed " << seed << ": not all is final after a month";
  return lived && model.broken().empty();
}

TEST(LanePropertyTest, KeepsItsPromisesOverManyRandomLives) {
  int broken = 0;
  for (uint64_t seed = 1; seed <= kLives && broken < kShown; ++seed) broken += IsGoodLife(seed) ? 0 : 1;
}

TEST(LanePropertyTest, KeepsItsPromisesWhereItOnceBrokeThem) {
  for (const uint64_t seed : kKept) IsGoodLife(seed);
}

}  // namespace
}  // namespace satudata::sync
