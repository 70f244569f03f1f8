#include "server/targets/ewalidata/codec.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"
#include "server/http/url.h"

namespace satudata::targets::ewalidata {
namespace {

constexpr absl::string_view kWithdrawalSuffix = "/withdrawn";

std::string WriteNumber(absl::string_view canonical, NumberStyle style) {
  return style == NumberStyle::kComma ? absl::StrReplaceAll(canonical, {{".", ","}}) : std::string(canonical);
}

// Empty for what is no number as this target writes them.
std::string ReadNumber(absl::string_view text, NumberStyle style) {
  if (style == NumberStyle::kDot) return catalog::CanonicalDecimal(text);
  return catalog::CanonicalDecimal(absl::StrReplaceAll(text, {{",", "."}}));
}

void AppendMember(std::string& body, absl::string_view name, absl::string_view value) {
  absl::StrAppend(&body, "\"", name, "\":\"", base::JsonEscape(value), "\"");
}

constexpr absl::string_view kPushFields[] = {"kodeindikator", "kodepemda", "tahun", "data"};

struct WithdrawalField {
  absl::string_view name;
  std::string (*value)(const ValueKey& key, const sync::OutboundRecord& record);
};
constexpr WithdrawalField kWithdrawalFields[] = {
    {"kodeindikator", [](const ValueKey& key, const sync::OutboundRecord&) { return key.kodeindikator; }},
    {"kodepemda", [](const ValueKey& key, const sync::OutboundRecord&) { return key.kodepemda; }},
    {"tahun", [](const ValueKey& key, const sync::OutboundRecord&) { return key.tahun; }},
    {"alasan", [](const ValueKey&, const sync::OutboundRecord& record) { return record.payload; }},
};

std::string NameAt(const FieldNames& names, absl::string_view name) {
  const auto found = names.find(std::string(name));
  return found == names.end() ? std::string(name) : found->second;
}

// What a push calls its fields.
struct RowNames {
  explicit RowNames(const FieldNames& names)
      : kodeindikator(NameAt(names, kPushFields[0])),
        kodepemda(NameAt(names, kPushFields[1])),
        tahun(NameAt(names, kPushFields[2])),
        data(NameAt(names, kPushFields[3])) {}

  const std::string kodeindikator;
  const std::string kodepemda;
  const std::string tahun;
  const std::string data;
};

void AppendRow(std::string& body, const RowNames& names, const ValueKey& key, absl::string_view data) {
  body += '{';
  AppendMember(body, names.kodeindikator, key.kodeindikator);
  body += ',';
  AppendMember(body, names.kodepemda, key.kodepemda);
  body += ',';
  AppendMember(body, names.tahun, key.tahun);
  body += ',';
  AppendMember(body, names.data, data);
  body += '}';
}

void AppendWithdrawal(std::string& body, const ValueKey& key, const sync::OutboundRecord& record,
                      const FieldNames& names) {
  body += '{';
  for (const WithdrawalField& field : kWithdrawalFields) {
    const std::string name = NameAt(names, field.name);
    if (name.empty()) continue;
    if (body.back() != '{') body += ',';
    AppendMember(body, name, field.value(key, record));
  }
  body += '}';
}

bool IsYes(absl::string_view text) { return text == "Y" || text == "y"; }

// A row without region or year belongs to the scope that was asked for.
bool IsInScope(const TargetRow& row, const TableScope& scope) {
  return (row.kodepemda.empty() || row.kodepemda == scope.kodepemda) &&
         (row.tahun.empty() || row.tahun == scope.tahun);
}

sync::ObservedValue Observe(const TargetRow& row, const std::string& key, NumberStyle style) {
  const std::string canonical = ReadNumber(*row.data, style);
  sync::ObservedValue value;
  value.value = canonical.empty() ? *row.data : canonical;
  value.hash = HashValue(key, canonical.empty() ? absl::StrCat("text:", *row.data) : canonical);
  value.final = IsYes(row.status_verifikasi_pembinadata);
  value.remote_id = row.idtransaksi;
  return value;
}

bool HasValue(const TargetRow& row) { return row.data.has_value() && !catalog::IsAbsentMarker(*row.data); }

}  // namespace

std::string ValueKey::Text() const { return absl::StrCat(kodepemda, ".", kodeindikator, ".", tahun); }

std::string ValueKey::Scope() const { return absl::StrCat(kodepemda, "/", tahun); }

std::optional<ValueKey> ParseValueKey(absl::string_view text) {
  const size_t first = text.find('.');
  const size_t last = text.rfind('.');
  if (first == absl::string_view::npos || last <= first + 1) return std::nullopt;
  ValueKey key{.kodepemda = std::string(text.substr(0, first)),
               .kodeindikator = std::string(text.substr(first + 1, last - first - 1)),
               .tahun = std::string(text.substr(last + 1))};
  if (!catalog::IsKodepemda(key.kodepemda) || !catalog::IsYear(key.tahun)) return std::nullopt;
  if (!catalog::IsNationalIndicatorCode(key.kodeindikator)) return std::nullopt;
  return key;
}

std::optional<TableScope> ParseScope(absl::string_view scope) {
  const std::vector<absl::string_view> parts = absl::StrSplit(scope, '/');
  if (parts.size() != 2 || !catalog::IsKodepemda(parts[0]) || !catalog::IsYear(parts[1])) return std::nullopt;
  return TableScope{std::string(parts[0]), std::string(parts[1])};
}

std::string WithdrawalScope(absl::string_view scope) { return absl::StrCat(scope, kWithdrawalSuffix); }

bool ConsumeWithdrawalScope(absl::string_view& scope) {
  return absl::ConsumeSuffix(&scope, kWithdrawalSuffix);
}

std::string HashValue(absl::string_view key, absl::string_view canonical) {
  return base::Sha256Hex(absl::StrCat(key, "=", canonical));
}

std::string EncodePush(absl::Span<const sync::OutboundRecord> records, NumberStyle style,
                       const FieldNames& names) {
  const RowNames row_names(names);
  std::string body = R"({"data":[)";
  for (const sync::OutboundRecord& record : records) {
    const std::optional<ValueKey> key = ParseValueKey(record.key);
    if (!key.has_value()) continue;
    if (body.back() != '[') body += ',';
    AppendRow(body, row_names, *key, WriteNumber(record.value, style));
  }
  return body + "]}";
}

std::vector<std::string> PushFieldNames() {
  return std::vector<std::string>(std::begin(kPushFields), std::end(kPushFields));
}

std::vector<std::string> WithdrawalFieldNames() {
  std::vector<std::string> names;
  for (const WithdrawalField& field : kWithdrawalFields) names.emplace_back(field.name);
  return names;
}

std::string EncodeWithdrawal(absl::Span<const sync::OutboundRecord> records, const FieldNames& names) {
  std::string body = R"({"data":[)";
  for (const sync::OutboundRecord& record : records) {
    const std::optional<ValueKey> key = ParseValueKey(record.key);
    if (!key.has_value()) continue;
    if (body.back() != '[') body += ',';
    AppendWithdrawal(body, *key, record, names);
  }
  return body + "]}";
}

std::string RowKey(absl::string_view record_key, absl::string_view row_key_template) {
  const std::optional<ValueKey> key = ParseValueKey(record_key);
  if (!key.has_value()) return "";
  return absl::StrReplaceAll(
      row_key_template,
      {{"{kodepemda}", key->kodepemda}, {"{kodeindikator}", key->kodeindikator}, {"{tahun}", key->tahun}});
}

std::string TablePath(absl::string_view endpoint, const TableScope& scope) {
  return absl::StrCat(endpoint, "?kodepemda=", http::PercentEncode(scope.kodepemda),
                      "&tahun=", http::PercentEncode(scope.tahun));
}

ObservedValues ObserveRows(const std::vector<TargetRow>& rows, const TableScope& scope, NumberStyle style) {
  absl::flat_hash_map<absl::string_view, const TargetRow*> latest;
  for (const TargetRow& row : rows) {
    if (!IsInScope(row, scope)) continue;
    const TargetRow*& winner = latest[row.kodeindikator];
    if (winner == nullptr || row.lastupdate >= winner->lastupdate) winner = &row;
  }
  ObservedValues values;
  values.reserve(latest.size());
  for (const auto& [kodeindikator, row] : latest) {
    if (!HasValue(*row)) continue;
    const std::string key = ValueKey{scope.kodepemda, std::string(kodeindikator), scope.tahun}.Text();
    values.emplace(key, Observe(*row, key, style));
  }
  return values;
}

void MarkWithdrawn(const std::vector<TargetRow>& references, const TableScope& scope,
                   ObservedValues& values) {
  for (const TargetRow& row : references) {
    if (!IsDisabled(row)) continue;
    const std::string key = ValueKey{scope.kodepemda, row.kodeindikator, scope.tahun}.Text();
    values[key].hash = std::string(sync::kWithdrawnHash);
  }
}

void MarkFinal(const ObservedValues& final_values, ObservedValues& values) {
  for (const auto& [key, value] : final_values) {
    values.try_emplace(key, value).first->second.final = true;
  }
}

}  // namespace satudata::targets::ewalidata
