#include "server/tables/text_table.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

std::string NthText(int i) { return std::string(i % 50, 'a') + absl::StrCat(i); }

TEST(TextTable, KeepsTextsInMemoryAndBeyondItInAFile) {
  TextTable table({.max_texts_in_memory = 1000}, testing::TempDir());
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(table.Add(NthText(i)).ok());
  ASSERT_EQ(table.size(), 20'000U);
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(table.Get(i, text).ok()) << i;
    ASSERT_EQ(text, NthText(i));
  }
}

TEST(TextTable, KeepsEmptyTexts) {
  TextTable table({.max_texts_in_memory = 4}, testing::TempDir());
  for (const absl::string_view text : {"", "abcd", "", "efgh", ""}) ASSERT_TRUE(table.Add(text).ok());
  std::string text = "?";
  ASSERT_TRUE(table.Get(2, text).ok());
  EXPECT_EQ(text, "");
  ASSERT_TRUE(table.Get(3, text).ok());
  EXPECT_EQ(text, "efgh");
  ASSERT_TRUE(table.Get(4, text).ok());
  EXPECT_EQ(text, "");
}

TEST(TextTable, KnowsWhatIsNotThere) {
  TextTable table(TableLimits(), testing::TempDir());
  std::string text;
  EXPECT_TRUE(absl::IsDataLoss(table.Get(0, text)));
}

TEST(TextTable, IsBounded) {
  TextTable table({.max_shared_texts = 2}, testing::TempDir());
  EXPECT_TRUE(table.Add("a").ok());
  EXPECT_TRUE(table.Add("b").ok());
  EXPECT_TRUE(absl::IsResourceExhausted(table.Add("c")));
}

TEST(TextTable, SaysThatItsFolderIsNotThere) {
  TextTable table({.max_texts_in_memory = 1}, "/nowhere/at/all");
  EXPECT_TRUE(absl::IsUnavailable(table.Add("abc")));
}

}  // namespace
}  // namespace satudata::tables
