// What is known to be in the files of regions, one case each: a name, bytes, and what must become of them.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/catalog/content.h"
#include "server/catalog/exported_file.h"
#include "server/catalog/units.h"
#include "tests/unit/server/tables/reading.h"
#include "tests/unit/server/tables/workbook.h"

namespace satudata::catalog {
namespace {

namespace fs = std::filesystem;
using ::testing::SizeIs;

// One figure after the other, each of a code of its own.
std::string Csv(const std::vector<std::string>& figures) {
  std::string bytes = "kodeindikator;tahun;nilai\n";
  for (size_t i = 0; i < figures.size(); ++i) {
    absl::StrAppend(&bytes, "1.02.", 100'000 + i, ";2024;\"", figures[i], "\"\n");
  }
  return bytes;
}

// A book of one sheet: 2.24 under this code, as a number.
tables::StoredBook Book(const std::string& code) {
  using tables::CellKind;
  const auto text = [](const std::string& t) { return tables::StoredCell{CellKind::kText, t}; };
  return {.sheets = {{.name = "Data",
                      .rows = {{text("Kode Indikator"), text("Tahun"), text("Nilai")},
                               {text(code), text("2024"), tables::StoredCell{CellKind::kNumber, "2.24"}}}}}};
}

std::string Xlsx() { return tables::WriteXlsx(Book("1.02.000318")); }
std::string Xls() { return tables::WriteXls(Book("1.02.000318")); }

// `rows` indicators in nine years, all of them 7.
std::string NineYears(int rows) {
  std::string bytes = "kode;2016;2017;2018;2019;2020;2021;2022;2023;2024\n";
  for (int i = 0; i < rows; ++i) absl::StrAppend(&bytes, "1.02.", 100'000 + i, ";7;7;7;7;7;7;7;7;7\n");
  return bytes;
}

struct Trap {
  const char* trap;
  std::string file_name;
  std::string bytes;
  // Of each value its figure, or why there is none; or why the file is refused, or what it is instead.
  std::string verdict;
  NumberFormat declared = NumberFormat::kUnknown;

  friend void PrintTo(const Trap& t, std::ostream* out) { *out << t.trap; }
};

std::string VerdictOf(const IndicatorValue& value) {
  return value.value.value_or(std::string(ReasonName(value.finding.reason)));
}

// `7 x 39600` where all are alike.
std::string VerdictOf(const absl::StatusOr<Content>& content) {
  if (!content.ok()) return absl::StrCat("refused ", ReasonName(FailureOf(content.status()).reason));
  if (!content->tabular) return "no table";
  const std::vector<IndicatorValue>& values = content->values;
  std::vector<std::string> verdicts;
  bool are_alike = values.size() > 2;
  for (const IndicatorValue& value : values) {
    verdicts.push_back(VerdictOf(value));
    are_alike = are_alike && verdicts.back() == verdicts.front();
  }
  return are_alike ? absl::StrCat(verdicts.front(), " x ", verdicts.size()) : absl::StrJoin(verdicts, " ");
}

class TrapTest : public ::testing::TestWithParam<Trap> {
 protected:
  TrapTest() {
    std::string path = (fs::temp_directory_path() / "traps-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    options_.directory = path;
  }
  ~TrapTest() override { fs::remove_all(options_.directory); }

  const ContentOptions& Write(const std::string& name, const std::string& bytes) {
    std::ofstream(fs::path(options_.directory) / name, std::ios::binary) << bytes;
    return options_;
  }

 private:
  ContentOptions options_;
};

TEST_P(TrapTest, IsSeen) {
  const Trap& trap = GetParam();
  const ContentOptions& options = Write(trap.file_name, trap.bytes);
  EXPECT_EQ(VerdictOf(ReadContent(options, trap.file_name, "", {.number_format = trap.declared})),
            trap.verdict);
}

std::string NameOf(const ::testing::TestParamInfo<Trap>& info) { return info.param.trap; }

INSTANTIATE_TEST_SUITE_P(
    Numbers, TrapTest,
    ::testing::Values(
        Trap{"DecimalComma", "a.csv", Csv({"2,24"}), "2.24"},
        Trap{"DotGroups", "a.csv", Csv({"1.234.567"}), "1234567"},
        Trap{"CommaBeforeThreeDigitsAlone", "a.csv", Csv({"54,852"}), "NUMBER_AMBIGUOUS"},
        Trap{"DotBeforeThreeDigitsAlone", "a.csv", Csv({"1.234"}), "NUMBER_AMBIGUOUS"},
        Trap{"BothTogetherSettleNothing", "a.csv", Csv({"54,852", "1.234"}),
             "NUMBER_AMBIGUOUS NUMBER_AMBIGUOUS"},
        Trap{"SettledByADecimalComma", "a.csv", Csv({"54,852", "1.234", "2,24"}), "54.852 1234 2.24"},
        Trap{"SettledByDotGroups", "a.csv", Csv({"54,852", "1.234.567"}), "54.852 1234567"},
        Trap{"SettledByADecimalDot", "a.csv", Csv({"54,852", "1.234", "2.24"}), "54852 1.234 2.24"},
        Trap{"NotSettledByWhatIsDivided", "a.csv", Csv({"1.234", "2,24", "2.24"}),
             "NUMBER_AMBIGUOUS 2.24 2.24"},
        Trap{"NotSettledByWholeNumbersAndMarkers", "a.csv", Csv({"54,852", "9", "-"}),
             "NUMBER_AMBIGUOUS 9 VALUE_ABSENT"},
        Trap{"NotSettledByAnotherColumn", "a.csv", "kode;2023;2024\n1.02.000318;2,24;1.234\n",
             "2.24 NUMBER_AMBIGUOUS"},
        Trap{"DeclaredIndonesian", "a.csv", Csv({"54,852", "1.234"}), "54.852 1234",
             NumberFormat::kIndonesian},
        Trap{"DeclaredEnglish", "a.csv", Csv({"54,852", "1.234"}), "54852 1.234", NumberFormat::kEnglish},
        Trap{"AgainstWhatIsDeclared", "a.csv", Csv({"2,24"}), "NUMBER_INVALID", NumberFormat::kEnglish},
        Trap{"ZeroIsAFigure", "a.csv", Csv({"0", "0,0"}), "0 0"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(Markers, TrapTest,
                         ::testing::Values(Trap{"Empty", "a.csv", Csv({""}), "VALUE_ABSENT"},
                                           Trap{"Dash", "a.csv", Csv({"-"}), "VALUE_ABSENT"},
                                           Trap{"Star", "a.csv", Csv({"*"}), "VALUE_ABSENT"},
                                           Trap{"TwoStars", "a.csv", Csv({"**"}), "VALUE_ABSENT"},
                                           Trap{"ThreeStars", "a.csv", Csv({"***"}), "VALUE_ABSENT"},
                                           Trap{"SmallNa", "a.csv", Csv({"n/a"}), "VALUE_ABSENT"},
                                           Trap{"CapitalNa", "a.csv", Csv({"N/A"}), "VALUE_ABSENT"},
                                           Trap{"Null", "a.csv", Csv({"NULL"}), "VALUE_ABSENT"},
                                           Trap{"NotPublished", "a.csv", Csv({"Tidak dipublikasikan"}),
                                                "VALUE_ABSENT"}),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(
    Codes, TrapTest,
    ::testing::Values(
        Trap{"LocalNumbers", "a.csv", "kode;tahun;nilai\n35.07.01.001.01;2024;9\n", "INDICATOR_CODE_LOCAL"},
        Trap{"LocalDs", "a.csv", "kode;tahun;nilai\nDS.001;2024;9\n", "INDICATOR_CODE_LOCAL"},
        Trap{"LocalDg", "a.csv", "kode;tahun;nilai\nDG.001;2024;9\n", "INDICATOR_CODE_LOCAL"},
        Trap{"RegionWithADot", "a.csv", "kodepemda;kode;tahun;nilai\n16.12;1.02.000318;2024;9\n", "9"},
        Trap{"RegionThatLostAZero", "a.csv", "kodepemda;kode;tahun;nilai\n32.1;1.02.000318;2024;9\n",
             "KODEPEMDA_INVALID"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    FalseNames, TrapTest,
    ::testing::Values(
        Trap{"JsonThatIsAMarkedCsv", "a.json", "\xEF\xBB\xBF" + Csv({"2,24"}), "2.24"},
        Trap{"JsonThatIsJson", "a.json", "[{\"kodeindikator\": \"1.02.000318\", \"nilai\": \"2,24\"}]",
             "no table"},
        Trap{"XlsThatIsXlsx", "a.xls", Xlsx(), "2.24"}, Trap{"XlsxThatIsXls", "a.xlsx", Xls(), "2.24"},
        Trap{"CsvThatIsXlsx", "a.csv", Xlsx(), "2.24"}, Trap{"PdfThatIsXlsx", "a.pdf", Xlsx(), "2.24"},
        Trap{"XlsThatIsCsv", "a.xls", Csv({"2,24"}), "2.24"},
        Trap{"XlsThatIsUnicodeText", "a.xls",
             tables::Utf16Bytes(u"\uFEFFkode\ttahun\tnilai\r\n1.02.000318\t2024\t2,24\r\n", true), "2.24"},
        Trap{"XlsThatIsAWebPage", "a.xls", "<html><table><tr><td>kode", "refused CONTENT_UNREADABLE"},
        Trap{"XlsThatIsXml", "a.xls", "<?xml version=\"1.0\"?><Workbook>", "refused CONTENT_UNREADABLE"},
        Trap{"CsvThatIsJson", "a.csv", "[{\"kode\": 1}]", "refused CONTENT_UNREADABLE"},
        Trap{"XlsxThatIsAPdf", "a.xlsx", "%PDF-1.7\n", "refused CONTENT_UNREADABLE"},
        Trap{"XlsxThatIsCutOff", "a.xlsx", Xlsx().substr(0, 300), "refused CONTENT_UNREADABLE"},
        Trap{"CsvThatIsEmpty", "a.csv", "", "refused CONTENT_UNREADABLE"},
        Trap{"DocxThatIsOne", "a.docx", "PK\x03\x04 word/document.xml", "no table"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(Sizes, TrapTest,
                         ::testing::Values(Trap{"NineYearsOfARegion", "a.csv", NineYears(4'400), "7 x 39600"},
                                           Trap{"EveryIndicatorOfNineYears", "a.csv", NineYears(4'900),
                                                "7 x 44100"}),
                         NameOf);

// ---- Units ----

TEST_F(TrapTest, SatuanIsOneHoweverItIsSpelled) {
  const std::vector<std::vector<std::string>> kSame = {{"kab/kot", "Kabupaten/Kota", "Kab./Kota", "KAB/KOTA"},
                                                       {"ha", "hektar", "hektare (ha)", "Hektare"},
                                                       {"orang", "Org", "jiwa"},
                                                       {"persen", "%", "Persen (%)"}};
  const Units units;
  for (const std::vector<std::string>& spellings : kSame) {
    std::string bytes = "kode;tahun;nilai;satuan\n";
    for (size_t i = 0; i < spellings.size(); ++i) {
      absl::StrAppend(&bytes, "1.02.", 100'000 + i, ";2024;9;", spellings[i], "\n");
    }
    const absl::StatusOr<Content> content = ReadContent(Write("a.csv", bytes), "a.csv");
    ASSERT_TRUE(content.ok()) << content.status();
    ASSERT_THAT(content->values, SizeIs(spellings.size()));
    for (const IndicatorValue& value : content->values) {
      EXPECT_TRUE(units.AreSame(value.satuan.str(), spellings[0])) << value.satuan;
      EXPECT_EQ(value.satuan, spellings[static_cast<size_t>(value.position) - 1]) << "as written";
    }
  }
}

// ---- Names ----

// A text of so many characters, as titles are: slashes, parentheses, commas, double blanks.
std::string LongText(size_t size) {
  std::string text;
  while (text.size() < size) text += "Jumlah Puskesmas/Pustu (unit),  menurut Kecamatan  & Tahun; ";
  text.resize(size - 1);
  return text + ".";
}

TEST_F(TrapTest, LongNamesAndMarkupAreKeptAsTheyAre) {
  const std::string html = "<p>Data <b>sektoral</b> &amp; \"lain\"<br/>\n<script>alert('x')</script></p>";
  for (const std::string& text : {LongText(86), LongText(247), LongText(379), html}) {
    const nlohmann::json exported = {
        {"_id", "665f1c0a9d3e4b0012345678"},
        {"name", text},
        {"temadataset", text},
        {"filename", text},
        {"metaData",
         {{"produsen", text}, {"cakupandata", text}, {"frekuensi", text}, {"dimensidataset", text}}}};
    const absl::StatusOr<FileWithValues> file = ParseExportedFile(exported.dump(), 1);
    ASSERT_TRUE(file.ok()) << file.status();
    const CatalogFile& f = file->file;
    for (const std::string& field :
         {f.name, f.theme, f.file_name, f.producer, f.coverage, f.frequency, f.dimension}) {
      EXPECT_EQ(field, text);
    }
  }
}

// No directory has files of such names, or folders as a slash would say.
TEST_F(TrapTest, ContentOfAVeryLongNameIsMissing) {
  const ContentOptions& options = Write("a.csv", "");
  for (const std::string& name : {LongText(247), std::string(379, 'x'), std::string(379, 'x') + "/a.csv"}) {
    const Failure failure = FailureOf(ReadContent(options, name).status());
    EXPECT_EQ(failure.reason, Reason::kContentMissing) << name;
    EXPECT_TRUE(IsMissing(options, name)) << name;
  }
}

}  // namespace
}  // namespace satudata::catalog
