#include "server/tables/xls_reader.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/tables/package.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Begin(uint32_t version = 0x0600, uint32_t type = 0x10) {
  return Biff(0x809, U16(version) + U16(type) + U32(0) + U32(0) + U32(0));
}
std::string End() { return Biff(0x0A, ""); }

std::string Place(int row, int column, int style = 0) {
  return U16(static_cast<uint32_t>(row)) + U16(static_cast<uint32_t>(column)) +
         U16(static_cast<uint32_t>(style));
}

std::string Bits(double number) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &number, 8);
  return bytes;
}

std::string Number(int row, int column, double number, int style = 0) {
  return Biff(0x203, Place(row, column, style) + Bits(number));
}

std::string Formula(int row, int column, absl::string_view result, int flags = 0) {
  return Biff(0x06, absl::StrCat(Place(row, column), result, U16(static_cast<uint32_t>(flags)), U32(0)));
}

std::string Texts(uint32_t count, absl::string_view items) {
  return Biff(0xFC, absl::StrCat(U32(count), U32(count), items));
}

// A workbook of one sheet `S`, with these records of its own and of the sheet.
std::string Workbook(absl::string_view globals, absl::string_view sheet) {
  const auto head = [&](uint32_t position) {
    return absl::StrCat(
        Begin(0x0600, 5),
        Biff(0x85, absl::StrCat(U32(position), std::string(2, '\0'), "\x01", std::string(1, '\0'), "S")),
        globals, End());
  };
  const auto position = static_cast<uint32_t>(head(0).size());
  return absl::StrCat(head(position), Begin(), sheet, End());
}

std::vector<std::string> Sheets(const Parts& streams, const TableLimits& limits = TableLimits()) {
  const auto reader = XlsReader::Create(FileOf(MakeCompound(streams)), limits, testing::TempDir());
  if (!reader.ok()) return {absl::StrCat("! ", reader.status().ToString())};
  return SheetsOf(**reader);
}

std::vector<std::string> Rows(absl::string_view sheet, absl::string_view globals = "") {
  std::vector<std::string> lines = Sheets({{"Workbook", Workbook(globals, sheet)}});
  if (!lines.empty() && lines[0] == "# S") lines.erase(lines.begin());
  return lines;
}

TEST(XlsReader, ReadsNumbersInTheirForms) {
  // 1.5 as a double's upper bits, 12 as a whole number, either in hundredths.
  const std::string many = Biff(0xBD, U16(1) + U16(1) + U16(0) + U32(0x3FF80000) + U16(0) +
                                          U32((12U << 2U) | 2U) + U16(0) + U32(0x3FF80001) + U16(3));
  EXPECT_THAT(Rows(Number(0, 0, 2.25) + Biff(0x27E, Place(0, 1) + U32((250U << 2U) | 3U)) + many +
                   Biff(0x27E, Place(2, 0) + U32(0xFFFFFFFEU))),
              ElementsAre("1:n:2.25|n:2.5", "2:|n:1.5|n:12|n:0.015", "3:n:-1"));
}

TEST(XlsReader, ReadsTexts) {
  const std::string items = U16(2) + std::string(1, '\0') + "ab" + U16(1) + '\1' + U16(0x0434) +
                            // Rich, with a run behind; and with a reading in another script.
                            U16(1) + '\x08' + U16(1) + "r" + U32(0) + U16(1) + '\x04' + U32(3) + "pxyz";
  std::string cells;
  for (int i = 0; i < 4; ++i) cells += Biff(0xFD, Place(0, i) + U32(static_cast<uint32_t>(i)));
  EXPECT_THAT(Rows(cells + Biff(0x204, Place(0, 4) + U16(2) + std::string(1, '\0') + "L1"), Texts(4, items)),
              ElementsAre("1:ab|д|r|p|L1"));
}

TEST(XlsReader, ReadsTextsThatRunOnOverRecords) {
  // The second record goes on in two bytes per character, the third begins another text.
  const std::string texts = Texts(2, U16(4) + std::string(1, '\0') + "ab") +
                            Biff(0x3C, '\1' + U16('c') + U16('d')) +
                            Biff(0x3C, U16(1) + std::string(1, '\0') + "e");
  EXPECT_THAT(Rows(Biff(0xFD, Place(0, 0) + U32(0)) + Biff(0xFD, Place(0, 1) + U32(1)), texts),
              ElementsAre("1:abcd|e"));
}

TEST(XlsReader, ReadsResultsOfFormulas) {
  const std::string text = std::string("\0\0\0\0\0\0\xFF\xFF", 8);
  const std::string yes = std::string("\1\0\1\0\0\0\xFF\xFF", 8);
  const std::string error = std::string("\2\0\x07\0\0\0\xFF\xFF", 8);
  const std::string nothing = std::string("\3\0\0\0\0\0\xFF\xFF", 8);
  EXPECT_THAT(Rows(Formula(0, 0, Bits(2.5)) + Formula(0, 1, text) + Biff(0x4BC, "shared") +
                   Biff(0x207, U16(2) + std::string(1, '\0') + "ok") + Formula(0, 2, yes) +
                   Formula(0, 3, error) + Formula(0, 4, nothing) + Formula(0, 5, Bits(0)) +
                   Formula(0, 6, Bits(0), 3) + Formula(0, 7, Bits(7), 3)),
              ElementsAre("1:n:2.5|ok|b:TRUE|e:#DIV/0!||n:0|e:|n:7"));
}

TEST(XlsReader, ReadsTextsOfFormulasThatRunOnOverRecords) {
  EXPECT_THAT(Rows(Formula(0, 0, std::string("\0\0\0\0\0\0\xFF\xFF", 8)) +
                   Biff(0x207, U16(4) + std::string(1, '\0') + "ab") +
                   Biff(0x3C, std::string(1, '\0') + "cd") + Number(0, 1, 7)),
              ElementsAre("1:abcd|n:7"));
}

TEST(XlsReader, TakesNoTextForWholeThatIsTooLong) {
  const std::string blanks = absl::StrCat("abc", std::string(30, ' '), "def");
  const std::string texts = Texts(1, absl::StrCat(U16(36), std::string(1, '\0'), blanks));
  EXPECT_THAT(
      Sheets({{"Workbook", Workbook(texts, Biff(0xFD, Place(0, 0) + U32(0)))}}, {.max_cell_bytes = 20}),
      ElementsAre("# S", "1:!long"));
}

TEST(XlsReader, ReadsBooleansAndErrors) {
  EXPECT_THAT(Rows(Biff(0x205, Place(0, 0) + std::string("\1\0", 2)) + Biff(0x205, Place(0, 1) + "\x2A\1")),
              ElementsAre("1:b:TRUE|e:#N/A"));
}

TEST(XlsReader, AppliesFormatsAndTheDateSystem) {
  const std::string formats = Biff(0x41E, U16(200) + U16(2) + std::string(1, '\0') + "0%") +
                              Biff(0xE0, U16(0) + U16(0)) + Biff(0xE0, U16(0) + U16(200)) +
                              Biff(0xE0, U16(0) + U16(14));
  EXPECT_THAT(Rows(Number(0, 0, 0.45, 1) + Number(0, 1, 45322, 2) + Number(0, 2, 1, 77), formats),
              ElementsAre("1:n:0.45{45}|d:2024-01-31|n:1"));
  EXPECT_THAT(Rows(Number(0, 0, 43860, 2), formats + Biff(0x22, U16(1))), ElementsAre("1:d:2024-01-31"));
}

TEST(XlsReader, TellsWhatIsHiddenAndMerged) {
  const std::string hidden_column = Biff(0x7D, U16(1) + U16(1) + U16(2000) + U16(0) + U16(1) + U16(0));
  const std::string hidden_row =
      Biff(0x208, U16(1) + U16(0) + U16(2) + U16(300) + U16(0) + U16(0) + U32(0x20));
  const std::string merges = Biff(0xE5, U16(1) + U16(0) + U16(0) + U16(0) + U16(255));
  EXPECT_THAT(Rows(hidden_column + Number(0, 0, 1) + hidden_row + Number(1, 0, 2) + Number(1, 1, 3) + merges),
              ElementsAre("1:n:1|n:1?^", "2:n:2?|n:3?"));
}

TEST(XlsReader, SkipsChartsWithinTheSheet) {
  EXPECT_THAT(Rows(Number(0, 0, 1) + Begin(0x0600, 0x20) + Number(5, 5, 9) + End() + Number(1, 0, 2)),
              ElementsAre("1:n:1", "2:n:2"));
}

TEST(XlsReader, RefusesWhatIsEncrypted) {
  EXPECT_THAT(Rows("", Biff(0x2F, "secret")), ElementsAre("! PERMISSION_DENIED: encrypted"));
}

TEST(XlsReader, RefusesWhatIsOlder) {
  EXPECT_THAT(Sheets({{"Workbook", Begin(0x0500, 5)}}), ElementsAre("! UNIMPLEMENTED: XLS from before 1997"));
  EXPECT_THAT(Sheets({{"Book", Begin(0x0500, 5)}}), ElementsAre("! UNIMPLEMENTED: XLS from before 1997"));
}

TEST(XlsReader, RefusesWhatIsBroken) {
  EXPECT_THAT(Sheets({{"Workbook", ""}}), ElementsAre("! DATA_LOSS: workbook: no beginning"));
  EXPECT_THAT(Sheets({{"Workbook", Begin(0x0600, 5)}}), ElementsAre("! DATA_LOSS: workbook: no end"));
  EXPECT_THAT(Sheets({{"Workbook", Begin(0x0600, 5) + U16(0x85) + U16(200) + "short"}}),
              ElementsAre("! DATA_LOSS: workbook: ends within a record"));
  EXPECT_THAT(Sheets({{"Other", "x"}}), ElementsAre("! DATA_LOSS: compound file: Workbook is missing"));
  const std::string whole = Workbook("", Number(0, 0, 1));
  EXPECT_THAT(Sheets({{"Workbook", whole.substr(0, whole.size() - 4)}}),
              ElementsAre("! DATA_LOSS: a sheet without an end"));
}

TEST(XlsReader, RefusesRowsCellsAndTextsThatCannotBe) {
  EXPECT_THAT(Rows(Number(1, 0, 1) + Number(0, 0, 1)), ElementsAre("2:n:1", HasSubstr("row 1 behind row 2")));
  EXPECT_THAT(Rows(Number(0, 1, 1) + Number(0, 0, 1)),
              ElementsAre(HasSubstr("DATA_LOSS: row 1: cell A twice")));
  EXPECT_THAT(Rows(Biff(0xFD, Place(0, 0) + U32(3))), ElementsAre(HasSubstr("there is no shared text 3")));
  EXPECT_THAT(Rows(Formula(0, 0, std::string("\0\0\0\0\0\0\xFF\xFF", 8)) + Number(0, 1, 1)),
              ElementsAre(HasSubstr("a formula without its text")));
}

TEST(XlsReader, RefusesAFileWhoseChainsHaveNoEnd) {
  std::string bytes = MakeCompound({{"Workbook", Workbook("", "")}});
  bytes.replace(512 + 4 * 2, 4, U32(2));
  const auto reader = XlsReader::Create(FileOf(bytes), TableLimits(), testing::TempDir());
  EXPECT_EQ(reader.status().ToString(), "DATA_LOSS: compound file: a chain without end");
}

}  // namespace
}  // namespace satudata::tables
