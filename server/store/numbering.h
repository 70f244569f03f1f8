// File: numbering.h
//
// Where the ids of new rows go on. Internal to store/; throws what SOCI throws, or PgError.
#ifndef SERVER_STORE_NUMBERING_H_
#define SERVER_STORE_NUMBERING_H_

#include "server/store/connection.h"

namespace satudata::store {

// New rows sort after the old ones even if the wall clock was set back meanwhile. Attempts sort within their
// delivery, and only those that are not settled get more.
void GoOnNumbering(Connection& connection);
// Runs and deliveries after all that other servers, whose clocks may be ahead, have put there by now.
void GoOnAfterOthers(Connection& connection);

}  // namespace satudata::store

#endif  // SERVER_STORE_NUMBERING_H_
