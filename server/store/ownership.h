// File: ownership.h
//
// One server per PostgreSQL database. It owns it by a lock on a connection of its own, which nothing else is
// done with and so has little to fail from. Whoever writes holds a second lock by the very connection that
// writes: when the first is lost and somebody else takes it, that one ends the connection of the former owner
// before it writes itself, so that there is never more than one. Internal to store/; one thread at a time;
// throws PgError.
#ifndef SERVER_STORE_OWNERSHIP_H_
#define SERVER_STORE_OWNERSHIP_H_

#include <memory>
#include <utility>

#include "server/store/pg_session.h"

namespace satudata::store {

class Ownership {
 public:
  // The lock is waited for as long as `options.lock_timeout` says: a server that was killed has it for a
  // moment.
  explicit Ownership(PgSessionOptions options) : options_(std::move(options)) {}

  // Takes the database, or takes it again where the connection was lost; kStateHeld if another server has it.
  // The process id of the connection. Does not block while all is well.
  int Hold();

 private:
  const PgSessionOptions options_;
  std::unique_ptr<PgSession> session_;
};

// Makes `session` the one that writes, on behalf of the owner; kStateHeld if there is another owner by now.
void BecomeWriter(PgSession& session, int owner);

}  // namespace satudata::store

#endif  // SERVER_STORE_OWNERSHIP_H_
