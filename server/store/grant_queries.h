// File: grant_queries.h
//
// The exchange of grants (sync/limits/grant.h), inside the caller's transaction. Internal to store/; throws
// what SOCI throws, or PgError.
#ifndef SERVER_STORE_GRANT_QUERIES_H_
#define SERVER_STORE_GRANT_QUERIES_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/store/connection.h"
#include "server/sync/limits/grant.h"

namespace satudata::store {

// `now` by the clock that is the same for all who exchange.
sync::Grant ExchangeGrant(Connection& connection, absl::string_view holder, const sync::GrantRequest& request,
                          absl::Time now);
// Of `holder`; empty: of anybody.
void ReleaseGrants(Connection& connection, absl::string_view holder);

}  // namespace satudata::store

#endif  // SERVER_STORE_GRANT_QUERIES_H_
