#include "server/targets/ckan/codec.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"

namespace satudata::targets::ckan {
namespace {

using Json = nlohmann::json;

catalog::CatalogFile Puskesmas() {
  return {.file_id = "65f0",
          .name = "Jumlah Puskesmas <b>\"2024\"</b>",
          .theme = "Kesehatan",
          .producer = "Dinas Kesehatan",
          .frequency = "Tahunan",
          .file_name = "2024/puskesmas.csv",
          .file_type = "csv",
          .verification = catalog::Verification::kVerified,
          .source_update_time = absl::FromUnixSeconds(1'700'000'000),
          .content_sha256 = base::Sha256Hex("a"),
          .content_size_bytes = 1,
          .revision = 3};
}

// The package and its resource as CKAN shows them after both were written.
Json Shown(const Dataset& dataset) {
  Json package = Json::parse(CreateBody(dataset, "satudata-65f0", "walidata"));
  package["id"] = "p1";
  package["state"] = "active";
  package["owner_org"] = "o1";
  package["organization"] = {{"id", "o1"}, {"name", "walidata"}};
  Json resource = {{"id", "r1"}, {"url_type", "upload"}, {"size", dataset.content.size_bytes}};
  for (const auto& [name, value] : ResourceFields(dataset, "p1", "", "csv")) resource[name] = value;
  package["resources"] = {resource};
  return package;
}

HeldPackage Read(const Json& shown) {
  std::optional<HeldPackage> held = ReadPackage(shown, "satudata-65f0");
  EXPECT_TRUE(held.has_value());
  return held.value_or(HeldPackage());
}

TEST(CkanCodecTest, ThePayloadIsTheWholeDataset) {
  const Dataset dataset = DatasetOf(Puskesmas());
  const sync::OutboundRecord record = EncodeRecord(dataset);
  EXPECT_EQ(record.key, "65f0");
  EXPECT_EQ(record.scope, "65f0");
  const std::optional<Dataset> decoded = DecodePayload(record.payload);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->metadata, dataset.metadata);
  EXPECT_EQ(decoded->content, dataset.content);
  EXPECT_FALSE(DecodePayload("{}").has_value());
  EXPECT_FALSE(DecodePayload("").has_value());
}

TEST(CkanCodecTest, LongTitlesAndMarkupTravelAsTheyAre) {
  catalog::CatalogFile file = Puskesmas();
  for (const std::string& title :
       {std::string(247, '/'), std::string(379, ','), std::string("<p>Data  \"A\" &amp; <b>B</b>\n</p>")}) {
    file.name = title;
    const Dataset dataset = DatasetOf(file);
    EXPECT_EQ(Shown(dataset)["title"], title);
    EXPECT_EQ(Read(Shown(dataset)).metadata, dataset.metadata);
  }
}

TEST(CkanCodecTest, NoTimeIsPartOfTheRecord) {
  catalog::CatalogFile later = Puskesmas();
  later.source_update_time = absl::FromUnixSeconds(1'800'000'000);
  later.content_mtime_us = 5;
  later.revision = 4;
  EXPECT_EQ(EncodeRecord(DatasetOf(later)).hash, EncodeRecord(DatasetOf(Puskesmas())).hash);
}

TEST(CkanCodecTest, EverythingElseIs) {
  const std::string hash = EncodeRecord(DatasetOf(Puskesmas())).hash;
  for (std::string catalog::CatalogFile::*field :
       {&catalog::CatalogFile::name, &catalog::CatalogFile::theme, &catalog::CatalogFile::producer,
        &catalog::CatalogFile::coverage, &catalog::CatalogFile::frequency, &catalog::CatalogFile::dimension,
        &catalog::CatalogFile::file_name, &catalog::CatalogFile::content_sha256}) {
    catalog::CatalogFile file = Puskesmas();
    file.*field += "x";
    EXPECT_NE(EncodeRecord(DatasetOf(file)).hash, hash);
  }
  catalog::CatalogFile file = Puskesmas();
  file.is_public = false;
  EXPECT_NE(EncodeRecord(DatasetOf(file)).hash, hash);
}

TEST(CkanCodecTest, WhatIsReadBackHasTheHashOfWhatWasSent) {
  const Dataset dataset = DatasetOf(Puskesmas());
  const HeldPackage held = Read(Shown(dataset));
  EXPECT_TRUE(held.IsWhole());
  EXPECT_TRUE(held.HasMetadata(dataset));
  EXPECT_TRUE(held.HasContent(dataset.content));
  EXPECT_EQ(held.Hash(), EncodeRecord(dataset).hash);
  EXPECT_THAT(held.owners, testing::ElementsAre("o1", "o1", "walidata"));
}

TEST(CkanCodecTest, WhatSomebodyChangedHasAnotherHash) {
  const Dataset dataset = DatasetOf(Puskesmas());
  Json shown = Shown(dataset);
  shown["title"] = "Lain";
  EXPECT_TRUE(Read(shown).IsWhole());
  EXPECT_NE(Read(shown).Hash(), EncodeRecord(dataset).hash);
}

TEST(CkanCodecTest, WithoutTheFileThatBelongsToItIsNotWhole) {
  const Dataset dataset = DatasetOf(Puskesmas());
  Json shown = Shown(dataset);
  shown["resources"] = Json::array();
  EXPECT_FALSE(Read(shown).IsWhole());
  shown = Shown(dataset);
  shown["resources"][0]["satudata_sha256"] = base::Sha256Hex("b");
  EXPECT_FALSE(Read(shown).IsWhole()) << "the file of another version";
  shown = Shown(dataset);
  shown["resources"][0]["size"] = 0;
  EXPECT_FALSE(Read(shown).IsWhole()) << "fewer bytes arrived than were sent";
  shown = Shown(dataset);
  shown["resources"][0]["url_type"] = "";
  EXPECT_FALSE(Read(shown).IsWhole()) << "a link in place of the file";
  shown = Shown(dataset);
  shown["state"] = "deleted";
  EXPECT_FALSE(Read(shown).IsWhole());
}

TEST(CkanCodecTest, ACkanThatCountsNothingIsBelievedTheHash) {
  const Dataset dataset = DatasetOf(Puskesmas());
  Json shown = Shown(dataset);
  shown["resources"][0]["size"] = nullptr;
  shown["resources"][0]["hash"] = "0cc175b9c0f1b6a831c399e269772661";  // As its own tools write it.
  EXPECT_EQ(Read(shown).Hash(), EncodeRecord(dataset).hash);
}

TEST(CkanCodecTest, ResourcesOfOthersAreNotOurs) {
  const Dataset dataset = DatasetOf(Puskesmas());
  Json shown = Shown(dataset);
  const Json ours = shown["resources"][0];
  shown["resources"] = {{{"id", "r0"}, {"name", "2024/puskesmas.csv"}}, ours};
  EXPECT_EQ(Read(shown).resource_id, "r1");
}

TEST(CkanCodecTest, APatchRevivesAndKeepsTheExtrasOfOthers) {
  const Dataset dataset = DatasetOf(Puskesmas());
  Json shown = Shown(dataset);
  shown["extras"].push_back({{"key", "catatan"}, {"value", "pembina"}});
  const Json patch = Json::parse(PatchBody(dataset, Read(shown)));
  EXPECT_EQ(patch["id"], "p1");
  EXPECT_EQ(patch["state"], "active");
  EXPECT_FALSE(patch.contains("owner_org"));
  int notes = 0, ids = 0;
  for (const Json& extra : patch["extras"]) {
    notes += extra["key"] == "catatan" ? 1 : 0;
    ids += extra["key"] == "satudata_file_id" ? 1 : 0;
  }
  EXPECT_EQ(notes, 1);
  EXPECT_EQ(ids, 1);
}

TEST(CkanCodecTest, AnythingElseIsNoPackageOfThatName) {
  EXPECT_FALSE(ReadPackage(Json("text"), "a").has_value());
  EXPECT_FALSE(ReadPackage({{"name", "a"}}, "a").has_value()) << "without an id";
  EXPECT_FALSE(ReadPackage({{"name", "b"}, {"id", "1"}}, "a").has_value());
  const std::optional<HeldPackage> odd =
      ReadPackage({{"name", "a"}, {"id", "1"}, {"extras", 3}, {"resources", {1, "x", nullptr}}}, "a");
  ASSERT_TRUE(odd.has_value());
  EXPECT_FALSE(odd->IsWhole());
}

}  // namespace
}  // namespace satudata::targets::ckan
