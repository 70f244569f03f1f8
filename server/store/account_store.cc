// SqlStore's part that keeps accounts and sessions.
#include <utility>

#include "server/store/account_queries.h"
#include "server/store/sql_store.h"

namespace satudata::store {

using access::Account;
using access::WebSession;

absl::Status SqlStore::CreateAccount(const Account& account) {
  absl::Status created;
  const absl::Status committed =
      writer_.Run([&](Connection& connection) { created = InsertAccount(connection, account); });
  return committed.ok() ? created : committed;
}

absl::StatusOr<std::optional<Account>> SqlStore::FindAccount(absl::string_view username) {
  return readers_.Read<std::optional<Account>>(
      [&](Connection& connection) { return SelectAccount(connection, username); });
}

absl::StatusOr<std::vector<Account>> SqlStore::ListAccounts(absl::string_view after_username, int64_t limit) {
  return readers_.Read<std::vector<Account>>(
      [&](Connection& connection) { return SelectAccounts(connection, after_username, limit); });
}

absl::StatusOr<bool> SqlStore::HasEnabledAccount() {
  return readers_.Read<bool>([](Connection& connection) { return AnyEnabledAccount(connection); });
}

absl::StatusOr<Account> SqlStore::UpdateAccount(absl::string_view username,
                                                const access::AccountChange& change, absl::Time now) {
  return Write<Account>(
      [&](Connection& connection) { return store::UpdateAccount(connection, username, change, now); });
}

absl::Status SqlStore::DeleteAccount(absl::string_view username) {
  absl::Status deleted;
  const absl::Status committed =
      writer_.Run([&](Connection& connection) { deleted = store::DeleteAccount(connection, username); });
  return committed.ok() ? deleted : committed;
}

absl::Status SqlStore::OpenSession(const WebSession& session, int64_t most) {
  return writer_.Run([&](Connection& connection) { InsertSession(connection, session, most); });
}

absl::StatusOr<bool> SqlStore::OpenAccountSession(const WebSession& session, const Account& verified,
                                                  int64_t most) {
  return Write<bool>(
      [&](Connection& connection) { return InsertAccountSession(connection, session, verified, most); });
}

absl::StatusOr<std::optional<WebSession>> SqlStore::FindSession(absl::string_view key) {
  return readers_.Read<std::optional<WebSession>>(
      [&](Connection& connection) { return SelectSession(connection, key); });
}

absl::StatusOr<bool> SqlStore::UseSession(absl::string_view key, absl::Time use_time, absl::Time end_time) {
  return Write<bool>(
      [&](Connection& connection) { return store::UseSession(connection, key, use_time, end_time); });
}

absl::Status SqlStore::EndSession(absl::string_view key) {
  return writer_.Run([&](Connection& connection) { DeleteSession(connection, key); });
}

absl::Status SqlStore::ForgetEndedSessions(absl::Time now, int64_t limit) {
  return writer_.Run([&](Connection& connection) { DeleteEndedSessions(connection, now, limit); });
}

}  // namespace satudata::store
