#include "server/store/catalog_tables.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/catalog/catalog.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using catalog::CatalogFile;
using catalog::FileWithValues;
using catalog::IndicatorValue;
using Text = std::string;

constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

bool SameStamp(const CatalogFile& a, const CatalogFile& b) {
  return a.content_size_bytes == b.content_size_bytes && a.content_mtime_us == b.content_mtime_us &&
         a.content_rules == b.content_rules;
}

void WriteFile(Connection& connection, const CatalogFile& file) {
  static const auto* const kSql = new std::string(absl::StrCat(
      "INSERT INTO catalog_file (", kFileColumns, ") VALUES (", Placeholders(kFileColumns),
      ") ON CONFLICT (file_id) DO UPDATE SET ", FromExcluded(kFileColumns.substr(sizeof("file_id, ") - 1))));
  connection.Execute(*kSql, file);
}

void WriteValues(Connection& connection, const FileWithValues& next) {
  static const auto* const kSql =
      new std::string(absl::StrCat("INSERT INTO indicator_value (file_id, region, ", kValueColumns,
                                   ") VALUES (:file_id, :region, ", Placeholders(kValueColumns), ")"));
  connection.Execute("DELETE FROM indicator_value WHERE file_id = :file_id",
                     std::tuple<Text>(next.file.file_id));
  for (const IndicatorValue& value : next.values) {
    const std::string& region = value.kodepemda.empty() ? next.file.kodepemda : value.kodepemda;
    connection.Defer(*kSql, std::tuple<Text, Text, IndicatorValue>(next.file.file_id, region, value));
  }
}

// Its history stays: runs, deliveries and what the targets hold.
void DeleteFile(Connection& connection, const CatalogFile& file, absl::Time now) {
  const std::string& file_id = file.file_id;
  connection.Execute(
      "INSERT INTO deleted_file (file_id, revision, delete_time) VALUES (:file_id, :revision, :time) "
      "ON CONFLICT (file_id) DO UPDATE SET revision = excluded.revision, delete_time = excluded.delete_time",
      std::tuple<Text, int64_t, absl::Time>(file_id, file.revision, now));
  connection.Execute("DELETE FROM target_status WHERE file_id = :file_id", std::tuple<Text>(file_id));
  connection.Execute("DELETE FROM catalog_file WHERE file_id = :file_id", std::tuple<Text>(file_id));
}

Written InsertFile(Connection& connection, FileWithValues next, absl::Time now) {
  next.file.revision =
      1 + connection
              .SelectOne<int64_t>("SELECT revision FROM deleted_file WHERE file_id = :file_id",
                                  std::tuple<Text>(next.file.file_id))
              .value_or(0);
  next.file.create_time = now;
  next.file.update_time = now;
  WriteFile(connection, next.file);
  WriteValues(connection, next);
  return Written::kFile;
}

Written ReplaceFile(Connection& connection, const FileWithValues& current, FileWithValues next,
                    absl::Time now) {
  next.file.create_time = current.file.create_time;
  next.file.update_time = current.file.update_time;
  next.file.revision = current.file.revision;
  if (catalog::SameRevision(current, next)) {
    // The content was looked at again and is the same; remembering when saves reading it once more.
    if (!SameStamp(current.file, next.file)) WriteFile(connection, next.file);
    return Written::kNothing;
  }
  next.file.update_time = now;
  ++next.file.revision;
  WriteFile(connection, next.file);
  // A value's region may come from the file's.
  const bool same_regions = current.file.kodepemda == next.file.kodepemda;
  if (!same_regions || !catalog::SameValues(current.values, next.values)) WriteValues(connection, next);
  return Written::kFile;
}

// Both columns have an index, which is all that is read.
std::vector<catalog::NameCount> CountByName(Connection& connection, absl::string_view column) {
  std::vector<catalog::NameCount> names;
  connection.Select<std::tuple<Text, int64_t>>(
      absl::StrCat("SELECT ", column, ", count(*) AS files FROM catalog_file GROUP BY ", column,
                   " ORDER BY files DESC, ", column, " LIMIT :limit"),
      std::tuple<int64_t>(catalog::CatalogSummary::kMostNames), [&names](auto& row) {
        auto& [name, count] = row;
        names.push_back({.name = std::move(name), .count = count});
      });
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return names;
}

}  // namespace

std::vector<std::string> SelectContentInUse(Connection& connection,
                                            absl::Span<const std::string> content_names) {
  return connection.SelectAll<Text>(
      "SELECT DISTINCT content_name FROM catalog_file "
      "WHERE content_name <> '' AND content_name IN (SELECT value FROM json_each(:names))",
      std::tuple<Text>(JsonArray(content_names)));
}

std::optional<CatalogFile> SelectFile(Connection& connection, absl::string_view file_id) {
  static const auto* const kSql =
      new std::string(absl::StrCat("SELECT ", kFileColumns, " FROM catalog_file WHERE file_id = :file_id"));
  return connection.SelectOne<CatalogFile>(*kSql, std::tuple<Text>(file_id));
}

std::vector<IndicatorValue> SelectValues(Connection& connection, absl::string_view file_id,
                                         int64_t after_position, int64_t limit) {
  static const auto* const kSql =
      new std::string(absl::StrCat("SELECT ", kValueColumns,
                                   " FROM indicator_value WHERE file_id = :file_id AND position > :after "
                                   "ORDER BY position LIMIT :limit"));
  return connection.SelectAll<IndicatorValue>(
      *kSql, std::tuple<Text, int64_t, int64_t>(Text(file_id), after_position, limit));
}

void SelectValuesOf(Connection& connection, std::vector<FileWithValues>& files) {
  static const auto* const kSql = new std::string(
      absl::StrCat("SELECT file_id, ", kValueColumns,
                   " FROM indicator_value WHERE file_id IN (SELECT value FROM json_each(:file_ids)) "
                   "ORDER BY file_id, position"));
  std::vector<std::string> ids;
  ids.reserve(files.size());
  for (const FileWithValues& file : files) ids.push_back(file.file.file_id);
  auto file = files.begin();
  connection.Select<std::tuple<Text, IndicatorValue>>(
      *kSql, std::tuple<Text>(JsonArray(ids)), [&](auto& row) {
        auto& [file_id, value] = row;
        while (file != files.end() && file->file.file_id != file_id) ++file;
        if (file != files.end()) file->values.push_back(std::move(value));
      });
}

std::pair<int64_t, int64_t> CountFiles(Connection& connection) {
  std::pair<int64_t, int64_t> all_and_verified;
  connection.Select<std::tuple<catalog::Verification, int64_t>>(
      "SELECT verification, count(*) FROM catalog_file GROUP BY verification", std::tuple<>(),
      [&all_and_verified](auto& row) {
        const auto& [verification, count] = row;
        all_and_verified.first += count;
        if (verification == catalog::Verification::kVerified) all_and_verified.second += count;
      });
  return all_and_verified;
}

catalog::CatalogSummary SelectCatalogSummary(Connection& connection) {
  const auto [file_count, verified_file_count] = CountFiles(connection);
  return {.file_count = file_count,
          .verified_file_count = verified_file_count,
          .themes = CountByName(connection, "theme"),
          .producers = CountByName(connection, "producer")};
}

absl::StatusOr<Written> Mutate(Connection& connection, const catalog::CatalogStore::Mutation& mutation,
                               absl::Time now) {
  std::optional<FileWithValues> current;
  if (std::optional<CatalogFile> file = SelectFile(connection, mutation.file_id)) {
    current = FileWithValues{*std::move(file), SelectValues(connection, mutation.file_id, -1, kAll)};
  }
  absl::StatusOr<std::optional<FileWithValues>> next = mutation.mutate(current);
  if (!next.ok()) return next.status();
  if (!next->has_value()) {
    if (current.has_value()) DeleteFile(connection, current->file, now);
    return current.has_value() ? Written::kFile : Written::kNothing;
  }
  (*next)->file.file_id = mutation.file_id;
  return current.has_value() ? ReplaceFile(connection, *current, **std::move(next), now)
                             : InsertFile(connection, **std::move(next), now);
}

}  // namespace satudata::store
