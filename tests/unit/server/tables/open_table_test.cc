#include "server/tables/open_table.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/tables/package.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Opened(absl::string_view bytes, const OpenOptions& options = OpenOptions()) {
  const int fd = memfd_create("table", MFD_CLOEXEC);
  EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  const auto reader = OpenTable(fd, options);
  // Neither the position nor the descriptor is needed any more.
  EXPECT_EQ(lseek(fd, 0, SEEK_CUR), static_cast<off_t>(bytes.size()));
  close(fd);
  if (!reader.ok()) return {absl::StrCat("! ", reader.status().ToString())};
  return SheetsOf(**reader);
}

TEST(OpenTable, ReadsWhatTheBytesAre) {
  EXPECT_THAT(Opened("a;b\n1;2\n"), ElementsAre("# ", "1:a|b", "2:1|2"));
  EXPECT_THAT(Opened(MakeXlsx("<sheetData><row><c><v>1</v></c></row></sheetData>")),
              ElementsAre("# S", "1:n:1"));
}

TEST(OpenTable, AsksWhichHeadingsAreKnown) {
  OpenOptions options;
  options.rank_headings = [](const std::vector<std::string>& cells) {
    return cells.size() == 2 && cells[1] == "b;c" ? 1 : 0;
  };
  EXPECT_THAT(Opened("a,b;c\n1,2;3\n", options), ElementsAre("# ", "1:a|b;c", "2:1|2;3"));
}

TEST(OpenTable, CallsATruncatedWorkbookBroken) {
  const std::string whole = MakeXlsx("<sheetData><row><c><v>1</v></c></row></sheetData>");
  EXPECT_THAT(Opened(whole.substr(0, whole.size() - 100)),
              ElementsAre(HasSubstr("DATA_LOSS: the archive: ")));
}

TEST(OpenTable, RefusesWhatIsNoTable) {
  EXPECT_THAT(Opened("%PDF-1.7"), ElementsAre("! UNIMPLEMENTED: no table: .pdf"));
  EXPECT_THAT(Opened("<table>"), ElementsAre("! UNIMPLEMENTED: no table: .html"));
  EXPECT_THAT(Opened(MakeZip({{"xl/workbook.bin", ""}})), ElementsAre("! UNIMPLEMENTED: no table: .xlsb"));
  EXPECT_THAT(Opened(MakeCompound({{"EncryptedPackage", "x"}})),
              ElementsAre("! PERMISSION_DENIED: encrypted"));
}

}  // namespace
}  // namespace satudata::tables
