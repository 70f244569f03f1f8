#include "server/targets/ewalidata/codec.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::targets::ewalidata {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const TableScope kScope = {"1612", "2024"};
constexpr char kKey[] = "1612.1.02.000318.2024";

TargetRow Row(std::string code, std::optional<std::string> data, std::string lastupdate = "") {
  TargetRow row;
  row.kodeindikator = std::move(code);
  row.kodepemda = "1612";
  row.tahun = "2024";
  row.data = std::move(data);
  row.lastupdate = std::move(lastupdate);
  return row;
}

std::vector<std::string> Keys(const ObservedValues& values) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values) keys.push_back(key);
  return keys;
}

TEST(ValueKeyTest, ReadsBackWhatItWrites) {
  const auto key = ParseValueKey(kKey);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->kodepemda, "1612");
  EXPECT_EQ(key->kodeindikator, "1.02.000318");
  EXPECT_EQ(key->tahun, "2024");
  EXPECT_EQ(key->Text(), kKey);
  EXPECT_EQ(key->Scope(), "1612/2024");
}

TEST(ValueKeyTest, RefusesWhatIsNoKey) {
  for (const char* text : {"", "1612", "1612.2024", "1612..2024", ".1.02.000318.2024", "1612.1.02.000318.",
                           "1612.1.02.000318.2024#3", "161.1.02.000318.2024", "1612.35.07.01.001.2024"}) {
    EXPECT_EQ(ParseValueKey(text).has_value(), false) << text;
  }
}

TEST(ParseScopeTest, IsARegionAndAYear) {
  EXPECT_TRUE(ParseScope("1612/2024").has_value());
  for (const char* text : {"", "1612", "1612/", "1612/20245", "1612/2024/1", "16x2/2024", "65f0"}) {
    EXPECT_FALSE(ParseScope(text).has_value()) << text;
  }
}

TEST(EncodePushTest, WritesAllAsText) {
  const std::vector<sync::OutboundRecord> records = {{.key = kKey, .value = "2.24"},
                                                     {.key = "1612.1.02.000319.2023", .value = "-1234567"}};
  EXPECT_EQ(EncodePush(records, NumberStyle::kDot),
            R"({"data":[{"kodeindikator":"1.02.000318","kodepemda":"1612","tahun":"2024","data":"2.24"},)"
            R"({"kodeindikator":"1.02.000319","kodepemda":"1612","tahun":"2023","data":"-1234567"}]})");
}

TEST(EncodePushTest, CallsFieldsAsTheTargetDoes) {
  const std::vector<sync::OutboundRecord> records = {{.key = "1612.1.02.000318.2024", .value = "9"}};
  EXPECT_EQ(EncodePush(records, NumberStyle::kDot, {{"data", "nilai"}, {"tahun", "thn"}}),
            R"({"data":[{"kodeindikator":"1.02.000318","kodepemda":"1612","thn":"2024","nilai":"9"}]})");
}

TEST(EncodePushTest, WritesDecimalsInTheTargetsStyle) {
  const std::vector<sync::OutboundRecord> records = {{.key = kKey, .value = "2.24"}};
  EXPECT_THAT(EncodePush(records, NumberStyle::kComma), ::testing::HasSubstr(R"("data":"2,24")"));
}

TEST(RowKeyTest, FillsInTheTemplate) {
  EXPECT_EQ(RowKey(kKey, "{kodepemda}.{kodeindikator}.{tahun}"), kKey);
  EXPECT_EQ(RowKey(kKey, "{tahun},{kodeindikator},{kodepemda}"), "2024,1.02.000318,1612");
  EXPECT_EQ(RowKey("65f0", "{kodepemda}"), "");
}

TEST(TablePathTest, NamesRegionAndYear) {
  EXPECT_EQ(TablePath("/get_dssd", kScope), "/get_dssd?kodepemda=1612&tahun=2024");
}

TEST(ObserveRowsTest, ComparesAsDecimals) {
  const ObservedValues values = ObserveRows({Row("1.02.000318", "2.240")}, kScope, NumberStyle::kDot);
  EXPECT_EQ(values.at(kKey).value, "2.24");
  EXPECT_EQ(values.at(kKey).hash, HashValue(kKey, "2.24"));
  EXPECT_NE(HashValue("1612.1.02.000319.2024", "2.24"), HashValue(kKey, "2.24"));
}

TEST(ObserveRowsTest, ReadsDecimalsInTheTargetsStyle) {
  const ObservedValues values = ObserveRows({Row("1.02.000318", "2,24")}, kScope, NumberStyle::kComma);
  EXPECT_EQ(values.at(kKey).hash, HashValue(kKey, "2.24"));
}

TEST(ObserveRowsTest, WhatIsNoNumberEqualsNoneOfOurs) {
  const ObservedValues values = ObserveRows({Row("1.02.000318", "2,24")}, kScope, NumberStyle::kDot);
  EXPECT_EQ(values.at(kKey).value, "2,24");
  EXPECT_NE(values.at(kKey).hash, HashValue(kKey, "2.24"));
}

TEST(ObserveRowsTest, AbsentValuesAreNotThere) {
  const ObservedValues values = ObserveRows({Row("1.02.000318", std::nullopt), Row("1.02.000319", ""),
                                             Row("1.02.000320", "-"), Row("1.02.000321", "0")},
                                            kScope, NumberStyle::kDot);
  EXPECT_THAT(Keys(values), UnorderedElementsAre("1612.1.02.000321.2024"));
}

TEST(ObserveRowsTest, RowsOfOtherScopesAreLeftOut) {
  TargetRow other_year = Row("1.02.000318", "1");
  other_year.tahun = "2023";
  TargetRow other_region = Row("1.02.000319", "1");
  other_region.kodepemda = "1613";
  TargetRow unnamed = Row("1.02.000320", "1");
  unnamed.kodepemda = "";
  unnamed.tahun = "";
  const ObservedValues values = ObserveRows({other_year, other_region, unnamed}, kScope, NumberStyle::kDot);
  EXPECT_THAT(Keys(values), UnorderedElementsAre("1612.1.02.000320.2024"));
}

TEST(ObserveRowsTest, TheLatestOfSeveralRowsCounts) {
  EXPECT_EQ(ObserveRows({Row("1.02.000318", "1", "2024-03-02 00:00:00"),
                         Row("1.02.000318", "2", "2024-03-01 00:00:00")},
                        kScope, NumberStyle::kDot)
                .at(kKey)
                .value,
            "1");
  EXPECT_EQ(ObserveRows({Row("1.02.000318", "1"), Row("1.02.000318", "2")}, kScope, NumberStyle::kDot)
                .at(kKey)
                .value,
            "2");
  EXPECT_TRUE(ObserveRows({Row("1.02.000318", "1", "2024-03-01 00:00:00"),
                           Row("1.02.000318", std::nullopt, "2024-03-02 00:00:00")},
                          kScope, NumberStyle::kDot)
                  .empty());
}

TEST(ObserveRowsTest, PembinasVerificationMakesAValueFinal) {
  TargetRow verified = Row("1.02.000318", "1");
  verified.status_verifikasi_pembinadata = "Y";
  TargetRow open = Row("1.02.000319", "1");
  open.status_verifikasi_pembinadata = "N";
  const ObservedValues values = ObserveRows({verified, open}, kScope, NumberStyle::kDot);
  EXPECT_TRUE(values.at(kKey).final);
  EXPECT_FALSE(values.at("1612.1.02.000319.2024").final);
}

TEST(MarkFinalTest, AddsWhatOnlyTheFinalListHas) {
  ObservedValues values =
      ObserveRows({Row("1.02.000318", "1"), Row("1.02.000319", "1")}, kScope, NumberStyle::kDot);
  MarkFinal(ObserveRows({Row("1.02.000318", "2"), Row("1.02.000320", "3")}, kScope, NumberStyle::kDot),
            values);
  EXPECT_EQ(values.size(), 3U);
  EXPECT_TRUE(values.at(kKey).final);
  EXPECT_EQ(values.at(kKey).value, "1");
  EXPECT_FALSE(values.at("1612.1.02.000319.2024").final);
  EXPECT_TRUE(values.at("1612.1.02.000320.2024").final);
}

}  // namespace
}  // namespace satudata::targets::ewalidata
