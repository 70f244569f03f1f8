#include "server/targets/ewalidata/projection.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/hash.h"
#include "server/catalog/indicator.h"
#include "server/catalog/number.h"
#include "server/targets/ewalidata/codec.h"

namespace satudata::targets::ewalidata {
namespace {

using catalog::CatalogFile;
using catalog::Failure;
using catalog::IndicatorValue;
using catalog::Reason;

// Nothing to send and nothing to mend: reported as a count.
bool IsFinding(Reason reason) {
  return reason == Reason::kValueAbsent || reason == Reason::kIndicatorCodeLocal ||
         reason == Reason::kDuplicateValue || reason == Reason::kTotalRow;
}

// A table of figures, or meant to be one.
bool IsTable(const CatalogFile& file) {
  if (!file.mapping.empty()) return true;
  absl::string_view type = file.file_type;
  absl::ConsumePrefix(&type, ".");
  for (absl::string_view table : {"csv", "xls", "xlsx"}) {
    if (absl::EqualsIgnoreCase(type, table)) return true;
    if (absl::EndsWithIgnoreCase(file.file_name, absl::StrCat(".", table))) return true;
  }
  return false;
}

// Whether a file without values is at fault, or just of a kind that carries none.
bool MustBeReported(const Failure& content_failure, const CatalogFile& file) {
  switch (content_failure.reason) {
    case Reason::kNone:
      return false;
    case Reason::kContentMissing:
      return IsTable(file);
    default:
      return true;
  }
}

Failure JudgeWithdrawn(const ValueKey& key, const FindReferences& find_references) {
  if (key.kodepemda.empty()) return {.reason = Reason::kKodepemdaMissing};
  if (!catalog::IsKodepemda(key.kodepemda)) {
    return {.reason = Reason::kKodepemdaInvalid, .args = {{"value", key.kodepemda}}};
  }
  if (catalog::IsLocalIndicatorCode(key.kodeindikator)) {
    return {.reason = Reason::kIndicatorCodeLocal, .args = {{"value", key.kodeindikator}}};
  }
  if (!catalog::IsNationalIndicatorCode(key.kodeindikator)) {
    return {.reason = Reason::kIndicatorCodeInvalid, .args = {{"value", key.kodeindikator}}};
  }
  if (!catalog::IsYear(key.tahun)) return {.reason = Reason::kYearInvalid, .args = {{"value", key.tahun}}};
  const ReferenceListPtr list = find_references(key.kodepemda);
  if (list == nullptr || list->indicators.contains(key.kodeindikator)) return Failure();
  return {.reason = Reason::kIndicatorUnknown, .args = {{"kodeindikator", key.kodeindikator}}};
}

class FileProjector {
 public:
  FileProjector(const CatalogFile& file, const Options& options, const FindReferences& find_references)
      : file_(file), options_(options), find_references_(find_references) {}

  void Add(const IndicatorValue& value) {
    if (IsFinding(value.finding.reason)) {
      ++projection_.finding_count;
      return;
    }
    const ValueKey key{KodepemdaOf(value), value.kodeindikator, value.tahun};
    const auto [known, is_new] = by_key_.try_emplace(key.Text(), projection_.records.size());
    if (is_new) {
      projection_.records.push_back(Project(value, key));
      raw_values_.push_back(value.raw_value);
    } else if (ParseValueKey(key.Text()).has_value()) {
      AddRepeated(value, known->second);
    } else {  // Blanks and misspellings that happen to be alike are different mistakes.
      AddNumbered(value, key);
    }
  }

  sync::Projection Finish() && { return std::move(projection_); }

 private:
  const std::string& KodepemdaOf(const IndicatorValue& value) const {
    if (!value.kodepemda.empty()) return value.kodepemda;
    return file_.kodepemda.empty() ? options_.default_kodepemda : file_.kodepemda;
  }

  sync::ProjectedRecord Project(const IndicatorValue& value, const ValueKey& key) {
    sync::ProjectedRecord projected;
    projected.failure = Judge(value, key);
    projected.record.key = key.Text();
    projected.record.scope = key.Scope();
    projected.record.value = value.value.value_or(value.raw_value);
    projected.record.hash =
        HashValue(projected.record.key, value.value.value_or(absl::StrCat("text:", value.raw_value)));
    return projected;
  }

  Failure Judge(const IndicatorValue& value, const ValueKey& key) {
    if (key.kodepemda.empty()) return Failure{.reason = Reason::kKodepemdaMissing};
    if (!value.finding.ok()) return catalog::FindingOf(value);
    if (!catalog::IsKodepemda(key.kodepemda)) {
      return Failure{.reason = Reason::kKodepemdaInvalid, .args = {{"value", key.kodepemda}}};
    }
    return JudgeReference(value, key);
  }

  Failure JudgeReference(const IndicatorValue& value, const ValueKey& key) {
    const ReferenceListPtr& list = References(key.kodepemda);
    if (list == nullptr) return Failure();
    const auto indicator = list->indicators.find(key.kodeindikator);
    const catalog::FailureArgs args = {{"kodeindikator", key.kodeindikator}};
    if (indicator == list->indicators.end()) return {.reason = Reason::kIndicatorUnknown, .args = args};
    if (indicator->second.is_disabled) return {.reason = Reason::kIndicatorDisabled, .args = args};
    return JudgeUnit(value, indicator->second.unit);
  }

  // Where both say a unit it must be the same: nothing is converted here.
  Failure JudgeUnit(const IndicatorValue& value, const std::string& expected) const {
    const std::string& unit = value.satuan.str();
    if (catalog::IsAbsentMarker(unit) || catalog::IsAbsentMarker(expected)) return Failure();
    if (options_.units.AreSame(unit, expected)) return Failure();
    IndicatorValue judged = {.column_number = value.column_number, .line = value.line, .sheet = value.sheet};
    judged.finding = {.reason = Reason::kUnitMismatch, .args = {{"unit", unit}, {"expected_unit", expected}}};
    return catalog::FindingOf(judged);
  }

  // One look per region and file: all values of a file are judged by the same list.
  const ReferenceListPtr& References(const std::string& kodepemda) {
    const auto [entry, is_new] = lists_.try_emplace(kodepemda);
    if (is_new && find_references_) entry->second = find_references_(kodepemda);
    return entry->second;
  }

  void AddRepeated(const IndicatorValue& value, size_t index) {
    sync::ProjectedRecord& first = projection_.records[index];
    const bool is_same =
        value.value.has_value() ? first.record.value == *value.value : raw_values_[index] == value.raw_value;
    if (is_same || first.failure.reason == Reason::kValuesContradict) {
      ++projection_.finding_count;
      return;
    }
    first.failure = Failure{.reason = Reason::kValuesContradict,
                            .args = {{"key", first.record.key},
                                     {"value", first.record.value},
                                     {"other_value", value.value.value_or(value.raw_value)},
                                     {"other_file", ""},  // This same file.
                                     {"other_file_name", ""}}};
  }

  void AddNumbered(const IndicatorValue& value, const ValueKey& key) {
    sync::ProjectedRecord projected = Project(value, key);
    absl::StrAppend(&projected.record.key, "#", value.position);
    if (!by_key_.try_emplace(projected.record.key, projection_.records.size()).second) return;
    projection_.records.push_back(std::move(projected));
    raw_values_.push_back(value.raw_value);
  }

  const CatalogFile& file_;
  const Options& options_;
  const FindReferences& find_references_;
  sync::Projection projection_;
  std::vector<std::string> raw_values_;  // Of each record, as written.
  absl::flat_hash_map<std::string, size_t> by_key_;
  absl::flat_hash_map<std::string, ReferenceListPtr> lists_;
};

}  // namespace

sync::Projection ProjectFile(const CatalogFile& file, absl::Span<const IndicatorValue> values,
                             const Failure& content_failure, const Options& options,
                             const FindReferences& find_references) {
  if (!file.is_public && options.traits.withhold_private_files) {
    return {.skipped = {.reason = Reason::kFilePrivate}};
  }
  const bool is_content_at_fault = !file.has_inline_values && MustBeReported(content_failure, file);
  if (is_content_at_fault) return {.rejected = content_failure};
  FileProjector projector(file, options, find_references);
  for (const IndicatorValue& value : values) projector.Add(value);
  sync::Projection projection = std::move(projector).Finish();
  if (projection.records.empty()) projection.skipped.reason = Reason::kNoIndicatorValues;
  return projection;
}

sync::ProjectedRecord MakeWithdrawal(const sync::Withdrawal& withdrawal, const Options& options,
                                     const FindReferences& find_references) {
  const ValueKey key{withdrawal.kodepemda.empty() ? options.default_kodepemda : withdrawal.kodepemda,
                     withdrawal.kodeindikator, withdrawal.tahun};
  return {.record = {.key = key.Text(),
                     .scope = WithdrawalScope(key.Scope()),
                     .hash = std::string(sync::kWithdrawnHash),
                     .payload = withdrawal.explanation},
          .failure = JudgeWithdrawn(key, find_references)};
}

}  // namespace satudata::targets::ewalidata
