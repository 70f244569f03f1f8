// The catalogue's rules, on a real store and a real content directory.
#include "server/catalog/catalog.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"
#include "tests/unit/server/store/store_fixture.h"

namespace satudata::store {
namespace {

using catalog::FailureOf;
using catalog::FileWithValues;
using catalog::Outcome;
using catalog::Reason;
using catalog::Verification;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kTable[] = "kodeindikator,tahun,nilai\n1.02.000318,2024,9\n";
constexpr char kOtherTable[] = "kodeindikator,tahun,nilai\n1.02.000318,2024,10\n";

class CatalogTest : public StoreTest {
 protected:
  void SetUp() override {
    OpenOn(directory_.Url("test.db"));
    catalog_.emplace(*store_, clock_, catalog::ContentOptions{.directory = content_.File("")});
  }

  // The time moves with every write, so that the same size is still another stamp.
  void WriteContent(const std::string& name, const std::string& bytes) {
    std::ofstream(content_.File(name), std::ios::binary) << bytes;
    const timespec time{.tv_sec = ++mtime_, .tv_nsec = 0};
    const timespec times[] = {time, time};
    utimensat(AT_FDCWD, content_.File(name).c_str(), times, 0);
  }
  Outcome Import(FileWithValues file) {
    const auto outcomes = catalog_->Import({std::move(file)});
    EXPECT_TRUE(outcomes.front().ok()) << outcomes.front().status();
    return *outcomes.front();
  }
  FileWithValues Inline(const std::string& file_id, const std::string& value) {
    FileWithValues file = MakeFile(file_id);
    file.file.has_inline_values = true;
    file.values = {MakeValue(1, "1.02.000318", "2024", value)};
    return file;
  }
  Verification VerificationOf(const std::string& file_id) { return store_->GetFile(file_id)->verification; }
  Reason ContentFailure(const std::string& file_id) {
    const auto states = catalog_->RefreshContent({file_id});
    EXPECT_TRUE(states.ok()) << states.status();
    return states->front().content_failure.reason;
  }

  TempDirectory directory_;
  TempDirectory content_;
  time_t mtime_ = 1'700'000'000;
  std::optional<catalog::Catalog> catalog_;
};

TEST_F(CatalogTest, ImportSaysWhatBecameOfEachFile) {
  EXPECT_EQ(Import(Inline("a", "9")), Outcome::kCreated);
  EXPECT_EQ(Import(Inline("a", "9")), Outcome::kUnchanged);
  EXPECT_EQ(Import(Inline("a", "10")), Outcome::kUpdated);
}

TEST_F(CatalogTest, ImportTakesAnyNumberOfFiles) {
  std::vector<FileWithValues> files;
  for (int i = 0; i < 1203; ++i) files.push_back(Inline(absl::StrCat("f", i), "9"));
  const auto outcomes = catalog_->Import(std::move(files));
  ASSERT_THAT(outcomes, SizeIs(1203));
  for (const auto& outcome : outcomes) ASSERT_EQ(*outcome, Outcome::kCreated);
}

TEST_F(CatalogTest, ImportCarriesTheVerificationOverThoughValuesChanged) {
  Import(Inline("a", "9"));
  Import(Inline("a", "10"));
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  FileWithValues refused = Inline("a", "10");
  refused.file.verification = Verification::kRefused;
  EXPECT_EQ(Import(refused), Outcome::kUpdated);
  EXPECT_EQ(VerificationOf("a"), Verification::kRefused);
}

TEST_F(CatalogTest, ImportReadsTheContentThatIsThere) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  ASSERT_THAT(*store_->ListValues("a", 0, 10), SizeIs(1));
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "9");
  EXPECT_EQ(Import(MakeFile("a")), Outcome::kUnchanged);
}

TEST_F(CatalogTest, ImportVerifiesTheBytesOfItsMoment) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  WriteContent("a.csv", kOtherTable);
  EXPECT_EQ(Import(MakeFile("a")), Outcome::kUpdated);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "10");
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
}

TEST_F(CatalogTest, ContentSeenForTheFirstTimeBinds) {
  Import(MakeFile("a"));
  EXPECT_EQ(ContentFailure("a"), Reason::kContentMissing);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  WriteContent("a.csv", kTable);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  EXPECT_THAT(*store_->ListValues("a", 0, 10), SizeIs(1));
}

TEST_F(CatalogTest, OtherBytesTakeTheVerificationAway) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  WriteContent("a.csv", kOtherTable);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kUnverified);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "10");
}

TEST_F(CatalogTest, TheSameBytesWithAnotherTimeChangeNothing) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  WriteContent("a.csv", kTable);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  EXPECT_EQ(store_->GetFile("a")->revision, 1);
}

TEST_F(CatalogTest, ContentThatIsGoneIsReportedAndMayComeBack) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  std::filesystem::remove(content_.File("a.csv"));
  EXPECT_EQ(ContentFailure("a"), Reason::kContentMissing);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  WriteContent("a.csv", kTable);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
}

TEST_F(CatalogTest, ContentThatCannotBeReadIsReported) {
  WriteContent("a.csv", "kodeindikator,tahun\n1.02.000318,2024\n");
  Import(MakeFile("a"));
  EXPECT_EQ(ContentFailure("a"), Reason::kColumnMissing);
}

TEST_F(CatalogTest, InlineValuesWinOverContent) {
  WriteContent("a.csv", kOtherTable);
  Import(Inline("a", "9"));
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "9");
  EXPECT_EQ(store_->GetFile("a")->content_sha256, "");
}

TEST_F(CatalogTest, FilesAtHandAreRefreshedLikeThoseNamed) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  WriteContent("a.csv", kOtherTable);
  const auto files = store_->LoadFiles({"a"});
  ASSERT_TRUE(catalog_->RefreshContentOf(*files).ok());
  EXPECT_EQ(VerificationOf("a"), Verification::kUnverified);
}

TEST_F(CatalogTest, UpsertCannotVerify) {
  const auto created = catalog_->Upsert(Inline("a", "9"));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->verification, Verification::kUnverified);
  EXPECT_EQ(created->revision, 1);
}

TEST_F(CatalogTest, UpsertOfOtherMetadataKeepsTheVerification) {
  Import(Inline("a", "9"));
  FileWithValues renamed = Inline("a", "9");
  renamed.file.name = "Judul yang dibetulkan";
  EXPECT_EQ(catalog_->Upsert(renamed)->verification, Verification::kVerified);
  EXPECT_EQ(store_->GetFile("a")->revision, 2);
}

TEST_F(CatalogTest, UpsertOfOtherValuesOrMappingTakesTheVerificationAway) {
  Import(Inline("values", "9"));
  EXPECT_EQ(catalog_->Upsert(Inline("values", "10"))->verification, Verification::kUnverified);

  Import(Inline("mapping", "9"));
  FileWithValues mapped = Inline("mapping", "9");
  mapped.file.kodepemda = "1612";
  EXPECT_EQ(catalog_->Upsert(mapped)->verification, Verification::kUnverified);

  Import(Inline("place", "9"));
  EXPECT_EQ(catalog_->Upsert(MakeFile("place"))->verification, Verification::kUnverified);
}

TEST_F(CatalogTest, AnotherMappingTakesTheVerificationAwayAndReadsTheContentAgain) {
  WriteContent("a.csv", "kodeindikator,tahun,target,realisasi\n1.02.000318,2024,10,9\n");
  FileWithValues file = MakeFile("a");
  file.file.mapping.value_column = "target";
  Import(file);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "10");
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);

  file.file.mapping.value_column = "D";
  const auto mapped = catalog_->Upsert(file);
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_EQ(mapped->verification, Verification::kUnverified);
  EXPECT_EQ(mapped->mapping.value_column, "D");
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "9");
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().column, "realisasi");
}

TEST_F(CatalogTest, WhoKnowsOfNoMappingsLeavesOneAlone) {
  FileWithValues file = Inline("a", "1.234");
  file.file.mapping.number_format = catalog::NumberFormat::kIndonesian;
  ASSERT_TRUE(catalog_->Upsert(file).ok());
  FileWithValues exported = Inline("a", "1.234");
  exported.keeps_mapping = true;
  Import(exported);
  EXPECT_EQ(store_->GetFile("a")->mapping, file.file.mapping);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "1234");
  exported.keeps_mapping = false;
  Import(exported);
  EXPECT_TRUE(store_->GetFile("a")->mapping.empty());
}

// A newer program, or one that was told of other headings, reads what an older one passed over.
TEST_F(CatalogTest, ContentIsReadAgainByOtherRules) {
  WriteContent("a.csv", "kodeindikator,tahun,hasil\n1.02.000318,2024,9\n");
  Import(MakeFile("a"));
  EXPECT_EQ(ContentFailure("a"), Reason::kColumnMissing);
  WriteContent("b.csv", "kode,tahun,hasil\n1.02.000318,2024,9\n");
  Import(MakeFile("b"));
  EXPECT_THAT(*store_->ListValues("b", 0, 10), IsEmpty());

  catalog::ContentOptions options = {.directory = content_.File("")};
  options.figures.aliases.value = {"Hasil"};
  catalog_.emplace(*store_, clock_, options);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(ContentFailure("b"), Reason::kNone);
  EXPECT_THAT(*store_->ListValues("b", 0, 10), SizeIs(1));
  EXPECT_EQ(VerificationOf("b"), Verification::kVerified);
  const int64_t revision = store_->GetFile("b")->revision;
  EXPECT_EQ(ContentFailure("b"), Reason::kNone);
  EXPECT_EQ(store_->GetFile("b")->revision, revision);
}

TEST_F(CatalogTest, UpsertKeepsTheContentThatWasRead) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  FileWithValues renamed = MakeFile("a");
  renamed.file.name = "Judul yang dibetulkan";
  EXPECT_EQ(catalog_->Upsert(renamed)->verification, Verification::kVerified);
  EXPECT_THAT(*store_->ListValues("a", 0, 10), SizeIs(1));

  FileWithValues moved = renamed;
  moved.file.file_name = "b.csv";
  WriteContent("b.csv", kOtherTable);
  EXPECT_EQ(catalog_->Upsert(moved)->verification, Verification::kUnverified);
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "10");
}

TEST_F(CatalogTest, UpsertJudgesTheValues) {
  FileWithValues file = Inline("a", "9");
  file.values.front().value.reset();
  file.values.front().raw_value = "2,24";
  ASSERT_TRUE(catalog_->Upsert(file).ok());
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "2.24");
}

TEST_F(CatalogTest, SetVerificationSpeaksOfTheContentOfItsMoment) {
  WriteContent("a.csv", kTable);
  Import(MakeFile("a"));
  const int64_t seen = store_->GetFile("a")->revision;
  WriteContent("a.csv", kOtherTable);
  const auto stale = catalog_->SetVerification("a", Verification::kVerified, seen);
  EXPECT_TRUE(absl::IsAborted(stale.status()));
  EXPECT_EQ(FailureOf(stale.status()).reason, Reason::kRevisionChanged);
  EXPECT_EQ(VerificationOf("a"), Verification::kUnverified);

  const auto verified = catalog_->SetVerification("a", Verification::kVerified, std::nullopt);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->verification, Verification::kVerified);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
}

TEST_F(CatalogTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(FailureOf(catalog_->Delete("none")).reason, Reason::kFileNotFound);
  EXPECT_EQ(
      FailureOf(catalog_->SetVerification("none", Verification::kVerified, std::nullopt).status()).reason,
      Reason::kFileNotFound);
  EXPECT_THAT(*catalog_->RefreshContent({"none"}), IsEmpty());
}

TEST_F(CatalogTest, ADeletedFileIsGone) {
  Import(Inline("a", "9"));
  ASSERT_TRUE(catalog_->Delete("a").ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetFile("a").status()));
  EXPECT_THAT(*store_->ListValues("a", 0, 10), IsEmpty());
}

// Where a target takes the content itself.
class BoundCatalogTest : public CatalogTest {
 protected:
  void SetUp() override {
    CatalogTest::SetUp();
    catalog_.emplace(*store_, clock_,
                     catalog::ContentOptions{.directory = content_.File(""), .binds_every_file = true});
  }
  std::string HashOf(const std::string& file_id) { return store_->GetFile(file_id)->content_sha256; }
};

constexpr char kWithoutAColumn[] = "kodeindikator,tahun\n1.02.000318,2024\n";
constexpr char kWithoutAnotherColumn[] = "kodeindikator,nilai\n1.02.000318,9\n";

TEST_F(BoundCatalogTest, InlineValuesStayAndTheContentBindsBesideThem) {
  WriteContent("a.csv", kTable);
  Import(Inline("a", "7"));
  EXPECT_EQ(HashOf("a"), base::Sha256Hex(kTable));
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "7");
  WriteContent("a.csv", kOtherTable);
  EXPECT_EQ(ContentFailure("a"), Reason::kNone);
  EXPECT_EQ(VerificationOf("a"), Verification::kUnverified);
  EXPECT_EQ(HashOf("a"), base::Sha256Hex(kOtherTable));
  EXPECT_EQ(store_->ListValues("a", 0, 10)->front().value, "7");
}

TEST_F(BoundCatalogTest, ContentWithoutReadableValuesBindsAndIsReportedEachTime) {
  WriteContent("a.csv", kWithoutAColumn);
  Import(MakeFile("a"));
  EXPECT_EQ(HashOf("a"), base::Sha256Hex(kWithoutAColumn));
  EXPECT_EQ(ContentFailure("a"), Reason::kColumnMissing);
  EXPECT_EQ(ContentFailure("a"), Reason::kColumnMissing);
  EXPECT_EQ(store_->GetFile("a")->revision, 1) << "nothing has changed";
  EXPECT_EQ(VerificationOf("a"), Verification::kVerified);
  WriteContent("a.csv", kWithoutAnotherColumn);
  EXPECT_EQ(ContentFailure("a"), Reason::kColumnMissing);
  EXPECT_EQ(VerificationOf("a"), Verification::kUnverified);
}

TEST_F(BoundCatalogTest, ContentOfAnyKindBinds) {
  WriteContent("a.csv", "%PDF-1.7 \n");
  Import(MakeFile("a"));
  EXPECT_EQ(ContentFailure("a"), Reason::kContentUnreadable) << "it is called a CSV";
  EXPECT_EQ(HashOf("a"), base::Sha256Hex("%PDF-1.7 \n"));
}

TEST_F(BoundCatalogTest, ContentThatIsGoneIsReported) {
  Import(Inline("a", "7"));
  EXPECT_EQ(ContentFailure("a"), Reason::kContentMissing);
  EXPECT_EQ(HashOf("a"), "");
}

}  // namespace
}  // namespace satudata::store
