#include "server/rpc/convert_access.h"

#include <string>

#include "server/access/role.h"
#include "server/rpc/convert.h"

namespace satudata::rpc {

v1::Account ToProto(const access::Account& account) {
  v1::Account out;
  out.set_username(account.username);
  out.set_role(std::string(access::RoleName(account.role)));
  out.set_disabled(account.disabled);
  *out.mutable_create_time() = ToProto(account.create_time);
  *out.mutable_update_time() = ToProto(account.update_time);
  if (account.sign_in_time) *out.mutable_sign_in_time() = ToProto(*account.sign_in_time);
  return out;
}

access::Accounts::NewAccount FromProto(const v1::CreateAccountRequest& request) {
  return {.username = request.account().username(),
          .role = access::ParseRole(request.account().role()).value_or(access::Role::kViewer),
          .disabled = request.account().disabled(),
          .password = request.password()};
}

access::Accounts::Update FromProto(const v1::UpdateAccountRequest& request) {
  access::Accounts::Update update;
  if (request.has_role()) update.role = access::ParseRole(request.role());
  if (request.has_password()) update.password = request.password();
  if (request.has_disabled()) update.disabled = request.disabled();
  return update;
}

}  // namespace satudata::rpc
