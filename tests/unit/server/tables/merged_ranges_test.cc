#include "server/tables/merged_ranges.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

Row RowOf(int64_t number, const std::vector<std::string>& texts) {
  Row row;
  row.number = number;
  for (const std::string& text : texts) {
    row.cells.push_back({text.empty() ? CellKind::kEmpty : CellKind::kText, text});
  }
  return row;
}

std::string Filled(MergedRanges& ranges, Row row) {
  const absl::Status filled = ranges.Fill(row);
  return filled.ok() ? TextOf(row) : std::string(filled.message());
}

TEST(MergedRanges, RepeatTheFirstCell) {
  MergedRanges ranges{TableLimits()};
  ASSERT_TRUE(ranges.Add({0, 0, 1, 2}).ok());
  ASSERT_TRUE(ranges.Add({1, 3, 0, 0}).ok());
  ranges.Prepare(3);
  EXPECT_EQ(Filled(ranges, RowOf(1, {"a", "b"})), "1:a|b|b^");
  EXPECT_EQ(Filled(ranges, RowOf(2, {"c", "d"})), "2:c|d");
  EXPECT_EQ(Filled(ranges, RowOf(4, {"", "e"})), "4:c^|e");
  EXPECT_EQ(Filled(ranges, RowOf(5, {"", "f"})), "5:|f");
}

TEST(MergedRanges, HideWhatIsStoredBelowThem) {
  MergedRanges ranges{TableLimits()};
  ASSERT_TRUE(ranges.Add({0, 0, 0, 1}).ok());
  ranges.Prepare(2);
  EXPECT_EQ(Filled(ranges, RowOf(1, {"a", "left behind"})), "1:a|a^");
}

TEST(MergedRanges, ReachNoFurtherThanTheSheet) {
  MergedRanges ranges{TableLimits()};
  ASSERT_TRUE(ranges.Add({0, 1'048'575, 0, 16'383}).ok());
  ranges.Prepare(2);
  EXPECT_EQ(Filled(ranges, RowOf(1, {"a"})), "1:a|a^");
  EXPECT_EQ(Filled(ranges, RowOf(1'000'000, {"", "x"})), "1000000:a^|a^");
}

TEST(MergedRanges, RepeatNothingOfAnEmptyCell) {
  MergedRanges ranges{TableLimits()};
  ASSERT_TRUE(ranges.Add({0, 1, 0, 1}).ok());
  ASSERT_TRUE(ranges.Add({2, 5, 0, 1}).ok());
  ranges.Prepare(3);
  EXPECT_EQ(Filled(ranges, RowOf(1, {"", "", "x"})), "1:||x");
  // Its first row has nothing at all.
  EXPECT_EQ(Filled(ranges, RowOf(4, {"", "", "x"})), "4:||x");
}

TEST(MergedRanges, AreBounded) {
  MergedRanges few{{.max_merged_ranges = 1}};
  ASSERT_TRUE(few.Add({0, 0, 0, 1}).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(few.Add({1, 1, 0, 1})));
  MergedRanges copies{{.max_merged_copies = 3}};
  ASSERT_TRUE(copies.Add({0, 9, 0, 1}).ok());
  copies.Prepare(2);
  EXPECT_EQ(Filled(copies, RowOf(1, {"a"})), "1:a|a^");
  EXPECT_EQ(Filled(copies, RowOf(2, {"", "b"})), "2:a^|a^");
  EXPECT_EQ(Filled(copies, RowOf(3, {"", "b"})), "merged cells > 3");
}

TEST(MergedRanges, BoundTheLengthOfARow) {
  MergedRanges ranges{{.max_row_bytes = 10}};
  ASSERT_TRUE(ranges.Add({0, 0, 0, 100}).ok());
  ranges.Prepare(101);
  EXPECT_EQ(Filled(ranges, RowOf(1, {"abcd"})), "merged cells of a row > 10");
}

TEST(MergedRanges, BackwardsAreNone) {
  MergedRanges ranges{TableLimits()};
  ASSERT_TRUE(ranges.Add({5, 1, 3, 1}).ok());
  ASSERT_TRUE(ranges.Add({0, 0, 0, 0}).ok());
  ranges.Prepare(10);
  EXPECT_TRUE(ranges.empty());
}

}  // namespace
}  // namespace satudata::tables
