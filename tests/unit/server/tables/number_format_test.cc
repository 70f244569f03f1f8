#include "server/tables/number_format.h"

#include <ostream>

#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

using Kind = NumberFormat::Kind;

struct FormatCase {
  const char* code;
  Kind kind;
  int shift;

  friend void PrintTo(const FormatCase& c, std::ostream* out) { *out << c.code; }
};

class NumberFormatTest : public ::testing::TestWithParam<FormatCase> {};

TEST_P(NumberFormatTest, IsUnderstood) {
  const NumberFormat format = ParseNumberFormat(GetParam().code);
  EXPECT_EQ(format.kind, GetParam().kind);
  EXPECT_EQ(format.shift, GetParam().shift);
  EXPECT_FALSE(format.is_invisible);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, NumberFormatTest,
    ::testing::Values(FormatCase{"", Kind::kNumber, 0}, FormatCase{"General", Kind::kNumber, 0},
                      FormatCase{"GENERAL", Kind::kNumber, 0}, FormatCase{"@", Kind::kNumber, 0},
                      FormatCase{"0", Kind::kNumber, 0}, FormatCase{"#,##0.00", Kind::kNumber, 0},
                      FormatCase{"#,##0;[Red]-#,##0", Kind::kNumber, 0},
                      FormatCase{"_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)", Kind::kNumber, 0},
                      FormatCase{"\"Rp\"#,##0", Kind::kNumber, 0}, FormatCase{"0.00E+00", Kind::kNumber, 0},
                      FormatCase{"##0.0E+0", Kind::kNumber, 0}, FormatCase{"# ?/?", Kind::kNumber, 0},
                      FormatCase{"[$Rp-421]#,##0", Kind::kNumber, 0},
                      FormatCase{"0 \"hari yang dimaksud\"", Kind::kNumber, 0},
                      FormatCase{"0\\ \\m\\d", Kind::kNumber, 0}, FormatCase{"0_y", Kind::kNumber, 0},
                      FormatCase{"0.0%", Kind::kNumber, 2}, FormatCase{"0\\%", Kind::kNumber, 0},
                      FormatCase{"0\"%\"", Kind::kNumber, 0}, FormatCase{"0 %", Kind::kNumber, 2},
                      FormatCase{"0%%", Kind::kNumber, 4}, FormatCase{"#,##0,", Kind::kNumber, -3},
                      FormatCase{"#,##0.0,,", Kind::kNumber, -6}, FormatCase{"0,.0", Kind::kNumber, -3},
                      FormatCase{"#,##0,\" ribu\"", Kind::kNumber, -3},
                      FormatCase{"[>1000]#,##0,;0", Kind::kNumber, -3}, FormatCase{"0,%", Kind::kNumber, -1},
                      FormatCase{"\";;;\"", Kind::kNumber, 0}));

INSTANTIATE_TEST_SUITE_P(
    Dates, NumberFormatTest,
    ::testing::Values(FormatCase{"dd/mm/yyyy", Kind::kDate, 0}, FormatCase{"d-mmm-yy", Kind::kDate, 0},
                      FormatCase{"[$-421]dd\\ mmmm\\ yyyy;@", Kind::kDate, 0},
                      FormatCase{"[h]:mm:ss", Kind::kDate, 0}, FormatCase{"[ss]", Kind::kDate, 0},
                      FormatCase{"h:mm AM/PM", Kind::kDate, 0}, FormatCase{"mm:ss.0", Kind::kDate, 0},
                      FormatCase{"mmm yyyy", Kind::kDate, 0}, FormatCase{"[Red]m/d", Kind::kDate, 0},
                      FormatCase{"yyyy", Kind::kYear, 0}, FormatCase{"yy", Kind::kYear, 0},
                      FormatCase{"\"Tahun \"yyyy;@", Kind::kYear, 0}, FormatCase{"e", Kind::kYear, 0},
                      FormatCase{"[$-421]YYYY", Kind::kYear, 0}));

// A bracket or a quote without its end, an escape of nothing.
INSTANTIATE_TEST_SUITE_P(Broken, NumberFormatTest,
                         ::testing::Values(FormatCase{"0[", Kind::kNumber, 0},
                                           FormatCase{"0\"", Kind::kNumber, 0},
                                           FormatCase{"0\\", Kind::kNumber, 0},
                                           FormatCase{"[]0", Kind::kNumber, 0},
                                           FormatCase{",", Kind::kNumber, 0}));

TEST(NumberFormat, MayShowNothing) {
  EXPECT_TRUE(ParseNumberFormat(";;;").is_invisible);
  EXPECT_TRUE(ParseNumberFormat(";;").is_invisible);
}

TEST(NumberFormat, BuiltInOnesAreKnown) {
  for (const int id : {14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47, 30}) {
    EXPECT_EQ(BuiltInFormat(id).kind, Kind::kDate) << id;
  }
  for (const int id : {0, 1, 2, 3, 4, 11, 12, 13, 37, 38, 39, 40, 48, 49, 163}) {
    EXPECT_EQ(BuiltInFormat(id).kind, Kind::kNumber) << id;
    EXPECT_EQ(BuiltInFormat(id).shift, 0) << id;
  }
  EXPECT_EQ(BuiltInFormat(9).shift, 2);
  EXPECT_EQ(BuiltInFormat(10).shift, 2);
}

}  // namespace
}  // namespace satudata::tables
