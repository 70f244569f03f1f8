#include "server/targets/ewalidata/projection.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/indicator.h"
#include "server/targets/ewalidata/codec.h"

namespace satudata::targets::ewalidata {
namespace {

using catalog::IndicatorValue;
using catalog::Reason;
using ::testing::ElementsAre;

constexpr char kKey[] = "1612.1.02.000318.2024";

IndicatorValue Value(std::string code, std::string raw, std::string kodepemda = "",
                     std::string tahun = "2024") {
  return {.kodeindikator = std::move(code),
          .kodepemda = std::move(kodepemda),
          .tahun = std::move(tahun),
          .raw_value = std::move(raw)};
}

class ProjectionTest : public ::testing::Test {
 protected:
  ProjectionTest() { options_.default_kodepemda = "1612"; }

  // Judged as the catalogue judges them.
  sync::Projection Project(std::vector<IndicatorValue> values) {
    for (size_t i = 0; i < values.size(); ++i) values[i].position = static_cast<int64_t>(i) + 1;
    catalog::JudgeValues(values);
    return ProjectFile(file_, values, content_failure_, options_,
                       [this](absl::string_view kodepemda) { return kodepemda == "1612" ? list_ : nullptr; });
  }

  static std::vector<std::string> Lines(const sync::Projection& projection) {
    std::vector<std::string> lines;
    for (const sync::ProjectedRecord& projected : projection.records) {
      lines.push_back(
          projected.record.key + " " + projected.record.value +
          (projected.failure.ok() ? "" : " " + std::string(catalog::ReasonName(projected.failure.reason))));
    }
    return lines;
  }

  catalog::CatalogFile file_ = {.file_id = "f", .file_name = "nilai.csv", .file_type = "csv"};
  catalog::Failure content_failure_;
  Options options_;
  ReferenceListPtr list_;
};

TEST_F(ProjectionTest, MakesARecordPerValue) {
  const sync::Projection projection = Project({Value("1.02.000318", "2,24"), Value("1.02.000319", "9")});
  EXPECT_THAT(Lines(projection), ElementsAre("1612.1.02.000318.2024 2.24", "1612.1.02.000319.2024 9"));
  EXPECT_EQ(projection.records[0].record.scope, "1612/2024");
  EXPECT_EQ(projection.records[0].record.hash, HashValue(kKey, "2.24"));
  EXPECT_EQ(projection.finding_count, 0);
  EXPECT_TRUE(projection.skipped.ok());
  EXPECT_TRUE(projection.rejected.ok());
}

TEST_F(ProjectionTest, TheNearestRegionCodeCounts) {
  file_.kodepemda = "1613";
  EXPECT_THAT(Lines(Project({Value("1.02.000318", "1", "1614"), Value("1.02.000318", "2")})),
              ElementsAre("1614.1.02.000318.2024 1", "1613.1.02.000318.2024 2"));
  file_.kodepemda = "";
  EXPECT_THAT(Lines(Project({Value("1.02.000318", "3")})), ElementsAre("1612.1.02.000318.2024 3"));
}

TEST_F(ProjectionTest, AValueWithoutRegionIsRejected) {
  options_.default_kodepemda = "";
  EXPECT_THAT(Lines(Project({Value("1.02.000318", "1")})),
              ElementsAre(".1.02.000318.2024 1 KODEPEMDA_MISSING"));
}

TEST_F(ProjectionTest, ARegionCodeThatIsNoneIsRejected) {
  file_.kodepemda = "16.12";
  EXPECT_THAT(Lines(Project({Value("1.02.000318", "1")})),
              ElementsAre("16.12.1.02.000318.2024 1 KODEPEMDA_INVALID"));
}

TEST_F(ProjectionTest, NothingToSendIsAFindingAndNoRecord) {
  const sync::Projection projection = Project({Value("1.02.000318", "-"), Value("35.07.01.001.01", "5"),
                                               Value("1.02.000319", "9"), Value("1.02.000319", "9")});
  EXPECT_THAT(Lines(projection), ElementsAre("1612.1.02.000319.2024 9"));
  EXPECT_EQ(projection.finding_count, 3);
}

TEST_F(ProjectionTest, WhatIsWrongIsARejectedRecord) {
  const sync::Projection projection = Project({Value("1.02.000318", "54,852"), Value("1.02.000319", "tujuh"),
                                               Value("1.2.3", "1"), Value("1.02.000320", "1", "", "24")});
  EXPECT_THAT(Lines(projection),
              ElementsAre("1612.1.02.000318.2024 54,852 NUMBER_AMBIGUOUS",
                          "1612.1.02.000319.2024 tujuh NUMBER_INVALID",
                          "1612.1.2.3.2024 1 INDICATOR_CODE_INVALID", "1612.1.02.000320.24 1 YEAR_INVALID"));
  EXPECT_EQ(projection.records[0].failure.args.at("value"), "54,852");
}

TEST_F(ProjectionTest, KeysAreUniqueAlsoWhereTheyAreNone) {
  const sync::Projection projection = Project({Value("", "1"), Value("", "2"), Value("", "2")});
  EXPECT_THAT(Lines(projection),
              ElementsAre("1612..2024 1 INDICATOR_CODE_INVALID", "1612..2024#2 2 INDICATOR_CODE_INVALID",
                          "1612..2024#3 2 INDICATOR_CODE_INVALID"));
}

TEST_F(ProjectionTest, ValuesThatContradictAreOneRejectedRecord) {
  const sync::Projection projection = Project({Value("1.02.000318", "9"), Value("1.02.000318", "10")});
  ASSERT_EQ(projection.records.size(), 1U);
  EXPECT_EQ(projection.records[0].record.key, kKey);
  EXPECT_EQ(projection.records[0].failure.reason, Reason::kValuesContradict);
}

// The catalogue sees two keys; only with the default they are one.
TEST_F(ProjectionTest, ValuesThatContradictThroughTheDefaultRegionAreNotSent) {
  const sync::Projection projection =
      Project({Value("1.02.000318", "9"), Value("1.02.000318", "10", "1612")});
  ASSERT_EQ(projection.records.size(), 1U);
  const catalog::Failure& failure = projection.records[0].failure;
  EXPECT_EQ(failure.reason, Reason::kValuesContradict);
  EXPECT_EQ(failure.args.at("value"), "9");
  EXPECT_EQ(failure.args.at("other_value"), "10");
}

TEST_F(ProjectionTest, TheSameValueThroughTheDefaultRegionIsAFinding) {
  const sync::Projection projection = Project({Value("1.02.000318", "9"), Value("1.02.000318", "9", "1612")});
  EXPECT_THAT(Lines(projection), ElementsAre("1612.1.02.000318.2024 9"));
  EXPECT_EQ(projection.finding_count, 1);
}

TEST_F(ProjectionTest, AnUnreadableSecondFigureMakesTheFirstDoubtful) {
  const sync::Projection projection = Project({Value("1.02.000318", "9"), Value("1.02.000318", "sembilan")});
  ASSERT_EQ(projection.records.size(), 1U);
  EXPECT_EQ(projection.records[0].failure.reason, Reason::kValuesContradict);
}

TEST_F(ProjectionTest, TheReferenceListRefusesWhatItDoesNotHave) {
  TargetRow active;
  active.kodeindikator = "1.02.000318";
  active.status = "AKTIF";
  TargetRow disabled;
  disabled.kodeindikator = "1.02.000319";
  disabled.status = "DISABLED";
  list_ = std::make_shared<const ReferenceList>(MakeReferenceList("1612", {active, disabled}, absl::Now()));
  const sync::Projection projection = Project({Value("1.02.000318", "1"), Value("1.02.000319", "2"),
                                               Value("1.02.000320", "3"), Value("1.02.000320", "3", "1613")});
  EXPECT_THAT(Lines(projection),
              ElementsAre("1612.1.02.000318.2024 1", "1612.1.02.000319.2024 2 INDICATOR_DISABLED",
                          "1612.1.02.000320.2024 3 INDICATOR_UNKNOWN", "1613.1.02.000320.2024 3"));
}

TEST_F(ProjectionTest, AUnitThatIsNotTheIndicatorsIsRefused) {
  TargetRow doctors;
  doctors.kodeindikator = "1.02.000318";
  doctors.satuan = "Orang";
  TargetRow fields;
  fields.kodeindikator = "1.02.000319";
  fields.satuan = "Hektare (ha)";
  TargetRow any;
  any.kodeindikator = "1.02.000320";
  list_ =
      std::make_shared<const ReferenceList>(MakeReferenceList("1612", {doctors, fields, any}, absl::Now()));
  std::vector<IndicatorValue> values = {Value("1.02.000318", "1", "", "2022"),
                                        Value("1.02.000318", "1", "", "2023"), Value("1.02.000318", "1"),
                                        Value("1.02.000319", "2"), Value("1.02.000320", "3")};
  values[0].satuan = "ribu orang";
  values[0].column_number = 3;
  values[0].line = 7;
  values[0].sheet = "Data";
  values[1].satuan = "-";
  values[3].satuan = "ha";
  values[4].satuan = "apa saja";
  const sync::Projection projection = Project(values);
  EXPECT_THAT(Lines(projection),
              ElementsAre("1612.1.02.000318.2022 1 UNIT_MISMATCH", "1612.1.02.000318.2023 1",
                          "1612.1.02.000318.2024 1", "1612.1.02.000319.2024 2", "1612.1.02.000320.2024 3"));
  EXPECT_EQ(projection.records[0].failure.args,
            (catalog::FailureArgs{
                {"unit", "ribu orang"}, {"expected_unit", "Orang"}, {"cell", "C7"}, {"sheet", "Data"}}));
  options_.units = catalog::Units(std::vector<catalog::UnitAlias>{{"ribu orang", "orang"}});
  EXPECT_TRUE(Project(values).records[0].failure.ok());
}

TEST_F(ProjectionTest, ATotalIsAFindingAndAFigureWithoutACodeIsNot) {
  IndicatorValue total = Value("Jumlah", "9");
  total.finding.reason = Reason::kTotalRow;
  IndicatorValue uncoded = Value("", "9");
  uncoded.finding.reason = Reason::kIndicatorCodeMissing;
  const sync::Projection projection = Project({total, uncoded});
  EXPECT_THAT(Lines(projection), ElementsAre("1612..2024 9 INDICATOR_CODE_MISSING"));
  EXPECT_EQ(projection.finding_count, 1);
}

TEST_F(ProjectionTest, ARefusedRecordSaysWhereItsFigureStands) {
  IndicatorValue value = Value("1.02.000318", "tujuh");
  value.column_number = 3;
  value.line = 7;
  EXPECT_EQ(Project({value}).records[0].failure.args,
            (catalog::FailureArgs{{"value", "tujuh"}, {"cell", "C7"}}));
}

TEST_F(ProjectionTest, AFileWithoutValuesHasNothingForThisTarget) {
  file_.file_type = "pdf";
  file_.file_name = "laporan.pdf";
  EXPECT_EQ(Project({}).skipped.reason, Reason::kNoIndicatorValues);
  content_failure_ = {.reason = Reason::kContentMissing};
  EXPECT_EQ(Project({}).skipped.reason, Reason::kNoIndicatorValues);
  EXPECT_TRUE(Project({}).rejected.ok());
}

TEST_F(ProjectionTest, OnlyFindingsIsNothingEither) {
  const sync::Projection projection = Project({Value("1.02.000318", "***")});
  EXPECT_EQ(projection.skipped.reason, Reason::kNoIndicatorValues);
  EXPECT_EQ(projection.finding_count, 1);
}

TEST_F(ProjectionTest, ContentThatShouldBeThereIsMissed) {
  content_failure_ = {.reason = Reason::kContentMissing};
  EXPECT_EQ(Project({}).rejected.reason, Reason::kContentMissing);
  file_.file_type = "";
  file_.file_name = "NILAI.CSV";
  EXPECT_EQ(Project({}).rejected.reason, Reason::kContentMissing);
  file_.file_name = "nilai.xlsx";
  EXPECT_EQ(Project({}).rejected.reason, Reason::kContentMissing);
  file_.file_name = "nilai.pdf";
  EXPECT_TRUE(Project({}).rejected.ok());
  file_.mapping.value_column = "C";
  EXPECT_EQ(Project({}).rejected.reason, Reason::kContentMissing) << "somebody said where its figures are";
}

TEST_F(ProjectionTest, ContentThatCannotBeReadIsRejectedWhateverItIsCalled) {
  file_.file_type = "xls";
  file_.file_name = "nilai.xls";
  for (Reason reason : {Reason::kContentUnreadable, Reason::kColumnMissing}) {
    content_failure_ = {.reason = reason};
    EXPECT_EQ(Project({}).rejected.reason, reason);
    EXPECT_TRUE(Project({}).skipped.ok());
  }
}

TEST_F(ProjectionTest, InlineValuesNeedNoContent) {
  file_.has_inline_values = true;
  content_failure_ = {.reason = Reason::kContentMissing};
  EXPECT_EQ(Project({Value("1.02.000318", "1")}).records.size(), 1U);
}

TEST_F(ProjectionTest, PrivateFilesAreWithheldOnlyOnDemand) {
  file_.is_public = false;
  EXPECT_EQ(Project({Value("1.02.000318", "1")}).records.size(), 1U);
  options_.traits.withhold_private_files = true;
  const sync::Projection projection = Project({Value("1.02.000318", "1")});
  EXPECT_EQ(projection.skipped.reason, Reason::kFilePrivate);
  EXPECT_TRUE(projection.records.empty());
}

}  // namespace
}  // namespace satudata::targets::ewalidata
