#include "server/targets/ewalidata/row_reader.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace satudata::targets::ewalidata {
namespace {

struct Field {
  absl::string_view name;
  std::string TargetRow::*member;
};
constexpr std::array<Field, 10> kFields = {{
    {"kodeindikator", &TargetRow::kodeindikator},
    {"kodepemda", &TargetRow::kodepemda},
    {"tahun", &TargetRow::tahun},
    {"status_verifikasi_pembinadata", &TargetRow::status_verifikasi_pembinadata},
    {"idtransaksi", &TargetRow::idtransaksi},
    {"lastupdate", &TargetRow::lastupdate},
    {"uraian_indikator", &TargetRow::uraian_indikator},
    {"satuan", &TargetRow::satuan},
    {"bidangurusan", &TargetRow::bidangurusan},
    {"status", &TargetRow::status},
}};

// What stands beside the rows in an object around them.
class Envelope {
 public:
  void Note(absl::string_view key, absl::string_view value) {
    if (key == "code") code_ = std::string(value);
    if (key == "msg" || key == "message") text_ = std::string(value);
    if (key == "status" || key == "success" || key == "error") NoteOutcome(key, value);
  }
  // A member that is an object or an array.
  void NoteNested(absl::string_view key) {
    if (key == "error" || key == "errors" || key == "fault") speaks_of_error_ = true;
  }

  bool SpeaksOfError() const { return speaks_of_error_ || (!code_.empty() && code_ != "200"); }
  const std::string& code() const { return code_; }
  const std::string& text() const { return text_; }

 private:
  void NoteOutcome(absl::string_view key, absl::string_view value) {
    const std::string word = absl::AsciiStrToLower(value);
    int number = 0;
    const bool denies = word == "false" || word == "error" || word == "fail" || word == "failed" ||
                        word == "gagal" || (absl::SimpleAtoi(word, &number) && number >= 400);
    speaks_of_error_ |= key == "error" ? !value.empty() && word != "false" : denies;
  }

  std::string code_;
  std::string text_;
  bool speaks_of_error_ = false;
};

// Takes nlohmann's events. Where it stands is `place_`; whatever nests deeper than a row's fields is skipped
// by counting. Returning false ends the parse: the text is no table.
class RowHandler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return skipped_ > 0 || TakeNull(); }
  bool boolean(bool value) override { return Take(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Take(absl::StrCat(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Take(absl::StrCat(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return Take(digits); }
  bool string(string_t& value) override { return Take(value); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    if (skipped_ == 0) key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  bool start_object(std::size_t) override {
    if (skipped_ > 0 || place_ == Place::kEnvelope || place_ == Place::kRow) return Skip();
    if (place_ == Place::kRows) table_.rows.emplace_back();
    place_ = place_ == Place::kRows ? Place::kRow : Place::kEnvelope;
    return true;
  }
  bool end_object() override {
    if (skipped_ > 0) return Unskip();
    if (place_ == Place::kEnvelope) return true;
    place_ = Place::kRows;
    return !table_.rows.back().kodeindikator.empty();
  }
  bool start_array(std::size_t) override {
    const bool holds_rows = place_ == Place::kTop || (place_ == Place::kEnvelope && IsRowsKey());
    if (skipped_ > 0 || !holds_rows) return Skip();
    if (table_.is_rows) return false;  // Two lists of rows: which of them counts?
    is_bare_ = place_ == Place::kTop;
    table_.is_rows = true;
    place_ = Place::kRows;
    return true;
  }
  bool end_array() override {
    if (skipped_ > 0) return Unskip();
    place_ = is_bare_ ? Place::kTop : Place::kEnvelope;
    return true;
  }

  RowTable Finish(bool parsed) {
    const bool is_rows = parsed && table_.is_rows && !envelope_.SpeaksOfError();
    if (is_rows) return std::move(table_);
    RowTable failure;
    if (parsed) failure.error_code = envelope_.code();
    if (parsed) failure.error_text = envelope_.text();
    return failure;
  }

 private:
  enum class Place { kTop, kEnvelope, kRows, kRow };

  bool IsRowsKey() const { return key_ == "data" || key_ == "result"; }

  bool Skip() {
    if (skipped_ == 0 && place_ == Place::kRows) return false;  // A row that is an array.
    if (skipped_ == 0 && place_ == Place::kRow && key_ == "data")
      return false;  // A value that is a structure.
    if (skipped_ == 0 && place_ == Place::kEnvelope) envelope_.NoteNested(key_);
    ++skipped_;
    return true;
  }
  bool Unskip() {
    --skipped_;
    return true;
  }

  bool TakeNull() {
    if (place_ == Place::kRow && key_ == "data") table_.rows.back().data.reset();
    return place_ == Place::kEnvelope || place_ == Place::kRow;
  }

  bool Take(absl::string_view value) {
    if (skipped_ > 0) return true;
    if (place_ == Place::kEnvelope) envelope_.Note(key_, value);
    if (place_ == Place::kRow) TakeField(value);
    return place_ == Place::kEnvelope || place_ == Place::kRow;
  }

  void TakeField(absl::string_view value) {
    TargetRow& row = table_.rows.back();
    if (key_ == "data") {
      row.data = std::string(value);
      return;
    }
    for (const Field& field : kFields) {
      if (field.name == key_) row.*field.member = std::string(value);
    }
  }

  Place place_ = Place::kTop;
  int64_t skipped_ = 0;  // How many structures deep we are in what does not matter.
  bool is_bare_ = false;
  std::string key_;
  Envelope envelope_;
  RowTable table_;
};

}  // namespace

RowTable ReadRows(absl::string_view json) {
  RowHandler handler;
  const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  return handler.Finish(parsed);
}

bool IsDisabled(const TargetRow& row) { return absl::EqualsIgnoreCase(row.status, "DISABLED"); }

}  // namespace satudata::targets::ewalidata
