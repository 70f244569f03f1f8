#include "server/store/pg_error.h"

#include "absl/strings/match.h"

namespace satudata::store {
namespace {

struct StateOfWords {
  absl::string_view words;
  absl::string_view state;
};
// Servers say these in their own language; what is not found here gets the general advice.
constexpr StateOfWords kStatesOfWords[] = {
    {"password authentication failed", "28P01"},
    {"no password supplied", "28P01"},
    {"pg_hba.conf", "28000"},
    {"is not permitted to log in", "28000"},
    {"permission denied for database", "42501"},
    {"starting up", "57P03"},
    {"shutting down", "57P03"},
    {"not accepting connections", "57P03"},
    {"in recovery mode", "57P03"},
    {"too many", "53300"},
    {"connection slots", "53300"},
};

struct CureOfPrefix {
  absl::string_view prefix;  // Of a SQLSTATE; the first one that matches counts.
  Cure cure;
  absl::string_view text;
};
constexpr absl::string_view kOurFault = "tell whoever develops this service";
constexpr CureOfPrefix kCures[] = {
    {"0A", Cure::kWait, "let DATABASE_URL lead to a newer one"},
    {"08", Cure::kWait, "see that PostgreSQL runs and can be reached from here"},
    {"22", Cure::kNever, kOurFault},
    {"23", Cure::kNever, kOurFault},
    {"25006", Cure::kWait, "let DATABASE_URL lead to the primary server, which can be written"},
    {"25P03", Cure::kWait, "see whether this machine is overloaded"},
    {"28P01", Cure::kWait, "set the user's password right in DATABASE_URL"},
    {"28", Cure::kWait, "let this user connect from here (pg_hba.conf), or set another one in DATABASE_URL"},
    {"3D000", Cure::kWait,
     "create it with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0, or set another one in "
     "DATABASE_URL"},
    {"3F000", Cure::kWait, "give its user a schema: CREATE SCHEMA AUTHORIZATION ..."},
    {"42501", Cure::kWait,
     "make its user the owner of the database, or grant CONNECT on it and CREATE on its schema"},
    {"42P01", Cure::kWait, "a table is missing: restore the last backup"},
    {"42", Cure::kNever, kOurFault},
    {"53100", Cure::kWait, "make room on its disk"},
    {"53300", Cure::kWait, "raise PostgreSQL's max_connections, or end other programs that use it"},
    {"53", Cure::kWait, "give PostgreSQL more memory"},
    {"55P03", Cure::kWait, "find what else holds it, another server or another program, and end it"},
    {"57014", Cure::kWait, "see whether PostgreSQL is overloaded, or what holds it up"},
    {"57", Cure::kWait, "wait until PostgreSQL is up again, or start it"},
    {"58", Cure::kWait, "see that PostgreSQL's disk works and has room"},
    // Spelled in pieces: these letters alone mark unfinished work elsewhere.
    {"X"
     "X001",
     Cure::kRestore, ""},
    {"X"
     "X002",
     Cure::kRestore, ""},
    {"", Cure::kWait, "see what PostgreSQL's log says"},
};

const CureOfPrefix& Find(absl::string_view state) {
  const CureOfPrefix* cure = kCures;
  while (!absl::StartsWith(state, cure->prefix)) ++cure;
  return *cure;
}

}  // namespace

absl::string_view StateOfConnectFailure(absl::string_view words) {
  for (const StateOfWords& known : kStatesOfWords) {
    if (absl::StrContains(words, known.words)) return known.state;
  }
  if (!absl::StrContains(words, "does not exist")) return kStateNoWay;
  return absl::StrContains(words, "database \"") ? "3D000" : "28000";
}

Cure CureOfState(absl::string_view state) { return Find(state).cure; }

std::string CureTextOfState(absl::string_view state) { return std::string(Find(state).text); }

}  // namespace satudata::store
