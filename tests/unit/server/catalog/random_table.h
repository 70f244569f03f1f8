// File: random_table.h
//
// Tables of figures at random, and what a program is told to write of them.
#ifndef TESTS_UNIT_SERVER_CATALOG_RANDOM_TABLE_H_
#define TESTS_UNIT_SERVER_CATALOG_RANDOM_TABLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/tables/table.h"
#include "tests/fakes/fake_table.h"

namespace satudata::catalog {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }
  bool OneIn(size_t times) { return Below(times) == 0; }
  template <typename T, size_t n>
  const T& Of(const T (&choices)[n]) {
    return choices[Below(n)];
  }

 private:
  std::mt19937_64 random_;
};

struct RandomTable {
  std::vector<std::string> titles;
  std::vector<std::vector<tables::Cell>> rows;  // Headings first. Figures are numbers, canonical.
  size_t code_column = 0;
  std::optional<size_t> year_column;           // Else the headings are years.
  std::map<std::string, std::string> figures;  // By KeyOf.

  bool IsFigure(size_t row, size_t column) const {
    const std::vector<tables::Cell>& cells = rows[row];
    return column < cells.size() && cells[column].kind == tables::CellKind::kNumber;
  }
  std::string KeyOf(size_t row, size_t column) const {
    const tables::Cell& year = year_column ? rows[row][*year_column] : rows[0][column];
    return absl::StrCat(rows[row][code_column].text, ".", year.text);
  }
};

class RandomTables {
 public:
  explicit RandomTables(Dice& dice) : dice_(dice) {}

  RandomTable Make() {
    RandomTable table;
    for (size_t i = dice_.Below(4); i > 0; --i) table.titles.push_back(Title());
    if (dice_.OneIn(2)) {
      MakeLong(table);
    } else {
      MakeWide(table);
    }
    for (size_t row = 1; row < table.rows.size(); ++row) {
      for (size_t column = 0; column < table.rows[row].size(); ++column) {
        if (!table.IsFigure(row, column)) continue;
        table.figures[table.KeyOf(row, column)] = table.rows[row][column].text;
      }
    }
    if (dice_.OneIn(3)) table.rows.push_back({tables::Text("Sumber: Dinas; diolah, \"sementara\"")});
    return table;
  }

 private:
  // Canonical: up to nine digits before the mark and four behind it.
  std::string Figure() {
    std::string text =
        absl::StrCat(dice_.OneIn(4) ? dice_.Below(10) : dice_.Below(Power(1 + dice_.Below(9))));
    if (dice_.OneIn(2)) {
      std::string decimals = absl::StrCat(1 + dice_.Below(9999));
      while (decimals.back() == '0') decimals.pop_back();
      absl::StrAppend(&text, ".", decimals);
    }
    return dice_.OneIn(12) && text != "0" ? "-" + text : text;
  }
  static size_t Power(size_t digits) {
    size_t power = 1;
    while (digits-- > 0) power *= 10;
    return power;
  }
  std::string Title() {
    static constexpr const char* kTitles[] = {"DATA SEKTORAL", "Kabupaten \"X\", 2024", "Tahun 2024",
                                              "a;b;c;d", "a|b|c"};
    return dice_.Of(kTitles);
  }
  std::string Uraian() {
    static constexpr const char* kTexts[] = {
        "Jumlah dokter", "Padi, sawah; ladang", "kata \"asing\"", "dua\nbaris", "", "Désa — kafé", "<5 & >2"};
    return dice_.Of(kTexts);
  }
  static std::string Code(size_t row) { return absl::StrCat("1.02.", 100'000 + row); }

  void MakeLong(RandomTable& table) {
    table.code_column = 1;
    table.year_column = 3;
    table.rows.push_back({tables::Text("No"), tables::Text("Kode Indikator"), tables::Text("Uraian"),
                          tables::Text("Tahun"), tables::Text("Nilai"), tables::Text("Satuan")});
    for (size_t row = 1 + dice_.Below(12); row > 0; --row) {
      table.rows.push_back({tables::Text(absl::StrCat(row)), tables::Text(Code(row)), tables::Text(Uraian()),
                            tables::Text("2024"), tables::Number(Figure()), tables::Text("orang")});
    }
  }

  void MakeWide(RandomTable& table) {
    const size_t years = 1 + dice_.Below(4);
    std::vector<tables::Cell> headings = {tables::Text("Kode DSSD"), tables::Text("Uraian")};
    for (size_t y = 0; y < years; ++y) headings.push_back(tables::Text(absl::StrCat(2020 + y)));
    table.rows.push_back(std::move(headings));
    for (size_t row = 1 + dice_.Below(12); row > 0; --row) {
      std::vector<tables::Cell> cells = {tables::Text(Code(row)), tables::Text(Uraian())};
      for (size_t y = 0; y < years; ++y) cells.push_back(tables::Number(Figure()));
      table.rows.push_back(std::move(cells));
    }
  }

  Dice& dice_;
};

}  // namespace satudata::catalog

#endif  // TESTS_UNIT_SERVER_CATALOG_RANDOM_TABLE_H_
