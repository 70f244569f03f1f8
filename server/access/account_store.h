// File: account_store.h
//
// Local accounts, and the sessions of people who signed in; and where both are kept. store/ implements it.
#ifndef SERVER_ACCESS_ACCOUNT_STORE_H_
#define SERVER_ACCESS_ACCOUNT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/access/role.h"

namespace satudata::access {

struct Account {
  std::string username;  // Lower case.
  Role role = Role::kViewer;
  std::string password_hash;  // As HashPassword makes it; new with every new password.
  bool disabled = false;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> sign_in_time;  // The last one; none: never.
};

// What is to be different; what is not set stays.
struct AccountChange {
  std::optional<Role> role;
  std::optional<std::string> password_hash;
  std::optional<bool> disabled;
};

// Makes `account` as `change` says. Whether its sessions end: it has another role or password, or is
// disabled.
bool Apply(const AccountChange& change, Account& account);

// Who somebody is to the rest of the service: what the access tokens of a session say.
struct Identity {
  std::string id;
  std::string username;
  std::string role;  // As a token claims it; empty: it claims none, and the roles file decides.
};

enum class Origin {
  kAccount,  // Somebody signed in with a local account; the session ends with it.
  kToken,    // Somebody brought a token.
};

struct WebSession {
  std::string key;  // SHA-256 of the secret that the cookie holds; the secret itself is not kept.
  Identity identity;
  Origin origin = Origin::kAccount;
  absl::Time create_time;
  absl::Time use_time;     // The last one.
  absl::Time expire_time;  // It ends then whatever is done.
  absl::Time end_time;     // It ends then unless it is used before; never later than `expire_time`.
};

// Thread-safe. All methods block on the database. Errors: UNAVAILABLE with kStoreUnavailable; what else is
// named below.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  // ALREADY_EXISTS with kAccountExists.
  virtual absl::Status CreateAccount(const Account& account) = 0;
  virtual absl::StatusOr<std::optional<Account>> FindAccount(absl::string_view username) = 0;
  // By name, after `after_username`, at most `limit`.
  virtual absl::StatusOr<std::vector<Account>> ListAccounts(absl::string_view after_username,
                                                            int64_t limit) = 0;
  // Whether there is an account that is not disabled.
  virtual absl::StatusOr<bool> HasEnabledAccount() = 0;
  // In one step with the sessions that end by it (Apply). NOT_FOUND with kAccountNotFound.
  virtual absl::StatusOr<Account> UpdateAccount(absl::string_view username, const AccountChange& change,
                                                absl::Time now) = 0;
  // In one step with its sessions. NOT_FOUND with kAccountNotFound.
  virtual absl::Status DeleteAccount(absl::string_view username) = 0;

  // Keeps `session`. Of one user (id and name) at most `most` are kept: the oldest ends. Some that have
  // ended by themselves are removed.
  virtual absl::Status OpenSession(const WebSession& session, int64_t most) = 0;
  // The same for the account that was `verified`, and notes that it signed in. False, and nothing is done,
  // when it was changed or removed meanwhile.
  virtual absl::StatusOr<bool> OpenAccountSession(const WebSession& session, const Account& verified,
                                                  int64_t most) = 0;
  virtual absl::StatusOr<std::optional<WebSession>> FindSession(absl::string_view key) = 0;
  // Moves its use and end times. False when it is not there.
  virtual absl::StatusOr<bool> UseSession(absl::string_view key, absl::Time use_time,
                                          absl::Time end_time) = 0;
  // Nothing happens when it is not there.
  virtual absl::Status EndSession(absl::string_view key) = 0;
  // Removes at most `limit` sessions that ended before `now`.
  virtual absl::Status ForgetEndedSessions(absl::Time now, int64_t limit) = 0;
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_ACCOUNT_STORE_H_
