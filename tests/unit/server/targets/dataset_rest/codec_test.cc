#include "server/targets/dataset_rest/codec.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/targets/answer_text.h"

namespace satudata::targets::dataset_rest {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

catalog::CatalogFile Puskesmas() {
  return {.file_id = "65f0",
          .name = "Jumlah \"Puskesmas\" / Kecamatan\n",
          .theme = "Kesehatan",
          .producer = "Dinas Kesehatan",
          .coverage = "Kabupaten",
          .frequency = "Tahunan",
          .dimension = "Kecamatan",
          .file_name = "puskesmas.csv",
          .file_type = "csv",
          .verification = catalog::Verification::kVerified,
          .source_create_time = absl::FromUnixMillis(1'700'000'000'123),
          .source_update_time = absl::FromUnixMillis(1'700'000'100'000)};
}

TEST(EncodeDatasetTest, WritesWhatTheContractNames) {
  const sync::OutboundRecord record = EncodeDataset(Puskesmas());
  EXPECT_EQ(record.key, "65f0");
  EXPECT_EQ(record.scope, "65f0");
  EXPECT_EQ(record.value, "");
  EXPECT_EQ(
      record.payload,
      R"({"dataset_id":"65f0","dataset_name":"Jumlah \"Puskesmas\" / Kecamatan\n","theme":"Kesehatan",)"
      R"("producer":"Dinas Kesehatan","coverage":"Kabupaten","frequency":"Tahunan","dimension":"Kecamatan",)"
      R"("file_name":"puskesmas.csv","file_type":"csv","is_public":true,)"
      R"("verification_status":"Sudah Verifikasi","created_at":"2023-11-14T22:13:20.123Z",)"
      R"("updated_at":"2023-11-14T22:15:00.000Z"})");
}

TEST(EncodeDatasetTest, LongTitlesAndMarkupTravelAsTheyAre) {
  catalog::CatalogFile file = Puskesmas();
  for (const std::string& title :
       {std::string(247, '/'), std::string(379, ','), std::string("<p>Data  \"A\" &amp; <b>B</b>\n</p>")}) {
    file.name = file.dimension = title;
    const auto body = ParseJson(EncodeDataset(file).payload);
    EXPECT_EQ(body["dataset_name"], title);
    EXPECT_EQ(body["dimension"], title);
  }
}

TEST(EncodeDatasetTest, AYearHasFourDigits) {
  catalog::CatalogFile file = Puskesmas();
  file.source_create_time = absl::FromCivil(absl::CivilDay(1, 2, 3), absl::UTCTimeZone());
  EXPECT_EQ(ParseJson(EncodeDataset(file).payload)["created_at"], "0001-02-03T00:00:00.000Z");
}

TEST(EncodeDatasetTest, TimesThatAreNotKnownAreLeftOut) {
  catalog::CatalogFile file = Puskesmas();
  file.source_create_time.reset();
  file.source_update_time.reset();
  const auto body = ParseJson(EncodeDataset(file).payload);
  EXPECT_TRUE(body.is_object());
  EXPECT_FALSE(body.contains("created_at"));
}

TEST(EncodeDatasetTest, TimesDoNotMakeADatasetAnother) {
  catalog::CatalogFile later = Puskesmas();
  later.source_update_time = absl::FromUnixSeconds(1'800'000'000);
  EXPECT_EQ(EncodeDataset(later).hash, EncodeDataset(Puskesmas()).hash);
  EXPECT_NE(EncodeDataset(later).payload, EncodeDataset(Puskesmas()).payload);
}

TEST(EncodeDatasetTest, EveryOtherFieldDoes) {
  const std::string hash = EncodeDataset(Puskesmas()).hash;
  for (std::string catalog::CatalogFile::*field :
       {&catalog::CatalogFile::file_id, &catalog::CatalogFile::name, &catalog::CatalogFile::theme,
        &catalog::CatalogFile::producer, &catalog::CatalogFile::coverage, &catalog::CatalogFile::frequency,
        &catalog::CatalogFile::dimension, &catalog::CatalogFile::file_name,
        &catalog::CatalogFile::file_type}) {
    catalog::CatalogFile file = Puskesmas();
    file.*field += "x";
    EXPECT_NE(EncodeDataset(file).hash, hash);
  }
  catalog::CatalogFile hidden = Puskesmas();
  hidden.is_public = false;
  EXPECT_NE(EncodeDataset(hidden).hash, hash);
}

TEST(HashDatasetTest, WhatWasPostedHashesAsItWasSent) {
  const sync::OutboundRecord record = EncodeDataset(Puskesmas());
  EXPECT_EQ(HashDataset(ParseJson(record.payload), "65f0"), record.hash);
}

TEST(EncodeDatasetTest, ATargetMayCallTheFieldsOtherwise) {
  const FieldNames names = {{"dataset_id", "id"}, {"producer", "opd"}, {"created_at", "dibuat"}};
  const sync::OutboundRecord record = EncodeDataset(Puskesmas(), names);
  const auto body = ParseJson(record.payload);
  EXPECT_EQ(TextMember(body, "id"), "65f0");
  EXPECT_EQ(TextMember(body, "opd"), "Dinas Kesehatan");
  EXPECT_FALSE(body.contains("producer"));
  EXPECT_TRUE(body.contains("dibuat"));
  EXPECT_EQ(record.hash, EncodeDataset(Puskesmas()).hash) << "another name is no change of the record";
  EXPECT_EQ(HashDataset(body, "65f0", names), record.hash);
  EXPECT_EQ(HashDataset(body, "65f0"), std::nullopt);
}

TEST(HashDatasetTest, KnowsOnlyTheDatasetThatWasAskedFor) {
  const auto dataset = ParseJson(EncodeDataset(Puskesmas()).payload);
  EXPECT_EQ(HashDataset(dataset, "65f1"), std::nullopt);
  EXPECT_EQ(HashDataset(dataset, ""), std::nullopt);
  EXPECT_EQ(HashDataset(ParseJson("[]"), "65f0"), std::nullopt);
  EXPECT_EQ(HashDataset(ParseJson("{"), "65f0"), std::nullopt);
}

TEST(FindMissingMetadataTest, NamesEachFieldWhereItIsFilledIn) {
  catalog::CatalogFile file = Puskesmas();
  EXPECT_TRUE(FindMissingMetadata(file).ok());
  file.producer = "";
  file.theme = "";
  const catalog::Failure failure = FindMissingMetadata(file);
  EXPECT_EQ(failure.reason, catalog::Reason::kMetadataMissing);
  EXPECT_EQ(failure.args.at("field"), "temadataset, metaData.produsen");
  EXPECT_THAT(failure.field_violations,
              ElementsAre(Field(&catalog::FieldViolation::field, "temadataset"),
                          Field(&catalog::FieldViolation::field, "metaData.produsen")));
}

}  // namespace
}  // namespace satudata::targets::dataset_rest
