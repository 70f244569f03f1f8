#include "server/tables/zip_archive.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/tables/package.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

absl::StatusOr<std::string> ReadEntry(ZipArchive& archive, absl::string_view name) {
  const auto entry = archive.OpenEntry(name);
  if (!entry.ok()) return entry.status();
  std::string bytes;
  std::string piece(4096, '\0');
  while (true) {
    const absl::StatusOr<size_t> got = (*entry)->Read(piece.data(), piece.size());
    if (!got.ok()) return got.status();
    if (*got == 0) return bytes;
    bytes.append(piece, 0, *got);
  }
}

// What becomes of an entry `a` of these bytes.
std::string Outcome(absl::string_view zip, const TableLimits& limits = TableLimits()) {
  const auto archive = ZipArchive::Open(FileOf(zip), limits);
  if (!archive.ok()) return archive.status().ToString();
  const absl::StatusOr<std::string> read = ReadEntry(**archive, "a");
  return read.ok() ? *read : read.status().ToString();
}

TEST(ZipArchive, ReadsStoredAndDeflatedEntries) {
  EXPECT_EQ(Outcome(MakeZip({{"a", "text"}})), "text");
  EXPECT_EQ(Outcome(MakeZip({{"b", ""}, {"a", std::string(100'000, 'x')}}, Packing::kDeflated)),
            std::string(100'000, 'x'));
}

TEST(ZipArchive, FindsNamesWithoutCaseAndWithEitherSlash) {
  const auto archive = ZipArchive::Open(FileOf(MakeZip({{"XL\\Work.xml", "w"}})), TableLimits());
  ASSERT_TRUE(archive.ok());
  EXPECT_TRUE((*archive)->Has("xl/work.xml"));
  EXPECT_EQ(ReadEntry(**archive, "xl/work.xml").value(), "w");
}

TEST(ZipArchive, SaysWhatIsMissing) { EXPECT_EQ(Outcome(MakeZip({{"b", ""}})), "DATA_LOSS: a is missing"); }

TEST(ZipArchive, RefusesANameThatIsThereTwice) {
  EXPECT_EQ(Outcome(MakeZip({{"a", "1"}, {"A", "2"}})), "DATA_LOSS: a is there twice");
}

TEST(ZipArchive, RefusesAWrongChecksum) {
  std::string zip = MakeZip({{"a", "some content"}});
  zip[zip.find("some")] = 'S';
  EXPECT_THAT(Outcome(zip), StartsWith("DATA_LOSS: a: CRC"));
}

TEST(ZipArchive, RefusesATruncatedArchive) {
  const std::string zip = MakeZip({{"a", std::string(1000, 'x')}});
  EXPECT_THAT(Outcome(zip.substr(0, zip.size() - 30)), StartsWith("DATA_LOSS: the archive: "));
  EXPECT_THAT(Outcome(zip.substr(500)), StartsWith("DATA_LOSS: "));
}

TEST(ZipArchive, RefusesAnEncryptedEntry) {
  EXPECT_EQ(Outcome(MakeZip({{"a", "text"}}, Packing::kEncrypted)), "PERMISSION_DENIED: a is encrypted");
}

TEST(ZipArchive, BoundsAnEntry) {
  EXPECT_EQ(Outcome(MakeZip({{"a", std::string(1001, 'x')}}), {.max_entry_bytes = 1000}),
            "RESOURCE_EXHAUSTED: a > 1000 byte");
}

TEST(ZipArchive, BoundsAllThatIsReadButCountsAnEntryOnce) {
  const std::string zip = MakeZip({{"a", std::string(600, 'x')}, {"b", std::string(600, 'x')}});
  const auto archive = ZipArchive::Open(FileOf(zip), {.max_archive_bytes = 1000});
  ASSERT_TRUE(archive.ok());
  EXPECT_TRUE(ReadEntry(**archive, "a").ok());
  EXPECT_TRUE(ReadEntry(**archive, "a").ok());
  EXPECT_TRUE(absl::IsResourceExhausted(ReadEntry(**archive, "b").status()));
}

TEST(ZipArchive, RefusesABomb) {
  const std::string zip = MakeZip({{"a", std::string(40 << 20, '\0')}}, Packing::kDeflated);
  ASSERT_LT(zip.size(), 100'000U);
  EXPECT_EQ(Outcome(zip), "RESOURCE_EXHAUSTED: a unpacks to over 200 times");
}

TEST(ZipArchive, BoundsTheNumberOfEntries) {
  Parts parts;
  for (int i = 0; i < 20; ++i) parts.emplace_back(absl::StrCat("e", i), "");
  EXPECT_EQ(Outcome(MakeZip(parts), {.max_entries = 10}), "RESOURCE_EXHAUSTED: entries of the archive > 10");
}

TEST(ZipArchive, RefusesAHugeDirectoryBeforeItIsRead) {
  std::string zip = MakeZip({{"a", "text"}});
  const size_t end = zip.rfind("PK\x05\x06");
  zip.replace(end + 12, 4, U32(5 << 20));
  EXPECT_THAT(Outcome(zip), HasSubstr("directory of the archive"));
}

TEST(ZipArchive, RefusesAHugeDirectoryOfALargeArchive) {
  const std::string zip = MakeZip({{"a", "text"}});
  std::string large = "PK\x06\x06" + std::string(36, '\0') + U32(5 << 20) + U32(0) + std::string(8, '\0');
  large +=
      std::string(200'000, ' ') + "PK\x06\x07" + U32(0) + U32(static_cast<uint32_t>(zip.size())) + U32(0);
  EXPECT_THAT(Outcome(zip + large + U32(1) + zip.substr(zip.rfind("PK\x05\x06"))),
              HasSubstr("directory of the archive"));
}

TEST(ZipArchive, RefusesManyEnds) {
  const std::string zip = MakeZip({{"a", "text"}});
  std::string ends;
  for (int i = 0; i < 100; ++i) ends += zip.substr(zip.rfind("PK\x05\x06"));
  EXPECT_EQ(Outcome(zip + ends), "DATA_LOSS: the archive has many ends");
}

TEST(ZipArchive, RefusesWhatIsNone) {
  EXPECT_THAT(Outcome(""), StartsWith("DATA_LOSS"));
  EXPECT_THAT(Outcome("PK\x03\x04"), StartsWith("DATA_LOSS"));
  EXPECT_THAT(Outcome(std::string(100'000, 'x')), StartsWith("DATA_LOSS"));
}

}  // namespace
}  // namespace satudata::tables
