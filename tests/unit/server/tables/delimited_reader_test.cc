#include "server/tables/delimited_reader.h"

#include <ostream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::EndsWith;
using ::testing::SizeIs;

// Rows of a text whose delimiter its first line says.
std::vector<std::string> Rows(absl::string_view text, const TableLimits& limits = TableLimits()) {
  auto reader = DelimitedReader::Create(FileOf(text), limits, nullptr);
  if (!reader.ok()) return {absl::StrCat("! ", reader.status().ToString())};
  Sheet sheet;
  EXPECT_TRUE((*reader)->NextSheet(sheet).value());
  return RowsOf(**reader);
}

struct RowsCase {
  const char* name;
  std::string text;
  std::vector<std::string> rows;

  friend void PrintTo(const RowsCase& c, std::ostream* out) { *out << c.name; }
};

class DelimitedReaderTest : public ::testing::TestWithParam<RowsCase> {};

TEST_P(DelimitedReaderTest, SplitsRowsAndCells) {
  EXPECT_THAT(Rows(GetParam().text), ElementsAreArray(GetParam().rows));
}

std::string CaseName(const ::testing::TestParamInfo<RowsCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Good, DelimitedReaderTest,
    ::testing::Values(RowsCase{"Nothing", "", {}}, RowsCase{"OneCell", "a", {"1:a"}},
                      RowsCase{"Cells", "a,b,c\n1,2,3\n", {"1:a|b|c", "2:1|2|3"}},
                      RowsCase{"EmptyRowsAreLeftOut", ",\n,,\n\nb\n", {"4:b"}},
                      RowsCase{"EmptyCells", "a,,b\n,c\n", {"1:a||b", "2:|c"}},
                      RowsCase{"NothingFollowsOnTheLastCell", "a,b,,\n", {"1:a|b"}},
                      RowsCase{"WindowsEnds", "a,b\r\nc,d\r\n", {"1:a|b", "2:c|d"}},
                      RowsCase{"OldMacEnds", "a,b\rc,d\r", {"1:a|b", "2:c|d"}},
                      RowsCase{"NoLastEnd", "a,b\nc,d", {"1:a|b", "2:c|d"}},
                      RowsCase{"BlanksAround", " a , b c \t,d ", {"1:a|b c|d"}},
                      RowsCase{"Quoted", "\"a,b\",\"c\"\n", {"1:a,b|c"}},
                      RowsCase{"BlanksWithinQuotes", "\" a \",b", {"1:a|b"}},
                      RowsCase{"BlanksAroundQuotes", " \"a\" , \"b\" \n", {"1:a|b"}},
                      RowsCase{"DoubledQuotes", "\"say \"\"hi\"\"\",\"\"\"\"\n", {"1:say \"hi\"|\""}},
                      RowsCase{"QuotedEmpty", "\"\",\"\",a", {"1:||a"}},
                      RowsCase{"QuoteWithinAPlainCell", "5\" pipe,b\n", {"1:5\" pipe|b"}},
                      RowsCase{"LinesWithinQuotes", "\"a\nb\",c\nd,e\n", {"1:a\nb|c", "3:d|e"}},
                      RowsCase{"OldMacLinesWithinQuotes", "\"a\rb\",c\rd,e\r", {"1:a\rb|c", "3:d|e"}},
                      RowsCase{"WindowsLinesWithinQuotes", "\"a\r\nb\",c\r\nd,e", {"1:a\r\nb|c", "3:d|e"}},
                      RowsCase{"Semicolons", "a;2,24\nb;3,5\n", {"1:a|2,24", "2:b|3,5"}},
                      RowsCase{"Tabs", "a\tb c\t\td\n", {"1:a|b c||d"}},
                      RowsCase{"ByteOrderMark", "\xEF\xBB\xBF\"a\",b\n", {"1:a|b"}},
                      RowsCase{"SeparatorLine", "sep=|\r\na,b|c\n", {"2:a,b|c"}},
                      RowsCase{"SeparatorLineBehindAMark", "\xEF\xBB\xBFsep=;\na;b\n", {"2:a|b"}},
                      RowsCase{"Windows1252", "D\xE9sa,Ki\xC3\xA9v\n", {"1:Désa|Kiév"}}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    Broken, DelimitedReaderTest,
    ::testing::Values(
        RowsCase{"OpenQuoteCostsItsLineAlone", "a,\"b\nc,d\ne,f\n", {"1:a!quote", "2:c|d", "3:e|f"}},
        RowsCase{"TextBehindAQuote", "\"a\"b,c\nd,e\n", {"1:!quote", "2:d|e"}},
        RowsCase{"OpenQuoteAtTheEnd", "a,b\n\"", {"1:a|b", "2:!quote"}},
        RowsCase{"OpenQuoteClosedByALaterOne", "\"a\nb,c\n\"d\",e\n", {"1:!quote", "2:b|c", "3:d|e"}},
        RowsCase{"Utf16WithoutAMark",
                 std::string("a\0;\0b\0\n\0", 8),
                 {"! UNIMPLEMENTED: UTF-16 without a byte-order mark"}},
        RowsCase{"Utf32",
                 std::string("\xFF\xFE\0\0a\0\0\0", 8),
                 {"! UNIMPLEMENTED: UTF-16 without a byte-order mark"}}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    Utf16, DelimitedReaderTest,
    ::testing::Values(
        RowsCase{"Little", Utf16Bytes(u"\uFEFFa\tDésa\r\nб\t😀\r\n", true), {"1:a|Désa", "2:б|😀"}},
        RowsCase{"Big", Utf16Bytes(u"\uFEFFa\tDésa\r\nб\t😀\r\n", false), {"1:a|Désa", "2:б|😀"}},
        RowsCase{"Quotes", Utf16Bytes(u"\uFEFF\"a;\nb\";c\nd;e", true), {"1:a;\nb|c", "3:d|e"}},
        RowsCase{"SeparatorLine", Utf16Bytes(u"\uFEFFsep=|\r\na,b|c\r\n", true), {"2:a,b|c"}},
        RowsCase{"MarkAlone", Utf16Bytes(u"\uFEFF", true), {}},
        RowsCase{"OddByteAtTheEnd", Utf16Bytes(u"\uFEFFa;b", true) + "c", {"1:a|b"}},
        RowsCase{"HalfPairs", Utf16Bytes(u"\uFEFFa;\xDE00;\xD83D;\xD83D", true), {"1:a|�|�|�"}}),
    CaseName);

// Wherever a piece ends: within a character, or between the halves of a pair.
TEST(DelimitedReader, ReadsUtf16OverTheEndsOfPieces) {
  for (size_t shift = 0; shift < 4; ++shift) {
    std::u16string text = u"\uFEFF" + std::u16string(shift, u'x');
    std::vector<std::string> expected;
    for (int row = 1; row <= 20'000; ++row) {
      text += u"é;😀\n";
      expected.push_back(absl::StrCat(row, ":", row == 1 ? std::string(shift, 'x') : "", "é|😀"));
    }
    EXPECT_EQ(Rows(Utf16Bytes(text, true)), expected) << shift;
  }
}

TEST(DelimitedReader, BoundsACell) {
  const TableLimits limits{.max_cell_bytes = 4};
  EXPECT_THAT(Rows("1234,b\n", limits), ElementsAre("1:1234|b"));
  EXPECT_THAT(Rows("a,12345,b\nc\n", limits), ElementsAre("1:a!long", "2:c"));
  EXPECT_THAT(Rows("\"12345\",b\nc\n", limits), ElementsAre("1:!long", "2:c"));
}

TEST(DelimitedReader, CallsAQuoteThatRunsOverLinesOpen) {
  const TableLimits limits{.max_cell_bytes = 8};
  EXPECT_THAT(Rows("a,\"b\nc,d\ne,f\ng,h\n", limits), ElementsAre("1:a!quote", "2:c|d", "3:e|f", "4:g|h"));
}

TEST(DelimitedReader, BoundsARow) {
  const TableLimits limits{.max_cells = 1000};
  const std::vector<std::string> rows = Rows(std::string(5000, ',') + "\na,b\n", limits);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], EndsWith("!many"));
  EXPECT_EQ(rows[1], "2:a|b");
}

TEST(DelimitedReader, BoundsARowOfLongCells) {
  const std::string cell(30'000, 'x');
  std::string text;
  for (int i = 0; i < 100; ++i) text += cell + ",";
  const std::vector<std::string> rows = Rows(text + "\na,b\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], EndsWith("!many"));
  EXPECT_EQ(rows[1], "2:a|b");
}

TEST(DelimitedReader, BoundsARowOfBlanks) {
  const std::vector<std::string> rows = Rows("a,b\n" + std::string(5 << 20, ' ') + "x\nc,d\n");
  EXPECT_THAT(rows, ElementsAre("1:a|b", "2:!many", "3:c|d"));
}

TEST(DelimitedReader, BoundsACellThatIsAWholeFile) {
  EXPECT_THAT(Rows(std::string(3 << 20, 'x') + "\r\na,b\r\n"), ElementsAre("1:!long", "2:a|b"));
}

// Where its pieces are cut decides nothing.
TEST(DelimitedReader, ReadsOverTheEndsOfItsWindow) {
  for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
    for (size_t pad = 65'500; pad < 65'560; ++pad) {
      std::string text(30'000, 'x');
      text += absl::StrCat(",", std::string(pad - 30'000, 'y'), end);
      for (int i = 0; i < 5; ++i) absl::StrAppend(&text, "\"a", end, "\"\"\" ,b", end);
      const std::vector<std::string> rows = Rows(text, {.max_cell_bytes = 64 << 10});
      ASSERT_THAT(rows, SizeIs(6)) << pad;
      for (int i = 0; i < 5; ++i) {
        ASSERT_EQ(rows[i + 1], absl::StrCat(2 + 2 * i, ":a", end, "\"|b")) << pad;
      }
    }
  }
}

TEST(DelimitedReader, ReadsRowsLongerThanItsWindow) {
  std::string text;
  for (int row = 0; row < 4; ++row) {
    for (int i = 0; i < 10'000; ++i) absl::StrAppend(&text, i, "-0123456789,");
    text += "z\n";
  }
  const std::vector<std::string> rows = Rows(text);
  ASSERT_THAT(rows, SizeIs(4));
  for (const std::string& row : rows) EXPECT_THAT(row, EndsWith("|9999-0123456789|z"));
}

// Every line closes a quote and opens another, so each of them seems to run on to the end: reading them again
// and again must not make the time quadratic.
TEST(DelimitedReader, ReadsHostileQuotesInLinearTime) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "a\",\"\n";
  EXPECT_GT(Rows(text).size(), 100U);
}

TEST(DelimitedReader, AlwaysComesToAnEnd) {
  for (absl::string_view text : {"\"", "\"\"\"", "\n\r\n\r", "\r", ",\"", "\"\n\"", "\"a\" \"b\""}) {
    EXPECT_LT(Rows(text).size(), 10U);
  }
}

TEST(DelimitedReader, HasOneSheetWithoutAName) {
  const auto reader = DelimitedReader::Create(FileOf("a,b\n"), TableLimits(), nullptr).value();
  EXPECT_THAT(SheetsOf(*reader), ElementsAre("# ", "1:a|b"));
  Row row;
  EXPECT_FALSE(reader->NextRow(row).value());
}

TEST(DelimitedReader, HasNoRowsBeforeTheSheet) {
  const auto reader = DelimitedReader::Create(FileOf("a,b\n"), TableLimits(), nullptr).value();
  Row row;
  EXPECT_FALSE(reader->NextRow(row).value());
}

}  // namespace
}  // namespace satudata::tables
