// Where the headings of a table are, and what they say.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/catalog/figure_case.h"

namespace satudata::catalog {
namespace {

class FigureHeadingsTest : public ::testing::TestWithParam<FigureCase> {};

TEST_P(FigureHeadingsTest, AreReadOrRefused) {
  EXPECT_EQ(Told(Read(GetParam().drawn, GetParam().mapping)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Headings, FigureHeadingsTest,
    ::testing::Values(
        FigureCase{"BelowTitles", R"(
DATA STATISTIK SEKTORAL

Tahun 2024
No | Kode DSSD | Uraian | Satuan | Tahun | Nilai
1 | 1.02.000318 | Dokter | orang | 2024 | 9)",
                   "F5 1.02.000318 2024 9 / orang"},
        FigureCase{"WrittenInAnyWay", R"(
KODE_INDIKATOR: | thn. | (NILAI) | Kode-Pemda
1.02.000318 | 2024 | 9 | 1612)",
                   "C2 1.02.000318 2024 9 - 1612"},
        FigureCase{
            "InTwoRowsMerged", R"(
Kode Indikator | Satuan | Tahun | ^Tahun | ^Tahun
^Kode Indikator | ^Satuan | #2022 | #2023 | #2024
1.02.000318 | orang | #7 | #8 | #9)",
            "C3 1.02.000318 2022 7 / orang\nD3 1.02.000318 2023 8 / orang\nE3 1.02.000318 2024 9 / orang"},
        FigureCase{
            "InTwoRowsOfText", R"(
Kode Indikator | Satuan | Tahun | |
| | 2022 | 2023 | 2024
1.02.000318 | orang | 7 | 8 | 9)",
            "C3 1.02.000318 2022 7 / orang\nD3 1.02.000318 2023 8 / orang\nE3 1.02.000318 2024 9 / orang"},
        FigureCase{"InTwoRowsWithOneYear", R"(
Kode Indikator | Uraian | Tahun
| | 2024
1.02.000318 | Dokter | 9)",
                   "C3 1.02.000318 2024 9"},
        FigureCase{"UnitsAndNumbersBelow", R"(
Kode Indikator | Uraian | Tahun | Nilai
| | | (orang)
(1) | (2) | (3) | (4)
1.02.000318 | Dokter | 2024 | 9)",
                   "D4 1.02.000318 2024 9"},
        FigureCase{"UnitsBelowMergedOnes", R"(
Kode Indikator | Uraian | Tahun | Nilai
^Kode Indikator | ^Uraian | ^Tahun | (orang)
1.02.000318 | Dokter | #2024 | #9)",
                   "D3 1.02.000318 2024 9"},
        FigureCase{"NumbersBelow", R"(
Kode Indikator | Tahun | Nilai
#1 | #2 | #3
1.02.000318 | 2024 | 9)",
                   "C3 1.02.000318 2024 9"},
        FigureCase{"NumbersThatSayHow", R"(
Kode Indikator | Tahun | Pembilang | Nilai
1 | 2 | 3 | 4 = 3/2
1.02.000318 | 2024 | 18 | 9)",
                   "D3 1.02.000318 2024 9"},
        FigureCase{"AgainOnEachPage", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
Kode Indikator | Tahun | Nilai
1.02.000319 | 2024 | 10)",
                   "C2 1.02.000318 2024 9\nC4 1.02.000319 2024 10"},
        FigureCase{
            "TwoRowsAgainOnEachPage", R"(
Kode Indikator | Tahun | ^Tahun
^Kode Indikator | #2023 | #2024
1.02.000318 | #8 | #9
Kode Indikator | Tahun | ^Tahun
^Kode Indikator | #2023 | #2024
1.02.000319 | #10 | #11)",
            "B3 1.02.000318 2023 8\nC3 1.02.000318 2024 9\nB6 1.02.000319 2023 10\nC6 1.02.000319 2024 11"},
        FigureCase{"OtherOnesFurtherDown", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
BAGIAN II
Tahun | Nilai | Kode Indikator
2023 | 8 | 1.02.000318)",
                   "C2 1.02.000318 2024 9\nB5 1.02.000318 2023 8"},
        FigureCase{"DoubtfulFurtherDown", R"(
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9
Kode Indikator | Tahun | Nilai | Nilai
1.02.000319 | 2024 | 9 | 10)",
                   "C2 1.02.000318 2024 9\n   COLUMN_AMBIGUOUS"},
        FigureCase{"TwoOfThem", R"(
Kode Indikator | Tahun | Nilai | nilai
1.02.000318 | 2024 | 9 | 10)",
                   "refused COLUMN_AMBIGUOUS cells=C1, D1 column=nilai file_name=data.xlsx"},
        FigureCase{"ManyOfThem", R"(
Kode Indikator | Tahun | Nilai | Nilai | Nilai | Nilai | Nilai | Nilai | Nilai
1.02.000318 | 2024 | 9 | 9 | 9 | 9 | 9 | 9 | 9)",
                   "refused COLUMN_AMBIGUOUS cells=C1, D1, E1, F1, G1, … column=nilai file_name=data.xlsx"},
        FigureCase{"TwoOfThemMerged", R"(
Kode Indikator | Tahun | Nilai | ^Nilai
^Kode Indikator | ^Tahun | Target | Realisasi
1.02.000318 | 2024 | 9 | 10)",
                   "refused COLUMN_MISSING column=nilai file_name=data.xlsx"},
        FigureCase{"TwoOfThemInAText", R"(
Kode Indikator | Tahun | Nilai |
| | Target | Realisasi
1.02.000318 | 2024 | 9 | 10)",
                   "refused COLUMN_MISSING column=nilai file_name=data.xlsx"},
        FigureCase{"TwoCodes", R"(
Kode Indikator | Kode DSSD | Tahun | Nilai
DS.1 | 1.02.000318 | 2024 | 9)",
                   "refused COLUMN_AMBIGUOUS cells=A1, B1 column=kodeindikator file_name=data.xlsx"},
        FigureCase{"OfPlansAbove", R"(
| | Target | | Realisasi
Kode Indikator | Satuan | 2023 | 2024 | 2023
1.02.000318 | orang | 1 | 2 | 3)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx"},
        FigureCase{"OfPlansInDeepRows", R"(
Kode Indikator | Tahun | | |
| 2023 | | 2024 |
| Target | Realisasi | Target | Realisasi
1.02.000318 | 1 | 2 | 3 | 4)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx"},
        FigureCase{"ATitleAboveThatSpeaksOfPlans",
                   R"(
TARGET DAN REALISASI 2024
Kode Indikator | Satuan | 2023 | 2024
1.02.000318 | orang | 8 | 9)",
                   "C3 1.02.000318 2023 8 / orang\nD3 1.02.000318 2024 9 / orang"},
        FigureCase{"AMergedTitleAboveThatSpeaksOfPlans",
                   R"(
RENCANA KERJA | ^RENCANA KERJA | ^RENCANA KERJA
Kode Indikator | Tahun | Nilai
1.02.000318 | 2024 | 9)",
                   "C3 1.02.000318 2024 9"},
        FigureCase{"ANoteAbove", R"(
| | | Keadaan: Desember 2024
Kode Indikator | Satuan | 2023 | 2024
1.02.000318 | orang | 8 | 9)",
                   "C3 1.02.000318 2023 8 / orang\nD3 1.02.000318 2024 9 / orang"},
        FigureCase{"BelowFiftyRows",
                   absl::StrCat("\n", absl::StrJoin(std::vector<std::string>(50, "judul"), "\n"),
                                "\nKode Indikator | Tahun | Nilai\n1.02.000318 | 2024 | 9"),
                   ""},
        FigureCase{"InRowFifty",
                   absl::StrCat("\n", absl::StrJoin(std::vector<std::string>(49, "judul"), "\n"),
                                "\nKode Indikator | Tahun | Nilai\n1.02.000318 | 2024 | 9"),
                   "C51 1.02.000318 2024 9"},
        FigureCase{"WithAMissingOne", R"(
Kode Indikator | Uraian | Nilai
1.02.000318 | Dokter | 9)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx"},
        FigureCase{"WeakOneAlone", R"(
Kode | Tahun | Jumlah
1.02.000318 | 2024 | 9)",
                   "C2 1.02.000318 2024 9"},
        FigureCase{"WeakOneBesideAShare", R"(
Kode Indikator | Tahun | Jumlah | Persentase
1.02.000318 | 2024 | 9 | 0,5)",
                   "refused COLUMN_AMBIGUOUS cells=C1, D1 column=nilai file_name=data.xlsx"},
        FigureCase{"OfAchievements", R"(
Kode Indikator | Tahun | Capaian
1.02.000318 | 2024 | 95)",
                   "refused COLUMN_MISSING column=nilai file_name=data.xlsx"},
        FigureCase{"InThousands", R"(
Kode Indikator | Tahun | Nilai (ribu)
1.02.000318 | 2024 | 9)",
                   "refused COLUMN_MISSING column=nilai file_name=data.xlsx"},
        FigureCase{"InPerCent", R"(
Kode Indikator | Tahun | Nilai %
1.02.000318 | 2024 | 9)",
                   "refused COLUMN_MISSING column=nilai file_name=data.xlsx"},
        FigureCase{"OfAnOrdinaryTable", R"(
Kecamatan | Tahun | Jumlah
Talang Ubi | 2024 | 9)",
                   ""},
        FigureCase{"OfAnOrdinaryTableWithCodes", R"(
Kode | Nama | Luas
01 | Talang Ubi | 9)",
                   ""}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Wide, FigureHeadingsTest,
    ::testing::Values(
        FigureCase{
            "AColumnPerYear", R"(
Kode Indikator | 2022 | Tahun 2023 | 2024* | #2025 | Keterangan
1.02.000318 | 6 | 7 | 8 | 9 | sementara)",
            "B2 1.02.000318 2022 6\nC2 1.02.000318 2023 7\nD2 1.02.000318 2024 8\nE2 1.02.000318 2025 9"},
        FigureCase{"EmptyYears", R"(
Kode Indikator | 2023 | 2024
1.02.000318 | - |
1.02.000319 | | 9)",
                   "B2 1.02.000318 2023 VALUE_ABSENT\nC2 1.02.000318 2024 VALUE_ABSENT\n"
                   "B3 1.02.000319 2023 VALUE_ABSENT\nC3 1.02.000319 2024 9"},
        FigureCase{"AYearTwice", R"(
Kode Indikator | 2023 | 2024 | Tahun 2024
1.02.000318 | 7 | 8 | 9)",
                   "refused COLUMN_AMBIGUOUS cells=C1, D1 column=tahun 2024 file_name=data.xlsx"},
        FigureCase{"BesideAValue", R"(
Kode Indikator | Nilai | 2024
1.02.000318 | 7 | 8)",
                   "refused COLUMN_AMBIGUOUS cells=B1, C1 column=nilai file_name=data.xlsx"},
        FigureCase{"BesideAYear", R"(
Kode Indikator | Tahun | 2023 | 2024
1.02.000318 | 2024 | 7 | 8)",
                   "refused COLUMN_AMBIGUOUS cells=B1, C1, D1 column=tahun file_name=data.xlsx"},
        FigureCase{"WithATotal", R"(
Kode Indikator | 2023 | 2024 | Jumlah
1.02.000318 | 7 | 8 | 15)",
                   "B2 1.02.000318 2023 7\nC2 1.02.000318 2024 8"},
        FigureCase{"PartsOfAYear", R"(
Kode Indikator | 2024 Triwulan I | 2024 Triwulan II
1.02.000318 | 7 | 8)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx"},
        FigureCase{"SchoolYears", R"(
Kode Indikator | 2023/2024 | 2024/2025
1.02.000318 | 7 | 8)",
                   "refused COLUMN_MISSING column=tahun file_name=data.xlsx"},
        FigureCase{"EachColumnSettlesItsOwnTexts", R"(
Kode Indikator | 2023 | 2024
1.02.000318 | 1.234 | 1.234
1.02.000319 | 2,5 | 7)",
                   "B2 1.02.000318 2023 1234\nC2 1.02.000318 2024 NUMBER_AMBIGUOUS\n"
                   "B3 1.02.000319 2023 2.5\nC3 1.02.000319 2024 7"}),
    NameOf);

}  // namespace
}  // namespace satudata::catalog
