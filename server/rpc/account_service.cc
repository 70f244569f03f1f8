#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "server/rpc/convert_access.h"
#include "server/rpc/page_token.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

absl::StatusOr<v1::Account> ToProto(const absl::StatusOr<access::Account>& account) {
  if (!account.ok()) return account.status();
  return rpc::ToProto(*account);
}

class AccountServiceImpl final : public v1::AccountService::CallbackService {
 public:
  explicit AccountServiceImpl(const AccessDependencies& dependencies)
      : deps_(dependencies),
        gate_(*dependencies.authorizer, dependencies.caller_rate, dependencies.notes,
              v1::AccountService::service_full_name()) {}

  grpc::ServerUnaryReactor* CreateAccount(CallbackServerContext* context,
                                          const v1::CreateAccountRequest* request,
                                          v1::Account* response) override {
    return ServeUnary(gate_, *deps_.password_executor, context, "CreateAccount", request, response,
                      [this](const Caller& caller, const v1::CreateAccountRequest& request) {
                        return ToProto(deps_.accounts->Create(FromProto(request), caller.principal.Name()));
                      });
  }

  grpc::ServerUnaryReactor* ListAccounts(CallbackServerContext* context,
                                         const v1::ListAccountsRequest* request,
                                         v1::ListAccountsResponse* response) override {
    return ServeUnary(
        gate_, *deps_.executor, context, "ListAccounts", request, response,
        [this](const Caller&, const v1::ListAccountsRequest& request) { return ListAccounts(request); });
  }

  grpc::ServerUnaryReactor* UpdateAccount(CallbackServerContext* context,
                                          const v1::UpdateAccountRequest* request,
                                          v1::Account* response) override {
    // Without a password there is nothing slow about it: disabling an account does not wait for those who try
    // to sign in with it.
    base::Executor& executor = request->has_password() ? *deps_.password_executor : *deps_.executor;
    return ServeUnary(gate_, executor, context, "UpdateAccount", request, response,
                      [this](const Caller& caller, const v1::UpdateAccountRequest& request) {
                        return ToProto(deps_.accounts->Change(request.username(), FromProto(request),
                                                              caller.principal.Name()));
                      });
  }

  grpc::ServerUnaryReactor* DeleteAccount(CallbackServerContext* context,
                                          const v1::DeleteAccountRequest* request,
                                          v1::DeleteAccountResponse* response) override {
    return ServeUnary(
        gate_, *deps_.executor, context, "DeleteAccount", request, response,
        [this](const Caller& caller,
               const v1::DeleteAccountRequest& request) -> absl::StatusOr<v1::DeleteAccountResponse> {
          absl::Status status = deps_.accounts->Delete(request.username(), caller.principal.Name());
          if (!status.ok()) return status;
          return v1::DeleteAccountResponse();
        });
  }

 private:
  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(const v1::ListAccountsRequest& request) {
    const absl::StatusOr<std::string> cursor = PageCursor(request);
    if (!cursor.ok()) return cursor.status();
    const int64_t limit = PageLimit(request.page_size());
    auto accounts = deps_.accounts->List(*cursor, limit + 1);
    if (!accounts.ok()) return accounts.status();
    v1::ListAccountsResponse response;
    if (TrimPage(limit, &*accounts)) {
      response.set_next_page_token(MakePageToken(request, accounts->back().username));
    }
    for (const access::Account& account : *accounts) *response.add_accounts() = rpc::ToProto(account);
    return response;
  }

  const AccessDependencies deps_;
  const Gate gate_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAccountService(const AccessDependencies& dependencies) {
  return std::make_unique<AccountServiceImpl>(dependencies);
}

}  // namespace satudata::rpc
