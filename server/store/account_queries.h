// File: account_queries.h
//
// Reads and writes of accounts and sessions, inside the caller's transaction. See access::AccountStore for
// what each means. Internal to store/; throws what SOCI throws.
#ifndef SERVER_STORE_ACCOUNT_QUERIES_H_
#define SERVER_STORE_ACCOUNT_QUERIES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/access/account_store.h"
#include "server/store/connection.h"

namespace satudata::store {

absl::Status InsertAccount(Connection& connection, const access::Account& account);
std::optional<access::Account> SelectAccount(Connection& connection, absl::string_view username);
std::vector<access::Account> SelectAccounts(Connection& connection, absl::string_view after_username,
                                            int64_t limit);
bool AnyEnabledAccount(Connection& connection);
absl::StatusOr<access::Account> UpdateAccount(Connection& connection, absl::string_view username,
                                              const access::AccountChange& change, absl::Time now);
absl::Status DeleteAccount(Connection& connection, absl::string_view username);

void InsertSession(Connection& connection, const access::WebSession& session, int64_t most);
bool InsertAccountSession(Connection& connection, const access::WebSession& session,
                          const access::Account& verified, int64_t most);
std::optional<access::WebSession> SelectSession(Connection& connection, absl::string_view key);
bool UseSession(Connection& connection, absl::string_view key, absl::Time use_time, absl::Time end_time);
void DeleteSession(Connection& connection, absl::string_view key);
void DeleteEndedSessions(Connection& connection, absl::Time now, int64_t limit);

}  // namespace satudata::store

#endif  // SERVER_STORE_ACCOUNT_QUERIES_H_
