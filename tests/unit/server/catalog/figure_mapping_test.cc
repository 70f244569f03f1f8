// Tables whose figures a person said where they are.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/catalog/figure_case.h"

namespace satudata::catalog {
namespace {

class FigureMappingTest : public ::testing::TestWithParam<FigureCase> {};

TEST_P(FigureMappingTest, AreReadOrRefused) {
  EXPECT_EQ(Told(Read(GetParam().drawn, GetParam().mapping)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Mapped, FigureMappingTest,
    ::testing::Values(
        FigureCase{"ByLetters",
                   R"(
1.02.000318 | x | 2024 | 9
Catatan: a)",
                   "D1 1.02.000318 2024 9",
                   {.code_column = "A", .year_column = "C", .value_column = "D"}},
        FigureCase{"ByHeading",
                   R"(
Laporan
Kode Indikator | Tahun | Target | Realisasi
1.02.000318 | 2024 | 10 | 9)",
                   "D3 1.02.000318 2024 9",
                   {.value_column = "realisasi"}},
        FigureCase{"ByHeadingThatIsNotThere",
                   R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9)",
                   "refused COLUMN_MISSING column=Capaian file_name=data.xlsx",
                   {.value_column = "Capaian"}},
        FigureCase{"OfOneYear",
                   R"(
Kode Indikator | Nilai
1.02.000318 | 9)",
                   "B2 1.02.000318 2024 9",
                   {.tahun = "2024"}},
        FigureCase{"OfOneYearAmongOthers",
                   R"(
Kode Indikator | 2023 | 2024
1.02.000318 | 8 | 9)",
                   "C2 1.02.000318 2024 9",
                   {.tahun = "2024"}},
        FigureCase{"OfOneIndicator",
                   R"(
Kode Indikator | 1.02.000318
Jumlah dokter
Tahun | Nilai
2023 | 8
2024 | 9
Jumlah | 17
Sumber: Dinas)",
                   "B4 1.02.000318 2023 8\nB5 1.02.000318 2024 9\nB6 1.02.000318 Jumlah TOTAL_ROW",
                   {.kodeindikator = "1.02.000318"}},
        FigureCase{"OneIndicatorWithYearsInAMarkedRow",
                   R"(
Jumlah dokter
Uraian | 2023 | 2024
Dokter | 8 | 9)",
                   "B3 1.02.000318 2023 8\nC3 1.02.000318 2024 9",
                   {.header_row = 2, .kodeindikator = "1.02.000318"}},
        FigureCase{"FiguresThatLookLikeYearsAreNoHeadings",
                   R"(
Periode | Capaian
2020 | 1999
2021 | 2001)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx",
                   {.kodeindikator = "1.02.000318"}},
        FigureCase{"OneOfTwoEqualHeadings",
                   R"(
Kode Indikator | Tahun | Nilai | Nilai
1.02.000318 | 2024 | 9 | 10)",
                   "D2 1.02.000318 2024 10",
                   {.value_column = "D"}},
        FigureCase{"ARowOfHeadings",
                   R"(
| | Target | Realisasi
Kode Indikator | Tahun | Nilai | Hasil
1.02.000318 | 2024 | 10 | 9)",
                   "D3 1.02.000318 2024 9",
                   {.header_row = 2, .value_column = "Hasil"}},
        FigureCase{"ARowThatIsNotThere",
                   R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9)",
                   "refused COLUMN_MISSING column=kodeindikator file_name=data.xlsx",
                   {.header_row = 9}},
        FigureCase{"ASheet",
                   R"(
== Target ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 10
== Realisasi ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9)",
                   "Realisasi!C2 1.02.000318 2024 9",
                   {.sheet = "realisasi"}},
        FigureCase{"ASheetThatIsNotThere",
                   R"(
== Data ==
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 10)",
                   "refused SHEET_MISSING file_name=data.xlsx sheet=Lain",
                   {.sheet = "Lain"}},
        FigureCase{
            "AFormat",
            R"(
Kode Indikator | 2023 | 2024
1.02.000318 | 1.234 | 54,852
1.02.000319 | 2.24 | #2.24)",
            "B2 1.02.000318 2023 1234\nC2 1.02.000318 2024 54.852\nB3 1.02.000319 2023 NUMBER_INVALID\n"
            "C3 1.02.000319 2024 2.24",
            {.number_format = NumberFormat::kIndonesian}},
        FigureCase{"WithoutHeadingsThatAreExpected",
                   R"(
Kecamatan | Penduduk
Talang Ubi | 9)",
                   "refused COLUMN_MISSING column=kodeindikator file_name=data.xlsx",
                   {.number_format = NumberFormat::kIndonesian}}),
    NameOf);

}  // namespace
}  // namespace satudata::catalog
