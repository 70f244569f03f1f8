// File: reason_table.h
//
// The one table of reasons: name on the wire, owner, retryability, arguments and wording. Read through
// failure.h and messages.h; only they and the table's test include this. Constant data, thread-safe.
#ifndef SERVER_CATALOG_REASON_TABLE_H_
#define SERVER_CATALOG_REASON_TABLE_H_

#include <array>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/catalog/failure.h"

namespace satudata::catalog {

enum class Retry { kNever, kLater };

struct ReasonRow {
  Reason reason;
  absl::string_view name;  // UPPER_SNAKE.
  Owner owner;
  Retry retry;
  std::array<absl::string_view, 5> args;  // Unused places are empty.
  // Cause and cure, with an argument's place written as {argument}. A part in [brackets] is left out when an
  // argument in it is missing or empty. {argument|decimal} shows a canonical decimal as Indonesians write it,
  // because `54.852` would read as fifty-four thousand.
  absl::string_view indonesian;
  absl::string_view english;
};

// In the order of the enumerators, without kNone.
absl::Span<const ReasonRow> AllReasonRows();
// nullptr for kNone.
const ReasonRow* FindReasonRow(Reason reason);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_REASON_TABLE_H_
