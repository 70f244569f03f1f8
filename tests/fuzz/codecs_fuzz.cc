// Fuzz target for the codecs of the target profiles: what we write reads as what we meant, what targets hold
// is read as it stands, and two readers of one text agree.
//
// Each sees the whole of the input; where it takes several, its lines.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "server/base/text_encoding.h"
#include "server/targets/answer_text.h"
#include "server/targets/ckan/codec.h"
#include "server/targets/ckan/dataset_name.h"
#include "server/targets/dataset_rest/codec.h"
#include "server/targets/ewalidata/codec.h"
#include "server/targets/ewalidata/push_log.h"
#include "server/targets/ewalidata/row_reader.h"
#include "server/targets/json_texts.h"
#include "tests/fuzz/check.h"

namespace satudata::targets {
namespace {

using fuzz::Check;
using Json = nlohmann::json;
using Lines = std::vector<std::string>;

const std::string& Line(const Lines& lines, size_t i) { return lines[i % lines.size()]; }

void CheckKeys(absl::string_view text) {
  if (const auto key = ewalidata::ParseValueKey(text)) {
    Check(key->Text() == text);
    const auto scope = ewalidata::ParseScope(key->Scope());
    Check(!scope || (scope->kodepemda == key->kodepemda && scope->tahun == key->tahun));
  }
  if (const auto scope = ewalidata::ParseScope(text)) {
    Check(absl::StrCat(scope->kodepemda, "/", scope->tahun) == text);
    const std::string withdrawal = ewalidata::WithdrawalScope(text);
    absl::string_view rest = withdrawal;
    Check(ewalidata::ConsumeWithdrawalScope(rest) && rest == text);
  }
}

void CheckPush(const Lines& lines) {
  std::vector<sync::OutboundRecord> records;
  for (const std::string& line : lines) {
    if (!base::IsUtf8(line)) return;
    records.push_back({.key = "1612.1.02.000318.2024", .value = line, .payload = line});
  }
  const Json body = ParseJson(ewalidata::EncodeWithdrawal(records, {}));
  Check(body.is_object() && body["data"].is_array() && body["data"].size() == records.size());
  for (size_t i = 0; i < records.size(); ++i) Check(body["data"][i]["alasan"] == records[i].payload);
  const Json push = ParseJson(ewalidata::EncodePush(records, ewalidata::NumberStyle::kDot, {}));
  Check(push.is_object() && push["data"].size() == records.size());
  for (size_t i = 0; i < records.size(); ++i) Check(push["data"][i]["kodeindikator"] == "1.02.000318");
}

catalog::CatalogFile FileOf(const Lines& lines) {
  return {.file_id = Line(lines, 0),
          .name = Line(lines, 1),
          .theme = Line(lines, 2),
          .producer = Line(lines, 3),
          .coverage = Line(lines, 4),
          .frequency = Line(lines, 5),
          .dimension = Line(lines, 6),
          .file_name = Line(lines, 7),
          .file_type = Line(lines, 8),
          .is_public = lines.size() % 2 == 0,
          .verification = catalog::Verification::kVerified,
          .source_create_time = absl::FromUnixSeconds(-62'135'596'800) + absl::Seconds(lines[0].size()),
          .content_sha256 = "aa",
          .content_size_bytes = 7};
}

// A target that returns what we sent holds what we hold.
void CheckDataset(const Lines& lines) {
  const catalog::CatalogFile file = FileOf(lines);
  const sync::OutboundRecord record = dataset_rest::EncodeDataset(file);
  const Json sent = ParseJson(record.payload);
  Check(sent.is_object());
  if (file.file_id.empty()) return;
  for (const std::string& line : lines) {
    if (!base::IsUtf8(line)) return;
  }
  Check(sent["dataset_name"] == file.name);
  Check(dataset_rest::HashDataset(sent, file.file_id) == record.hash);
  absl::Time created;
  Check(absl::ParseTime(absl::RFC3339_full, sent["created_at"].get<std::string>(), &created, nullptr) &&
        created == file.source_create_time);
}

// The package of it, as CKAN would show it to us.
Json Shown(const ckan::Dataset& dataset, const std::string& name) {
  Json package = ParseJson(ckan::CreateBody(dataset, name, "walidata"));
  package["id"] = "p1";
  package["state"] = "active";
  Json resource = {{"id", "r1"}, {"url_type", "upload"}};
  for (const auto& [field, value] : ckan::ResourceFields(dataset, "p1", "", "csv")) resource[field] = value;
  package["resources"] = Json::array({resource});
  return package;
}

void CheckPackage(const Lines& lines) {
  for (const std::string& line : lines) {
    if (!base::IsUtf8(line)) return;
  }
  const ckan::Dataset dataset = ckan::DatasetOf(FileOf(lines));
  const sync::OutboundRecord record = ckan::EncodeRecord(dataset);
  const auto decoded = ckan::DecodePayload(record.payload);
  Check(decoded.has_value() == !dataset.metadata.file_id.empty());
  if (!decoded) return;
  Check(decoded->metadata == dataset.metadata && decoded->content == dataset.content);
  Check(ckan::EncodeRecord(*decoded).hash == record.hash);
  const auto held = ckan::ReadPackage(Shown(dataset, "name"), "name");
  Check(held && held->IsWhole() && held->Hash() == record.hash && held->HasMetadata(dataset));
}

void CheckForeignPackage(const Json& json) {
  const auto held = ckan::ReadPackage(json, TextMember(json, "name"));
  if (!held) return;
  Check(!held->id.empty());
  const Json patch = ParseJson(ckan::PatchBody(ckan::Dataset(), *held));
  Check(patch.is_object() && patch["id"].is_string());
  for (const Json& extra : held->foreign_extras) {
    bool is_kept = false;
    for (const Json& kept : patch["extras"]) is_kept = is_kept || kept["key"] == extra["key"];
    // What is not UTF-8 comes from no JSON text.
    Check(is_kept);
  }
}

void CheckName(absl::string_view file_id) {
  const std::string name = ckan::DatasetName("satudata-", file_id);
  Check(name.size() >= 2 && name.size() <= 100);
  for (const char c : name) Check((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
}

void CheckRows(absl::string_view text, const Json& json) {
  const ewalidata::RowTable table = ewalidata::ReadRows(text);
  Check(!table.is_rows || !json.is_discarded());
  if (!table.is_rows) return;
  const Json* rows = &json;
  for (const char* name : {"data", "result"}) {
    if (json.is_object() && json.contains(name) && json[name].is_array()) rows = &json[name];
  }
  Check(rows->is_array() && rows->size() == table.rows.size());
  for (size_t i = 0; i < table.rows.size(); ++i) {
    Check((*rows)[i].is_object() && (*rows)[i].contains("kodeindikator"));
  }
  const ewalidata::TableScope scope{.kodepemda = "1612", .tahun = "2024"};
  for (const auto& [key, value] : ewalidata::ObserveRows(table.rows, scope, ewalidata::NumberStyle::kDot)) {
    const auto parsed = ewalidata::ParseValueKey(key);
    Check(!parsed || (parsed->kodepemda == "1612" && parsed->tahun == "2024"));
  }
}

// The reader in passing and the one that builds a tree.
void CheckTexts(absl::string_view text, const Json& json) {
  const std::vector<absl::string_view> pointers = {"/data/dataset_id", "/status", ""};
  const auto texts = TextsAt(text, pointers);
  Check(texts.size() == pointers.size());
  for (size_t i = 0; i < pointers.size(); ++i) {
    std::optional<std::string> expected;
    const nlohmann::json::json_pointer pointer{std::string(pointers[i])};
    if (!json.is_discarded() && json.contains(pointer) && json.at(pointer).is_string()) {
      expected = json.at(pointer).get<std::string>();
    }
    Check(texts[i] == expected);
  }
}

void CheckLog(const Json& json) {
  const auto log = ewalidata::PushLog::Read(json);
  if (!log) return;
  Check(log->CountOk("") == 0 || json.size() > 0);
  Check(log->CountOk("1612.1.02.000318.2024") <= static_cast<int>(json.size()));
  Check(!log->ErrorOf(""));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Lines lines = absl::StrSplit(text, '\n');
  CheckKeys(text);
  CheckName(text);
  CheckPush(lines);
  CheckDataset(lines);
  CheckPackage(lines);
  // Not by ParseJson, which takes less.
  const Json json = Json::parse(text, /*cb=*/nullptr, /*allow_exceptions=*/false);
  CheckRows(text, json);
  CheckTexts(text, json);
  if (json.is_discarded()) return 0;
  CheckForeignPackage(json);
  CheckLog(json);
  return 0;
}

}  // namespace satudata::targets
