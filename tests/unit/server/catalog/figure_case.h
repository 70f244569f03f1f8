// File: figure_case.h
//
// Drawn tables and what becomes of them, told line by line.
#ifndef TESTS_UNIT_SERVER_CATALOG_FIGURE_CASE_H_
#define TESTS_UNIT_SERVER_CATALOG_FIGURE_CASE_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "server/catalog/figures.h"
#include "tests/fakes/drawn_table.h"
#include "tests/fakes/fake_table.h"

namespace satudata::catalog {

inline absl::StatusOr<std::vector<IndicatorValue>> Read(absl::string_view drawn,
                                                        const FileMapping& mapping = {},
                                                        const FigureOptions& options = {}) {
  tables::FakeTable table(tables::DrawnSheets(drawn));
  return ReadFigures(table, "data.xlsx", mapping, options);
}

// `C2 1.02.000318 2024 9`, or the reason in place of the figure; the region after a dash, the unit after a
// slash.
inline std::string LineOf(const IndicatorValue& value) {
  std::string line = absl::StrCat(value.sheet.empty() ? "" : absl::StrCat(value.sheet.str(), "!"),
                                  CellOf(value), " ", value.kodeindikator, " ", value.tahun, " ");
  absl::StrAppend(&line, value.value.value_or(std::string(ReasonName(value.finding.reason))));
  if (!value.kodepemda.empty()) absl::StrAppend(&line, " - ", value.kodepemda);
  if (!value.satuan.empty()) absl::StrAppend(&line, " / ", value.satuan.str());
  return line;
}

inline std::string Told(const absl::StatusOr<std::vector<IndicatorValue>>& values) {
  if (!values.ok()) {
    const Failure failure = FailureOf(values.status());
    std::string told = absl::StrCat("refused ", ReasonName(failure.reason));
    for (const auto& [name, value] : failure.args) absl::StrAppend(&told, " ", name, "=", value);
    return told;
  }
  std::vector<std::string> lines;
  for (const IndicatorValue& value : *values) lines.push_back(LineOf(value));
  return absl::StrJoin(lines, "\n");
}

struct FigureCase {
  const char* name;
  std::string drawn;
  std::string expected;
  FileMapping mapping = {};
  friend void PrintTo(const FigureCase& c, std::ostream* out) { *out << c.name; }
};

inline std::string NameOf(const ::testing::TestParamInfo<FigureCase>& info) { return info.param.name; }

}  // namespace satudata::catalog

#endif  // TESTS_UNIT_SERVER_CATALOG_FIGURE_CASE_H_
