#include "server/store/write_turn.h"

#include "absl/strings/str_cat.h"
#include "server/store/migrations.h"

namespace satudata::store {
namespace {

constexpr int kWriteLock = 2;
// PostgreSQL waits for its client's next word while a turn is held: for so long it may, in seconds.
constexpr int kLongestSilence = 3;

}  // namespace

void TakeWriteTurn(PgSession& session) {
  session.Run(absl::StrCat("SELECT pg_advisory_xact_lock(", kApplicationId, ", ", kWriteLock, ")"));
}

void EndStalledTurn(PgSession& session) {
  session.Run(absl::StrCat(
      "SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
      "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = ",
      kApplicationId, " AND l.objid = ", kWriteLock,
      " AND a.datname = current_database() AND a.wait_event = 'ClientRead' "
      "AND greatest(a.state_change, a.query_start) < now() - make_interval(secs => ",
      kLongestSilence, ")"));
}

}  // namespace satudata::store
