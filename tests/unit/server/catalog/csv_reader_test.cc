#include "server/catalog/csv_reader.h"

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace satudata::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::SizeIs;

absl::string_view Name(CsvDefect defect) {
  switch (defect) {
    case CsvDefect::kNone:
      return "";
    case CsvDefect::kQuoteUnpaired:
      return "!quote";
    case CsvDefect::kCellTooLong:
      return "!long";
    case CsvDefect::kTooManyCells:
      return "!many";
  }
  return "!";
}

// Rows as `line:cell|cell`, with the defect behind.
std::vector<std::string> Rows(absl::string_view text, CsvFormat format = {}) {
  std::vector<std::string> rows;
  CsvReader reader(text, format);
  CsvRow row;
  while (reader.Next(row)) {
    rows.push_back(absl::StrCat(row.line, ":", absl::StrJoin(row.cells, "|"), Name(row.defect)));
  }
  return rows;
}

struct RowsCase {
  const char* name;
  std::string text;
  std::vector<std::string> rows;

  friend void PrintTo(const RowsCase& c, std::ostream* out) { *out << c.name; }
};

class CsvReaderTest : public ::testing::TestWithParam<RowsCase> {};

TEST_P(CsvReaderTest, SplitsRowsAndCells) {
  EXPECT_THAT(Rows(GetParam().text), ElementsAreArray(GetParam().rows));
}

std::string CaseName(const ::testing::TestParamInfo<RowsCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Good, CsvReaderTest,
    ::testing::Values(RowsCase{"Nothing", "", {}}, RowsCase{"OneCell", "a", {"1:a"}},
                      RowsCase{"Cells", "a,b,c\n1,2,3\n", {"1:a|b|c", "2:1|2|3"}},
                      RowsCase{"EmptyCells", ",\n,,\n", {"1:|", "2:||"}},
                      RowsCase{"EmptyLines", "a\n\nb\n", {"1:a", "2:", "3:b"}},
                      RowsCase{"WindowsEnds", "a,b\r\nc,d\r\n", {"1:a|b", "2:c|d"}},
                      RowsCase{"OldMacEnds", "a,b\rc,d\r", {"1:a|b", "2:c|d"}},
                      RowsCase{"NoLastEnd", "a,b\nc,d", {"1:a|b", "2:c|d"}},
                      RowsCase{"BlanksAround", " a , b c \t,d ", {"1:a|b c|d"}},
                      RowsCase{"Quoted", "\"a,b\",\"c\"\n", {"1:a,b|c"}},
                      RowsCase{"QuotedBlanksStay", "\" a \"", {"1: a "}},
                      RowsCase{"BlanksAroundQuotes", " \"a\" , \"b\" \n", {"1:a|b"}},
                      RowsCase{"DoubledQuotes", "\"say \"\"hi\"\"\",\"\"\"\"\n", {"1:say \"hi\"|\""}},
                      RowsCase{"QuotedEmpty", "\"\",\"\"", {"1:|"}},
                      RowsCase{"QuoteWithinAPlainCell", "5\" pipe,b\n", {"1:5\" pipe|b"}},
                      RowsCase{"LinesWithinQuotes", "\"a\nb\",c\nd,e\n", {"1:a\nb|c", "3:d|e"}},
                      RowsCase{"EndsAfterADelimiter", "a,", {"1:a|"}}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    Broken, CsvReaderTest,
    ::testing::Values(
        RowsCase{"OpenQuoteCostsItsLineAlone", "a,\"b\nc,d\ne,f\n", {"1:a!quote", "2:c|d", "3:e|f"}},
        RowsCase{"TextBehindAQuote", "\"a\"b,c\nd,e\n", {"1:!quote", "2:d|e"}},
        RowsCase{"OpenQuoteAtTheEnd", "a,b\n\"", {"1:a|b", "2:!quote"}},
        RowsCase{"OpenQuoteClosedByALaterOne", "\"a\nb,c\n\"d\",e\n", {"1:!quote", "2:b|c", "3:d|e"}}),
    CaseName);

TEST(CsvReader, SplitsAtTheDelimiterItIsGiven) {
  EXPECT_THAT(Rows("2,24;b\n", {.delimiter = ';'}), ElementsAre("1:2,24|b"));
  EXPECT_THAT(Rows("a\tb c\t\td\n", {.delimiter = '\t'}), ElementsAre("1:a|b c||d"));
}

TEST(CsvReader, BoundsACell) {
  const CsvFormat format{.max_cell_bytes = 4};
  EXPECT_THAT(Rows("1234,b\n", format), ElementsAre("1:1234|b"));
  EXPECT_THAT(Rows("a,12345,b\nc\n", format), ElementsAre("1:a!long", "2:c"));
  EXPECT_THAT(Rows("\"12345\",b\nc\n", format), ElementsAre("1:!long", "2:c"));
}

TEST(CsvReader, BoundsARow) {
  const std::vector<std::string> rows = Rows(std::string(5000, ',') + "\na,b\n");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], ::testing::EndsWith("!many"));
  EXPECT_EQ(rows[1], "2:a|b");
}

// Every line closes a quote and opens another, so each of them seems to run on to the end: reading them again
// and again must not make the time quadratic.
TEST(CsvReader, ReadsHostileQuotesInLinearTime) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "a\",\"\n";
  EXPECT_GT(Rows(text).size(), 100U);
}

TEST(CsvReader, AlwaysComesToAnEnd) {
  for (absl::string_view text : {"\"", "\"\"\"", "\n\r\n\r", "\r", ",\"", "\"\n\"", "\"a\" \"b\""}) {
    EXPECT_LT(Rows(text).size(), 10U);
  }
}

}  // namespace
}  // namespace satudata::catalog
