// File: codec.h
//
// Records to request bodies and addresses, and target rows to observed values. Pure.
#ifndef SERVER_TARGETS_EWALIDATA_CODEC_H_
#define SERVER_TARGETS_EWALIDATA_CODEC_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/sync/target.h"
#include "server/targets/ewalidata/options.h"
#include "server/targets/ewalidata/row_reader.h"

namespace satudata::targets::ewalidata {

// What identifies a value at the target.
struct ValueKey {
  std::string kodepemda;
  std::string kodeindikator;
  std::string tahun;

  std::string Text() const;   // `1612.1.02.000318.2024`: a record's key.
  std::string Scope() const;  // `1612/2024`: what one read covers.
};
// The inverse of Text(); nullopt for what no key of ours looks like.
std::optional<ValueKey> ParseValueKey(absl::string_view text);

struct TableScope {
  std::string kodepemda;
  std::string tahun;
};
// The inverse of Scope(); nullopt for anything but `dddd/dddd`.
std::optional<TableScope> ParseScope(absl::string_view scope);
// What a withdrawal is read back by: the same table, and which of its indicators are withdrawn.
std::string WithdrawalScope(absl::string_view scope);  // `1612/2024/withdrawn`
// Whether it is one; then `scope` is left as the table's.
bool ConsumeWithdrawalScope(absl::string_view& scope);

// What the hash of a record is made of, for a value as canonical decimal.
std::string HashValue(absl::string_view key, absl::string_view canonical);

// What the target calls fields, by their own names; those that are not there have their own.
using FieldNames = std::map<std::string, std::string, std::less<>>;
// The names of a push's fields, in the order in which they are written.
std::vector<std::string> PushFieldNames();
// The body of a push: {"data":[{"kodeindikator","kodepemda","tahun","data"}]}, all strings.
std::string EncodePush(absl::Span<const sync::OutboundRecord> records, NumberStyle style,
                       const FieldNames& names = {});

// The names of a withdrawal's fields, in the order in which they are written.
std::vector<std::string> WithdrawalFieldNames();
// The body of a withdrawal: {"data":[{"kodeindikator","kodepemda","tahun","alasan"}]}, all strings; a
// record's payload is its `alasan`.
std::string EncodeWithdrawal(absl::Span<const sync::OutboundRecord> records, const FieldNames& names);

// How the log of a push names this record: `row_key_template` filled in.
std::string RowKey(absl::string_view record_key, absl::string_view row_key_template);

// `/get_dssd?kodepemda=1612&tahun=2024`
std::string TablePath(absl::string_view endpoint, const TableScope& scope);

// What the table holds of `scope`, by record key. Rows of other scopes and rows without a value are left out;
// of several rows with one key the one with the latest `lastupdate` counts. A value that is no number is kept
// as it stands and equals none of ours.
using ObservedValues = absl::flat_hash_map<std::string, sync::ObservedValue>;
ObservedValues ObserveRows(const std::vector<TargetRow>& rows, const TableScope& scope, NumberStyle style);

// Marks what the reference list says to be withdrawn, whether it has a value or not.
void MarkWithdrawn(const std::vector<TargetRow>& references, const TableScope& scope, ObservedValues& values);

// Marks what the list of final values names, and adds what only that list has.
void MarkFinal(const ObservedValues& final_values, ObservedValues& values);

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_CODEC_H_
