// Random tables, written by programs of either language and of several kinds: what is read back is what was
// written, or it is refused. Never another figure. The seed is printed; FIGURES_SEED repeats a run.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "server/catalog/figures.h"
#include "tests/fakes/fake_table.h"
#include "tests/fakes/table_bytes.h"
#include "tests/unit/server/catalog/random_book.h"
#include "tests/unit/server/catalog/random_table.h"
#include "tests/unit/server/tables/reading.h"

namespace satudata::catalog {
namespace {

// What was read back, and why it may be less.
struct Reading {
  absl::StatusOr<std::vector<IndicatorValue>> values;
  std::map<std::string, Doubt> doubts = {};
};

// Any program that writes tables, and what its reader makes of them.
class Format {
 public:
  virtual ~Format() = default;
  virtual std::string name() const = 0;
  virtual Reading WriteAndRead(const RandomTable& table, const FileMapping& mapping, Dice& dice) const = 0;
};

absl::StatusOr<std::vector<IndicatorValue>> ReadBytes(absl::string_view bytes, absl::string_view file_name,
                                                      const FileMapping& mapping) {
  const ColumnNames names({});
  auto reader = fakes::OpenTableBytes(bytes, [&names](const auto& cells) { return names.CountKnown(cells); });
  if (!reader.ok()) return reader.status();
  return ReadFigures(**reader, file_name, mapping, {});
}

// ---- Text ----

enum class Grouping { kNone, kOwn, kBlank };
enum class Encoding { kUtf8, kMarkedUtf8, kWindows1252, kUtf16Little, kUtf16Big };

std::string Encoded(const std::string& text, Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      break;
    case Encoding::kMarkedUtf8:
      return "\xEF\xBB\xBF" + text;
    case Encoding::kWindows1252:
      return absl::StrReplaceAll(text, {{"é", "\xE9"}, {"—", "\x97"}, {"\xC2\xA0", "\xA0"}});
    case Encoding::kUtf16Little:
    case Encoding::kUtf16Big:
      return tables::Utf16Bytes(u'\uFEFF' + tables::Utf16Of(text), encoding == Encoding::kUtf16Little);
  }
  return text;
}

class Delimited final : public Format {
 public:
  Delimited(char delimiter, NumberFormat format, Grouping grouping, bool is_declared)
      : delimiter_(delimiter), format_(format), grouping_(grouping), is_declared_(is_declared) {}

  std::string name() const override {
    return absl::StrCat("delimiter ", static_cast<int>(delimiter_), ", ", NumberFormatName(format_),
                        ", grouping ", static_cast<int>(grouping_), is_declared_ ? ", declared" : "");
  }

  Reading WriteAndRead(const RandomTable& table, const FileMapping& mapping, Dice& dice) const override {
    Reading reading = {.values = ReadBytes(Written(table, dice), "acak.csv", mapping)};
    if (is_declared_) return reading;
    for (const auto& [key, figure] : table.figures) reading.doubts[key] = {{Reason::kNumberAmbiguous}};
    return reading;
  }

 private:
  struct Habits {
    std::string line_end;
    bool quotes_all = false;
  };

  std::string Written(const RandomTable& table, Dice& dice) const {
    static constexpr const char* kLineEnds[] = {"\r\n", "\n", "\r"};
    static constexpr Encoding kEncodings[] = {Encoding::kUtf8, Encoding::kMarkedUtf8, Encoding::kWindows1252,
                                              Encoding::kUtf16Little, Encoding::kUtf16Big};
    const Habits habits = {.line_end = dice.Of(kLineEnds), .quotes_all = dice.OneIn(3)};
    std::string text;
    if (dice.OneIn(4)) absl::StrAppend(&text, "sep=", std::string(1, delimiter_), "\r\n");
    for (const std::string& title : table.titles)
      absl::StrAppend(&text, Quoted(title, habits), habits.line_end);
    for (const auto& row : table.rows) {
      std::vector<std::string> cells;
      for (const tables::Cell& cell : row) {
        const bool is_number = cell.kind == tables::CellKind::kNumber;
        cells.push_back(Quoted(is_number ? Shown(cell.text, GroupMark(), DecimalMark()) : cell.text, habits));
      }
      absl::StrAppend(&text, absl::StrJoin(cells, std::string(1, delimiter_)), habits.line_end);
    }
    return Encoded(text, dice.Of(kEncodings));
  }
  std::string Quoted(const std::string& text, const Habits& habits) const {
    const bool needs_quotes =
        habits.quotes_all ||
        text.find_first_of(absl::StrCat("\"\n", std::string(1, delimiter_))) != std::string::npos;
    return needs_quotes ? absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"") : text;
  }
  std::string DecimalMark() const { return format_ == NumberFormat::kIndonesian ? "," : "."; }
  std::string GroupMark() const {
    if (grouping_ == Grouping::kBlank) return "\xC2\xA0";
    if (grouping_ == Grouping::kNone) return "";
    return format_ == NumberFormat::kIndonesian ? "." : ",";
  }

  const char delimiter_;
  const NumberFormat format_;
  const Grouping grouping_;
  const bool is_declared_;
};

// ---- Spreadsheets ----

// Cells as they are: what every reader of spreadsheets must come to.
class Cells final : public Format {
 public:
  std::string name() const override { return "cells"; }
  Reading WriteAndRead(const RandomTable& table, const FileMapping& mapping, Dice&) const override {
    std::vector<std::vector<tables::Cell>> rows;
    for (const std::string& title : table.titles) rows.push_back({tables::Text(title)});
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    tables::FakeTable reader({tables::MakeSheet("Data", std::move(rows))});
    return {.values = ReadFigures(reader, "acak.xlsx", mapping, {})};
  }
};

class Workbook final : public Format {
 public:
  using Writer = std::string (*)(const tables::StoredBook&);
  Workbook(std::string file_name, Writer writer) : file_name_(std::move(file_name)), writer_(writer) {}

  std::string name() const override { return file_name_; }
  Reading WriteAndRead(const RandomTable& table, const FileMapping& mapping, Dice& dice) const override {
    const RandomBook random(table, dice);
    return {.values = ReadBytes(writer_(random.book()), file_name_, mapping), .doubts = random.doubts()};
  }

 private:
  const std::string file_name_;
  const Writer writer_;
};

// ---- The property ----

class FiguresProperty : public ::testing::Test {
 protected:
  FiguresProperty() {
    const char* seed = std::getenv("FIGURES_SEED");
    seed_ = seed == nullptr ? std::random_device()() : std::strtoull(seed, nullptr, 10);
    std::cout << "FIGURES_SEED=" << seed_ << std::endl;
  }

  void Check(const Format& format, const FileMapping& mapping, int tables) {
    Dice dice(seed_);
    for (int i = 0; i < tables && !HasFailure(); ++i) {
      const RandomTable table = RandomTables(dice).Make();
      const Reading reading = format.WriteAndRead(table, mapping, dice);
      const std::string place = absl::StrCat(format.name(), ", table ", i, ", FIGURES_SEED=", seed_);
      ASSERT_TRUE(reading.values.ok()) << place << ": " << reading.values.status();
      ASSERT_EQ(reading.values->size(), table.figures.size()) << place;
      for (const IndicatorValue& value : *reading.values) CheckValue(value, table, reading.doubts, place);
    }
  }

 private:
  static void CheckValue(const IndicatorValue& value, const RandomTable& table,
                         const std::map<std::string, Doubt>& doubts, const std::string& place) {
    const std::string key = absl::StrCat(value.kodeindikator, ".", value.tahun);
    const auto found = doubts.find(key);
    const Doubt doubt = found == doubts.end() ? Doubt() : found->second;
    if (value.value.has_value()) {
      EXPECT_EQ(*value.value, table.figures.at(key)) << place << ": " << key << ": " << value.raw_value;
      EXPECT_FALSE(doubt.is_sure) << place << ": " << key << " is read: " << value.raw_value;
    } else {
      EXPECT_TRUE(doubt.reasons.count(value.finding.reason) > 0)
          << place << ": " << key << " is " << ReasonName(value.finding.reason) << ": " << value.raw_value;
    }
  }

  uint64_t seed_ = 0;
};

TEST_F(FiguresProperty, CellsComeBackAsTheyWereWritten) { Check(Cells(), {}, 300); }

TEST_F(FiguresProperty, TextsComeBackAsTheyWereWrittenOrAreRefused) {
  for (char delimiter : {';', ',', '\t', '|'}) {
    for (NumberFormat format : {NumberFormat::kIndonesian, NumberFormat::kEnglish}) {
      for (Grouping grouping : {Grouping::kNone, Grouping::kOwn, Grouping::kBlank}) {
        Check(Delimited(delimiter, format, grouping, false), {}, 50);
        Check(Delimited(delimiter, format, grouping, true), {.number_format = format}, 50);
      }
    }
  }
}

TEST_F(FiguresProperty, XlsxComesBackAsItWasWrittenOrIsRefused) {
  Check(Workbook("acak.xlsx", tables::WriteXlsx), {}, 500);
}

TEST_F(FiguresProperty, XlsComesBackAsItWasWrittenOrIsRefused) {
  Check(Workbook("acak.xls", tables::WriteXls), {}, 500);
}

}  // namespace
}  // namespace satudata::catalog
