// Figures out of delimited text, from its bytes to values.
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/figures.h"
#include "tests/fakes/table_bytes.h"

namespace satudata::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGood[] =
    "kodeindikator;tahun;nilai\n"
    "1.02.000318;2024;2,24\n"
    "1.02.000319;2024;1.234.567\n";

absl::StatusOr<std::vector<IndicatorValue>> ReadCsv(absl::string_view bytes, const FigureOptions& options,
                                                    const FileMapping& mapping) {
  const ColumnNames names(options.aliases);
  auto table = fakes::OpenTableBytes(bytes, [&names](const auto& cells) { return names.CountKnown(cells); });
  if (!table.ok()) return ReaderFailure(table.status(), "dokter.csv");
  return ReadFigures(**table, "dokter.csv", mapping, options);
}

std::vector<IndicatorValue> Read(absl::string_view bytes, const FileMapping& mapping = {},
                                 const FigureOptions& options = {}) {
  const absl::StatusOr<std::vector<IndicatorValue>> values = ReadCsv(bytes, options, mapping);
  EXPECT_TRUE(values.ok()) << values.status();
  return values.ok() ? *values : std::vector<IndicatorValue>();
}

Failure Refusal(absl::string_view bytes, const FileMapping& mapping = {}, const FigureOptions& options = {}) {
  const absl::StatusOr<std::vector<IndicatorValue>> values = ReadCsv(bytes, options, mapping);
  EXPECT_FALSE(values.ok());
  return FailureOf(values.status());
}

// Canonical values and reasons, in order.
std::vector<std::string> Judgements(const std::vector<IndicatorValue>& values) {
  std::vector<std::string> judgements;
  for (const IndicatorValue& value : values) {
    judgements.push_back(value.value.value_or(std::string(ReasonName(value.finding.reason))));
  }
  return judgements;
}

TEST(CsvFigures, ReadsValuesWithTheirPlaces) {
  const std::vector<IndicatorValue> values = Read(kGood);
  ASSERT_THAT(values, SizeIs(2));
  EXPECT_EQ(values[0].position, 1);
  EXPECT_EQ(values[0].line, 2);
  EXPECT_EQ(values[0].column, "nilai");
  EXPECT_EQ(values[0].kodeindikator, "1.02.000318");
  EXPECT_EQ(values[0].tahun, "2024");
  EXPECT_EQ(values[0].raw_value, "2,24");
  EXPECT_EQ(values[0].value, "2.24");
  EXPECT_EQ(values[0].kodepemda, "");
  EXPECT_FALSE(values[0].is_exact);
  EXPECT_EQ(values[1].position, 2);
  EXPECT_EQ(values[1].line, 3);
  EXPECT_EQ(values[1].value, "1234567");
}

struct HeadingCase {
  const char* name;
  std::string bytes;

  friend void PrintTo(const HeadingCase& c, std::ostream* out) { *out << c.name; }
};

class HeadingTest : public ::testing::TestWithParam<HeadingCase> {};

TEST_P(HeadingTest, IsFoundHoweverItIsWritten) {
  const std::vector<IndicatorValue> values = Read(GetParam().bytes);
  ASSERT_THAT(values, SizeIs(1));
  EXPECT_EQ(values[0].kodeindikator, "1.02.000318");
  EXPECT_EQ(values[0].tahun, "2024");
  EXPECT_EQ(values[0].value, "2.24");
}

INSTANTIATE_TEST_SUITE_P(
    Files, HeadingTest,
    ::testing::Values(
        HeadingCase{"Semicolons", "kodeindikator;tahun;nilai\n1.02.000318;2024;2,24\n"},
        HeadingCase{"Commas", "kodeindikator,tahun,nilai\n1.02.000318,2024,\"2,24\"\n"},
        HeadingCase{"Tabs", "kodeindikator\ttahun\tnilai\n1.02.000318\t2024\t2,24\n"},
        HeadingCase{"ByteOrderMark", "\xEF\xBB\xBFkodeindikator;tahun;nilai\r\n1.02.000318;2024;2,24\r\n"},
        HeadingCase{"ByteOrderMarkBeforeAQuote",
                    "\xEF\xBB\xBF\"kodeindikator\";\"tahun\";\"nilai\"\n1.02.000318;2024;2,24"},
        HeadingCase{"AnyCase", "KODEINDIKATOR;Tahun;NILAI\n1.02.000318;2024;2,24\n"},
        HeadingCase{"Blanks", " Kode  Indikator ; Tahun ; Nilai \n1.02.000318;2024;2,24\n"},
        HeadingCase{"Underscores", "kode_indikator;tahun;nilai\n1.02.000318;2024;2,24\n"},
        HeadingCase{"KodeDssd", "Kode DSSD;year;value\n1.02.000318;2024;2,24\n"},
        HeadingCase{"Kode", "kode;tahun;data\n1.02.000318;2024;2,24\n"},
        HeadingCase{"OtherOrderAndColumns",
                    "no,uraian,nilai,satuan,tahun,kode indikator\n1,\"Dokter, "
                    "spesialis\",\"2,24\",orang,2024,1.02.000318\n"},
        HeadingCase{"NilaiBeforeData", "kodeindikator;tahun;data;nilai\n1.02.000318;2024;99;2,24\n"},
        HeadingCase{"EmptyRowsBefore", "\n;;\n\nkodeindikator;tahun;nilai\n1.02.000318;2024;2,24\n"},
        HeadingCase{"SeparatorLine", "sep=;\r\nkodeindikator;tahun;nilai\r\n1.02.000318;2024;2,24\r\n"},
        HeadingCase{"EmptyCellsBehind", "kodeindikator;tahun;nilai;;\n1.02.000318;2024;2,24;;;;\n"},
        HeadingCase{"OldMac", "kodeindikator;tahun;nilai\r1.02.000318;2024;2,24\r"},
        HeadingCase{"CommasInTheHeading",
                    "kodeindikator;\"uraian, satuan, sumber, dll\";tahun;nilai\n1.02.000318;x;2024;2,24\n"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CsvFigures, CountsLinesBehindASeparatorLine) {
  EXPECT_EQ(Read("sep=,\nkodeindikator,tahun,nilai\n1.02.000318,2024,9\n")[0].line, 3);
}

TEST(CsvFigures, ReadsTheRegionOfEachValue) {
  const std::vector<IndicatorValue> values = Read(
      "Kode Pemda;kodeindikator;tahun;nilai\n"
      "1612;1.02.000318;2024;9\n"
      ";1.02.000318;2024;9\n"
      "32.04;1.02.000318;2024;9\n"
      "1671.0;1.02.000318;2024;9\n");
  ASSERT_THAT(values, SizeIs(4));
  EXPECT_EQ(values[0].kodepemda, "1612");
  EXPECT_EQ(values[1].kodepemda, "");
  EXPECT_EQ(values[2].kodepemda, "3204");
  EXPECT_EQ(values[3].kodepemda, "1671");
  EXPECT_THAT(Judgements(values), ElementsAre("9", "9", "9", "9"));
}

TEST(CsvFigures, KnowsARegionHoweverItIsWritten) {
  EXPECT_THAT(Judgements(Read("kodepemda;kodeindikator;tahun;nilai\n"
                              "1612;1.02.000318;2024;9\n"
                              "16.12;1.02.000318;2024;9\n"
                              "16.12;1.02.000319;2024;8\n"
                              "1612;1.02.000319;2024;7\n")),
              ElementsAre("9", "DUPLICATE_VALUE", "VALUES_CONTRADICT", "VALUES_CONTRADICT"));
}

TEST(CsvFigures, RefusesARegionThatMayBeAnother) {
  for (const char* region : {"32.1", "32,04", "3.204", "32.04.01", "32-04", "0304", "03.04", "32.04.0.0"}) {
    const std::vector<IndicatorValue> values =
        Read(absl::StrCat("kodepemda;kodeindikator;tahun;nilai\n", region, ";1.02.000318;2024;9\n"));
    EXPECT_THAT(Judgements(values), ElementsAre("KODEPEMDA_INVALID")) << region;
    EXPECT_EQ(values[0].finding.args.at("value"), region);
  }
}

TEST(CsvFigures, KeepsTheHeadingOfTheColumnAsItIsWritten) {
  EXPECT_EQ(Read("kodeindikator;tahun; NILAI \n1.02.000318;2024;9\n")[0].column, "NILAI");
}

TEST(CsvFigures, TakesAHeadingWithMoreInItForAnotherOne) {
  EXPECT_EQ(Refusal("kodeindikator;tahun;Nilai (ribu)\n1.02.000318;2024;9\n").args.at("column"), "nilai");
}

TEST(CsvFigures, SettlesAmbiguousCellsByTheirColumn) {
  EXPECT_THAT(Judgements(Read("kodeindikator;tahun;nilai\n1.02.000001;2024;54,852\n1.02.000002;2024;2,24\n"
                              "1.02.000003;2024;1.234\n")),
              ElementsAre("54.852", "2.24", "1234"));
  EXPECT_THAT(
      Judgements(Read("kodeindikator;tahun;nilai\n1.02.000001;2024;54,852\n1.02.000003;2024;1.234\n")),
      ElementsAre("NUMBER_AMBIGUOUS", "NUMBER_AMBIGUOUS"));
}

TEST(CsvFigures, ReportsWhatIsWrongWithARow) {
  const std::vector<IndicatorValue> values = Read(
      "kodeindikator,tahun,nilai\n"
      "1.02.000318,2024,2,24\n"
      "Sumber: Dinas Kesehatan\n"
      "1.02.000319,2024,\"9\n"
      "1.02.000320,2024,7\n");
  EXPECT_THAT(Judgements(values), ElementsAre("ROW_WIDTH_WRONG", "QUOTE_UNPAIRED", "7"))
      << "a remark is passed over";
  EXPECT_EQ(FindingOf(values[0]).args,
            (FailureArgs{{"line", "2"}, {"found", "4"}, {"expected", "3"}, {"cell", "C2"}}));
  EXPECT_EQ(values[0].kodeindikator, "1.02.000318");
  EXPECT_EQ(values[0].raw_value, "") << "half a figure is none";
  EXPECT_EQ(values[1].finding.args, (FailureArgs{{"line", "4"}}));
  EXPECT_EQ(values[2].line, 5);
}

TEST(CsvFigures, ReportsACellThatIsTooLong) {
  const std::vector<IndicatorValue> values = Read(absl::StrCat(
      "kodeindikator;tahun;nilai\n1.02.000318;2024;", std::string(40'000, '9'), "\n1.02.000319;2024;9\n"));
  EXPECT_THAT(Judgements(values), ElementsAre("ROW_MALFORMED", "9"));
  EXPECT_EQ(values[0].finding.args, (FailureArgs{{"line", "2"}, {"detail", "cell > limit"}}));
}

TEST(CsvFigures, PassesOverEmptyRows) {
  EXPECT_THAT(Judgements(Read("kodeindikator;tahun;nilai\n\n;;\n1.02.000318;2024;9\n\n")), ElementsAre("9"));
}

TEST(CsvFigures, KeepsAbsentValuesAsFindings) {
  EXPECT_THAT(Judgements(Read("kodeindikator;tahun;nilai\n1.02.000318;2024;\n1.02.000319;2024;-\n"
                              "1.02.000320;2024;Tidak dipublikasikan\n")),
              ElementsAre("VALUE_ABSENT", "VALUE_ABSENT", "VALUE_ABSENT"));
}

TEST(CsvFigures, ReadsWindows1252) {
  const std::vector<IndicatorValue> values = Read(
      "kodeindikator;tahun;nilai\n1.02.000318;2024;1\xA0"
      "234\n1.02.000319;2024;caf\xE9\n");
  EXPECT_EQ(values[0].value, "1234");
  EXPECT_EQ(values[1].finding.args.at("value"), "café");
}

TEST(CsvFigures, TakesATableWithoutCodesForAnOrdinaryDataset) {
  EXPECT_THAT(Read("kecamatan,tahun,nilai\nTalang Ubi,2024,9\n"), IsEmpty());
  EXPECT_THAT(Read("kode,nama\n1,Talang Ubi\n"), IsEmpty());
  EXPECT_THAT(Read("\xEF\xBB\xBF"), IsEmpty());
  EXPECT_THAT(Read("\n\n\n"), IsEmpty());
}

TEST(CsvFigures, TakesAHeadingAloneForNoValues) {
  EXPECT_THAT(Read("kodeindikator;tahun;nilai\n"), IsEmpty());
}

TEST(CsvFigures, NamesAMissingColumn) {
  EXPECT_EQ(Refusal("kodeindikator;tahun;capaian\n1.02.000318;2024;9\n"),
            (Failure{.reason = Reason::kColumnMissing,
                     .args = {{"column", "nilai"}, {"file_name", "dokter.csv"}}}));
  EXPECT_EQ(Refusal("kodeindikator;nilai\n").args.at("column"), "tahun");
  EXPECT_EQ(Refusal("kodeindikator\n").args.at("column"), "tahun");
}

TEST(CsvFigures, NeverGuessesWhichOfTwoColumnsIsMeant) {
  EXPECT_EQ(Refusal("kodeindikator;tahun;Nilai;nilai\n1.02.000318;2024;9;10\n"),
            (Failure{.reason = Reason::kColumnAmbiguous,
                     .args = {{"column", "nilai"}, {"cells", "C1, D1"}, {"file_name", "dokter.csv"}}}));
}

TEST(CsvFigures, RefusesUtf16WithoutAMark) {
  EXPECT_EQ(Refusal(std::string("k\0o\0d\0e\0", 8)).args.at("detail"), "UTF-16 without a byte-order mark");
}

TEST(CsvFigures, BoundsTheNumberOfValues) {
  std::string bytes = "kodeindikator;tahun;nilai\n";
  for (int i = 0; i < 11; ++i) absl::StrAppend(&bytes, "1.02.0003", 10 + i, ";2024;9\n");
  EXPECT_EQ(Refusal(bytes, {}, {.max_values = 10}),
            (Failure{.reason = Reason::kTooManyValues, .args = {{"limit", "10"}}}));
  EXPECT_THAT(Read(bytes, {}, {.max_values = 11}), SizeIs(11));
}

}  // namespace
}  // namespace satudata::catalog
