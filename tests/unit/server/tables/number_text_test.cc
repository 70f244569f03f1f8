#include "server/tables/number_text.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

TEST(DecimalText, HasFifteenDigitsAndNoExponent) {
  EXPECT_EQ(DecimalText(0.1 + 0.2), "0.3");
  EXPECT_EQ(DecimalText(2.24), "2.24");
  EXPECT_EQ(DecimalText(-1.5), "-1.5");
  EXPECT_EQ(DecimalText(1e-7), "0.0000001");
  EXPECT_EQ(DecimalText(1.5e20), "150000000000000000000");
  EXPECT_EQ(DecimalText(123456789.123456789), "123456789.123457");
  EXPECT_EQ(DecimalText(100.0), "100");
  EXPECT_EQ(DecimalText(-0.0), "0");
}

TEST(DecimalText, IsEmptyForWhatIsNoNumber) {
  EXPECT_EQ(DecimalText(std::numeric_limits<double>::infinity()), "");
  EXPECT_EQ(DecimalText(std::nan("")), "");
  for (const absl::string_view text : {"", "nan", "inf", "0x10", "1,5", "1 2", "-", "1e400", "abc"}) {
    EXPECT_EQ(DecimalText(text), "") << text;
  }
}

TEST(DecimalText, LeavesWholeNumbersAsTheyAreWritten) {
  EXPECT_EQ(DecimalText("12345678901234567890"), "12345678901234567890");
  EXPECT_EQ(DecimalText("-7"), "-7");
  EXPECT_EQ(DecimalText("-0"), "0");
}

TEST(DecimalText, ReadsFractionsAndExponents) {
  EXPECT_EQ(DecimalText("1.1000000000000001"), "1.1");
  EXPECT_EQ(DecimalText("4.5999999999999996"), "4.6");
  EXPECT_EQ(DecimalText("1E+20"), "100000000000000000000");
  EXPECT_EQ(DecimalText("1.5e-3"), "0.0015");
  EXPECT_EQ(DecimalText(".5"), "0.5");
}

TEST(Shifted, MovesThePoint) {
  EXPECT_EQ(Shifted("0.45", 2), "45");
  EXPECT_EQ(Shifted("0.456", 2), "45.6");
  EXPECT_EQ(Shifted("12", 2), "1200");
  EXPECT_EQ(Shifted("1234567", -3), "1234.567");
  EXPECT_EQ(Shifted("-5", -3), "-0.005");
  EXPECT_EQ(Shifted("0", 2), "0");
  EXPECT_EQ(Shifted("0.001", 2), "0.1");
}

TEST(DateText, CountsAsSpreadsheetsDo) {
  EXPECT_EQ(DateText(45322, DateSystem::k1900), "2024-01-31");
  EXPECT_EQ(DateText(1, DateSystem::k1900), "1900-01-01");
  EXPECT_EQ(DateText(59, DateSystem::k1900), "1900-02-28");
  EXPECT_EQ(DateText(60, DateSystem::k1900), "1900-02-29");
  EXPECT_EQ(DateText(61, DateSystem::k1900), "1900-03-01");
  EXPECT_EQ(DateText(2958465, DateSystem::k1900), "9999-12-31");
  EXPECT_EQ(DateText(0, DateSystem::k1904), "1904-01-01");
  EXPECT_EQ(DateText(43860, DateSystem::k1904), "2024-01-31");
}

TEST(DateText, HasATimeUnlessItIsMidnight) {
  EXPECT_EQ(DateText(45322.573, DateSystem::k1900), "2024-01-31 13:45:07");
  EXPECT_EQ(DateText(45322.25, DateSystem::k1900), "2024-01-31 06:00:00");
  EXPECT_EQ(DateText(45321.9999999, DateSystem::k1900), "2024-01-31");
  EXPECT_EQ(DateText(0.5, DateSystem::k1900), "1899-12-31 12:00:00");
}

TEST(DateText, IsNoneOutsideOfWhatSpreadsheetsShow) {
  for (const double days : {-1.0, 2958466.0, 1e300, std::nan("")}) {
    EXPECT_EQ(DateText(days, DateSystem::k1900), std::nullopt) << days;
  }
  EXPECT_EQ(DateText(2957004, DateSystem::k1904), std::nullopt);
}

TEST(SetNumber, SaysTheYearAloneWhereTheFormatShowsNoMore) {
  Cell cell;
  SetNumber("45322", 45322, {.kind = NumberFormat::Kind::kYear}, DateSystem::k1900, cell);
  EXPECT_EQ(cell.kind, CellKind::kDate);
  EXPECT_EQ(cell.text, "2024");
}

TEST(SetNumber, SaysWhatIsShownWhereThatIsAnotherFigure) {
  Cell cell;
  SetNumber("0.45", 0.45, {.shift = 2}, DateSystem::k1900, cell);
  EXPECT_EQ(cell.kind, CellKind::kNumber);
  EXPECT_EQ(cell.text, "0.45");
  EXPECT_EQ(cell.shown, "45");
}

TEST(SetNumber, IsAnErrorWhereADateCannotBeShown) {
  Cell cell;
  SetNumber("-5", -5, {.kind = NumberFormat::Kind::kDate}, DateSystem::k1900, cell);
  EXPECT_EQ(cell.kind, CellKind::kError);
  EXPECT_EQ(cell.text, "########");
}

}  // namespace
}  // namespace satudata::tables
