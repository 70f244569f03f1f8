#include "server/store/account_queries.h"

#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/store/rows.h"

namespace satudata::store {
namespace {

using access::Account;
using access::Origin;
using access::WebSession;
using Text = std::string;

// What is removed beside each session that is opened: more than is opened.
constexpr int64_t kForgetAtOnce = 100;

absl::Status AccountFailure(absl::StatusCode code, catalog::Reason reason, absl::string_view username) {
  return catalog::FailureStatus(code, {.reason = reason, .args = {{"user", Text(username)}}});
}

absl::Status AccountNotFound(absl::string_view username) {
  return AccountFailure(absl::StatusCode::kNotFound, catalog::Reason::kAccountNotFound, username);
}

// Those that were opened with it; who brought a token has nothing to do with it.
void EndAccountSessions(Connection& connection, absl::string_view username) {
  connection.Execute("DELETE FROM web_session WHERE username = :username AND origin = :origin",
                     std::tuple<Text, Origin>(username, Origin::kAccount));
}

}  // namespace

absl::Status InsertAccount(Connection& connection, const Account& account) {
  if (SelectAccount(connection, account.username).has_value()) {
    return AccountFailure(absl::StatusCode::kAlreadyExists, catalog::Reason::kAccountExists,
                          account.username);
  }
  static const auto* const kSql = new Text(absl::StrCat("INSERT INTO account (", kAccountColumns,
                                                        ") VALUES (", Placeholders(kAccountColumns), ")"));
  connection.Execute(*kSql, account);
  return absl::OkStatus();
}

std::optional<Account> SelectAccount(Connection& connection, absl::string_view username) {
  static const auto* const kSql =
      new Text(absl::StrCat("SELECT ", kAccountColumns, " FROM account WHERE username = :username"));
  return connection.SelectOne<Account>(*kSql, std::tuple<Text>(username));
}

std::vector<Account> SelectAccounts(Connection& connection, absl::string_view after_username, int64_t limit) {
  static const auto* const kSql = new Text(absl::StrCat(
      "SELECT ", kAccountColumns, " FROM account WHERE username > :after ORDER BY username LIMIT :limit"));
  return connection.SelectAll<Account>(*kSql, std::tuple<Text, int64_t>(after_username, limit));
}

bool AnyEnabledAccount(Connection& connection) {
  return connection
      .SelectOne<int64_t>("SELECT 1 FROM account WHERE disabled = :disabled LIMIT 1", std::tuple<bool>(false))
      .has_value();
}

absl::StatusOr<Account> UpdateAccount(Connection& connection, absl::string_view username,
                                      const access::AccountChange& change, absl::Time now) {
  std::optional<Account> account = SelectAccount(connection, username);
  if (!account.has_value()) return AccountNotFound(username);
  if (Apply(change, *account)) EndAccountSessions(connection, username);
  account->update_time = now;
  connection.Execute(
      "UPDATE account SET role = :role, password_hash = :hash, disabled = :disabled, "
      "update_time = :time WHERE username = :username",
      std::tuple<access::Role, Text, bool, absl::Time, Text>(account->role, account->password_hash,
                                                             account->disabled, now, username));
  return *std::move(account);
}

absl::Status DeleteAccount(Connection& connection, absl::string_view username) {
  EndAccountSessions(connection, username);
  const int64_t deleted =
      connection.Execute("DELETE FROM account WHERE username = :username", std::tuple<Text>(username));
  return deleted > 0 ? absl::OkStatus() : AccountNotFound(username);
}

void InsertSession(Connection& connection, const WebSession& session, int64_t most) {
  static const auto* const kSql = new Text(absl::StrCat("INSERT INTO web_session (", kSessionColumns,
                                                        ") VALUES (", Placeholders(kSessionColumns), ")"));
  DeleteEndedSessions(connection, session.create_time, kForgetAtOnce);
  connection.Execute(*kSql, session);
  const access::Identity& user = session.identity;
  connection.Execute(
      "DELETE FROM web_session WHERE user_id = :user_id AND username = :username AND key NOT IN "
      "(SELECT key FROM web_session WHERE user_id = :same_id AND username = :same_name "
      "ORDER BY create_time DESC, key = :new_key DESC LIMIT :most)",
      std::tuple<Text, Text, Text, Text, Text, int64_t>(user.id, user.username, user.id, user.username,
                                                        session.key, most));
}

bool InsertAccountSession(Connection& connection, const WebSession& session, const Account& verified,
                          int64_t most) {
  const int64_t found = connection.Execute(
      "UPDATE account SET sign_in_time = :time WHERE username = :username AND password_hash = :hash "
      "AND role = :role AND disabled = :disabled",
      std::tuple<absl::Time, Text, Text, access::Role, bool>(
          session.create_time, verified.username, verified.password_hash, verified.role, verified.disabled));
  if (found > 0) InsertSession(connection, session, most);
  return found > 0;
}

std::optional<WebSession> SelectSession(Connection& connection, absl::string_view key) {
  static const auto* const kSql =
      new Text(absl::StrCat("SELECT ", kSessionColumns, " FROM web_session WHERE key = :key"));
  return connection.SelectOne<WebSession>(*kSql, std::tuple<Text>(key));
}

bool UseSession(Connection& connection, absl::string_view key, absl::Time use_time, absl::Time end_time) {
  return connection.Execute("UPDATE web_session SET use_time = :use, end_time = :end WHERE key = :key",
                            std::tuple<absl::Time, absl::Time, Text>(use_time, end_time, key)) > 0;
}

void DeleteSession(Connection& connection, absl::string_view key) {
  connection.Execute("DELETE FROM web_session WHERE key = :key", std::tuple<Text>(key));
}

void DeleteEndedSessions(Connection& connection, absl::Time now, int64_t limit) {
  connection.Execute(
      "DELETE FROM web_session WHERE key IN "
      "(SELECT key FROM web_session WHERE end_time <= :now ORDER BY end_time LIMIT :limit)",
      std::tuple<absl::Time, int64_t>(now, limit));
}

}  // namespace satudata::store
