// File: pg_row.h
//
// One field of a row to and from PostgreSQL, by the conversions that SQLite's rows have. Internal to store/.
#ifndef SERVER_STORE_PG_ROW_H_
#define SERVER_STORE_PG_ROW_H_

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "server/store/conversions.h"
#include "server/store/pg_session.h"

namespace satudata::store {

template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// What a field is in the database: a text or a whole number.
template <typename T>
using PgBase = typename soci::type_conversion<T>::base_type;
template <typename T>
inline constexpr bool kIsPgText = std::is_same_v<PgBase<T>, std::string>;

template <typename T>
void BindPgField(const T& field, PgParameters& parameters) {
  if constexpr (std::is_same_v<T, std::string>) {
    parameters.Text(field);
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    parameters.Integer(field);
  } else {
    PgBase<T> base{};
    soci::indicator null = soci::i_ok;
    soci::type_conversion<T>::to_base(field, base, null);
    if constexpr (kIsPgText<T>) {
      null == soci::i_null ? parameters.TextNull() : parameters.OwnText(std::move(base));
    } else {
      null == soci::i_null ? parameters.IntegerNull() : parameters.Integer(base);
    }
  }
}

template <typename Base>
void ReadPgBase(const PgResult& result, int row, int column, Base& base) {
  if constexpr (std::is_same_v<Base, std::string>) {
    const absl::string_view text = result.Text(row, column);
    base.assign(text.data(), text.size());
  } else {
    base = static_cast<Base>(result.Integer(row, column));
  }
}

template <typename T>
void ReadPgField(const PgResult& result, int row, int column, T& field) {
  const bool is_null = result.IsNull(row, column);
  if (is_null && !kIsOptional<T>) {
    throw PgError("22004", "a column is empty that never is", /*lost=*/false);
  }
  if constexpr (std::is_same_v<T, std::string> || (std::is_integral_v<T> && !std::is_same_v<T, bool>)) {
    ReadPgBase(result, row, column, field);
  } else {
    PgBase<T> base{};
    if (!is_null) ReadPgBase(result, row, column, base);
    soci::type_conversion<T>::from_base(base, is_null ? soci::i_null : soci::i_ok, field);
  }
}

}  // namespace satudata::store

#endif  // SERVER_STORE_PG_ROW_H_
