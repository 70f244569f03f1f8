#include "server/tables/delimiter.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace satudata::tables {
namespace {

char Sniffed(absl::string_view text,
             const std::function<int(const std::vector<std::string>&)>& ranker = nullptr) {
  return SniffDelimiter(text, /*is_all=*/true, TableLimits(), ranker);
}

int KnowsYears(const std::vector<std::string>& cells) {
  return static_cast<int>(
      std::count_if(cells.begin(), cells.end(), [](const std::string& cell) { return cell == "tahun"; }));
}

TEST(SniffDelimiter, TakesTheOneThatPartsEveryRowAlike) {
  EXPECT_EQ(Sniffed("a,b\n1,2\n"), ',');
  EXPECT_EQ(Sniffed("a;b\n1;2,24\n2;3,5\n"), ';');
  EXPECT_EQ(Sniffed("a\tb\n1\t2,24\n"), '\t');
  EXPECT_EQ(Sniffed("a|b\n1|2\n"), '|');
}

TEST(SniffDelimiter, TakesTheSemicolonWhereAllFiguresHaveDecimalCommas) {
  EXPECT_EQ(Sniffed("1;2,24\n2;3,5\n"), ';');
}

TEST(SniffDelimiter, LooksPastTitlesWithCommas) {
  EXPECT_EQ(Sniffed("Luas, menurut kecamatan, 2024\n\nkode;nilai\na;1\nb;2\n"), ';');
}

TEST(SniffDelimiter, PrefersTheOneThatTheCallerKnowsHeadingsUnder) {
  const absl::string_view text = "Judul\nkode;tahun;a,b\n1,5;2024;x\n2,5;2024;y\n3,5;2024;z\n";
  EXPECT_EQ(Sniffed(text, KnowsYears), ';');
  EXPECT_EQ(Sniffed("kode,x;tahun\n1,2;3\n1,2;3\n",
                    [](const std::vector<std::string>& cells) {
                      return cells.size() > 1 && cells[1] == "x;tahun" ? 1 : 0;
                    }),
            ',');
}

TEST(SniffDelimiter, TakesTheCommaWhereNothingIsParted) {
  EXPECT_EQ(Sniffed(""), ',');
  EXPECT_EQ(Sniffed("a\nb\n"), ',');
}

TEST(SniffDelimiter, IsNotMisledByQuotedCells) { EXPECT_EQ(Sniffed("a,b\n\"x;y;z\",1\n\"x;y;z\",2\n"), ','); }

TEST(TakeSeparatorLine, TakesExcelsLine) {
  absl::string_view text = "sep=;\r\na;b\n";
  EXPECT_EQ(TakeSeparatorLine(text), ';');
  EXPECT_EQ(text, "a;b\n");
}

TEST(TakeSeparatorLine, LeavesAnythingElse) {
  for (const absl::string_view line : {"sep=;", "sep=ab\n", "sep=x\n", "separator\n", ""}) {
    absl::string_view text = line;
    EXPECT_EQ(TakeSeparatorLine(text), std::nullopt);
    EXPECT_EQ(text, line);
  }
}

}  // namespace
}  // namespace satudata::tables
