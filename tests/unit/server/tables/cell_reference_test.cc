#include "server/tables/cell_reference.h"

#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

TEST(ParseCellReference, ReadsColumnAndRow) {
  const auto at = ParseCellReference("B12");
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(at->row, 11);
  EXPECT_EQ(at->column, 1U);
  EXPECT_EQ(ParseCellReference("xfd1048576")->column, 16'383U);
  EXPECT_EQ(ParseCellReference("$AA$3")->column, 26U);
}

TEST(ParseCellReference, RefusesAnythingElse) {
  for (const absl::string_view text : {"", "A", "1", "A0", "ABCD1", "A-1", "A1x", "A1:B2", "A9999999999"}) {
    EXPECT_FALSE(ParseCellReference(text).has_value()) << text;
  }
}

TEST(ParseCellRange, ReadsBothEnds) {
  const auto range = ParseCellRange("B2:D5");
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->first_row, 1);
  EXPECT_EQ(range->last_row, 4);
  EXPECT_EQ(range->first_column, 1U);
  EXPECT_EQ(range->last_column, 3U);
  EXPECT_EQ(ParseCellRange("C3")->last_column, 2U);
}

TEST(ParseCellRange, RefusesAnythingElse) {
  for (const absl::string_view text : {"", ":", "A1:", ":B2", "A1:B2:C3", "A:B"}) {
    EXPECT_FALSE(ParseCellRange(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace satudata::tables
