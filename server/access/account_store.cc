#include "server/access/account_store.h"

namespace satudata::access {

bool Apply(const AccountChange& change, Account& account) {
  const Role old_role = account.role;
  account.role = change.role.value_or(account.role);
  account.password_hash = change.password_hash.value_or(account.password_hash);
  account.disabled = change.disabled.value_or(account.disabled);
  return account.role != old_role || change.password_hash.has_value() || account.disabled;
}

}  // namespace satudata::access
