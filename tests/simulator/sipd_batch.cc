#include "tests/simulator/sipd_batch.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "server/base/log.h"
#include "tests/simulator/answers.h"
#include "tests/simulator/decimal.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

std::string TextField(const json& row, const char* name) {
  auto it = row.find(name);
  return it != row.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool HasWholeKey(const ValueKey& key) {
  return !key.kodepemda.empty() && !key.kodeindikator.empty() && !key.tahun.empty();
}

// Another actor's figure: never the one that was pushed.
std::string ThirdValue(absl::string_view value) { return absl::StrCat(value == "1" ? "" : "1", value); }

void AppendQuoted(std::string* out, const std::string& line) {
  absl::StrAppend(out, "\"", base::JsonEscape(line), "\"");
}

}  // namespace

absl::StatusOr<std::vector<Write>> ParseBatch(const std::string& body, WriteKind kind) {
  const json document = json::parse(body, nullptr, /*allow_exceptions=*/false);
  auto data = document.is_object() ? document.find("data") : document.end();
  if (!document.is_object() || data == document.end() || !data->is_array()) {
    return absl::InvalidArgumentError("data tidak ditemukan");
  }
  const char* value_field = kind == WriteKind::kValue ? "data" : "alasan";
  std::vector<Write> rows;
  rows.reserve(data->size());
  for (const json& row : *data) {
    if (!row.is_object()) return absl::InvalidArgumentError("baris bukan objek");
    rows.push_back(
        {.kind = kind,
         .key = {TextField(row, "kodepemda"), TextField(row, "tahun"), TextField(row, "kodeindikator")},
         .value = TextField(row, value_field)});
  }
  return rows;
}

SipdBatch::SipdBatch(const Services& services, const Exchange& exchange, const std::vector<Write>& rows)
    : services_(services), exchange_(exchange), rows_(rows) {}

Reply SipdBatch::Perform(const Fate& request_fate) {
  for (const Write& row : rows_) PerformRow(row, request_fate);
  if (!request_fate.Is(Quirk::kNoCommit)) log_.push_back("COMMIT TRANS");
  log_.push_back("");
  log_.push_back("Exe time: 0.023 detik");
  return Json(200, Body(request_fate));
}

void SipdBatch::PerformRow(const Write& row, const Fate& request_fate) {
  const std::string key = row.key.Text(services_.options.log_key_separator);
  if (!HasWholeKey(row.key)) return LogError(key, "kunci baris tidak lengkap");
  if (auto refusal = services_.truth.RefusalOf(row); refusal.has_value()) {
    answers_.emplace_back(&row, "refused");
    return LogError(key, *refusal);
  }
  const Fate fate = services_.quirks.Draw(exchange_.operation, Scope::kRow, row.key.Text());
  if (!fate.Is(Quirk::kNone)) services_.ledger.CountRow(exchange_.operation, fate.quirk);
  answers_.emplace_back(&row, fate.Is(Quirk::kNone) ? "ok" : NameOf(fate.quirk));
  if (fate.Is(Quirk::kRowRefused)) return LogError(key, "gagal disimpan");
  if (fate.Is(Quirk::kRowErrorWithoutKey)) return LogError("", "baris tidak valid");
  Take(row, key, fate, request_fate);
}

// The row is taken, or seems to be.
void SipdBatch::Take(const Write& row, const std::string& key, const Fate& fate, const Fate& request_fate) {
  TakeEffect(row, fate, request_fate);
  if (fate.Is(Quirk::kRowNoLine)) return;
  log_.push_back(absl::StrCat(key, " OK"));
  if (fate.Is(Quirk::kRowOkAndError)) LogError(key, "duplikat transaksi");
}

void SipdBatch::TakeEffect(const Write& row, const Fate& fate, const Fate& request_fate) {
  const bool late = fate.Is(Quirk::kRowLate) || request_fate.Is(Quirk::kHangLate);
  if (fate.Is(Quirk::kRowNever)) return;
  if (!TakesEffect(request_fate) && !request_fate.Is(Quirk::kHangLate)) return;
  if (late) {
    const Fate& dice = fate.Is(Quirk::kRowLate) ? fate : request_fate;
    return services_.late.Defer(row, exchange_.ordinal, LateDelay(services_.options, dice));
  }
  const bool doubtful = fate.Is(Quirk::kRowNoLine) || fate.Is(Quirk::kRowOkAndError);
  if (doubtful && !fate.Coin()) return;
  services_.truth.Perform(row, exchange_.ordinal, Actor::kClient);
  if (!fate.Is(Quirk::kRowThirdValue)) return;
  Write interference = row;
  interference.value = ThirdValue(row.value);
  services_.truth.Perform(interference, exchange_.ordinal, Actor::kOther);
}

void SipdBatch::LogError(absl::string_view key, absl::string_view text) {
  log_.push_back(absl::StrCat("ERROR: ", key, key.empty() ? "" : " ", text));
}

std::string SipdBatch::Body(const Fate& request_fate) const {
  std::string body = absl::StrCat(R"({"code":200,"msg":"Sukses menyimpan )", exchange_.request.body.size(),
                                  R"( byte tunggu proses ekstraksi")");
  if (!request_fate.Is(Quirk::kNoLog)) {
    absl::StrAppend(&body, ",\"log\":[", absl::StrJoin(log_, ",", AppendQuoted), "]");
  }
  absl::StrAppend(&body, "}");
  return body;
}

void SipdBatch::NoteAnswers(int status, const Fate& request_fate) {
  std::vector<std::pair<const Write*, Answer>> notes;
  if (answers_.empty()) {
    for (const Write& row : rows_) {
      if (HasWholeKey(row.key)) answers_.emplace_back(&row, absl::string_view());
    }
  }
  for (const auto& [row, what] : answers_) {
    const bool shaped_as_a_whole = !request_fate.Is(Quirk::kNone);
    notes.push_back(
        {row, {exchange_.ordinal, status, shaped_as_a_whole ? NameOf(request_fate.quirk) : what}});
  }
  services_.truth.Note(notes);
}

}  // namespace satudata::simulator
