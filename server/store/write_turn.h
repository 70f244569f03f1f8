// File: write_turn.h
//
// Servers at one PostgreSQL database write one after another: each transaction that writes takes the turn
// first and gives it up with its end, and those who wait come in the order in which they came. So what one
// reads while it writes nobody else changes, and a run's sequences are committed in their order, as in
// SQLite. What is written is little beside what targets take. Internal to store/; throws PgError.
#ifndef SERVER_STORE_WRITE_TURN_H_
#define SERVER_STORE_WRITE_TURN_H_

#include "server/store/pg_session.h"

namespace satudata::store {

// Within a transaction of `session`, before anything else. kStateHeld after the session's lock timeout: then
// it is to be rolled back.
void TakeWriteTurn(PgSession& session);

// Ends the connection that has the turn if it stands still: its server has said nothing for some seconds, in
// the middle of a transaction. That one finds its connection lost when it wakes up, and its transaction
// undone.
void EndStalledTurn(PgSession& session);

}  // namespace satudata::store

#endif  // SERVER_STORE_WRITE_TURN_H_
