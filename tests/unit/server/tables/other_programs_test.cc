// Reads what other programs wrote (make_tables.py).
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/tables/open_table.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAreArray;

std::unique_ptr<TableReader> Open(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  auto reader = OpenTable(fd, OpenOptions());
  close(fd);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return reader.ok() ? *std::move(reader) : nullptr;
}

std::vector<std::filesystem::path> FilesWith(absl::string_view extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(SATUDATA_TABLES)) {
    if (entry.path().extension() == std::string(extension)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// What its cells say, whatever kind they are. Line ends within them are the file's own.
std::vector<std::vector<std::string>> Texts(TableReader& reader) {
  std::vector<std::vector<std::string>> rows;
  Sheet sheet;
  EXPECT_TRUE(reader.NextSheet(sheet).value_or(false));
  Row row;
  absl::StatusOr<bool> more = reader.NextRow(row);
  for (; more.ok() && *more; more = reader.NextRow(row)) {
    EXPECT_EQ(row.defect, RowDefect::kNone);
    std::vector<std::string>& texts = rows.emplace_back();
    for (const Cell& cell : row.cells) texts.push_back(cell.text);
  }
  EXPECT_TRUE(more.ok()) << more.status();
  return rows;
}

TEST(OtherPrograms, TablesSayWhatTheirCsvSays) {
  const std::vector<std::filesystem::path> files = FilesWith(".csv");
  ASSERT_EQ(files.size(), 8U);
  for (std::filesystem::path path : files) {
    SCOPED_TRACE(path.filename());
    const auto csv = Open(path);
    const auto workbook = Open(path.replace_extension());
    ASSERT_TRUE(csv != nullptr && workbook != nullptr);
    const auto expected = Texts(*csv);
    ASSERT_FALSE(expected.empty());
    EXPECT_THAT(Texts(*workbook), ElementsAreArray(expected));
  }
}

TEST(OtherPrograms, DetailsAreUnderstood) {
  const std::vector<std::filesystem::path> files = FilesWith(".txt");
  ASSERT_EQ(files.size(), 5U);
  for (std::filesystem::path path : files) {
    SCOPED_TRACE(path.filename());
    std::ifstream file(path);
    std::vector<std::string> expected;
    for (std::string line; std::getline(file, line);) expected.push_back(line);
    const auto workbook = Open(path.replace_extension());
    ASSERT_NE(workbook, nullptr);
    EXPECT_THAT(SheetsOf(*workbook), ElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace satudata::tables
