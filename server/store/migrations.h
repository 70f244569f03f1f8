// File: migrations.h
//
// Brings a database to the schema of this program: numbered steps, forward only, each in one
// transaction. Internal to store/.
#ifndef SERVER_STORE_MIGRATIONS_H_
#define SERVER_STORE_MIGRATIONS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/store/connection.h"

namespace satudata::store {

// Marks the file as ours in its header ("SDIn"), so that another program's database is never written to. In
// PostgreSQL, our locks.
inline constexpr int64_t kApplicationId = 0x5344496e;

struct Migration {
  int64_t version = 0;
  absl::string_view name;
  absl::Span<const absl::string_view> statements;
};

// By version, from 1 without gaps.
absl::Span<const Migration> AllMigrations();

// Applies what is missing. Safe when several processes do it at once: each step is taken under the write
// lock after looking again. FAILED_PRECONDITION, with what to do about it, for another program's database
// and for a schema that is newer than this program. Throws what SOCI throws, or PgError.
absl::Status Migrate(Connection& connection, absl::Span<const Migration> migrations, absl::Time now);

}  // namespace satudata::store

#endif  // SERVER_STORE_MIGRATIONS_H_
