// Random tables, written by a program of either language: what is read back is what was written, or it is
// refused. Never another figure. The seed is printed; FIGURES_SEED repeats a run.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "server/catalog/figures.h"
#include "tests/fakes/fake_table.h"
#include "tests/fakes/table_bytes.h"

namespace satudata::catalog {
namespace {

// What a program was told to write.
struct Table {
  std::vector<std::string> titles;
  std::vector<std::vector<tables::Cell>> rows;  // Headings first. Figures are numbers, canonical.
};

// By code and year.
using Figures = std::map<std::string, std::string>;

// Any program that writes tables, and what its reader makes of them.
class Format {
 public:
  virtual ~Format() = default;
  virtual std::string name() const = 0;
  virtual absl::StatusOr<std::vector<IndicatorValue>> WriteAndRead(const Table& table,
                                                                   const FileMapping& mapping) const = 0;
};

// A figure as a program shows it: 1234567.5 as 1.234.567,5 or 1,234,567.5, with or without groups.
std::string Shown(const std::string& canonical, NumberFormat format, bool is_grouped) {
  const std::string decimal = format == NumberFormat::kIndonesian ? "," : ".";
  const std::string group = format == NumberFormat::kIndonesian ? "." : ",";
  const size_t point = std::min(canonical.find('.'), canonical.size());
  std::string whole = canonical.substr(0, point);
  const size_t first = whole[0] == '-' ? 1 : 0;
  for (size_t at = whole.size(); is_grouped && at > first + 3;) whole.insert(at -= 3, group);
  return point == canonical.size() ? whole : absl::StrCat(whole, decimal, canonical.substr(point + 1));
}

class Delimited final : public Format {
 public:
  Delimited(char delimiter, NumberFormat format, bool is_grouped)
      : delimiter_(delimiter), format_(format), is_grouped_(is_grouped) {}

  std::string name() const override {
    return absl::StrCat("delimiter ", static_cast<int>(delimiter_), " ", NumberFormatName(format_),
                        is_grouped_ ? " grouped" : "");
  }

  absl::StatusOr<std::vector<IndicatorValue>> WriteAndRead(const Table& table,
                                                           const FileMapping& mapping) const override {
    const ColumnNames names({});
    auto reader = fakes::OpenTableBytes(Written(table),
                                        [&names](const auto& cells) { return names.CountKnown(cells); });
    if (!reader.ok()) return reader.status();
    return ReadFigures(**reader, "acak.csv", mapping, {});
  }

 private:
  std::string Written(const Table& table) const {
    std::string bytes;
    for (const std::string& title : table.titles) absl::StrAppend(&bytes, Quoted(title), "\r\n");
    for (const auto& row : table.rows) {
      std::vector<std::string> cells;
      for (const tables::Cell& cell : row) {
        const bool is_number = cell.kind == tables::CellKind::kNumber;
        cells.push_back(Quoted(is_number ? Shown(cell.text, format_, is_grouped_) : cell.text));
      }
      absl::StrAppend(&bytes, absl::StrJoin(cells, std::string(1, delimiter_)), "\r\n");
    }
    return bytes;
  }
  std::string Quoted(const std::string& text) const {
    const bool needs_quotes =
        text.find_first_of(absl::StrCat("\"\n", std::string(1, delimiter_))) != std::string::npos;
    return needs_quotes ? absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"") : text;
  }

  const char delimiter_;
  const NumberFormat format_;
  const bool is_grouped_;
};

// Cells as they are: what every reader of spreadsheets must come to.
class Cells final : public Format {
 public:
  std::string name() const override { return "cells"; }
  absl::StatusOr<std::vector<IndicatorValue>> WriteAndRead(const Table& table,
                                                           const FileMapping& mapping) const override {
    std::vector<std::vector<tables::Cell>> rows;
    for (const std::string& title : table.titles) rows.push_back({tables::Text(title)});
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    tables::FakeTable reader({tables::MakeSheet("Data", std::move(rows))});
    return ReadFigures(reader, "acak.xlsx", mapping, {});
  }
};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }

  // Canonical: up to nine digits before the mark and four behind it.
  std::string Figure() {
    std::string text = absl::StrCat(Below(4) == 0 ? Below(10) : Below(2'000'000'000) % Power(1 + Below(9)));
    if (Below(2) == 0) {
      std::string decimals = absl::StrCat(1 + Below(9999));
      while (decimals.back() == '0') decimals.pop_back();
      absl::StrAppend(&text, ".", decimals);
    }
    return Below(12) == 0 && text != "0" ? "-" + text : text;
  }

  Table Make(Figures& figures) {
    Table table;
    for (size_t i = Below(4); i > 0; --i) table.titles.push_back(Title());
    if (Below(2) == 0) {
      MakeLong(table, figures);
    } else {
      MakeWide(table, figures);
    }
    if (Below(3) == 0) table.rows.push_back({tables::Text("Sumber: Dinas; diolah, \"sementara\"")});
    return table;
  }

 private:
  static uint64_t Power(size_t digits) {
    uint64_t power = 1;
    while (digits-- > 0) power *= 10;
    return power;
  }
  std::string Title() {
    static constexpr const char* kTitles[] = {"DATA SEKTORAL", "Kabupaten \"X\", 2024", "Tahun 2024",
                                              "a;b;c;d"};
    return kTitles[Below(4)];
  }
  std::string Uraian() {
    static constexpr const char* kTexts[] = {"Jumlah dokter", "Padi, sawah; ladang", "kata \"asing\"",
                                             "dua\nbaris", ""};
    return kTexts[Below(5)];
  }
  static std::string Code(size_t row) { return absl::StrCat("1.02.", 100'000 + row); }

  void MakeLong(Table& table, Figures& figures) {
    table.rows.push_back({tables::Text("No"), tables::Text("Kode Indikator"), tables::Text("Uraian"),
                          tables::Text("Tahun"), tables::Text("Nilai"), tables::Text("Satuan")});
    for (size_t row = 1 + Below(12); row > 0; --row) {
      const std::string figure = Figure();
      table.rows.push_back({tables::Text(absl::StrCat(row)), tables::Text(Code(row)), tables::Text(Uraian()),
                            tables::Text("2024"), tables::Number(figure), tables::Text("orang")});
      figures[Code(row) + ".2024"] = figure;
    }
  }

  void MakeWide(Table& table, Figures& figures) {
    const size_t years = 1 + Below(4);
    std::vector<tables::Cell> headings = {tables::Text("Kode DSSD"), tables::Text("Uraian")};
    for (size_t y = 0; y < years; ++y) headings.push_back(tables::Text(absl::StrCat(2020 + y)));
    table.rows.push_back(std::move(headings));
    for (size_t row = 1 + Below(12); row > 0; --row) {
      std::vector<tables::Cell> cells = {tables::Text(Code(row)), tables::Text(Uraian())};
      for (size_t y = 0; y < years; ++y) {
        cells.push_back(tables::Number(Figure()));
        figures[absl::StrCat(Code(row), ".", 2020 + y)] = cells.back().text;
      }
      table.rows.push_back(std::move(cells));
    }
  }

  std::mt19937_64 random_;
};

enum class Declared { kNo, kYes };

class FiguresProperty : public ::testing::Test {
 protected:
  FiguresProperty() {
    const char* seed = std::getenv("FIGURES_SEED");
    seed_ = seed == nullptr ? std::random_device()() : std::strtoull(seed, nullptr, 10);
    std::cout << "FIGURES_SEED=" << seed_ << std::endl;
  }

  void Check(const Format& format, const FileMapping& mapping, Declared declared) {
    Maker maker(seed_);
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
      Figures figures;
      const Table table = maker.Make(figures);
      const auto values = format.WriteAndRead(table, mapping);
      ASSERT_TRUE(values.ok()) << format.name() << " table " << i << ": " << values.status();
      ASSERT_EQ(values->size(), figures.size()) << format.name() << " table " << i;
      for (const IndicatorValue& value : *values) CheckValue(value, figures, format.name(), declared);
    }
  }

 private:
  static void CheckValue(const IndicatorValue& value, const Figures& figures, const std::string& format,
                         Declared declared) {
    const std::string& figure = figures.at(absl::StrCat(value.kodeindikator, ".", value.tahun));
    if (value.value.has_value()) {
      EXPECT_EQ(*value.value, figure) << format << ": " << value.raw_value;
    } else {
      EXPECT_EQ(value.finding.reason, Reason::kNumberAmbiguous) << format << ": " << value.raw_value;
      EXPECT_EQ(declared, Declared::kNo) << format << ": " << value.raw_value;
    }
  }

  uint64_t seed_ = 0;
};

TEST_F(FiguresProperty, CellsComeBackAsTheyWereWritten) { Check(Cells(), {}, Declared::kYes); }

TEST_F(FiguresProperty, TextsComeBackAsTheyWereWrittenOrAreRefused) {
  for (char delimiter : {';', ',', '\t'}) {
    for (NumberFormat format : {NumberFormat::kIndonesian, NumberFormat::kEnglish}) {
      for (bool is_grouped : {false, true}) {
        Check(Delimited(delimiter, format, is_grouped), {}, Declared::kNo);
        Check(Delimited(delimiter, format, is_grouped), {.number_format = format}, Declared::kYes);
      }
    }
  }
}

}  // namespace
}  // namespace satudata::catalog
