#include "server/catalog/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/hash.h"
#include "server/catalog/content_source.h"

namespace satudata::catalog {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCsv[] = "kodeindikator;tahun;nilai\n1.02.000318;2024;2,24\n";

// A content directory of the test's own, with a file beside it that must stay out of reach.
class ContentTest : public ::testing::Test {
 protected:
  ContentTest() : root_(MakeRoot()) {
    fs::create_directories(root_ / "content" / "2024");
    std::ofstream(root_ / "secret.csv") << kCsv;
    options_.directory = (root_ / "content").string();
  }
  ~ContentTest() override { fs::remove_all(root_); }

  static fs::path MakeRoot() {
    std::string path = (fs::temp_directory_path() / "content-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    return path;
  }

  void Write(const std::string& name, absl::string_view bytes) {
    std::ofstream file(fs::path(options_.directory) / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  Content Read(absl::string_view name) {
    const absl::StatusOr<Content> content = ReadContent(options_, name);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.ok() ? *content : Content();
  }

  // Stat, read, hash and open refuse alike.
  Failure Refusal(absl::string_view name, absl::StatusCode code) {
    const absl::Status stat = StatContent(options_, name).status();
    const absl::Status read = ReadContent(options_, name).status();
    EXPECT_EQ(stat.code(), code) << stat;
    EXPECT_EQ(FailureOf(stat), FailureOf(read));
    EXPECT_EQ(FailureOf(stat), FailureOf(HashContent(options_, name).status()));
    EXPECT_EQ(FailureOf(stat), FailureOf(DirectoryContentSource(options_).Open(name).status()));
    if (IsMissing(options_, name)) {
      EXPECT_EQ(FailureOf(stat).reason, Reason::kContentMissing) << name;
    }
    return FailureOf(read);
  }

  const fs::path root_;
  ContentOptions options_;
};

TEST_F(ContentTest, ReadsHashesAndStampsACsv) {
  Write("dokter.csv", kCsv);
  const Content content = Read("dokter.csv");
  EXPECT_TRUE(content.tabular);
  EXPECT_EQ(content.sha256, base::Sha256Hex(kCsv));
  EXPECT_EQ(content.stamp.size_bytes, static_cast<int64_t>(sizeof(kCsv) - 1));
  ASSERT_THAT(content.values, SizeIs(1));
  EXPECT_EQ(content.values[0].value, "2.24");
  EXPECT_EQ(*StatContent(options_, "dokter.csv"), content.stamp);
}

TEST_F(ContentTest, HashesWithoutReading) {
  Write("dokter.csv", "kodeindikator;tahun\n1.02.000318;2024\n");
  const absl::StatusOr<Content> content = HashContent(options_, "dokter.csv");
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->sha256, base::Sha256Hex("kodeindikator;tahun\n1.02.000318;2024\n"));
  EXPECT_FALSE(content->tabular);
  EXPECT_THAT(content->values, IsEmpty());
}

TEST_F(ContentTest, GivesTheBytesAsTheyAre) {
  Write("dokter.csv", kCsv);
  const auto file = DirectoryContentSource(options_).Open("dokter.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->size_bytes(), static_cast<int64_t>(sizeof(kCsv) - 1));
  std::string bytes(100, '\0');
  EXPECT_EQ(*(*file)->ReadAt(14, bytes.data(), 5), 5U);
  EXPECT_EQ(bytes.substr(0, 5), "tahun");
  EXPECT_EQ(*(*file)->ReadAt(14, bytes.data(), bytes.size()), sizeof(kCsv) - 1 - 14);
  EXPECT_EQ(*(*file)->ReadAt(1000, bytes.data(), bytes.size()), 0U);
}

TEST_F(ContentTest, TellsItsTypeByTheBytes) {
  const auto type_of = [this](absl::string_view bytes) {
    Write("data.xls", bytes);
    return *(*DirectoryContentSource(options_).Open("data.xls"))->Type();
  };
  EXPECT_EQ(type_of(kCsv), "csv");
  EXPECT_EQ(type_of("\xEF\xBB\xBF{\"a\": 1}"), "json");
  EXPECT_EQ(type_of("<html><table>"), "html");
  EXPECT_EQ(type_of("\n%PDF-1.7"), "pdf");
  EXPECT_EQ(type_of("\x01\x02\x03"), "");
  EXPECT_EQ(type_of(""), "");
}

TEST_F(ContentTest, JsonHasNoValues) {
  Write("data.json", "[{\"kodeindikator\": \"1.02.000318\", \"tahun\": 2024, \"nilai\": 9}]");
  EXPECT_FALSE(Read("data.json").tabular);
}

TEST_F(ContentTest, AnOpenFileIsTheSameWhateverBecomesOfItsName) {
  Write("dokter.csv", kCsv);
  const auto file = DirectoryContentSource(options_).Open("dokter.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  fs::remove(fs::path(options_.directory) / "dokter.csv");
  Write("dokter.csv", "something else");
  std::string bytes(sizeof(kCsv) - 1, '\0');
  EXPECT_EQ(*(*file)->ReadAt(0, bytes.data(), bytes.size()), bytes.size());
  EXPECT_EQ(bytes, kCsv);
}

TEST_F(ContentTest, ReadsWhatIsLargerThanOnePiece) {
  std::string bytes = "kodeindikator;tahun;nilai\n";
  for (int i = 0; i < 10'000; ++i) absl::StrAppend(&bytes, "1.02.", 100'000 + i, ";2024;", i, "\n");
  Write("besar.csv", bytes);
  const Content content = Read("besar.csv");
  EXPECT_EQ(content.sha256, base::Sha256Hex(bytes));
  ASSERT_THAT(content.values, SizeIs(10'000));
  EXPECT_EQ(content.values.back().value, "9999");
}

TEST_F(ContentTest, ChangesItsStampWithTheFile) {
  Write("dokter.csv", kCsv);
  const ContentStamp before = *StatContent(options_, "dokter.csv");
  EXPECT_EQ(*StatContent(options_, "dokter.csv"), before);
  const std::string path = options_.directory + "/dokter.csv";
  const timespec times[] = {{.tv_sec = 1704067200, .tv_nsec = 5000}, {.tv_sec = 1704067200, .tv_nsec = 5000}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  const ContentStamp after = *StatContent(options_, "dokter.csv");
  EXPECT_EQ(after.size_bytes, before.size_bytes);
  EXPECT_EQ(after.mtime_us, 1704067200'000'005);
}

TEST_F(ContentTest, ReadsSubdirectoriesAndLinksWithin) {
  Write("2024/dokter.csv", kCsv);
  fs::create_symlink("2024/dokter.csv", root_ / "content" / "tautan.csv");
  EXPECT_THAT(Read("2024/dokter.csv").values, SizeIs(1));
  EXPECT_THAT(Read("tautan.csv").values, SizeIs(1));
  EXPECT_THAT(Read("./2024//dokter.csv").values, SizeIs(1));
}

TEST_F(ContentTest, IsReadThroughALinkedContentDirectory) {
  Write("dokter.csv", kCsv);
  fs::create_directory_symlink(root_ / "content", root_ / "tautan");
  options_.directory = (root_ / "tautan").string();
  EXPECT_THAT(Read("dokter.csv").values, SizeIs(1));
}

TEST_F(ContentTest, LooksAtTheBytesNotAtTheName) {
  Write("data.json", absl::StrCat("\xEF\xBB\xBF", kCsv));
  Write("laporan.pdf", kCsv);
  EXPECT_THAT(Read("data.json").values, SizeIs(1));
  EXPECT_THAT(Read("laporan.pdf").values, SizeIs(1));
}

TEST_F(ContentTest, TakesNoValuesFromWhatIsNoText) {
  const std::string zero(1, '\0');
  for (const std::string& bytes :
       {absl::StrCat("%PDF-1.7\n", kCsv), absl::StrCat("PK\x03\x04", kCsv),
        absl::StrCat("\x89PNG\r\n\x1A\n", kCsv), absl::StrCat("\xFF\xD8\xFF\xE0", kCsv),
        absl::StrCat("{\\rtf1", kCsv), absl::StrCat("\x1F\x8B", kCsv), absl::StrCat(kCsv, zero)}) {
    Write("dokter.doc", bytes);
    const Content content = Read("dokter.doc");
    EXPECT_FALSE(content.tabular);
    EXPECT_THAT(content.values, IsEmpty());
    EXPECT_EQ(content.sha256, base::Sha256Hex(bytes));
  }
}

TEST_F(ContentTest, MissesTheFiguresInWhatIsCalledATable) {
  for (const auto& [bytes, kind] : {std::pair<std::string, std::string>("%PDF-1.7\n", ".pdf"),
                                    {"", "0 byte"},
                                    {"\n<HTML><body>", ".html"},
                                    {"<table><tr><td>kodeindikator</td></tr></table>", ".html"},
                                    {absl::StrCat(kCsv, std::string(1, '\0')), ".bin"}}) {
    for (const char* name : {"data.csv", "data.xls", "DATA.XLSX"}) {
      Write(name, bytes);
      const absl::Status status = ReadContent(options_, name).status();
      EXPECT_EQ(FailureOf(status).reason, Reason::kContentUnreadable) << name << ": " << kind;
      EXPECT_EQ(FailureOf(status).args, (FailureArgs{{"file_name", name}, {"detail", kind}}));
    }
    Write("data.html", bytes);
    EXPECT_THAT(Read("data.html").values, IsEmpty());
    EXPECT_FALSE(ReadContent(options_, "data.html", "", {.code_column = "A"}).ok())
        << "its mapping expects figures";
  }
}

TEST_F(ContentTest, ReadsByTheMappingOfTheFile) {
  Write("dokter.csv", "1.02.000318;2,24\n");
  const auto content =
      ReadContent(options_, "dokter.csv", "", {.code_column = "A", .value_column = "B", .tahun = "2024"});
  ASSERT_TRUE(content.ok()) << content.status();
  ASSERT_THAT(content->values, SizeIs(1));
  EXPECT_EQ(content->values[0].value, "2.24");
}

TEST_F(ContentTest, KnowsByWhatRulesItReads) {
  ContentOptions other = options_;
  EXPECT_EQ(ContentRules(other), ContentRules(options_));
  other.figures.aliases.value = {"Hasil"};
  EXPECT_NE(ContentRules(other), ContentRules(options_));
}

TEST_F(ContentTest, ReadsAnEmptyFile) {
  Write("kosong.txt", "");
  const Content content = Read("kosong.txt");
  EXPECT_EQ(content.sha256, base::Sha256Hex(""));
  EXPECT_THAT(content.values, IsEmpty());
}

TEST_F(ContentTest, SaysThatContentIsMissing) {
  EXPECT_EQ(Refusal("tiada.csv", absl::StatusCode::kNotFound),
            (Failure{.reason = Reason::kContentMissing, .args = {{"file_name", "tiada.csv"}}}));
  Write("dokter.csv", kCsv);
  EXPECT_EQ(Refusal("dokter.csv/x", absl::StatusCode::kNotFound).reason, Reason::kContentMissing);
  options_.directory += "/tiada";
  EXPECT_EQ(Refusal("dokter.csv", absl::StatusCode::kNotFound).reason, Reason::kContentMissing);
}

TEST_F(ContentTest, NeverLeavesTheDirectory) {
  fs::create_symlink(root_ / "secret.csv", root_ / "content" / "keluar.csv");
  fs::create_directory_symlink(root_, root_ / "content" / "atas");
  for (const std::string& name :
       {std::string("../secret.csv"), std::string("2024/../../secret.csv"), (root_ / "secret.csv").string(),
        std::string("keluar.csv"), std::string("atas/secret.csv"), std::string(), std::string(".."),
        std::string("x/.."), std::string("dokter.csv\0.pdf", 15), std::string(".")}) {
    const Failure failure = Refusal(name, absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(failure.reason, Reason::kFieldInvalid) << name;
    EXPECT_EQ(failure.args.at("field"), "filename");
  }
}

// content-evil is no part of content, though its path begins alike.
TEST_F(ContentTest, IsNotFooledByANeighbourOfTheSameBeginning) {
  fs::create_directories(root_ / "content-evil");
  std::ofstream(root_ / "content-evil" / "x.csv") << kCsv;
  fs::create_symlink(root_ / "content-evil" / "x.csv", root_ / "content" / "x.csv");
  EXPECT_EQ(Refusal("x.csv", absl::StatusCode::kInvalidArgument).reason, Reason::kFieldInvalid);
}

TEST_F(ContentTest, ReadsRegularFilesAlone) {
  EXPECT_EQ(Refusal("2024", absl::StatusCode::kFailedPrecondition).reason, Reason::kContentUnreadable);
  ASSERT_EQ(mkfifo((options_.directory + "/pipa.csv").c_str(), 0600), 0);
  EXPECT_EQ(Refusal("pipa.csv", absl::StatusCode::kFailedPrecondition).reason, Reason::kContentUnreadable);
}

TEST_F(ContentTest, SaysWhyAFileCannotBeReached) {
  fs::create_symlink("b.csv", root_ / "content" / "a.csv");
  fs::create_symlink("a.csv", root_ / "content" / "b.csv");
  const Failure failure = Refusal("a.csv", absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(failure.reason, Reason::kContentUnreadable);
  EXPECT_FALSE(failure.args.at("detail").empty());
}

TEST_F(ContentTest, BoundsTheSizeOfText) {
  Write("dokter.csv", kCsv);
  options_.max_file_bytes = 10;
  const absl::Status status = ReadContent(options_, "dokter.csv").status();
  EXPECT_EQ(FailureOf(status).reason, Reason::kContentTooLarge);
  EXPECT_EQ(FailureOf(status).args.at("limit"), "10 byte");
}

TEST_F(ContentTest, HashesWhatIsNoTextWithoutABound) {
  Write("laporan.pdf", absl::StrCat("%PDF-1.7\n", std::string(1000, 'x')));
  options_.max_file_bytes = 10;
  EXPECT_FALSE(Read("laporan.pdf").sha256.empty());
}

}  // namespace
}  // namespace satudata::catalog
