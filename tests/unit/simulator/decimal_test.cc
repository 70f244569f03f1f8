#include "tests/simulator/decimal.h"

#include "gtest/gtest.h"

namespace satudata::simulator {
namespace {

TEST(CanonicalDecimal, DropsWhatChangesNoWorth) {
  EXPECT_EQ(CanonicalDecimal("009.50"), "9.5");
  EXPECT_EQ(CanonicalDecimal("9.0"), "9");
  EXPECT_EQ(CanonicalDecimal("-0.00"), "0");
  EXPECT_EQ(CanonicalDecimal("-2.24"), "-2.24");
  EXPECT_EQ(CanonicalDecimal("0"), "0");
}

TEST(CanonicalDecimal, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", ".", "1.", ".5", "2,24", "1.234.567", "1e3", " 1", "n/a", "+1"}) {
    EXPECT_EQ(CanonicalDecimal(text), std::nullopt) << text;
  }
}

TEST(SameValue, ComparesWorthAndOtherwiseText) {
  EXPECT_TRUE(SameValue("9", "9.000"));
  EXPECT_FALSE(SameValue("9", "90"));
  EXPECT_TRUE(SameValue("n/a", "n/a"));
  EXPECT_FALSE(SameValue("n/a", "9"));
}

TEST(PaddedDecimal, AddsZerosUpToSixDigits) {
  EXPECT_EQ(PaddedDecimal("9"), "9.000000");
  EXPECT_EQ(PaddedDecimal("2.24"), "2.240000");
  EXPECT_EQ(PaddedDecimal("1.1234567"), "1.1234567");
  EXPECT_EQ(PaddedDecimal("n/a"), "n/a");
}

}  // namespace
}  // namespace satudata::simulator
