#include "server/store/row_copy.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/store/pg_session.h"

namespace satudata::store {
namespace {

constexpr size_t kChunkBytes = 64 << 10;

using Names = std::vector<std::string>;

// The names are those of our own schema: plain words.
Names ColumnsOf(Connection& sqlite, const std::string& table) {
  return sqlite.SelectAll<std::string>("SELECT name FROM pragma_table_info(:name) ORDER BY cid",
                                       std::tuple<std::string>(table));
}

Names ReferencesOf(Connection& sqlite, const std::string& table) {
  return sqlite.SelectAll<std::string>(
      "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(:name) WHERE \"table\" <> :self",
      std::tuple<std::string, std::string>(table, table));
}

void AppendEscaped(absl::string_view text, std::string& lines) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        lines += "\\\\";
        break;
      case '\n':
        lines += "\\n";
        break;
      case '\r':
        lines += "\\r";
        break;
      case '\t':
        lines += "\\t";
        break;
      default:
        lines += c;
    }
  }
}

}  // namespace

std::vector<std::string> TablesInOrder(Connection& sqlite) {
  Names left = sqlite.SelectAll<std::string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' "
      "ORDER BY name",
      std::tuple<>());
  Names ordered;
  absl::flat_hash_set<std::string> placed;
  while (!left.empty()) {
    const auto next = std::find_if(left.begin(), left.end(), [&](const std::string& table) {
      const Names references = ReferencesOf(sqlite, table);
      return std::all_of(references.begin(), references.end(),
                         [&](const std::string& other) { return placed.contains(other); });
    });
    if (next == left.end()) throw std::logic_error("tables refer to each other in a circle");
    placed.insert(*next);
    ordered.push_back(*next);
    left.erase(next);
  }
  return ordered;
}

std::string TableWithColumns(Connection& sqlite, const std::string& table) {
  return absl::StrCat(table, " (", absl::StrJoin(ColumnsOf(sqlite, table), ", "), ")");
}

int64_t CountRows(Connection& connection, const std::string& table) {
  return connection.SelectOne<int64_t>(absl::StrCat("SELECT count(*) FROM ", table), std::tuple<>())
      .value_or(0);
}

RowReader::RowReader(Connection& sqlite, const std::string& table) : database_(sqlite.sqlite()) {
  const std::string sql =
      absl::StrCat("SELECT ", absl::StrJoin(ColumnsOf(sqlite, table), ", "), " FROM ", table);
  const int code = sqlite_api::sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement_, nullptr);
  if (code != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(database_), code);
}

RowReader::~RowReader() { sqlite_api::sqlite3_finalize(statement_); }

bool RowReader::Step() {
  const int code = sqlite_api::sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(database_), code);
  return false;
}

bool RowReader::Read(std::string& lines) {
  // Stepping on from the end would begin anew.
  while (statement_ != nullptr && lines.size() < kChunkBytes) {
    if (!Step()) {
      sqlite_api::sqlite3_finalize(statement_);
      statement_ = nullptr;
    } else {
      AppendRow(lines);
      ++rows_;
    }
  }
  return !lines.empty();
}

void RowReader::AppendRow(std::string& lines) const {
  const int columns = sqlite_api::sqlite3_column_count(statement_);
  for (int i = 0; i < columns; ++i) {
    if (i > 0) lines += '\t';
    if (sqlite_api::sqlite3_column_type(statement_, i) == SQLITE_NULL) {
      lines += "\\N";
      continue;
    }
    const void* const bytes = sqlite_api::sqlite3_column_blob(statement_, i);
    const auto size = static_cast<size_t>(sqlite_api::sqlite3_column_bytes(statement_, i));
    AppendEscaped(KeptText({static_cast<const char*>(bytes), size}), lines);
  }
  lines += '\n';
}

}  // namespace satudata::store
