#include "server/store/ownership.h"

#include "absl/strings/str_cat.h"
#include "server/store/migrations.h"

namespace satudata::store {
namespace {

constexpr int kOwnerLock = 1;
constexpr int kWriterLock = 2;

std::string LockName(int lock) { return absl::StrCat(kApplicationId, ", ", lock); }

// Of connections that hold `lock` in this database; their ids are `l.pid`.
std::string Holders(int lock) {
  return absl::StrCat(
      "pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = ",
      kApplicationId, " AND l.objid = ", lock,
      " AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())");
}

PgError OwnedByAnother() {
  return PgError(std::string(kStateHeld), "another server has the database", /*lost=*/true);
}

}  // namespace

int Ownership::Hold() {
  if (session_ != nullptr && session_->IsAlive()) return session_->ProcessId();
  session_.reset();
  auto session = std::make_unique<PgSession>(options_);
  try {
    session->Run(absl::StrCat("SELECT pg_advisory_lock(", LockName(kOwnerLock), ")"));
  } catch (const PgError& error) {
    if (error.state() == kStateHeld) throw OwnedByAnother();
    throw;
  }
  session_ = std::move(session);
  return session_->ProcessId();
}

// Another one that writes is what is left of an earlier connection, of this server or of one that owned the
// database before. The owner is looked at last: from then on nobody else writes without ending `session`.
void BecomeWriter(PgSession& session, int owner) {
  const std::string is_owner = absl::StrCat(Holders(kOwnerLock), " AND l.pid = ", owner);
  session.Run(absl::StrCat("SELECT pg_terminate_backend(l.pid) FROM ", Holders(kWriterLock),
                           " AND EXISTS (SELECT 1 FROM ", is_owner, ")"));
  session.Run(absl::StrCat("SELECT pg_advisory_lock(", LockName(kWriterLock), ")"));
  if (session.Run(absl::StrCat("SELECT 1 FROM ", is_owner)).rows() == 0) throw OwnedByAnother();
}

}  // namespace satudata::store
