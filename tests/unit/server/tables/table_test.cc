#include "server/tables/table.h"

#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

TEST(ColumnLetters, CountsAsSpreadsheetsDo) {
  EXPECT_EQ(ColumnLetters(0), "A");
  EXPECT_EQ(ColumnLetters(25), "Z");
  EXPECT_EQ(ColumnLetters(26), "AA");
  EXPECT_EQ(ColumnLetters(701), "ZZ");
  EXPECT_EQ(ColumnLetters(702), "AAA");
  EXPECT_EQ(ColumnLetters(16'383), "XFD");
}

}  // namespace
}  // namespace satudata::tables
