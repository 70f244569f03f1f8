// File: durable_store.h
//
// The store on a database. Open one per process with OpenStore and share it; see sync/store.h and
// access/account_store.h for what it promises.
#ifndef SERVER_STORE_DURABLE_STORE_H_
#define SERVER_STORE_DURABLE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/access/account_store.h"
#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/sync/store.h"
#include "server/sync/vitals.h"

namespace satudata::store {

struct StoreOptions {
  // sqlite:///relative/path, sqlite:////absolute/path, postgresql://user:password@host:port/database.
  std::string database_url = "sqlite:///data/integration.db";
  int reader_count = 4;         // Default: 4 connections that read.
  size_t queue_rows = 100'000;  // Default: Submit blocks while about 100,000 rows wait to be written.
  size_t group_changes = 512;   // Default: at most 512 changes in one commit.
  absl::Duration busy_timeout = absl::Seconds(2);        // Default: how long another writer is waited for.
  absl::Duration statement_timeout = absl::Seconds(60);  // Default: PostgreSQL ends what takes longer.
  absl::Duration lease_limit = absl::Seconds(10);        // Default: how long a free reading connection is.
  base::BackoffOptions retry = {.initial = absl::Milliseconds(100), .maximum = absl::Seconds(5)};
  // Called on the writer thread after each commit with how long it took; may be empty.
  std::function<void(absl::Duration)> on_commit;
};

// Thread-safe.
class DurableStore : public sync::Store, public access::AccountStore, public sync::VitalsSource {
 public:
  // Whether writes get through: from the first commit that failed until one succeeds it is UNAVAILABLE, with
  // a line that says what is wrong and what mends it; the store keeps trying by itself. A damaged file is the
  // exception: nothing more is written to it until the next start. For readiness. Does not block.
  virtual absl::Status Health() const = 0;
  bool Healthy() const { return Health().ok(); }

  // For what is kept for a time only: of these names of content those that a file has, and an end to the
  // previews that were made more than a day before `now`.
  virtual absl::StatusOr<std::vector<std::string>> ContentInUse(
      absl::Span<const std::string> content_names) = 0;
  virtual absl::Status DeleteOldPreviews(absl::Time now) = 0;

  // Bounds the waits of those who stop: a commit that still fails `grace` from now is given up, with all that
  // is queued or comes later; each is answered with UNAVAILABLE and stays in the database as it was. While
  // commits succeed, nothing changes. The soonest call counts.
  virtual void GiveUpAfter(absl::Duration grace) = 0;
  // Commits what is queued and takes no more. UNAVAILABLE, with a line that counts them, when changes were
  // given up; without GiveUpAfter they are at the first commit that fails. Reading goes on. Idempotent; the
  // destructor does it as well.
  virtual absl::Status Close() = 0;
};

// Opens the database, creating what is missing, and brings its schema up to date. `clock` must outlive the
// store. Errors are one line that names the cure, and never a password: INVALID_ARGUMENT for a URL that is
// wrong, FAILED_PRECONDITION for a place or a database that cannot be used (not ours, damaged, of a newer
// program; of PostgreSQL, not for this user, not in UTF-8, behind a pooler), UNAVAILABLE when it
// could be later (locked, full disk, out of reach). A database that is refused is not written to. Several
// servers may share a PostgreSQL database; that they do not share a file is for the caller to see to.
absl::StatusOr<std::unique_ptr<DurableStore>> OpenStore(StoreOptions options, base::Clock& clock);

}  // namespace satudata::store

#endif  // SERVER_STORE_DURABLE_STORE_H_
