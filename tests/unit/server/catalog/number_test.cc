#include "server/catalog/number.h"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

constexpr char kNoBreakSpace[] = "\xC2\xA0";
constexpr char kNarrowNoBreakSpace[] = "\xE2\x80\xAF";
constexpr char kMinusSign[] = "\xE2\x88\x92";

// `1.5`, `absent`, `invalid` or `1.234 | 1234` (Indonesian reading first).
std::string Shown(const ParsedNumber& number) {
  if (const auto* canonical = std::get_if<std::string>(&number)) return *canonical;
  if (std::holds_alternative<AbsentNumber>(number)) return "absent";
  if (std::holds_alternative<InvalidNumber>(number)) return "invalid";
  const auto& readings = std::get<AmbiguousNumber>(number);
  return absl::StrCat(readings.indonesian, " | ", readings.english);
}

struct NumberCase {
  std::string text;
  std::string unknown;
  std::string indonesian;
  std::string english;
  friend void PrintTo(const NumberCase& c, std::ostream* out) { *out << c.text; }
};

class ParseNumberTest : public ::testing::TestWithParam<NumberCase> {};

TEST_P(ParseNumberTest, ReadsWhatHasOneReading) {
  const NumberCase& c = GetParam();
  EXPECT_EQ(Shown(ParseNumber(c.text, NumberFormat::kUnknown)), c.unknown) << c.text;
  EXPECT_EQ(Shown(ParseNumber(c.text, NumberFormat::kIndonesian)), c.indonesian) << c.text;
  EXPECT_EQ(Shown(ParseNumber(c.text, NumberFormat::kEnglish)), c.english) << c.text;
}

INSTANTIATE_TEST_SUITE_P(Plain, ParseNumberTest,
                         ::testing::Values(NumberCase{"0", "0", "0", "0"}, NumberCase{"9", "9", "9", "9"},
                                           NumberCase{"1234", "1234", "1234", "1234"},
                                           NumberCase{"1234567", "1234567", "1234567", "1234567"},
                                           NumberCase{" 42\t", "42", "42", "42"},
                                           NumberCase{"-17", "-17", "-17", "-17"},
                                           NumberCase{"-0", "0", "0", "0"}));

INSTANTIATE_TEST_SUITE_P(OneReading, ParseNumberTest,
                         ::testing::Values(NumberCase{"2,24", "2.24", "2.24", "invalid"},
                                           NumberCase{"2.24", "2.24", "invalid", "2.24"},
                                           NumberCase{"2,5", "2.5", "2.5", "invalid"},
                                           NumberCase{"1,2345", "1.2345", "1.2345", "invalid"},
                                           NumberCase{"1.2345", "1.2345", "invalid", "1.2345"},
                                           NumberCase{"1.234.567", "1234567", "1234567", "invalid"},
                                           NumberCase{"1,234,567", "1234567", "invalid", "1234567"},
                                           NumberCase{"1,234,567.5", "1234567.5", "invalid", "1234567.5"},
                                           NumberCase{"1.234.567,50", "1234567.5", "1234567.5", "invalid"},
                                           NumberCase{"1.234,5", "1234.5", "1234.5", "invalid"},
                                           NumberCase{"1.234,567", "1234.567", "1234.567", "invalid"},
                                           NumberCase{"1,234.567", "1234.567", "invalid", "1234.567"},
                                           NumberCase{"1234,567", "1234.567", "1234.567", "invalid"},
                                           NumberCase{"1234.567", "1234.567", "invalid", "1234.567"},
                                           NumberCase{"-2,24", "-2.24", "-2.24", "invalid"},
                                           NumberCase{"-0,00", "0", "0", "invalid"}));

// A group never begins with 0, so there is one reading.
INSTANTIATE_TEST_SUITE_P(ZeroBeforeTheMark, ParseNumberTest,
                         ::testing::Values(NumberCase{"0,123", "0.123", "0.123", "invalid"},
                                           NumberCase{"0.123", "0.123", "invalid", "0.123"},
                                           NumberCase{"0,000", "0", "0", "invalid"},
                                           NumberCase{"-0,125", "-0.125", "-0.125", "invalid"}));

INSTANTIATE_TEST_SUITE_P(Ambiguous, ParseNumberTest,
                         ::testing::Values(NumberCase{"54,852", "54.852 | 54852", "54.852", "54852"},
                                           NumberCase{"1.234", "1234 | 1.234", "1234", "1.234"},
                                           NumberCase{"-1.234", "-1234 | -1.234", "-1234", "-1.234"},
                                           NumberCase{"1.000", "1000 | 1", "1000", "1"},
                                           NumberCase{"999,999", "999.999 | 999999", "999.999", "999999"},
                                           NumberCase{"100.000", "100000 | 100", "100000", "100"}));

INSTANTIATE_TEST_SUITE_P(
    Blanks, ParseNumberTest,
    ::testing::Values(NumberCase{"1 234 567", "1234567", "1234567", "1234567"},
                      NumberCase{"1 234", "1234", "1234", "1234"},
                      NumberCase{"1 234,5", "1234.5", "1234.5", "invalid"},
                      NumberCase{"1 234.5", "1234.5", "invalid", "1234.5"},
                      NumberCase{absl::StrCat("1", kNoBreakSpace, "234", kNoBreakSpace, "567"), "1234567",
                                 "1234567", "1234567"},
                      NumberCase{absl::StrCat("12", kNarrowNoBreakSpace, "345"), "12345", "12345", "12345"},
                      NumberCase{absl::StrCat(kNoBreakSpace, "7", kNoBreakSpace), "7", "7", "7"},
                      NumberCase{"1 23", "invalid", "invalid", "invalid"},
                      NumberCase{"12 3456", "invalid", "invalid", "invalid"},
                      NumberCase{"1  234", "invalid", "invalid", "invalid"},
                      NumberCase{"1 234.567 890", "invalid", "invalid", "invalid"},
                      NumberCase{absl::StrCat("1", kNoBreakSpace, "234 567"), "invalid", "invalid",
                                 "invalid"}));

INSTANTIATE_TEST_SUITE_P(Minus, ParseNumberTest,
                         ::testing::Values(NumberCase{absl::StrCat(kMinusSign, "3"), "-3", "-3", "-3"},
                                           NumberCase{absl::StrCat(kMinusSign, "2,5"), "-2.5", "-2.5",
                                                      "invalid"},
                                           NumberCase{"- 3", "invalid", "invalid", "invalid"},
                                           NumberCase{"--3", "invalid", "invalid", "invalid"},
                                           NumberCase{"3-", "invalid", "invalid", "invalid"},
                                           NumberCase{kMinusSign, "invalid", "invalid", "invalid"}));

class InvalidNumberTest : public ::testing::TestWithParam<std::string> {};

TEST_P(InvalidNumberTest, IsInvalidInEveryFormat) {
  for (NumberFormat format : {NumberFormat::kUnknown, NumberFormat::kIndonesian, NumberFormat::kEnglish}) {
    EXPECT_EQ(Shown(ParseNumber(GetParam(), format)), "invalid") << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, InvalidNumberTest,
                         ::testing::Values("45%", "2,5 %", "12 orang", "Rp1.000", "1e3", "1E3", "(12)", "+5",
                                           "+", "1/2", "0x10", "#REF!", "nan", "inf", "Infinity", "1_000",
                                           "1'000", "12 Jan", "2024-01-01", "10:30", "٣", "１２", "=1+1"));
INSTANTIATE_TEST_SUITE_P(BadGroups, InvalidNumberTest,
                         ::testing::Values("1.23.456", "1,23,456", "12.34.567", "1.234.56", "1234.567.890",
                                           "1234,567,890", "0.123.456", "0,123,456", "1.234,567,890",
                                           "1,234.567.890", "1..234", "1,,234", "1.,5", "1.234.",
                                           "1,234,5,"));
INSTANTIATE_TEST_SUITE_P(BareMarks, InvalidNumberTest,
                         ::testing::Values(".", ",", ".5", ",5", "5.", "5,", "-,5"));
// `007` is a code, or a figure that lost its decimal mark.
INSTANTIATE_TEST_SUITE_P(LeadingZeros, InvalidNumberTest,
                         ::testing::Values("007", "00", "00,5", "01.234", "-01", "000.000"));
INSTANTIATE_TEST_SUITE_P(Strange, InvalidNumberTest,
                         ::testing::Values(std::string("1\0", 2), "1\n2", "\xFF", "\xE2\x88", "1\xC2"));

TEST(ParseNumber, TakesFortyDigitsAndNoMore) {
  const std::string forty(40, '7');
  EXPECT_EQ(Shown(ParseNumber(forty, NumberFormat::kUnknown)), forty);
  EXPECT_EQ(Shown(ParseNumber(forty + "7", NumberFormat::kUnknown)), "invalid");
  EXPECT_EQ(Shown(ParseNumber(std::string(100000, '7'), NumberFormat::kUnknown)), "invalid");
  EXPECT_EQ(Shown(ParseNumber("1," + std::string(39, '5'), NumberFormat::kUnknown)),
            "1." + std::string(39, '5'));
  EXPECT_EQ(Shown(ParseNumber("1," + std::string(40, '5'), NumberFormat::kUnknown)), "invalid");
}

TEST(IsAbsentMarker, KnowsTheMarkersInAnyCase) {
  for (absl::string_view text : {"", " ", "-", "*", "**", "***", "n/a", "N/A", "NULL", "null",
                                 "Tidak dipublikasikan", "TIDAK DIPUBLIKASIKAN", " - ", "\t", "\xC2\xA0"}) {
    EXPECT_TRUE(IsAbsentMarker(text)) << text;
    EXPECT_EQ(Shown(ParseNumber(text, NumberFormat::kUnknown)), "absent") << text;
  }
}

TEST(IsAbsentMarker, TakesNoFigureForOne) {
  for (absl::string_view text : {"0", "0,0", "--", "****", "na", "tidak", "-1", "nol"}) {
    EXPECT_FALSE(IsAbsentMarker(text)) << text;
  }
}

NumberFormat FormatOf(const std::vector<absl::string_view>& cells) {
  FormatEvidence evidence;
  for (absl::string_view cell : cells) evidence.Note(cell);
  return evidence.Format();
}

TEST(FormatEvidence, IsSettledByOneUnambiguousCell) {
  EXPECT_EQ(FormatOf({"54,852", "2,24"}), NumberFormat::kIndonesian);
  EXPECT_EQ(FormatOf({"1.234", "1.234.567", "5"}), NumberFormat::kIndonesian);
  EXPECT_EQ(FormatOf({"2.24", "1.234"}), NumberFormat::kEnglish);
  EXPECT_EQ(FormatOf({"0.123"}), NumberFormat::kEnglish);
}

TEST(FormatEvidence, IsUnknownWithoutAny) {
  EXPECT_EQ(FormatOf({}), NumberFormat::kUnknown);
  EXPECT_EQ(FormatOf({"1.234", "54,852", "7", "-", "n/a", "1 234", "dua,5"}), NumberFormat::kUnknown);
}

TEST(FormatEvidence, IsUnknownWhenDivided) {
  EXPECT_EQ(FormatOf({"2,24", "2.24"}), NumberFormat::kUnknown);
  EXPECT_EQ(FormatOf({"2,24", "2.24", "2,24", "3,5"}), NumberFormat::kUnknown);
}

struct DecimalCase {
  std::string text;
  std::string canonical;
  friend void PrintTo(const DecimalCase& c, std::ostream* out) { *out << c.text; }
};

class CanonicalDecimalTest : public ::testing::TestWithParam<DecimalCase> {};

TEST_P(CanonicalDecimalTest, ReadsPlainDecimalText) {
  EXPECT_EQ(CanonicalDecimal(GetParam().text), GetParam().canonical) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Good, CanonicalDecimalTest,
    ::testing::Values(DecimalCase{"9", "9"}, DecimalCase{"2.240", "2.24"}, DecimalCase{"2.0", "2"},
                      DecimalCase{"-3", "-3"}, DecimalCase{"-0.0", "0"}, DecimalCase{"007", "7"},
                      DecimalCase{" 5 ", "5"}, DecimalCase{"1e3", "1000"}, DecimalCase{"1E+3", "1000"},
                      DecimalCase{"1.5e1", "15"}, DecimalCase{"1.25e1", "12.5"}, DecimalCase{"15e-1", "1.5"},
                      DecimalCase{"-5e-3", "-0.005"}, DecimalCase{"0e5", "0"},
                      DecimalCase{"12345678901234567890.10", "12345678901234567890.1"},
                      DecimalCase{"0.1", "0.1"}, DecimalCase{"1e79", "1" + std::string(79, '0')},
                      DecimalCase{"1e-79", "0." + std::string(78, '0') + "1"}));

INSTANTIATE_TEST_SUITE_P(
    Bad, CanonicalDecimalTest,
    ::testing::Values(DecimalCase{"", ""}, DecimalCase{"-", ""}, DecimalCase{".5", ""}, DecimalCase{"5.", ""},
                      DecimalCase{"1,5", ""}, DecimalCase{"1.234.567", ""}, DecimalCase{"+1", ""},
                      DecimalCase{"1e", ""}, DecimalCase{"1e1.5", ""}, DecimalCase{"1e 3", ""},
                      DecimalCase{"1e80", ""}, DecimalCase{"1e-80", ""}, DecimalCase{"1e999999999999", ""},
                      DecimalCase{"1e-2147483648", ""}, DecimalCase{"nan", ""}, DecimalCase{"0x1", ""},
                      DecimalCase{"1 2", ""}, DecimalCase{std::string(81, '1'), ""}));

// ---- Properties ----

// A figure and the ways in which people may write it.
struct Figure {
  bool negative = false;
  std::string whole;     // No leading zeros.
  std::string fraction;  // May be empty; does not end in 0.

  std::string Canonical() const {
    return absl::StrCat(negative ? "-" : "", whole, fraction.empty() ? "" : ".", fraction);
  }
  std::string Write(const std::string& group, const std::string& decimal) const {
    std::string grouped;
    for (size_t i = 0; i < whole.size(); ++i) {
      if (i > 0 && (whole.size() - i) % 3 == 0) grouped += group;
      grouped += whole[i];
    }
    return absl::StrCat(negative ? "-" : "", grouped, fraction.empty() ? "" : decimal, fraction);
  }
};

Figure RandomFigure(std::mt19937_64& random) {
  const auto digit = [&random](int from) {
    return static_cast<char>('0' + std::uniform_int_distribution<int>(from, 9)(random));
  };
  Figure figure;
  figure.whole = std::string(1, digit(0));
  if (figure.whole != "0") {
    const size_t more = random() % 12;
    for (size_t i = 0; i < more; ++i) figure.whole += digit(0);
  }
  const size_t decimals = random() % 6;
  for (size_t i = 0; i + 1 < decimals; ++i) figure.fraction += digit(0);
  if (decimals > 0) figure.fraction += digit(1);
  figure.negative = figure.Canonical() != "0" && random() % 4 == 0;
  return figure;
}

class NumberProperties : public ::testing::Test {
 protected:
  NumberProperties() : seed_(std::random_device()()), random_(seed_) {
    RecordProperty("seed", absl::StrCat(seed_));
  }

  const uint64_t seed_;
  std::mt19937_64 random_;
};

TEST_F(NumberProperties, WhatIsWrittenInAFormatIsReadBackInIt) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  for (int i = 0; i < 20000; ++i) {
    const Figure figure = RandomFigure(random_);
    for (const char* group : {"", ".", " ", kNoBreakSpace}) {
      const std::string text = figure.Write(group, ",");
      ASSERT_EQ(Shown(ParseNumber(text, NumberFormat::kIndonesian)), figure.Canonical()) << text;
    }
    for (const char* group : {"", ",", " ", kNarrowNoBreakSpace}) {
      const std::string text = figure.Write(group, ".");
      ASSERT_EQ(Shown(ParseNumber(text, NumberFormat::kEnglish)), figure.Canonical()) << text;
    }
  }
}

TEST_F(NumberProperties, WithoutAFormatTheFigureIsReadOrRefusedNeverMistaken) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    const Figure figure = RandomFigure(random_);
    for (const std::string& text : {figure.Write(".", ","), figure.Write(",", "."), figure.Write(" ", ",")}) {
      const ParsedNumber parsed = ParseNumber(text, NumberFormat::kUnknown);
      if (const auto* ambiguous = std::get_if<AmbiguousNumber>(&parsed)) {
        ASSERT_TRUE(ambiguous->indonesian == figure.Canonical() || ambiguous->english == figure.Canonical())
            << text;
      } else {
        ASSERT_EQ(Shown(parsed), figure.Canonical()) << text;
        ++read;
      }
    }
  }
  EXPECT_GT(read, 30000);
}

TEST_F(NumberProperties, CanonicalTextIsItsOwnCanonicalForm) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  for (int i = 0; i < 20000; ++i) {
    const std::string canonical = RandomFigure(random_).Canonical();
    ASSERT_EQ(CanonicalDecimal(canonical), canonical);
    ASSERT_EQ(Shown(ParseNumber(canonical, NumberFormat::kEnglish)), canonical);
  }
}

TEST_F(NumberProperties, RandomTextIsJudgedTheSameInEveryFormatOrRefused) {
  SCOPED_TRACE(absl::StrCat("seed ", seed_));
  const std::string alphabet = "0123456789.,- \xC2\xA0";
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    const size_t size = random_() % 12;
    for (size_t j = 0; j < size; ++j) text += alphabet[random_() % alphabet.size()];
    const std::string unknown = Shown(ParseNumber(text, NumberFormat::kUnknown));
    const std::string indonesian = Shown(ParseNumber(text, NumberFormat::kIndonesian));
    const std::string english = Shown(ParseNumber(text, NumberFormat::kEnglish));
    if (indonesian == english || english == "invalid") {
      ASSERT_EQ(unknown, indonesian) << text;
    } else if (indonesian == "invalid") {
      ASSERT_EQ(unknown, english) << text;
    } else {
      ASSERT_EQ(unknown, absl::StrCat(indonesian, " | ", english)) << text;
    }
  }
}

}  // namespace
}  // namespace satudata::catalog
