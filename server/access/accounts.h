// File: accounts.h
//
// Keeps the local accounts. Thread-safe. Each blocks on the database; what takes a password hashes it, which
// takes its time (password.h).
#ifndef SERVER_ACCESS_ACCOUNTS_H_
#define SERVER_ACCESS_ACCOUNTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/access/account_store.h"
#include "server/base/clock.h"

namespace satudata::access {

class Accounts {
 public:
  struct NewAccount {
    std::string username;  // In any case.
    Role role = Role::kViewer;
    bool disabled = false;
    std::string password;
  };
  struct Update {
    std::optional<Role> role;
    std::optional<std::string> password;
    std::optional<bool> disabled;
  };

  // Both must outlive it.
  Accounts(AccountStore& store, base::Clock& clock) : store_(store), clock_(clock) {}

  // `by`: whose doing it is, for the log. INVALID_ARGUMENT with kPasswordTooWeak; ALREADY_EXISTS with
  // kAccountExists; NOT_FOUND with kAccountNotFound.
  absl::StatusOr<Account> Create(const NewAccount& account, absl::string_view by);
  absl::StatusOr<Account> Change(absl::string_view username, const Update& update, absl::string_view by);
  absl::Status Delete(absl::string_view username, absl::string_view by);

  // By name, after `after_username`, at most `limit`.
  absl::StatusOr<std::vector<Account>> List(absl::string_view after_username, int64_t limit) {
    return store_.ListAccounts(after_username, limit);
  }
  // Whether anybody can sign in.
  absl::StatusOr<bool> HasEnabled() { return store_.HasEnabledAccount(); }

 private:
  AccountStore& store_;
  base::Clock& clock_;
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_ACCOUNTS_H_
