#include "server/store/postgres_start.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/store/connection.h"
#include "server/store/migrations.h"
#include "server/store/numbering.h"
#include "server/store/sql_error.h"

namespace satudata::store {
namespace {

constexpr absl::Duration kMigrationWait = absl::Seconds(60);

// A person has to do something before the next start can succeed.
bool IsLasting(absl::string_view state) {
  for (const absl::string_view prefix : {"0A", "28", "3D", "3F", "42", "55P03", "25006"}) {
    if (absl::StartsWith(state, prefix)) return true;
  }
  return false;
}

// A pooler gives each transaction another server's connection: what a session prepares and sets is lost
// there.
absl::Status CheckDirect(Connection& connection) {
  const auto process_id = connection.SelectOne<int64_t>("SELECT pg_backend_pid()", std::tuple<>());
  if (process_id == connection.postgres()->ProcessId()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "a connection pooler is between; give PostgreSQL's own address and port, a server needs no more than "
      "six connections");
}

absl::Status PreparePostgres(const PgSessionOptions& options, absl::Time now) {
  Connection connection({.postgres = options});
  if (absl::Status status = CheckDirect(connection); !status.ok()) return status;
  if (absl::Status status = CheckPostgresEncoding(connection); !status.ok()) return status;
  if (absl::Status status = Migrate(connection, AllMigrations(), now); !status.ok()) return status;
  GoOnNumbering(connection);
  return absl::OkStatus();
}

}  // namespace

// The library's own complaint may quote a piece of the password.
absl::Status CheckPostgresUrl(const std::string& url) {
  char* complaint = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(url.c_str(), &complaint);
  const bool understood = parsed != nullptr;
  PQconninfoFree(parsed);
  PQfreemem(complaint);
  if (understood) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "DATABASE_URL is not understood; write postgresql://user:password@host:port/database, with what is "
      "neither letter nor digit in the password as %XX");
}

absl::Status ExplainPostgres(const std::string& place, const SqlError& error) {
  const auto code =
      IsLasting(error.state) ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kUnavailable;
  return absl::Status(
      code, absl::StrCat("DATABASE_URL: cannot use ", place, ": ", error.text, "; ", CureText(error)));
}

absl::Status CheckPostgresEncoding(Connection& connection) {
  const auto encoding =
      connection.SelectOne<std::string>("SELECT current_setting('server_encoding')", std::tuple<>());
  if (encoding == "UTF8") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("its encoding is ", encoding.value_or("unknown"),
                   "; create one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"));
}

bool IsPostgresUrl(absl::string_view url) {
  return absl::StartsWith(url, "postgresql:") || absl::StartsWith(url, "postgres:");
}

absl::Status StartPostgres(const PgSessionOptions& options, absl::Time now) {
  if (absl::Status status = CheckPostgresUrl(options.url); !status.ok()) return status;
  const std::string place = PgPlace(options.url);
  // Another server may be at work on the schema.
  PgSessionOptions patient = options;
  patient.lock_timeout = std::max(options.lock_timeout, kMigrationWait);
  try {
    const absl::Status status = PreparePostgres(patient, now);
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat("DATABASE_URL: ", place, ": ", status.message()));
  } catch (...) {
    return ExplainPostgres(place, DescribeCurrentException());
  }
}

}  // namespace satudata::store
