#include "server/access/accounts.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/access/password.h"
#include "server/base/log.h"
#include "server/catalog/failure.h"

namespace satudata::access {
namespace {

absl::StatusOr<std::string> HashOfNew(absl::string_view password, absl::string_view username) {
  if (!IsWeakPassword(password, username)) return HashPassword(password);
  return catalog::FailureStatus(
      absl::StatusCode::kInvalidArgument,
      {.reason = catalog::Reason::kPasswordTooWeak, .args = {{"limit", absl::StrCat(kMinPasswordBytes)}}});
}

std::string Describe(const Accounts::Update& update) {
  std::vector<std::string> parts;
  if (update.role) parts.push_back(absl::StrCat("role ", RoleName(*update.role)));
  if (update.password) parts.push_back("new password");
  if (update.disabled) parts.push_back(*update.disabled ? "disabled" : "enabled");
  return absl::StrJoin(parts, ", ");
}

void Note(absl::string_view what, absl::string_view username, absl::string_view by,
          absl::string_view detail) {
  base::Log(base::Severity::kInfo, what, {{"user", username}, {"by", by}, {"detail", detail}});
}

}  // namespace

absl::StatusOr<Account> Accounts::Create(const NewAccount& account, absl::string_view by) {
  const std::string username = absl::AsciiStrToLower(account.username);
  absl::StatusOr<std::string> hash = HashOfNew(account.password, username);
  if (!hash.ok()) return hash.status();
  const absl::Time now = clock_.Now();
  Account created{.username = username,
                  .role = account.role,
                  .password_hash = *std::move(hash),
                  .disabled = account.disabled,
                  .create_time = now,
                  .update_time = now};
  if (absl::Status status = store_.CreateAccount(created); !status.ok()) return status;
  Note("account created", username, by, RoleName(created.role));
  return created;
}

absl::StatusOr<Account> Accounts::Change(absl::string_view username, const Update& update,
                                         absl::string_view by) {
  const std::string name = absl::AsciiStrToLower(username);
  AccountChange change{.role = update.role, .disabled = update.disabled};
  if (update.password) {
    absl::StatusOr<std::string> hash = HashOfNew(*update.password, name);
    if (!hash.ok()) return hash.status();
    change.password_hash = *std::move(hash);
  }
  absl::StatusOr<Account> changed = store_.UpdateAccount(name, change, clock_.Now());
  if (changed.ok()) Note("account changed", name, by, Describe(update));
  return changed;
}

absl::Status Accounts::Delete(absl::string_view username, absl::string_view by) {
  const std::string name = absl::AsciiStrToLower(username);
  absl::Status status = store_.DeleteAccount(name);
  if (status.ok()) Note("account removed", name, by, "");
  return status;
}

}  // namespace satudata::access
