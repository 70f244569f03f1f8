#include "server/base/random.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"

namespace satudata::base {
namespace {

// 8-4-4-4-12 lower-case hex digits, the given version, the RFC's variant.
void ExpectUuid(const std::string& uuid, char version) {
  ASSERT_EQ(uuid.size(), 36U);
  for (size_t i = 0; i < uuid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash) {
      EXPECT_EQ(uuid[i], '-');
    } else {
      EXPECT_TRUE(absl::ascii_isxdigit(uuid[i]) && !absl::ascii_isupper(uuid[i])) << uuid;
    }
  }
  EXPECT_EQ(uuid[14], version) << uuid;
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
}

TEST(NewUuid, HasTheFormOfVersionFour) {
  for (int i = 0; i < 100; ++i) ExpectUuid(NewUuid(), '4');
}

TEST(NewUuid, IsNewEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) seen.insert(NewUuid());
  EXPECT_EQ(seen.size(), 10000U);
}

TEST(NewTimeOrderedUuid, HasTheFormOfVersionSeven) {
  for (int i = 0; i < 100; ++i) ExpectUuid(NewTimeOrderedUuid(1704067200000), '7');
}

TEST(NewTimeOrderedUuid, BeginsWithTheTime) {
  EXPECT_EQ(NewTimeOrderedUuid(0x018cc251f400).substr(0, 13), "018cc251-f400");
}

TEST(NewTimeOrderedUuid, SortsByTime) {
  std::string last = NewTimeOrderedUuid(1);
  for (int64_t millis : {2LL, 255LL, 256LL, 65536LL, 1704067200000LL, 1704067200001LL, 4102444800000LL}) {
    const std::string next = NewTimeOrderedUuid(millis);
    EXPECT_LT(last, next);
    last = next;
  }
}

TEST(NewTimeOrderedUuid, GoesOnAfterWhatAnotherProcessMade) {
  const std::string stored = "0fffffff-ffff-7123-8000-000000000000";
  StartTimeOrderedUuidsAfter(stored);
  const std::string next = NewTimeOrderedUuid(1704067200000LL);
  EXPECT_LT(stored, next);
  EXPECT_EQ(next.substr(0, 18), "0fffffff-ffff-7124");
  for (const char* other :
       {"", "run-1", "ffffffff-ffff-4fff-8fff-ffffffffffff", "zzzzzzzz-zzzz-7zzz-8000-000000000000"}) {
    StartTimeOrderedUuidsAfter(other);
  }
  EXPECT_EQ(NewTimeOrderedUuid(1704067200000LL).substr(0, 18), "0fffffff-ffff-7125");
}

TEST(SeededUniform, RepeatsItselfForASeed) {
  const Uniform first = SeededUniform(7);
  const Uniform second = SeededUniform(7);
  const Uniform other = SeededUniform(8);
  int differing = 0;
  for (int i = 0; i < 100; ++i) {
    const double value = first();
    EXPECT_EQ(value, second());
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
    differing += value == other() ? 0 : 1;
  }
  EXPECT_GT(differing, 90);
}

TEST(RandomBytes, GivesTheSizeAskedFor) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(33).size(), 33U);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

}  // namespace
}  // namespace satudata::base
