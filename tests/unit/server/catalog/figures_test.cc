#include "server/catalog/figures.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/catalog/figure_case.h"

namespace satudata::catalog {
namespace {

using ::testing::SizeIs;

class FiguresTest : public ::testing::TestWithParam<FigureCase> {};

TEST_P(FiguresTest, AreReadOrRefused) {
  EXPECT_EQ(Told(Read(GetParam().drawn, GetParam().mapping)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FiguresTest,
    ::testing::Values(
        FigureCase{
            "RemarksAndTotals", R"(
Kode Indikator | Uraian | Tahun | Nilai
| URUSAN KESEHATAN | |
1.02.000318 | Dokter | 2024 | 9
Jumlah | | | 9
| Rata-rata | | #4.5
| Perawat | 2024 | 11
Sumber: Dinas Kesehatan 2024
Catatan | - | |)",
            "D3 1.02.000318 2024 9\nD4 Jumlah  TOTAL_ROW\nD5   TOTAL_ROW\nD6  2024 INDICATOR_CODE_MISSING"},
        FigureCase{"CodesThatAreNone", R"(
Kode Indikator | Tahun | Nilai
1.2.318 | 2024 |
belum ada | 2024 | 9
35.07.01.001.01 | 2024 | 9)",
                   "C2 1.2.318 2024 INDICATOR_CODE_INVALID\nC3 belum ada 2024 INDICATOR_CODE_INVALID\n"
                   "C4 35.07.01.001.01 2024 INDICATOR_CODE_LOCAL"},
        FigureCase{
            "YearsInEveryForm", R"(
Kode Indikator | Tahun | Nilai
1.02.000311 | #2024 | 1
1.02.000312 | @2024 | 2
1.02.000313 | 2024.0 | 3
1.02.000314 | 2024* | 4
1.02.000315 | @2024-12-31 | 5
1.02.000316 | 2.024 | 6
1.02.000317 | #45292 | 7)",
            "C2 1.02.000311 2024 1\nC3 1.02.000312 2024 2\nC4 1.02.000313 2024 3\nC5 1.02.000314 2024 4\n"
            "C6 1.02.000315 2024-12-31 YEAR_INVALID\nC7 1.02.000316 2.024 YEAR_INVALID\n"
            "C8 1.02.000317 45292 YEAR_INVALID"},
        FigureCase{"NumbersAreExact", R"(
Kode Indikator | Tahun | Nilai
1.02.000311 | 2024 | #54.852
1.02.000312 | 2024 | #1234567.5
1.02.000313 | 2024 | 1.234)",
                   "C2 1.02.000311 2024 54.852\nC3 1.02.000312 2024 1234567.5\n"
                   "C4 1.02.000313 2024 NUMBER_AMBIGUOUS"},
        FigureCase{"NumbersThatShowAsOthers", R"(
Kode Indikator | Tahun | Nilai
1.02.000311 | 2024 | #0.45~45
1.02.000312 | 2024 | #1234567~1235
1.02.000313 | 2024 | #9~9)",
                   "C2 1.02.000311 2024 NUMBER_AMBIGUOUS\nC3 1.02.000312 2024 NUMBER_AMBIGUOUS\n"
                   "C4 1.02.000313 2024 9"},
        FigureCase{"CellsThatAreNoFigures", R"(
Kode Indikator | Tahun | Nilai
1.02.000311 | 2024 | @2024-03-02
1.02.000312 | 2024 | !#DIV/0!
1.02.000313 | 2024 | !
1.02.000314 | 2024 | ?TRUE
1.02.000315 | 2024 | 45%
1.02.000316 | 2024 | Tidak dipublikasikan
1.02.000317 | !#REF! | 9)",
                   "C2 1.02.000311 2024 NUMBER_INVALID\nC3 1.02.000312 2024 CELL_ERROR\n"
                   "C4 1.02.000313 2024 CELL_ERROR\nC5 1.02.000314 2024 NUMBER_INVALID\n"
                   "C6 1.02.000315 2024 NUMBER_INVALID\nC7 1.02.000316 2024 VALUE_ABSENT\n"
                   "C8 1.02.000317 #REF! CELL_ERROR"},
        FigureCase{"MarkersOfNothing",
                   R"(
Kode Indikator | Tahun | Nilai
1.02.000310 | 2024 |
1.02.000311 | 2024 | -
1.02.000312 | 2024 | *
1.02.000313 | 2024 | **
1.02.000314 | 2024 | ***
1.02.000315 | 2024 | n/a
1.02.000316 | 2024 | N/A
1.02.000317 | 2024 | NULL
1.02.000318 | 2024 | Tidak dipublikasikan
1.02.000319 | 2024 | 0)",
                   "C2 1.02.000310 2024 VALUE_ABSENT\nC3 1.02.000311 2024 VALUE_ABSENT\n"
                   "C4 1.02.000312 2024 VALUE_ABSENT\nC5 1.02.000313 2024 VALUE_ABSENT\n"
                   "C6 1.02.000314 2024 VALUE_ABSENT\nC7 1.02.000315 2024 VALUE_ABSENT\n"
                   "C8 1.02.000316 2024 VALUE_ABSENT\nC9 1.02.000317 2024 VALUE_ABSENT\n"
                   "C10 1.02.000318 2024 VALUE_ABSENT\nC11 1.02.000319 2024 0"},
        FigureCase{"TextsOfOneReading",
                   R"(
Kode Indikator | Tahun | Nilai
1.02.000310 | 2024 | 2,24
1.02.000311 | 2024 | 1.234.567
1.02.000312 | 2024 | -3
1.02.000313 | 2024 | 12 500)",
                   "C2 1.02.000310 2024 2.24\nC3 1.02.000311 2024 1234567\nC4 1.02.000312 2024 -3\n"
                   "C5 1.02.000313 2024 12500"},
        FigureCase{"TextsOfTwoReadings",
                   R"(
Kode Indikator | Tahun | Nilai
1.02.000310 | 2024 | 54,852
1.02.000311 | 2024 | 1.234
1.02.000312 | 2024 | #2.24)",
                   "C2 1.02.000310 2024 NUMBER_AMBIGUOUS\nC3 1.02.000311 2024 NUMBER_AMBIGUOUS\n"
                   "C4 1.02.000312 2024 2.24"},
        FigureCase{"WhatIsHidden", R"(
Kode Indikator | Tahun | Nilai
1.02.000311 | 2024 | %%#9
%%1.02.000312 | 2024 | #9
1.02.000313 | 2024 | %%-
%%1.02.000314 | %%2024 | %%1,5
1.02.000315 | 2024 | 1.234
1.02.000316 | 2024 | #9)",
                   "C2 1.02.000311 2024 VALUE_HIDDEN\nC3 1.02.000312 2024 VALUE_HIDDEN\n"
                   "C4 1.02.000313 2024 VALUE_ABSENT\nC5 1.02.000314 2024 VALUE_HIDDEN\n"
                   "C6 1.02.000315 2024 NUMBER_AMBIGUOUS\nC7 1.02.000316 2024 9"},
        FigureCase{"MergedKeys", R"(
Kode Indikator | Tahun | Nilai | Kode Pemda | Satuan
1.02.000318 | 2023 | #8 | 1612 | orang
^1.02.000318 | 2024 | #9 | ^1612 | ^orang)",
                   "C2 1.02.000318 2023 8 - 1612 / orang\nC3 1.02.000318 2024 9 - 1612 / orang"},
        FigureCase{
            "MergedFigures", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2023 | #8
1.02.000319 | 2023 | ^#8
1.02.000320 | 2023 | #9)",
            "C2 1.02.000318 2023 VALUE_MERGED\nC3 1.02.000319 2023 VALUE_MERGED\nC4 1.02.000320 2023 9"},
        FigureCase{
            "MergedYears", R"(
Kode Indikator | 2022 | 2023 | 2024
1.02.000318 | #8 | ^#8 | #9)",
            "B2 1.02.000318 2022 VALUE_MERGED\nC2 1.02.000318 2023 VALUE_MERGED\nD2 1.02.000318 2024 9"},
        FigureCase{"RowsOfTwoLines", R"(
Kode Indikator | Uraian | Tahun | Nilai
1.02.000318 | Dokter | 2024 | #9
^1.02.000318 | (orang) | ^2024 | ^#9)",
                   "D2 1.02.000318 2024 9"},
        FigureCase{"RemarksBeside", R"(
== Data ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | #9 | | cek lagi)",
                   "Data!C2 1.02.000318 2024 9"},
        FigureCase{"TooManyCellsOfAText", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 2 | 24)",
                   "C2 1.02.000318 2024 ROW_WIDTH_WRONG"},
        FigureCase{"Repeated", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
1.02.000318 | 2024 | 9,0
1.02.000319 | 2024 | 1
1.02.000319 | 2024 | 2)",
                   "C2 1.02.000318 2024 9\nC3 1.02.000318 2024 DUPLICATE_VALUE\n"
                   "C4 1.02.000319 2024 VALUES_CONTRADICT\nC5 1.02.000319 2024 VALUES_CONTRADICT"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Sheets, FiguresTest,
    ::testing::Values(FigureCase{"EachByItself", R"(
== 2023 ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2023 | 1.234
1.02.000319 | 2023 | 2,5
== 2024 ==
judul
Nilai | Kode DSSD | Tahun
1.234 | 1.02.000318 | 2024)",
                                 "2023!C2 1.02.000318 2023 1234\n2023!C3 1.02.000319 2023 2.5\n"
                                 "2024!A3 1.02.000318 2024 NUMBER_AMBIGUOUS"},
                      FigureCase{"OthersArePassedOver", R"(
== Petunjuk ==
Kolom | Isi
Kode Indikator | kode DSSD
Tahun | empat angka
== Data ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
== Referensi ==
Kode | Nama
1 | Dokter)",
                                 "Data!C2 1.02.000318 2024 9"},
                      FigureCase{"ADoubtfulOneIsAFinding", R"(
== A ==
Kode Indikator | Tahun | Nilai | Nilai
1.02.000318 | 2024 | 9 | 10
== B ==
Kode Indikator | Tahun | Nilai
1.02.000319 | 2024 | 9)",
                                 "A!   COLUMN_AMBIGUOUS\nB!C2 1.02.000319 2024 9"},
                      FigureCase{
                          "ADoubtfulOneAloneRefusesTheFile", R"(
== A ==
Kode Indikator | Tahun | Nilai | Nilai
1.02.000318 | 2024 | 9 | 10
== B ==
catatan)",
                          "refused COLUMN_AMBIGUOUS cells=C1, D1 column=nilai file_name=data.xlsx sheet=A"},
                      FigureCase{"HiddenOnesAreNotTaken", R"(
== Data ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
== Lama == hidden
%%Kode Indikator | %%Tahun | %%Nilai
%%1.02.000318 | %%2024 | %%8
== Rancu == hidden
%%Kode Indikator | %%Tahun | %%Nilai | %%Nilai)",
                                 "Data!C2 1.02.000318 2024 9\nLama!C2 1.02.000318 2024 VALUE_HIDDEN"}),
    NameOf);

TEST(ReadFigures, TakesAliasesOfARegion) {
  const FigureOptions options = {.aliases = {.code = {"ID Data"}, .value = {"Hasil Akhir"}}};
  EXPECT_EQ(Told(Read("\nid_data | Tahun | HASIL AKHIR\n1.02.000318 | 2024 | 9", {}, options)),
            "C2 1.02.000318 2024 9");
}

TEST(ReadFigures, KnowsEveryPlace) {
  const auto values =
      Read("\n== Data ==\n\nKode Indikator | Tahun | Nilai Data | Nilai\n1.02.000318 | 2024 | | x");
  ASSERT_TRUE(values.ok()) << values.status();
  const IndicatorValue& value = values->front();
  EXPECT_EQ(value.sheet, "Data");
  EXPECT_EQ(value.line, 3);
  EXPECT_EQ(value.column, "Nilai");
  EXPECT_EQ(CellOf(value), "D3");
  EXPECT_EQ(value.position, 1);
  EXPECT_EQ(FindingOf(value).args, (FailureArgs{{"value", "x"}, {"cell", "D3"}, {"sheet", "Data"}}));
}

TEST(ReadFigures, NamesBothReadingsOfWhatACellShows) {
  const auto values = Read("\nKode Indikator | Tahun | Nilai\n1.02.000318 | 2024 | #0.45~45");
  EXPECT_EQ(FindingOf(values->front()).args,
            (FailureArgs{{"value", "45"}, {"reading_a", "45"}, {"reading_b", "0.45"}, {"cell", "C2"}}));
}

TEST(ReadFigures, KeepsHalfARowOutOfTheValue) {
  tables::FakeSheet sheet = tables::DrawnSheets("\nKode Indikator | Tahun | Nilai\n1.02.000318 | 2024")[0];
  sheet.rows[1].defect = tables::RowDefect::kQuoteUnpaired;
  tables::FakeTable table({sheet});
  const auto values = ReadFigures(table, "data.csv", {}, {});
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_EQ(Told(values), "C2 1.02.000318 2024 QUOTE_UNPAIRED");
}

TEST(ReadFigures, BoundsTheNumberOfValues) {
  const char kDrawn[] = "\nKode Indikator | 2023 | 2024\n1.02.000318 | 1 | 2\n1.02.000319 | 3 | 4";
  EXPECT_EQ(Told(Read(kDrawn, {}, {.max_values = 3})), "refused TOO_MANY_VALUES limit=3");
  EXPECT_THAT(*Read(kDrawn, {}, {.max_values = 4}), SizeIs(4));
}

struct ErrorCase {
  absl::Status error;
  Reason reason;
};

TEST(ReadFigures, SaysWhatIsWrongWithAFile) {
  for (const ErrorCase& c : {ErrorCase{absl::DataLossError("truncated"), Reason::kContentUnreadable},
                             ErrorCase{absl::PermissionDeniedError("password"), Reason::kContentEncrypted},
                             ErrorCase{absl::ResourceExhaustedError("1 GiB"), Reason::kContentTooLarge},
                             ErrorCase{absl::UnimplementedError("XLSB"), Reason::kContentUnreadable},
                             ErrorCase{absl::UnavailableError("disk"), Reason::kContentUnreadable}}) {
    tables::FakeTable table(tables::DrawnSheets("\nKode Indikator | Tahun | Nilai\n1.02.000318 | 2024 | 9"));
    table.FailAtEnd(c.error);
    const auto values = ReadFigures(table, "data.xlsx", {}, {});
    ASSERT_FALSE(values.ok()) << "half a file is none";
    EXPECT_EQ(FailureOf(values.status()).reason, c.reason);
    EXPECT_EQ(FailureOf(values.status()).args.at("file_name"), "data.xlsx");
  }
}

}  // namespace
}  // namespace satudata::catalog
