#include "server/catalog/indicator.h"

#include <ostream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

constexpr char kCode[] = "1.02.000318";

IndicatorValue Value(std::string code, std::string year, std::string raw) {
  IndicatorValue value;
  value.kodeindikator = std::move(code);
  value.tahun = std::move(year);
  value.raw_value = std::move(raw);
  return value;
}

IndicatorValue JsonNumber(std::string code, std::string raw) {
  IndicatorValue value = Value(std::move(code), "2024", std::move(raw));
  value.is_exact = true;
  return value;
}

IndicatorValue Judged(IndicatorValue value) {
  std::vector<IndicatorValue> values = {std::move(value)};
  JudgeValues(values);
  return values[0];
}

TEST(IndicatorCode, IsNationalInOneFormAlone) {
  EXPECT_TRUE(IsNationalIndicatorCode("1.02.000318"));
  EXPECT_TRUE(IsNationalIndicatorCode("9.99.999999"));
  for (absl::string_view code :
       {"", "0.02.000318", "1.2.000318", "1.02.00318", "1.02.0003180", "11.02.000318", "1-02-000318",
        "1.02.00031a", " 1.02.000318", "1.02.000318\n", "1,02,000318"}) {
    EXPECT_FALSE(IsNationalIndicatorCode(code)) << code;
  }
}

TEST(IndicatorCode, IsLocalInTheFormsThatRegionsUse) {
  for (absl::string_view code : {"35.07.01.001.01", "35.07.01.001", "DS.01.02", "DG.1", "ds.abc-1"}) {
    EXPECT_TRUE(IsLocalIndicatorCode(code)) << code;
    EXPECT_FALSE(IsNationalIndicatorCode(code)) << code;
  }
  for (absl::string_view code :
       {"", "DS.", "DS", "DX.01", "1.02.000318", "01.02.000318", "35.07", "35..01.001", "3.07.01.001.01",
        "35.07.01.00001", "DS.<script>", "35.07.01.001."}) {
    EXPECT_FALSE(IsLocalIndicatorCode(code)) << code;
  }
}

TEST(Kodepemda, HasFourDigitsTheFirstNotZero) {
  EXPECT_TRUE(IsKodepemda("1612"));
  for (absl::string_view code : {"", "0612", "161", "16120", "16.12", "16a2", " 1612"}) {
    EXPECT_FALSE(IsKodepemda(code)) << code;
  }
}

TEST(Year, LiesBetweenIndependenceAndTheNextCentury) {
  EXPECT_TRUE(IsYear("1945"));
  EXPECT_TRUE(IsYear("2100"));
  for (absl::string_view year : {"", "1944", "2101", "24", "2024.0", "2024/2025", " 2024", "٢٠٢٤"}) {
    EXPECT_FALSE(IsYear(year)) << year;
  }
}

TEST(JudgeValues, ReadsAGoodValue) {
  const IndicatorValue value = Judged(Value(kCode, "2024", "2,24"));
  EXPECT_TRUE(value.finding.ok());
  EXPECT_EQ(value.value, "2.24");
}

struct FindingCase {
  const char* name;
  IndicatorValue value;
  Reason reason;
  std::string quoted;
  friend void PrintTo(const FindingCase& c, std::ostream* out) { *out << c.name; }
};

class FindingTest : public ::testing::TestWithParam<FindingCase> {};

TEST_P(FindingTest, NamesWhatIsWrong) {
  const IndicatorValue value = Judged(GetParam().value);
  EXPECT_EQ(ReasonName(value.finding.reason), ReasonName(GetParam().reason));
  EXPECT_EQ(FindingOf(value).args.at("value"), GetParam().quoted);
  EXPECT_EQ(value.value, std::nullopt);
}

IndicatorValue OfRegion(std::string kodepemda) {
  IndicatorValue value = Value(kCode, "2024", "1");
  value.kodepemda = std::move(kodepemda);
  return value;
}

INSTANTIATE_TEST_SUITE_P(
    Values, FindingTest,
    ::testing::Values(
        FindingCase{"LocalCode", Value("35.07.01.001.01", "2024", "9"), Reason::kIndicatorCodeLocal,
                    "35.07.01.001.01"},
        FindingCase{"WrongCode", Value("1.2.318", "2024", "9"), Reason::kIndicatorCodeInvalid, "1.2.318"},
        FindingCase{"NoCode", Value("", "2024", "9"), Reason::kIndicatorCodeInvalid, ""},
        FindingCase{"Year", Value(kCode, "24", "9"), Reason::kYearInvalid, "24"},
        FindingCase{"Region", OfRegion("16.12"), Reason::kKodepemdaInvalid, "16.12"},
        FindingCase{"Absent", Value(kCode, "2024", "***"), Reason::kValueAbsent, "***"},
        FindingCase{"Empty", Value(kCode, "2024", ""), Reason::kValueAbsent, ""},
        FindingCase{"NoNumber", Value(kCode, "2024", "banyak"), Reason::kNumberInvalid, "banyak"},
        FindingCase{"Percent", Value(kCode, "2024", "45%"), Reason::kNumberInvalid, "45%"},
        FindingCase{"Ambiguous", Value(kCode, "2024", "54,852"), Reason::kNumberAmbiguous, "54,852"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(JudgeValues, GivesBothReadingsOfAnAmbiguousNumber) {
  const Failure finding = FindingOf(Judged(Value(kCode, "2024", "54,852")));
  EXPECT_EQ(finding.args,
            (FailureArgs{{"value", "54,852"}, {"reading_a", "54.852"}, {"reading_b", "54852"}}));
}

TEST(JudgeValues, QuotesNoMoreThanAPartOfALongText) {
  std::string text = std::string(119, 'x') + "é" + std::string(30000, 'y');
  EXPECT_EQ(Judged(Value(kCode, "2024", text)).finding.args.at("value"), std::string(119, 'x') + "…");
}

TEST(JudgeValues, LetsOtherCellsOfTheColumnSettleAnAmbiguousOne) {
  std::vector<IndicatorValue> values = {Value("1.02.000001", "2024", "54,852"),
                                        Value("1.02.000002", "2024", "2,24"),
                                        Value("1.02.000003", "2024", "1.234")};
  JudgeValues(values);
  EXPECT_EQ(values[0].value, "54.852");
  EXPECT_EQ(values[2].value, "1234");
}

TEST(JudgeValues, TakesEvidenceFromRowsThatAreNotSent) {
  std::vector<IndicatorValue> values = {Value("1.02.000001", "2024", "1.234"),
                                        Value("35.07.01.001.01", "2024", "1,234.5")};
  JudgeValues(values);
  EXPECT_EQ(values[0].value, "1.234");
}

TEST(JudgeValues, TakesNoEvidenceFromAnotherColumn) {
  std::vector<IndicatorValue> values = {Value("1.02.000001", "2024", "54,852"),
                                        Value("1.02.000002", "2024", "2,24")};
  values[1].column = "lain";
  JudgeValues(values);
  EXPECT_EQ(values[0].finding.reason, Reason::kNumberAmbiguous);
}

TEST(JudgeValues, KeepsAnAmbiguousCellWhereTheColumnContradictsItself) {
  std::vector<IndicatorValue> values = {Value("1.02.000001", "2024", "54,852"),
                                        Value("1.02.000002", "2024", "2,24"),
                                        Value("1.02.000003", "2024", "2.24")};
  JudgeValues(values);
  EXPECT_EQ(values[0].finding.reason, Reason::kNumberAmbiguous);
  EXPECT_EQ(values[1].value, "2.24");
  EXPECT_EQ(values[2].value, "2.24");
}

TEST(JudgeValues, TakesAJsonNumberAsItIsWritten) {
  EXPECT_EQ(Judged(JsonNumber(kCode, "54.852")).value, "54.852");
  EXPECT_EQ(Judged(JsonNumber(kCode, "1.234")).value, "1.234");
  EXPECT_EQ(Judged(JsonNumber(kCode, "12345678901234567890.10")).value, "12345678901234567890.1");
  EXPECT_EQ(Judged(JsonNumber(kCode, "1e400")).finding.reason, Reason::kNumberInvalid);
}

TEST(JudgeValues, TakesNoEvidenceFromJsonNumbers) {
  std::vector<IndicatorValue> values = {Value("1.02.000001", "2024", "1.234"),
                                        JsonNumber("1.02.000002", "2.24")};
  JudgeValues(values);
  EXPECT_EQ(values[0].finding.reason, Reason::kNumberAmbiguous);
}

TEST(JudgeValues, LeavesAFindingThatIsThereAlone) {
  IndicatorValue value = Value(kCode, "2024", "1");
  value.finding = Failure{.reason = Reason::kRowMalformed};
  EXPECT_EQ(Judged(value).finding.reason, Reason::kRowMalformed);
  EXPECT_EQ(Judged(value).value, std::nullopt);
}

TEST(JudgeValues, KeepsOneOfTwoEqualValuesOfAKey) {
  std::vector<IndicatorValue> values = {Value(kCode, "2024", "2,50"), Value(kCode, "2024", "2,5")};
  JudgeValues(values);
  EXPECT_EQ(values[0].value, "2.5");
  EXPECT_EQ(values[1].value, std::nullopt);
  EXPECT_EQ(FindingOf(values[1]),
            (Failure{.reason = Reason::kDuplicateValue, .args = {{"key", "1.02.000318.2024"}}}));
}

TEST(JudgeValues, SendsNeitherOfTwoDifferentValuesOfAKey) {
  std::vector<IndicatorValue> values = {Value(kCode, "2024", "9"), Value(kCode, "2024", "10")};
  values[0].kodepemda = values[1].kodepemda = "1612";
  JudgeValues(values);
  for (const IndicatorValue& value : values) {
    EXPECT_EQ(value.finding.reason, Reason::kValuesContradict);
    EXPECT_EQ(value.value, std::nullopt);
    EXPECT_EQ(FindingOf(value).args.at("key"), "1612.1.02.000318.2024");
    EXPECT_EQ(value.finding.args.count("other_file"), 0U);
  }
  EXPECT_EQ(values[0].finding.args.at("value"), "9");
  EXPECT_EQ(values[0].finding.args.at("other_value"), "10");
  EXPECT_EQ(values[1].finding.args.at("value"), "10");
  EXPECT_EQ(values[1].finding.args.at("other_value"), "9");
}

TEST(JudgeValues, SendsNoneOfAKeyThatIsContradictedAnywhere) {
  std::vector<IndicatorValue> values = {Value(kCode, "2024", "9"), Value(kCode, "2024", "9"),
                                        Value(kCode, "2024", "10"), Value(kCode, "2024", "10"),
                                        Value(kCode, "2024", "9")};
  JudgeValues(values);
  for (const IndicatorValue& value : values) EXPECT_EQ(value.value, std::nullopt);
}

TEST(JudgeValues, KeepsKeysApart) {
  std::vector<IndicatorValue> values = {Value(kCode, "2024", "9"), Value(kCode, "2023", "10"),
                                        Value("1.02.000319", "2024", "11"), Value(kCode, "2024", "12")};
  values[3].kodepemda = "1612";
  JudgeValues(values);
  for (const IndicatorValue& value : values) EXPECT_TRUE(value.finding.ok());
}

TEST(JudgeValues, TakesAnAbsentValueForNoContradiction) {
  std::vector<IndicatorValue> values = {Value(kCode, "2024", "-"), Value(kCode, "2024", "9")};
  JudgeValues(values);
  EXPECT_EQ(values[0].finding.reason, Reason::kValueAbsent);
  EXPECT_EQ(values[1].value, "9");
}

}  // namespace
}  // namespace satudata::catalog
