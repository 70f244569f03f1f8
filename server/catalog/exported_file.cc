#include "server/catalog/exported_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/catalog/file_mapping.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"

namespace satudata::catalog {
namespace {

// A JSON value that is neither object nor array; numbers and booleans as they were written.
struct Scalar {
  enum class Kind { kNull, kText, kNumber, kBoolean };
  Kind kind = Kind::kNull;
  absl::string_view text = "";
};

// What every call that names a file takes as an id.
bool IsUsableId(absl::string_view id) {
  constexpr size_t kMaxBytes = 128;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return id.size() <= kMaxBytes && std::none_of(id.begin(), id.end(), is_control);
}

std::string Trimmed(absl::string_view text) { return std::string(absl::StripAsciiWhitespace(text)); }

// ---- What a record becomes ----

struct Record {
  FileWithValues result;
  std::string verification;  // As written.
};

using Setter = void (*)(Record&, const Scalar&);

template <std::string CatalogFile::*field>
void SetText(Record& record, const Scalar& scalar) {
  record.result.file.*field = Trimmed(scalar.text);
}

void SetPublic(Record& record, const Scalar& scalar) {
  const absl::string_view text = absl::StripAsciiWhitespace(scalar.text);
  bool parsed = false;
  record.result.file.is_public = text.empty() || (absl::SimpleAtob(text, &parsed) && parsed);
}

void SetVerification(Record& record, const Scalar& scalar) { record.verification = Trimmed(scalar.text); }

void ClearMetadata(Record& record, const Scalar&) {
  CatalogFile& file = record.result.file;
  file.producer.clear();
  file.coverage.clear();
  file.frequency.clear();
  file.dimension.clear();
  file.source_create_time.reset();
  file.source_update_time.reset();
}

// Years 1 to 9999: beyond them times cannot be written as text, nor stored as microseconds.
std::optional<absl::Time> Sensible(absl::Time time) {
  const absl::Time first = absl::FromUnixSeconds(-62135596800);
  const absl::Time end = absl::FromUnixSeconds(253402300800);
  return time >= first && time < end ? std::make_optional(time) : std::nullopt;
}

// Milliseconds since 1970 or ISO 8601 text; a date alone is its first moment in UTC.
std::optional<absl::Time> ReadTime(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  int64_t millis = 0;
  if (absl::SimpleAtoi(text, &millis)) return Sensible(absl::FromUnixMillis(millis));
  absl::Time time;
  for (const char* format : {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, text, &time, /*err=*/nullptr)) return Sensible(time);
  }
  return std::nullopt;
}

template <std::optional<absl::Time> CatalogFile::*field>
void SetTime(Record& record, const Scalar& scalar) {
  record.result.file.*field = ReadTime(scalar.text);
}

void ClearValues(Record& record, const Scalar&) { record.result.values.clear(); }

// The value whose members are being read. Paths below kElementPath occur inside of an element alone.
IndicatorValue& Current(Record& record) { return record.result.values.back(); }

template <std::string IndicatorValue::*field>
void SetCode(Record& record, const Scalar& scalar) {
  Current(record).*field = Trimmed(scalar.text);
}

void SetUnit(Record& record, const Scalar& scalar) { Current(record).satuan = Trimmed(scalar.text); }

void SetYear(Record& record, const Scalar& scalar) {
  Current(record).tahun = Trimmed(scalar.text);
  if (scalar.kind != Scalar::Kind::kNumber) return;
  const std::string canonical = CanonicalDecimal(scalar.text);  // 2024.0 is 2024.
  if (!canonical.empty()) Current(record).tahun = canonical;
}

void SetValue(Record& record, const Scalar& scalar) {
  Current(record).raw_value = std::string(scalar.text);
  Current(record).is_exact = scalar.kind == Scalar::Kind::kNumber;
}

void SetExtendedNumber(Record& record, const Scalar& scalar) {
  SetValue(record, {Scalar::Kind::kNumber, scalar.text});
}

// ---- Where things stand in the JSON ----

constexpr absl::string_view kElement = "/[]";
constexpr absl::string_view kElementPath = "/indicatorValues/[]";
constexpr absl::string_view kMappingPath = "/mapping";
// Where an object or array that we do not know must not pass for something missing.
constexpr absl::string_view kStrictPaths[] = {"/isPublic", "/StatusVerifikasi", "/indicatorValues/[]/nilai"};

using Paths = absl::flat_hash_map<absl::string_view, Setter>;

// What is set, or cleared, by a scalar at each path. A name that comes again first clears what it set before.
const Paths& KnownPaths() {
  static const auto* const paths = new Paths({
      {"/_id", SetText<&CatalogFile::file_id>},
      {"/_id/$oid", SetText<&CatalogFile::file_id>},
      {"/name", SetText<&CatalogFile::name>},
      {"/temadataset", SetText<&CatalogFile::theme>},
      {"/metaData", ClearMetadata},
      {"/metaData/produsen", SetText<&CatalogFile::producer>},
      {"/metaData/cakupandata", SetText<&CatalogFile::coverage>},
      {"/metaData/frekuensi", SetText<&CatalogFile::frequency>},
      {"/metaData/dimensidataset", SetText<&CatalogFile::dimension>},
      {"/metaData/createdAt", SetTime<&CatalogFile::source_create_time>},
      {"/metaData/createdAt/$date", SetTime<&CatalogFile::source_create_time>},
      {"/metaData/createdAt/$date/$numberLong", SetTime<&CatalogFile::source_create_time>},
      {"/metaData/updatedAt", SetTime<&CatalogFile::source_update_time>},
      {"/metaData/updatedAt/$date", SetTime<&CatalogFile::source_update_time>},
      {"/metaData/updatedAt/$date/$numberLong", SetTime<&CatalogFile::source_update_time>},
      {"/filename", SetText<&CatalogFile::file_name>},
      {"/fileType", SetText<&CatalogFile::file_type>},
      {"/isPublic", SetPublic},
      {"/StatusVerifikasi", SetVerification},
      {"/kodepemda", SetText<&CatalogFile::kodepemda>},
      {"/indicatorValues", ClearValues},
      {"/indicatorValues/[]/kodeindikator", SetCode<&IndicatorValue::kodeindikator>},
      {"/indicatorValues/[]/kodepemda", SetCode<&IndicatorValue::kodepemda>},
      {"/indicatorValues/[]/satuan", SetUnit},
      {"/indicatorValues/[]/tahun", SetYear},
      {"/indicatorValues/[]/tahun/$numberInt", SetYear},
      {"/indicatorValues/[]/tahun/$numberLong", SetYear},
      {"/indicatorValues/[]/nilai", SetValue},
      {"/indicatorValues/[]/nilai/$numberInt", SetExtendedNumber},
      {"/indicatorValues/[]/nilai/$numberLong", SetExtendedNumber},
      {"/indicatorValues/[]/nilai/$numberDouble", SetExtendedNumber},
      {"/indicatorValues/[]/nilai/$numberDecimal", SetExtendedNumber},
  });
  return *paths;
}

using Json = nlohmann::json;

// Follows the parser's events and keeps the path of where it is. Returning false stops the parser. Its stack
// is on the heap, and so is ours: depth costs no call stack.
class RecordReader final : public nlohmann::json_sax<Json> {
 public:
  explicit RecordReader(int64_t line) : line_(line) { record_.result.keeps_mapping = true; }

  bool null() override { return Take({}); }
  bool boolean(bool value) override { return Take({Scalar::Kind::kBoolean, value ? "true" : "false"}); }
  bool number_integer(int64_t value) override { return TakeNumber(absl::StrCat(value)); }
  bool number_unsigned(uint64_t value) override { return TakeNumber(absl::StrCat(value)); }
  // `text` is the number as written: it keeps the digits that a double has no room for.
  bool number_float(double, const std::string& text) override { return TakeNumber(text); }
  bool string(std::string& text) override { return Take({Scalar::Kind::kText, text}); }
  bool binary(Json::binary_t&) override { return Refuse(Reason::kLineNotJson); }  // Not in textual JSON.

  bool key(std::string& name) override {
    path_.resize(containers_.back());
    // A name that looks like a piece of a path must not be taken for one.
    const bool plain = name.find('/') == std::string::npos && name != "[]";
    absl::StrAppend(&path_, "/", plain ? absl::string_view(name) : "?");
    if (path_ == kMappingPath) {
      record_.result.file.mapping = {};
      record_.result.keeps_mapping = false;
    }
    if (IsInMapping() && !IsMappingField(name) && !absl::StartsWith(name, "$"))
      return RefuseMapping(name, "");
    if (const Setter setter = SetterHere(); setter != nullptr) setter(record_, Scalar());
    return true;
  }

  bool start_object(size_t) override {
    if (path_ == kElementPath && !AddElement()) return false;
    return Enter("{…}");
  }
  bool end_object() override { return Leave(); }

  bool start_array(size_t) override {
    if (containers_.empty()) return Refuse(Reason::kLineNotObject);
    if (path_ == kElementPath && !AddBrokenElement()) return false;
    if (path_ == kMappingPath || IsInMapping()) return RefuseMapping("", "[…]");
    if (!Enter("[…]")) return false;
    absl::StrAppend(&path_, kElement);
    return true;
  }
  bool end_array() override { return Leave(); }

  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    return Refuse(Reason::kLineNotJson, {{"detail", absl::StrCat("byte ", position)}});
  }

  // After the parser has returned.
  absl::StatusOr<FileWithValues> Finish(bool parsed) && {
    if (!parsed) return FailureStatus(absl::StatusCode::kInvalidArgument, std::move(failure_));
    if (record_.result.file.file_id.empty()) return Refused(Reason::kIdMissing, {});
    if (!IsUsableId(record_.result.file.file_id)) {
      return Refused(
          Reason::kFieldInvalid,
          {{"field", "_id"}, {"value", "…"}, {"expected", "at most 128 bytes, no control characters"}});
    }
    if (!record_.verification.empty()) {
      const std::optional<Verification> verification = ParseVerification(record_.verification);
      if (!verification) return Refused(Reason::kVerificationUnknown, {{"value", record_.verification}});
      record_.result.file.verification = *verification;
    }
    record_.result.file.has_inline_values = !record_.result.values.empty();
    JudgeValues(record_.result.values, record_.result.file.mapping.number_format);
    return std::move(record_.result);
  }

 private:
  Setter SetterHere() const {
    const auto found = KnownPaths().find(path_);
    return found == KnownPaths().end() ? nullptr : found->second;
  }

  bool Take(const Scalar& scalar) {
    if (containers_.empty()) return Refuse(Reason::kLineNotObject);
    if (path_ == kElementPath) return AddBrokenElement();
    if (path_ == kMappingPath && scalar.kind != Scalar::Kind::kNull) return RefuseMapping("", scalar.text);
    if (IsInMapping()) return TakeMapping(scalar);
    if (const Setter setter = SetterHere(); setter != nullptr) setter(record_, scalar);
    return true;
  }

  // A mapping is ours, and a name in it that we do not know a mistake, unlike the portal's fields.
  bool IsInMapping() const { return absl::StartsWith(path_, "/mapping/"); }
  bool TakeMapping(const Scalar& scalar) {
    absl::string_view name = path_;
    absl::ConsumePrefix(&name, kMappingPath);
    absl::ConsumePrefix(&name, "/");
    for (absl::string_view number : {"/$numberInt", "/$numberLong"}) absl::ConsumeSuffix(&name, number);
    if (scalar.kind == Scalar::Kind::kNull && IsMappingField(name)) return true;
    const FieldSet set = SetMappingField(name, scalar.text, record_.result.file.mapping);
    return set == FieldSet::kOk || RefuseMapping(name, scalar.text);
  }
  bool RefuseMapping(absl::string_view name, absl::string_view value) {
    return Refuse(Reason::kFieldInvalid, {{"field", absl::StrCat("mapping", name.empty() ? "" : ".", name)},
                                          {"value", Quoted(value)},
                                          {"expected", std::string(MappingFieldNames())}});
  }

  bool TakeNumber(const std::string& text) { return Take({Scalar::Kind::kNumber, text}); }

  bool Enter(absl::string_view shown) {
    const bool strict = absl::c_linear_search(kStrictPaths, path_);
    if (strict) SetterHere()(record_, {Scalar::Kind::kText, shown});
    if (containers_.size() >= kMaxRecordDepth) {
      return Refuse(Reason::kLineNotJson, {{"detail", absl::StrCat("depth > ", kMaxRecordDepth)}});
    }
    containers_.push_back(path_.size());
    return true;
  }
  bool Leave() {
    path_.resize(containers_.back());
    containers_.pop_back();
    return true;
  }

  bool AddElement() {
    std::vector<IndicatorValue>& values = record_.result.values;
    if (static_cast<int64_t>(values.size()) >= kMaxInlineValues) {
      return Refuse(Reason::kTooManyValues, {{"limit", absl::StrCat(kMaxInlineValues)}});
    }
    values.emplace_back();
    values.back().position = static_cast<int64_t>(values.size());
    return true;
  }
  // Where an object was expected: kept, with what is wrong.
  bool AddBrokenElement() {
    if (!AddElement()) return false;
    const std::string detail = absl::StrCat("indicatorValues[", Current(record_).position - 1, "]");
    Current(record_).finding =
        Failure{.reason = Reason::kRowMalformed, .args = {{"line", absl::StrCat(line_)}, {"detail", detail}}};
    return true;
  }

  bool Refuse(Reason reason, FailureArgs args = {}) {
    args.emplace("line", absl::StrCat(line_));
    failure_ = Failure{.reason = reason, .args = std::move(args)};
    return false;
  }
  absl::Status Refused(Reason reason, FailureArgs args) {
    Refuse(reason, std::move(args));
    return FailureStatus(absl::StatusCode::kInvalidArgument, std::move(failure_));
  }

  const int64_t line_;
  Record record_;
  std::string path_;                // `/metaData/produsen`; the elements of an array are `/[]`.
  std::vector<size_t> containers_;  // The length of the path of each open container.
  Failure failure_;
};

}  // namespace

absl::StatusOr<FileWithValues> ParseExportedFile(absl::string_view json, int64_t line) {
  RecordReader reader(line);
  const bool parsed = Json::sax_parse(json.begin(), json.end(), &reader);
  return std::move(reader).Finish(parsed);
}

}  // namespace satudata::catalog
