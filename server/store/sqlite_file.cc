#include "server/store/sqlite_file.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace satudata::store {

// After the scheme, the URL has an empty host and one slash: what follows is the path.
absl::StatusOr<std::string> ParseSqlitePath(absl::string_view url) {
  // Not quoted back: a URL may carry a password.
  if (!absl::ConsumePrefix(&url, "sqlite:///") || url.empty()) {
    return absl::InvalidArgumentError(
        "DATABASE_URL is not understood; write sqlite:///relative/path, sqlite:////absolute/path or "
        "postgresql://user:password@host:port/database");
  }
  if (absl::StrContains(url, '"')) {
    return absl::InvalidArgumentError(
        "DATABASE_URL has a quotation mark in its path; choose a path without one");
  }
  return std::string(url);
}

absl::Status DamagedDatabase(const std::string& place, absl::string_view detail) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the database ", place, " is damaged: ", detail,
      "; keep the file for inquiry, and restore the last backup or set DATABASE_URL to a new file"));
}

absl::Status UnusableDatabase(const std::string& place, const SqlError& error) {
  if (error.cure == Cure::kRestore) return DamagedDatabase(place, error.text);
  return absl::UnavailableError(
      absl::StrCat("cannot use the database ", place, ": ", error.text, "; ", CureText(error)));
}

}  // namespace satudata::store
