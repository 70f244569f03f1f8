// What catalog::CatalogStore and sync::Store promise about files and their values, whatever the engine.
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::FailureOf;
using catalog::Reason;
using catalog::Verification;
using sync::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class FileContractTest : public StoreContractTest {
 protected:
  std::vector<std::string> Listed(const sync::FileFilter& filter, const sync::Page& page = {}) {
    const auto rows = store_->ListFiles(filter, page);
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> ids;
    for (const sync::FileRow& row : *rows) ids.push_back(row.file.file_id);
    return ids;
  }
  // What ListFiles has without paging, and whether CountFiles says the same.
  std::vector<std::string> Matching(const sync::FileFilter& filter) {
    const std::vector<std::string> ids = Listed(filter, {.limit = 1000});
    const auto count = store_->CountFiles(filter);
    EXPECT_TRUE(count.ok()) << count.status();
    EXPECT_EQ(*count, static_cast<int64_t>(ids.size()));
    return ids;
  }
  std::vector<std::string> Planned(const sync::PlanFilter& filter, const std::string& after = "") {
    const auto files = store_->FilesToPlan(filter, after, 100);
    EXPECT_TRUE(files.ok()) << files.status();
    std::vector<std::string> ids;
    for (const auto& file : *files) ids.push_back(file.file.file_id);
    return ids;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, FileContractTest, testing::ValuesIn(Engines()), EngineName);

TEST_P(FileContractTest, AFileComesBackAsItWasPut) {
  catalog::FileWithValues file = MakeFile("a");
  file.file.source_create_time = clock_.Now();
  file.file.kodepemda = "1612";
  file.file.is_public = false;
  file.file.has_inline_values = true;
  catalog::IndicatorValue bad = MakeValue(2, "1.02.000318", "2024", "1.234");
  bad.value.reset();
  bad.finding = {.reason = Reason::kNumberAmbiguous, .args = {{"value", "1.234"}}};
  bad.line = 7;
  bad.column_number = 3;
  bad.column = "Nilai";
  bad.sheet = "Data \"2024\"";
  bad.satuan = "orang";
  file.file.mapping = {.sheet = "Data \"2024\"", .header_row = 3, .tahun = "2024"};
  file.values = {MakeValue(1, "1.02.000318", "2023", "9"), bad};
  ASSERT_TRUE(PutFile(file).ok());

  const auto found = store_->GetFile("a");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->name, "Dataset a");
  EXPECT_EQ(found->source_create_time, clock_.Now());
  EXPECT_EQ(found->source_update_time, std::nullopt);
  EXPECT_FALSE(found->is_public);
  EXPECT_EQ(found->revision, 1);
  EXPECT_EQ(found->create_time, clock_.Now());
  const auto values = store_->ListValues("a", 0, 10);
  ASSERT_THAT(*values, SizeIs(2));
  EXPECT_EQ(values->at(0).value, "9");
  EXPECT_EQ(values->at(1).value, std::nullopt);
  EXPECT_EQ(values->at(1).finding, bad.finding);
  EXPECT_EQ(catalog::CellOf(values->at(1)), "C7");
  EXPECT_EQ(values->at(1).sheet, bad.sheet);
  EXPECT_EQ(values->at(1).column, bad.column);
  EXPECT_EQ(values->at(1).satuan, bad.satuan);
  EXPECT_EQ(found->mapping, file.file.mapping);
  EXPECT_EQ(values->at(0).sheet, "") << "what two rows have in common is not more than that";
  EXPECT_THAT(*store_->ListValues("a", 1, 10), SizeIs(1));
  EXPECT_THAT(*store_->ListValues("none", 0, 10), IsEmpty());
}

TEST_P(FileContractTest, AnUnknownFileIsNotFound) {
  EXPECT_EQ(FailureOf(store_->GetFile("none").status()).reason, Reason::kFileNotFound);
  EXPECT_EQ(FailureOf(store_->GetFileStatus("none").status()).reason, Reason::kFileNotFound);
}

TEST_P(FileContractTest, OnlyAChangeRaisesRevisionAndGeneration) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  const int64_t generation = store_->Generation();
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  EXPECT_EQ(store_->GetFile("a")->revision, 1);
  EXPECT_EQ(store_->Generation(), generation);

  catalog::FileWithValues changed = MakeFile("a");
  changed.values = {MakeValue(1, "1.02.000318", "2023", "9")};
  ASSERT_TRUE(PutFile(changed).ok());
  EXPECT_EQ(store_->GetFile("a")->revision, 2);
  EXPECT_EQ(store_->GetFile("a")->update_time, clock_.Now());
  EXPECT_LT(store_->GetFile("a")->create_time, clock_.Now());
  EXPECT_GT(store_->Generation(), generation);
}

TEST_P(FileContractTest, LookingAtTheSameContentAgainIsNoChange) {
  catalog::FileWithValues file = MakeFile("a");
  file.file.content_sha256 = "aa";
  ASSERT_TRUE(PutFile(file).ok());
  file.file.content_mtime_us = 77;
  ASSERT_TRUE(PutFile(file).ok());
  EXPECT_EQ(store_->GetFile("a")->revision, 1);
  EXPECT_EQ(store_->GetFile("a")->content_mtime_us, 77);
}

TEST_P(FileContractTest, AFailedMutationCostsItselfAlone) {
  std::vector<catalog::CatalogStore::Mutation> mutations;
  const auto put = [](const std::string& id) {
    return catalog::CatalogStore::Mutation{
        id, [id](auto) -> absl::StatusOr<std::optional<catalog::FileWithValues>> { return MakeFile(id); }};
  };
  mutations.push_back(put("a"));
  mutations.push_back({"b", [](auto) -> absl::StatusOr<std::optional<catalog::FileWithValues>> {
                         return absl::AbortedError("no");
                       }});
  mutations.push_back(put("c"));
  const auto statuses = store_->Update(std::move(mutations), clock_.Now());
  ASSERT_THAT(statuses, SizeIs(3));
  EXPECT_TRUE(statuses[0].ok());
  EXPECT_TRUE(absl::IsAborted(statuses[1]));
  EXPECT_THAT(Listed({}), ElementsAre("a", "c"));
}

TEST_P(FileContractTest, ADeletedFileKeepsItsHistoryAndItsRevisionsAreNotRepeated) {
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(
      store_->Commit({.run_id = "r1", .baselines = {{.target = "splp", .key = "a", .file_id = "a"}}}).ok());
  ASSERT_TRUE(DropFile("a").ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetFile("a").status()));
  EXPECT_TRUE(store_->GetDelivery("d1").ok());
  EXPECT_THAT(*store_->Baselines("splp", {"a"}), SizeIs(1));

  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  EXPECT_EQ(store_->GetFile("a")->revision, 2);
  EXPECT_EQ(store_->GetFileStatus("a")->front().state, State::kUnchanged);
}

TEST_P(FileContractTest, FilesAreListedByFilterInPages) {
  catalog::FileWithValues other = MakeFile("b");
  other.file.name = "Luas 50%_lahan";
  other.file.theme = "Pertanian";
  other.file.producer = "Dinas Tani";
  other.file.verification = Verification::kUnverified;
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(PutFile(other).ok());
  ASSERT_TRUE(PutFile(MakeFile("c")).ok());
  EXPECT_THAT(Matching({}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Listed({}, {.limit = 1, .after = "a"}), ElementsAre("b"));
  EXPECT_THAT(Matching({.text = "LUAS"}), ElementsAre("b"));
  EXPECT_THAT(Matching({.text = "50%_"}), ElementsAre("b"));
  EXPECT_THAT(Matching({.text = "5_%"}), IsEmpty());
  EXPECT_THAT(Matching({.text = "c.CSV"}), ElementsAre("c"));
  EXPECT_THAT(Matching({.verification = Verification::kVerified}), ElementsAre("a", "c"));
  EXPECT_THAT(Matching({.theme = "Pertanian"}), ElementsAre("b"));
  EXPECT_THAT(Matching({.theme = "Pertanian", .producer = "Dinas Dukcapil"}), IsEmpty());
}

TEST_P(FileContractTest, APageCanSkipToAnyRow) {
  for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  catalog::FileWithValues other = MakeFile("c2");
  other.file.theme = "Pertanian";
  ASSERT_TRUE(PutFile(other).ok());
  EXPECT_THAT(Listed({}, {.limit = 2, .skip = 3}), ElementsAre("c2", "d"));
  EXPECT_THAT(Listed({}, {.limit = 2, .after = "b", .skip = 1}), ElementsAre("c2", "d"));
  EXPECT_THAT(Listed({.theme = "Kependudukan"}, {.limit = 2, .skip = 2}), ElementsAre("c", "d"));
  EXPECT_THAT(Listed({.text = "dataset"}, {.limit = 9, .skip = 5}), ElementsAre("e"));
  EXPECT_THAT(Listed({}, {.skip = 6}), IsEmpty());
  EXPECT_THAT(Listed({}, {.skip = std::numeric_limits<int64_t>::max()}), IsEmpty());
}

TEST_P(FileContractTest, ACountFollowsEveryChange) {
  const sync::FileFilter rejected{.target = "splp", .state = State::kRejected};
  EXPECT_THAT(Matching({}), IsEmpty());
  for (const char* id : {"a", "b"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  EXPECT_THAT(Matching({}), ElementsAre("a", "b"));
  EXPECT_THAT(Matching({.text = "dataset a"}), ElementsAre("a"));
  EXPECT_THAT(Matching(rejected), IsEmpty());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kRejected)).ok());
  EXPECT_THAT(Matching(rejected), ElementsAre("a"));
  catalog::FileWithValues renamed = MakeFile("b");
  renamed.file.name = "Dataset a, again";
  ASSERT_TRUE(PutFile(renamed).ok());
  EXPECT_THAT(Matching({.text = "dataset a"}), ElementsAre("a", "b"));
  ASSERT_TRUE(DropFile("a").ok());
  EXPECT_THAT(Matching({}), ElementsAre("b"));
  EXPECT_THAT(Matching(rejected), IsEmpty());
}

TEST_P(FileContractTest, TheCatalogueIsSummedUpAsItIs) {
  EXPECT_EQ(store_->SummarizeCatalog()->file_count, 0);
  catalog::FileWithValues bare = MakeFile("c");
  bare.file.theme = "";
  bare.file.producer = "Dinas Tani";
  bare.file.verification = Verification::kRefused;
  for (const catalog::FileWithValues& file : {MakeFile("a"), MakeFile("b"), bare}) {
    ASSERT_TRUE(PutFile(file).ok());
  }
  using catalog::NameCount;
  auto summary = store_->SummarizeCatalog();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->file_count, 3);
  EXPECT_EQ(summary->verified_file_count, 2);
  EXPECT_THAT(summary->themes, ElementsAre(NameCount{"", 1}, NameCount{"Kependudukan", 2}));
  EXPECT_THAT(summary->producers, ElementsAre(NameCount{"Dinas Dukcapil", 2}, NameCount{"Dinas Tani", 1}));
  ASSERT_TRUE(DropFile("a").ok());
  summary = store_->SummarizeCatalog();
  EXPECT_EQ(summary->file_count, 2);
  EXPECT_THAT(summary->themes, ElementsAre(NameCount{"", 1}, NameCount{"Kependudukan", 1}));
}

TEST_P(FileContractTest, OfVeryManyNamesTheLargestAreNamed) {
  std::vector<catalog::CatalogStore::Mutation> mutations;
  const auto put = [&mutations](const std::string& id, const std::string& theme) {
    catalog::FileWithValues file = MakeFile(id);
    file.file.theme = theme;
    mutations.push_back(
        {id, [file](auto) -> absl::StatusOr<std::optional<catalog::FileWithValues>> { return file; }});
  };
  constexpr int64_t kNames = catalog::CatalogSummary::kMostNames + 1;
  for (int64_t i = 0; i < kNames; ++i) {
    const std::string theme = absl::StrCat("t", 10'000 + i);
    put(absl::StrCat(theme, "-1"), theme);
    if (i != 7) put(absl::StrCat(theme, "-2"), theme);
  }
  for (const absl::Status& status : store_->Update(std::move(mutations), clock_.Now())) {
    ASSERT_TRUE(status.ok()) << status;
  }
  const auto summary = store_->SummarizeCatalog();
  ASSERT_THAT(summary->themes, SizeIs(catalog::CatalogSummary::kMostNames));
  EXPECT_EQ(summary->themes[6].name, "t10006");
  EXPECT_EQ(summary->themes[7].name, "t10008");
}

TEST_P(FileContractTest, EveryCommitIsCountedAndNothingElse) {
  const int64_t before = store_->CommitCount();
  EXPECT_THAT(Listed({}), IsEmpty());
  EXPECT_EQ(store_->CommitCount(), before);
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  const int64_t after = store_->CommitCount();
  EXPECT_GT(after, before);
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a")).ok());
  EXPECT_GT(store_->CommitCount(), after);
}

TEST_P(FileContractTest, FilesAreFoundByHowTheyStandAtATarget) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kConfirmed)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "b", State::kRejected)).ok());
  ASSERT_TRUE(store_
                  ->Commit({.run_id = "r1",
                            .baselines = {{.target = "splp", .key = "a", .file_id = "a"},
                                          {.target = "splp", .key = "c", .file_id = "c"}}})
                  .ok());
  EXPECT_THAT(Matching({.target = "splp", .state = State::kRejected}), ElementsAre("b"));
  EXPECT_THAT(Matching({.target = "splp", .state = State::kUnchanged}), ElementsAre("c"));
  EXPECT_THAT(Matching({.target = "splp", .state = State::kConfirmed}), ElementsAre("a"));
  EXPECT_THAT(Matching({.target = "sipd", .state = State::kRejected}), IsEmpty());
  const auto rows = store_->ListFiles({}, {});
  EXPECT_THAT(rows->at(0).statuses, SizeIs(1));
  EXPECT_EQ(rows->at(0).statuses[0].held_record_count, 1);
  EXPECT_EQ(rows->at(1).statuses[0].state, State::kRejected);
  EXPECT_THAT(rows->at(3).statuses, IsEmpty());
}

TEST_P(FileContractTest, AFileStandsAsItsNewestDeliveryDoesNow) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(PutFile(MakeFile(id)).ok());
  CreateRun("r1");
  ASSERT_TRUE(Put(MakeDelivery("r1", "d1", "a", State::kRejected)).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "a")).ok());
  ASSERT_TRUE(Put(MakeDelivery("r1", "d3", "b")).ok());
  const sync::FileTargetStatus skipped{
      .file_id = "c", .target = "splp", .state = State::kSkipped, .run_id = "r1"};
  ASSERT_TRUE(store_->Commit({.run_id = "r1", .statuses = {skipped}}).ok());
  EXPECT_THAT(Matching({.target = "splp", .state = State::kRejected}), IsEmpty());
  EXPECT_THAT(Matching({.target = "splp", .state = State::kQueued}), ElementsAre("a", "b"));
  EXPECT_THAT(Matching({.target = "splp", .state = State::kSkipped}), ElementsAre("c"));
  ASSERT_TRUE(Put(MakeDelivery("r1", "d2", "a", State::kParked), State::kQueued).ok());
  EXPECT_THAT(Matching({.target = "splp", .state = State::kParked}), ElementsAre("a"));
  EXPECT_THAT(Matching({.target = "splp", .state = State::kQueued}), ElementsAre("b"));
}

TEST_P(FileContractTest, PlanningReadsFilesWithTheirValues) {
  catalog::FileWithValues b = MakeFile("b");
  b.values = {MakeValue(1, "1.02.000318", "2023", "9"), MakeValue(2, "1.02.000318", "2024", "10")};
  catalog::FileWithValues c = MakeFile("c");
  c.file.theme = "Pertanian";
  c.file.verification = Verification::kUnverified;
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(PutFile(b).ok());
  ASSERT_TRUE(PutFile(c).ok());
  EXPECT_THAT(Planned({}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Planned({}, "a"), ElementsAre("b", "c"));
  EXPECT_THAT(Planned({.file_ids = {"c", "a", "none"}}), ElementsAre("a", "c"));
  EXPECT_THAT(Planned({.themes = {"Pertanian", "Lain"}}), ElementsAre("c"));
  EXPECT_THAT(Planned({.themes = {"Pertanian"}, .producers = {"Lain"}}), IsEmpty());
  const auto loaded = store_->LoadFiles({"b", "none", "a"});
  ASSERT_THAT(*loaded, SizeIs(2));
  EXPECT_THAT(loaded->at(0).values, IsEmpty());
  ASSERT_THAT(loaded->at(1).values, SizeIs(2));
  EXPECT_EQ(loaded->at(1).values[1].value, "10");
  EXPECT_THAT(*store_->LoadFiles({}), IsEmpty());
}

TEST_P(FileContractTest, AFileMovesWithItsRevisionOrItsVerification) {
  catalog::FileWithValues unverified = MakeFile("b");
  unverified.file.verification = Verification::kRefused;
  ASSERT_TRUE(PutFile(MakeFile("a")).ok());
  ASSERT_TRUE(PutFile(unverified).ok());
  EXPECT_THAT(*store_->MovedFiles({{"a", 1}}), IsEmpty());
  EXPECT_THAT(*store_->MovedFiles({{"a", 1}, {"b", 1}, {"none", 1}}), ElementsAre("b", "none"));
  EXPECT_THAT(*store_->MovedFiles({{"a", 2}}), ElementsAre("a"));
}

TEST_P(FileContractTest, WhatVerifiedFilesSayOfAnIndicatorIsToldOnceAYear) {
  const auto put = [this](const std::string& id, const std::string& kodepemda, const std::string& year,
                          const std::string& value, Verification verification = Verification::kVerified) {
    catalog::FileWithValues file = MakeFile(id);
    file.file.kodepemda = kodepemda;
    file.file.verification = verification;
    catalog::IndicatorValue unread = MakeValue(3, "1.02.000318", "2020", "1.234");
    unread.value.reset();
    file.values = {MakeValue(1, "1.02.000318", year, value), MakeValue(2, "1.02.000319", year, "77"), unread};
    ASSERT_TRUE(PutFile(file).ok());
  };
  put("a", "", "2023", "1", Verification::kUnverified);
  put("b", "", "2023", "2");
  put("c", "1612", "2023", "3");
  put("d", "1612", "2024", "4");
  put("e", "3507", "2024", "5");
  const auto texts = [this](const std::vector<std::string>& codes, const std::string& region,
                            const std::string& home) {
    const auto values = store_->VerifiedValues(codes, region, home);
    EXPECT_TRUE(values.ok()) << values.status();
    std::vector<std::string> texts;
    for (const sync::OwnValue& value : *values) {
      texts.push_back(
          absl::StrCat(value.kodeindikator, " ", value.tahun, " ", value.value, " ", value.file_id));
    }
    return texts;
  };
  EXPECT_THAT(texts({"1.02.000318"}, "1612", "1612"),
              ElementsAre("1.02.000318 2023 2 b", "1.02.000318 2024 4 d"));
  EXPECT_THAT(texts({"1.02.000318"}, "1612", ""),
              ElementsAre("1.02.000318 2023 3 c", "1.02.000318 2024 4 d"));
  EXPECT_THAT(texts({"1.02.000319", "1.02.000318"}, "3507", "1612"),
              ElementsAre("1.02.000318 2024 5 e", "1.02.000319 2024 77 e"));
  EXPECT_THAT(texts({"9.99.999999"}, "1612", "1612"), IsEmpty());
  EXPECT_THAT(texts({}, "1612", "1612"), IsEmpty());
}

TEST_P(FileContractTest, ContradictionsAreVerifiedFilesWithAnotherValue) {
  const auto put = [this](const std::string& id, const std::string& kodepemda, const std::string& value,
                          Verification verification = Verification::kVerified) {
    catalog::FileWithValues file = MakeFile(id);
    file.file.kodepemda = kodepemda;
    file.file.verification = verification;
    file.values = {MakeValue(1, "1.02.000318", "2024", value)};
    ASSERT_TRUE(PutFile(file).ok());
  };
  put("a", "", "9");
  put("b", "1612", "9");
  EXPECT_THAT(*store_->Contradictions({"a", "b"}, "1612"), IsEmpty());
  put("c", "1612", "10");
  put("d", "3507", "11");
  put("e", "1612", "12", Verification::kUnverified);
  const auto found = store_->Contradictions({"a", "e"}, "1612");
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ(found->back().file_id, "e") << "also of a file that is yet to be verified";
  EXPECT_EQ(found->back().other_file_id, "a");
  EXPECT_EQ(found->front().file_id, "a");
  EXPECT_EQ(found->front().position, 1);
  EXPECT_EQ(found->front().other_file_id, "c");
  EXPECT_EQ(found->front().other_file_name, "Dataset c");
  EXPECT_EQ(found->front().other_value, "10");
  const auto reverse = store_->Contradictions({"c"}, "1612");
  ASSERT_THAT(*reverse, SizeIs(1));
  EXPECT_EQ(reverse->front().other_file_id, "a");
  EXPECT_THAT(*store_->Contradictions({"a"}, "9999"), IsEmpty());
  EXPECT_THAT(*store_->Contradictions({"d"}, "1612"), IsEmpty());
}

}  // namespace
}  // namespace satudata::store
