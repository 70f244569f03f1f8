#include "server/targets/dataset_rest/codec.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/targets/answer_text.h"

namespace satudata::targets::dataset_rest {
namespace {

using catalog::CatalogFile;

struct TextField {
  absl::string_view name;         // At the target.
  absl::string_view portal_path;  // Where whoever must fill it in finds it.
  std::string CatalogFile::*member;
};
// All are required, and are written in this order.
constexpr std::array<TextField, 9> kTextFields = {{
    {"dataset_id", "_id", &CatalogFile::file_id},
    {"dataset_name", "name", &CatalogFile::name},
    {"theme", "temadataset", &CatalogFile::theme},
    {"producer", "metaData.produsen", &CatalogFile::producer},
    {"coverage", "metaData.cakupandata", &CatalogFile::coverage},
    {"frequency", "metaData.frekuensi", &CatalogFile::frequency},
    {"dimension", "metaData.dimensidataset", &CatalogFile::dimension},
    {"file_name", "filename", &CatalogFile::file_name},
    {"file_type", "fileType", &CatalogFile::file_type},
}};
constexpr absl::string_view kIsPublic = "is_public";
constexpr absl::string_view kVerificationStatus = "verification_status";
constexpr absl::string_view kCreatedAt = "created_at";
constexpr absl::string_view kUpdatedAt = "updated_at";

void AppendText(std::string& json, absl::string_view name, absl::string_view value) {
  absl::StrAppend(&json, json.size() > 1 ? ",\"" : "\"", name, "\":\"", base::JsonEscape(value), "\"");
}

void AppendFlag(std::string& json, absl::string_view name, absl::string_view value) {
  absl::StrAppend(&json, ",\"", name, "\":", value);
}

// `2020-01-20T00:14:02.674Z`. What absl::FormatTime would write, in a quarter of its time.
std::string FormatMillis(absl::Time time) {
  const auto at = absl::UTCTimeZone().At(time);
  const auto two = [](int number) { return absl::Dec(number, absl::kZeroPad2); };
  const int64_t millis = absl::ToInt64Milliseconds(at.subsecond);
  return absl::StrCat(absl::Dec(at.cs.year(), absl::kZeroPad4), "-", two(at.cs.month()), "-",
                      two(at.cs.day()), "T", two(at.cs.hour()), ":", two(at.cs.minute()), ":",
                      two(at.cs.second()), ".", absl::Dec(millis, absl::kZeroPad3), "Z");
}

void AppendTime(std::string& json, absl::string_view name, const std::optional<absl::Time>& time) {
  if (time.has_value()) AppendText(json, name, FormatMillis(*time));
}

absl::string_view NameAt(const FieldNames& names, absl::string_view contract_name) {
  if (names.empty()) return contract_name;
  const auto found = names.find(std::string(contract_name));
  return found == names.end() ? contract_name : absl::string_view(found->second);
}

// The record but for its times and closing brace. Under the contract's names it is canonical: what is hashed.
std::string OpenRecord(const CatalogFile& file, const FieldNames& names) {
  std::string json = "{";
  for (const TextField& field : kTextFields) AppendText(json, NameAt(names, field.name), file.*field.member);
  AppendFlag(json, NameAt(names, kIsPublic), file.is_public ? "true" : "false");
  AppendText(json, NameAt(names, kVerificationStatus), catalog::VerificationText(file.verification));
  return json;
}

}  // namespace

catalog::Failure FindMissingMetadata(const CatalogFile& file) {
  catalog::Failure failure;
  std::string missing;
  for (const TextField& field : kTextFields) {
    if (!(file.*field.member).empty()) continue;
    absl::StrAppend(&missing, missing.empty() ? "" : ", ", field.portal_path);
    failure.field_violations.push_back({std::string(field.portal_path), "wajib diisi (required)"});
  }
  if (missing.empty()) return failure;
  failure.reason = catalog::Reason::kMetadataMissing;
  failure.args["field"] = std::move(missing);
  return failure;
}

std::vector<std::string> ContractFieldNames() {
  std::vector<std::string> names;
  for (const TextField& field : kTextFields) names.emplace_back(field.name);
  for (const absl::string_view name : {kIsPublic, kVerificationStatus, kCreatedAt, kUpdatedAt})
    names.emplace_back(name);
  return names;
}

sync::OutboundRecord EncodeDataset(const CatalogFile& file, const FieldNames& names) {
  sync::OutboundRecord record{.key = file.file_id, .scope = file.file_id};
  record.payload = OpenRecord(file, {});
  record.hash = base::Sha256Hex(record.payload);
  if (!names.empty()) record.payload = OpenRecord(file, names);
  AppendTime(record.payload, NameAt(names, kCreatedAt), file.source_create_time);
  AppendTime(record.payload, NameAt(names, kUpdatedAt), file.source_update_time);
  record.payload += '}';
  return record;
}

std::optional<std::string> HashDataset(const nlohmann::json& dataset, absl::string_view dataset_id,
                                       const FieldNames& names) {
  if (TextMember(dataset, NameAt(names, "dataset_id")) != dataset_id || dataset_id.empty())
    return std::nullopt;
  std::string json = "{";
  for (const TextField& field : kTextFields) {
    AppendText(json, field.name, TextMember(dataset, NameAt(names, field.name)));
  }
  AppendFlag(json, kIsPublic, TextMember(dataset, NameAt(names, kIsPublic)));
  AppendText(json, kVerificationStatus, TextMember(dataset, NameAt(names, kVerificationStatus)));
  return base::Sha256Hex(json);
}

}  // namespace satudata::targets::dataset_rest
