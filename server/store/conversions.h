// File: conversions.h
//
// How our types become columns: times are microseconds since the epoch, enumerations their names, failures
// JSON, what may be missing NULL. Internal to store/.
#ifndef SERVER_STORE_CONVERSIONS_H_
#define SERVER_STORE_CONVERSIONS_H_

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/access/account_store.h"
#include "server/access/role.h"
#include "server/base/shared_text.h"
#include "server/catalog/catalog_file.h"
#include "server/catalog/failure.h"
#include "server/catalog/file_mapping.h"
#include "server/store/soci.h"
#include "server/sync/limits/target_memory.h"
#include "server/sync/run.h"
#include "server/sync/state.h"

namespace satudata::store {

// The name of an enumerator in the database, and back; `Parse` returns false for a name that nothing has.
absl::string_view ColumnText(sync::State value);
absl::string_view ColumnText(sync::RunState value);
absl::string_view ColumnText(sync::RunKind value);
absl::string_view ColumnText(sync::ChangeKind value);
absl::string_view ColumnText(sync::VerdictKind value);
absl::string_view ColumnText(catalog::Verification value);
absl::string_view ColumnText(access::Role value);
absl::string_view ColumnText(access::Origin value);
bool ParseColumn(absl::string_view text, sync::State& value);
bool ParseColumn(absl::string_view text, sync::RunState& value);
bool ParseColumn(absl::string_view text, sync::RunKind& value);
bool ParseColumn(absl::string_view text, sync::ChangeKind& value);
bool ParseColumn(absl::string_view text, sync::VerdictKind& value);
bool ParseColumn(absl::string_view text, catalog::Verification& value);
bool ParseColumn(absl::string_view text, access::Role& value);
bool ParseColumn(absl::string_view text, access::Origin& value);

// `CONFIRMED=3 REJECTED=1`; states without any are left out.
std::string EncodeCounts(const sync::StateCounts& counts);
absl::string_view ColumnText(sync::PauseKind value);
bool ParseColumn(absl::string_view text, sync::PauseKind& value);
bool DecodeCounts(absl::string_view text, sync::StateCounts& counts);

// Most failures that are stored say that nothing failed: the empty text.
std::string EncodeFailureColumn(const catalog::Failure& failure);

// What the caller asked for, as one JSON column: it is only ever read back whole.
std::string EncodeRequest(const sync::SyncRequest& request);
bool DecodeRequest(absl::string_view text, sync::SyncRequest& request);

// A JSON array of texts, as a statement's one parameter for many keys. NUL, which neither engine gives back
// from one, becomes U+FFFD.
std::string JsonArray(absl::Span<const std::string> texts);
// What JsonArray wrote; empty for anything else.
std::vector<std::string> ParseJsonArray(absl::string_view text);

}  // namespace satudata::store

namespace soci {

// A column that holds what this program never writes: another program, or a damaged file.
template <typename T>
[[noreturn]] void ThrowUnreadable(T& /*value*/) {
  throw soci_error("a column holds a text that has no meaning here");
}

template <typename E>
struct type_conversion<E, std::enable_if_t<std::is_enum_v<E>>> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, E& value) {
    if (!satudata::store::ParseColumn(text, value)) ThrowUnreadable(value);
  }
  static void to_base(const E& value, std::string& text, indicator& null) {
    const absl::string_view name = satudata::store::ColumnText(value);
    text.assign(name.data(), name.size());
    null = i_ok;
  }
};

template <>
struct type_conversion<bool> {
  using base_type = long long;
  static void from_base(long long number, indicator /*null*/, bool& value) { value = number != 0; }
  static void to_base(const bool& value, long long& number, indicator& null) {
    number = value ? 1 : 0;
    null = i_ok;
  }
};

template <>
struct type_conversion<absl::Time> {
  using base_type = long long;
  static void from_base(long long micros, indicator /*null*/, absl::Time& value) {
    value = absl::FromUnixMicros(micros);
  }
  static void to_base(const absl::Time& value, long long& micros, indicator& null) {
    micros = absl::ToUnixMicros(value);
    null = i_ok;
  }
};

template <>
struct type_conversion<absl::Duration> {
  using base_type = long long;
  static void from_base(long long micros, indicator /*null*/, absl::Duration& value) {
    value = absl::Microseconds(micros);
  }
  static void to_base(const absl::Duration& value, long long& micros, indicator& null) {
    micros = absl::ToInt64Microseconds(value);
    null = i_ok;
  }
};

template <typename T>
struct type_conversion<std::optional<T>> {
  using base_type = typename type_conversion<T>::base_type;
  static void from_base(const base_type& base, indicator null, std::optional<T>& value) {
    if (null == i_null) {
      value.reset();
      return;
    }
    type_conversion<T>::from_base(base, null, value.emplace());
  }
  static void to_base(const std::optional<T>& value, base_type& base, indicator& null) {
    null = i_null;
    if (value.has_value()) type_conversion<T>::to_base(*value, base, null);
  }
};

template <>
struct type_conversion<satudata::catalog::Failure> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, satudata::catalog::Failure& value) {
    value = satudata::catalog::DecodeFailure(text);
  }
  static void to_base(const satudata::catalog::Failure& value, std::string& text, indicator& null) {
    text = satudata::store::EncodeFailureColumn(value);
    null = i_ok;
  }
};

// A row is filled again and again: what it has in common with the one before is kept.
template <>
struct type_conversion<satudata::base::SharedText> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, satudata::base::SharedText& value) {
    if (value.str() != text) value = text;
  }
  static void to_base(const satudata::base::SharedText& value, std::string& text, indicator& null) {
    text = value.str();
    null = i_ok;
  }
};

template <>
struct type_conversion<satudata::catalog::FileMapping> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, satudata::catalog::FileMapping& value) {
    std::optional<satudata::catalog::FileMapping> mapping = satudata::catalog::DecodeMapping(text);
    if (!mapping.has_value()) ThrowUnreadable(value);
    value = *std::move(mapping);
  }
  static void to_base(const satudata::catalog::FileMapping& value, std::string& text, indicator& null) {
    text = satudata::catalog::EncodeMapping(value);
    null = i_ok;
  }
};

template <>
struct type_conversion<satudata::sync::StateCounts> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, satudata::sync::StateCounts& value) {
    if (!satudata::store::DecodeCounts(text, value)) ThrowUnreadable(value);
  }
  static void to_base(const satudata::sync::StateCounts& value, std::string& text, indicator& null) {
    text = satudata::store::EncodeCounts(value);
    null = i_ok;
  }
};

template <>
struct type_conversion<satudata::sync::SyncRequest> {
  using base_type = std::string;
  static void from_base(const std::string& text, indicator /*null*/, satudata::sync::SyncRequest& value) {
    if (!satudata::store::DecodeRequest(text, value)) ThrowUnreadable(value);
  }
  static void to_base(const satudata::sync::SyncRequest& value, std::string& text, indicator& null) {
    text = satudata::store::EncodeRequest(value);
    null = i_ok;
  }
};

}  // namespace soci

#endif  // SERVER_STORE_CONVERSIONS_H_
