// The truth as JSON. Written by hand: with a hundred thousand datasets it is a big text, and the bodies in it
// are JSON already.
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/log.h"
#include "tests/simulator/truth.h"

namespace satudata::simulator {
namespace {

enum class ValueForm { kText, kJson };

std::string Quoted(absl::string_view text) { return absl::StrCat("\"", base::JsonEscape(text), "\""); }

std::string TimeText(absl::Time time) {
  return Quoted(absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()));
}

absl::string_view Bool(bool value) { return value ? "true" : "false"; }

std::string ValueText(const std::shared_ptr<const std::string>& value, ValueForm form) {
  if (value == nullptr) return "null";
  return form == ValueForm::kJson ? *value : Quoted(*value);
}

void AppendHistory(const Record& record, ValueForm form, std::string* out) {
  absl::string_view comma = "";
  absl::StrAppend(out, ",\"history\":[");
  for (const Apply& apply : record.history) {
    absl::StrAppend(out, comma, "{\"value\":", ValueText(apply.value, form),
                    ",\"time\":", TimeText(apply.time), ",\"request\":", apply.request,
                    ",\"by\":", Quoted(NameOf(apply.by)), "}");
    comma = ",";
  }
  absl::StrAppend(out, "],\"answers\":[");
  comma = "";
  for (const Answer& answer : record.answers) {
    absl::StrAppend(out, comma, "{\"request\":", answer.request, ",\"status\":", answer.status,
                    ",\"what\":", Quoted(answer.what), "}");
    comma = ",";
  }
  absl::StrAppend(out, "]");
}

void AppendRecord(const Record& record, ValueForm form, Detail detail, std::string* out) {
  absl::StrAppend(out, "{\"held\":", Bool(record.Holds()), ",\"value\":", ValueText(record.value, form),
                  ",\"applies\":", record.applies,
                  ",\"needless_second_effects\":", record.needless_second_effects,
                  ",\"repeats_of_state\":", record.repeats_of_state);
  if (form == ValueForm::kText) {
    absl::StrAppend(out, ",\"final\":", Bool(record.is_final), ",\"walidata\":", Bool(record.by_walidata),
                    ",\"pembina\":", Bool(record.by_pembina));
  }
  if (detail == Detail::kHistory) AppendHistory(record, form, out);
  absl::StrAppend(out, "}");
}

std::string KeyText(const ValueKey& key) { return key.Text(); }
const std::string& KeyText(const std::string& id) { return id; }

template <typename Map>
void AppendRecords(absl::string_view name, const Map& records, ValueForm form, Detail detail,
                   std::string* out) {
  absl::StrAppend(out, Quoted(name), ":{");
  absl::string_view comma = "";
  for (const auto& [key, record] : records) {
    absl::StrAppend(out, comma, Quoted(KeyText(key)), ":");
    AppendRecord(record, form, detail, out);
    comma = ",";
  }
  absl::StrAppend(out, "}");
}

void AppendTotals(absl::string_view name, const Totals& totals, std::string* out) {
  absl::StrAppend(out, Quoted(name), ":{\"held\":", totals.held, ",\"applies\":", totals.applies,
                  ",\"needless_second_effects\":", totals.needless_second_effects,
                  ",\"repeats_of_state\":", totals.repeats_of_state, "}");
}

absl::string_view NameOf(WriteKind kind) {
  switch (kind) {
    case WriteKind::kValue:
      return "value";
    case WriteKind::kWithdrawal:
      return "withdrawal";
    case WriteKind::kDataset:
      return "dataset";
  }
  return "";
}

}  // namespace

std::string Truth::Json(Detail detail) const {
  base::MutexLock lock(&mu_);
  std::string out = "{";
  AppendRecords("sipd", values_, ValueForm::kText, detail, &out);
  absl::StrAppend(&out, ",");
  AppendRecords("withdrawals", withdrawals_, ValueForm::kText, detail, &out);
  absl::StrAppend(&out, ",");
  AppendRecords("splp", datasets_, ValueForm::kJson, detail, &out);
  absl::StrAppend(&out, ",\"totals\":{");
  AppendTotals("sipd", sipd_totals_, &out);
  absl::StrAppend(&out, ",");
  AppendTotals("splp", splp_totals_, &out);
  absl::StrAppend(&out, "},");
  AppendPendingJson(&out);
  absl::StrAppend(&out, "}");
  return out;
}

void Truth::AppendPendingJson(std::string* out) const {
  const absl::Duration now = clock_.Monotonic();
  absl::StrAppend(out, "\"pending\":[");
  absl::string_view comma = "";
  for (const auto& [due, pending] : pending_) {
    const Write& write = pending.write;
    const bool is_dataset = write.kind == WriteKind::kDataset;
    absl::StrAppend(out, comma, "{\"kind\":", Quoted(NameOf(write.kind)),
                    ",\"key\":", Quoted(is_dataset ? write.id : write.key.Text()),
                    ",\"value\":", is_dataset ? write.value : Quoted(write.value),
                    ",\"request\":", pending.request, ",\"due_in_ms\":", absl::ToInt64Milliseconds(due - now),
                    "}");
    comma = ",";
  }
  absl::StrAppend(out, "]");
}

std::optional<std::string> Truth::SipdJson(absl::string_view key) const {
  const std::optional<Record> value = SipdRecord(key);
  const std::optional<Record> withdrawal = WithdrawalRecord(key);
  if (!value.has_value() && !withdrawal.has_value()) return std::nullopt;
  std::string out;
  AppendRecord(value.value_or(Record()), ValueForm::kText, Detail::kHistory, &out);
  if (!withdrawal.has_value()) return out;
  out.back() = ',';
  absl::StrAppend(&out, "\"withdrawal\":");
  AppendRecord(*withdrawal, ValueForm::kText, Detail::kHistory, &out);
  absl::StrAppend(&out, "}");
  return out;
}

std::optional<std::string> Truth::SplpJson(absl::string_view id) const {
  const std::optional<Record> record = SplpRecord(id);
  if (!record.has_value()) return std::nullopt;
  std::string out;
  AppendRecord(*record, ValueForm::kJson, Detail::kHistory, &out);
  return out;
}

}  // namespace satudata::simulator
