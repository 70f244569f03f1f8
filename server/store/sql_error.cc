#include "server/store/sql_error.h"

#include <exception>
#include <new>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/catalog/failure.h"
#include "server/store/file_identity.h"
#include "server/store/pg_error.h"
#include "server/store/soci.h"

namespace satudata::store {
namespace {

constexpr int kPrimaryCode = 0xff;  // Of an extended one.

// SOCI puts the name of its own function before SQLite's message.
absl::string_view WithoutOrigin(absl::string_view message) {
  const size_t origin = message.find("sqlite3_statement_backend::");
  if (origin != 0) return message;
  const size_t end = message.find(": ");
  return end == absl::string_view::npos ? message : message.substr(end + 2);
}

Cure CureOf(int sqlite_code) {
  switch (sqlite_code & kPrimaryCode) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return Cure::kRestore;
    case SQLITE_ERROR:
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return Cure::kNever;
    default:
      return Cure::kWait;
  }
}

}  // namespace

SqlError DescribeCurrentException() {
  try {
    throw;
  } catch (const soci::sqlite3_soci_error& error) {
    const std::string message = error.get_error_message();
    return {CureOf(error.result()),
            absl::StrCat(WithoutOrigin(message), " (sqlite code ", error.result(), ")"),
            error.result() & kPrimaryCode};
  } catch (const PgError& error) {
    return {.cure = error.unsure().empty() ? CureOfState(error.state()) : Cure::kWait,
            .text = error.what(),
            .state = error.state(),
            .lost = error.lost(),
            .unsure = error.unsure()};
  } catch (const Misplaced& error) {
    return {Cure::kWait, error.what(), SQLITE_NOTFOUND};
  } catch (const soci::soci_error& error) {
    return {Cure::kNever, error.get_error_message()};
  } catch (const std::bad_alloc&) {
    return {Cure::kWait, "out of memory"};
  } catch (const std::exception& error) {
    return {Cure::kNever, error.what()};
  } catch (...) {
    return {Cure::kNever, "an exception of an unknown type"};
  }
}

std::string CureText(const SqlError& error) {
  if (error.cure == Cure::kRestore && !error.state.empty()) {
    return "stop the server, keep a copy of the database for inquiry, and restore the last backup";
  }
  if (!error.state.empty()) return CureTextOfState(error.state);
  if (error.cure == Cure::kRestore) {
    return "stop the server, keep the file for inquiry, and restore the last backup";
  }
  switch (error.code) {
    case SQLITE_FULL:
      return "make room on its disk";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "find the other program that holds the file, and end it";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "let this user write the file and its directory";
    case SQLITE_NOTFOUND:
      return "put the file back where it was, or stop the server";
    default:
      return "see that its disk works and has room, and that this user may write the file and its directory";
  }
}

absl::Status StatusOf(const SqlError& error) {
  if (error.cure != Cure::kNever) return StoreUnavailable();
  return catalog::FailureStatus(absl::StatusCode::kInternal,
                                catalog::Failure{.reason = catalog::Reason::kInternal});
}

absl::Status StoreUnavailable() {
  return catalog::FailureStatus(absl::StatusCode::kUnavailable,
                                catalog::Failure{.reason = catalog::Reason::kStoreUnavailable});
}

}  // namespace satudata::store
