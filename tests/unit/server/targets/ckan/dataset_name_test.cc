#include "server/targets/ckan/dataset_name.h"

#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::targets::ckan {
namespace {

TEST(DatasetNameTest, APortalsIdFollowsThePrefixAsItIs) {
  EXPECT_EQ(DatasetName("satudata-", "65f0c1d2e3f4a5b6c7d8e9f0"), "satudata-65f0c1d2e3f4a5b6c7d8e9f0");
  EXPECT_EQ(DatasetName("", "65f0c1d2e3f4a5b6c7d8e9f0"), "65f0c1d2e3f4a5b6c7d8e9f0");
}

TEST(DatasetNameTest, AnyOtherIdIsMadeFitAndToldApart) {
  EXPECT_THAT(DatasetName("satudata-", "Dinas/2024 (Kab.)"),
              testing::MatchesRegex("satudata-dinas-2024-kab-[0-9a-f]{16}"));
  EXPECT_NE(DatasetName("s-", "a/b"), DatasetName("s-", "a-b"));
  EXPECT_NE(DatasetName("s-", "ABC"), DatasetName("s-", "abc"));
  EXPECT_THAT(DatasetName("", "///"), testing::MatchesRegex("x-[0-9a-f]{16}"));
  EXPECT_THAT(DatasetName("", "\xff\n"), testing::MatchesRegex("x-[0-9a-f]{16}"));
}

// As CKAN has it: 2 to 100 of these.
bool IsCkanName(const std::string& name) {
  return name.size() >= 2 && name.size() <= 100 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
}

// Ids of all kinds, among them those that differ in nothing but what names leave out, and names of others.
TEST(DatasetNameTest, NamesAreValidStableAndDifferent) {
  const std::string alphabet = "abcXYZ019-_/ .,()\xc3\xa9";
  std::mt19937_64 random(7);
  std::set<std::string> ids;
  std::set<std::string> names;
  while (ids.size() < 20'000) {
    std::string id;
    for (size_t length = 1 + random() % (ids.size() % 50 == 0 ? 300 : 12); id.size() < length;)
      id += alphabet[random() % alphabet.size()];
    if (!ids.insert(id).second) continue;
    const std::string name = DatasetName("satudata-", id);
    ASSERT_TRUE(IsCkanName(name)) << name;
    ASSERT_EQ(name, DatasetName("satudata-", id));
    ASSERT_TRUE(names.insert(name).second) << id << " → " << name;
    // The id of another file may look like a name of ours.
    const std::string lookalike = name.substr(9);
    if (!ids.insert(lookalike).second) continue;
    ASSERT_TRUE(lookalike == id || names.insert(DatasetName("satudata-", lookalike)).second) << lookalike;
  }
}

TEST(DatasetNameTest, APrefixIsShortAndFitForAName) {
  EXPECT_TRUE(IsNamePrefix(""));
  EXPECT_TRUE(IsNamePrefix("kab-pali_2-"));
  EXPECT_FALSE(IsNamePrefix("Kab"));
  EXPECT_FALSE(IsNamePrefix("kab pali"));
  EXPECT_FALSE(IsNamePrefix(std::string(21, 'a')));
}

}  // namespace
}  // namespace satudata::targets::ckan
