#include "server/access/password.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::access {
namespace {

using testing::StartsWith;

std::string Hash(absl::string_view password) {
  const absl::StatusOr<std::string> hash = HashPassword(password);
  EXPECT_TRUE(hash.ok()) << hash.status();
  return hash.value_or("");
}

// The quickest of some: what is slow by chance does not count.
std::chrono::microseconds TimeOf(absl::string_view hash) {
  auto best = std::chrono::microseconds::max();
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(IsPasswordOf(hash, "bukan kata sandinya"));
    best = std::min(best, std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::steady_clock::now() - start));
  }
  return best;
}

TEST(Password, IsKnownByItsHashAlone) {
  const std::string hash = Hash("padi jagung kedelai");
  EXPECT_TRUE(IsPasswordOf(hash, "padi jagung kedelai"));
  for (const char* wrong : {"", "padi jagung kedela", "padi jagung kedelai ", "Padi jagung kedelai"}) {
    EXPECT_FALSE(IsPasswordOf(hash, wrong)) << wrong;
  }
}

TEST(Password, IsHashedWithItsOwnSaltByYescrypt) {
  const std::string hash = Hash("padi jagung kedelai");
  EXPECT_THAT(hash, StartsWith("$y$j9T$"));
  EXPECT_NE(hash, Hash("padi jagung kedelai"));
}

TEST(Password, CountsToItsLastByte) {
  const std::string longest(kMaxPasswordBytes, 'x');
  std::string other = longest;
  other.back() = 'y';
  const std::string hash = Hash(longest);
  EXPECT_TRUE(IsPasswordOf(hash, longest));
  EXPECT_FALSE(IsPasswordOf(hash, other));
  const std::string umlauts = "s\xc3\xa4ndi \xf0\x9f\x94\x91 rahasia";
  EXPECT_TRUE(IsPasswordOf(Hash(umlauts), umlauts));
}

TEST(Password, OneThatIsTooLongIsNotHashed) {
  EXPECT_FALSE(HashPassword(std::string(kMaxPasswordBytes + 1, 'x')).ok());
  EXPECT_FALSE(IsPasswordOf(Hash("padi jagung kedelai"), std::string(kMaxPasswordBytes + 1, 'x')));
}

// Whatever somebody wrote into the database: it lets nobody in.
TEST(Password, NothingElseIsAHash) {
  const std::string good = Hash("padi jagung kedelai");
  std::vector<std::string> bad = {"",
                                  "*",
                                  "*0",
                                  "*1",
                                  "!",
                                  "x",
                                  "$y$",
                                  "$y$j9T$",
                                  "$y$zzz$zz$zz",
                                  "$1$abc$",
                                  "gaxDyoamrjlO6",
                                  std::string(1000, 'a'),
                                  std::string("$y$\0", 4),
                                  "padi jagung kedelai",
                                  good + "x",
                                  " " + good,
                                  good + "\n"};
  // All that is before the hash proper.
  bad.push_back(good.substr(0, good.rfind('$') + 1));
  for (size_t size = 0; size < good.size(); size += 7) bad.push_back(good.substr(0, size));
  for (const std::string& hash : bad) {
    EXPECT_FALSE(IsPasswordOf(hash, "padi jagung kedelai")) << hash;
    EXPECT_FALSE(IsPasswordOf(hash, "")) << hash;
  }
}

TEST(Password, ACheckAgainstNothingTakesAsLong) {
  const auto real = TimeOf(Hash("padi jagung kedelai"));
  for (const char* hash : {"", "*0", "$y$zzz", "$1$abc$Kb85XxsXB.VXinPhbS4431"}) {
    // Without the decoy it is a thousandth.
    EXPECT_GT(TimeOf(hash), real / 4) << hash;
  }
}

TEST(Password, IsWeakWhenItIsShortOrHoldsTheName) {
  EXPECT_TRUE(IsWeakPassword("", "siti"));
  EXPECT_TRUE(IsWeakPassword("123456789", "siti"));
  EXPECT_FALSE(IsWeakPassword("1234567890", "siti"));
  EXPECT_TRUE(IsWeakPassword("12SITI4567890", "siti"));
  EXPECT_TRUE(IsWeakPassword("siti.nurhaliza", "Siti.Nurhaliza"));
  EXPECT_FALSE(IsWeakPassword("padi jagung kedelai", "ad")) << "two letters are in everything";
  EXPECT_FALSE(IsWeakPassword("padi jagung kedelai", ""));
}

}  // namespace
}  // namespace satudata::access
