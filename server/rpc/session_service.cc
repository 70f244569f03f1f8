#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "satudata/integration/v1/session_service.grpc.pb.h"
#include "server/rpc/caller_source.h"
#include "server/rpc/convert.h"
#include "server/rpc/services.h"
#include "server/rpc/unary_call.h"

namespace satudata::rpc {
namespace {

using grpc::CallbackServerContext;

std::optional<std::string> SecretOf(const CallbackServerContext& context) {
  return SessionSecretOf(MetadataOf(context, "cookie"));
}

absl::Status SessionEnded() {
  return catalog::FailureStatus(absl::StatusCode::kUnauthenticated,
                                {.reason = catalog::Reason::kSessionEnded});
}

// Whole seconds, as a token says it.
absl::Time WholeSeconds(absl::Time time) { return absl::FromUnixSeconds(absl::ToUnixSeconds(time)); }

class SessionServiceImpl final : public v1::SessionService::CallbackService {
 public:
  SessionServiceImpl(const AccessDependencies& dependencies, SessionServiceOptions options)
      : deps_(dependencies),
        options_(std::move(options)),
        gate_(*dependencies.authorizer, dependencies.caller_rate, dependencies.notes,
              v1::SessionService::service_full_name()) {}

  grpc::ServerUnaryReactor* GetSignInOptions(CallbackServerContext* context,
                                             const v1::GetSignInOptionsRequest* request,
                                             v1::GetSignInOptionsResponse* response) override {
    return ServeUnary(
        gate_, *deps_.executor, context, "GetSignInOptions", request, response,
        [this](const Caller&,
               const v1::GetSignInOptionsRequest&) -> absl::StatusOr<v1::GetSignInOptionsResponse> {
          const absl::StatusOr<bool> password = deps_.accounts->HasEnabled();
          if (!password.ok()) return password.status();
          v1::GetSignInOptionsResponse options;
          options.set_password(*password);
          options.set_portal_url(options_.portal_url);
          return options;
        });
  }

  // Who has to wait does not take the place of somebody whose password is to be checked.
  grpc::ServerUnaryReactor* SignIn(CallbackServerContext* context, const v1::SignInRequest* request,
                                   v1::Session* response) override {
    const catalog::Language language = LanguageOf(*context);
    if (absl::Status status = Validate(*request); !status.ok()) {
      return FinishedUnary(context, ToGrpcStatus(status, language));
    }
    auto attempt = deps_.sessions->BeginSignIn(
        request->username(), SourceOf(context->peer(), MetadataOf(*context, "x-forwarded-for")));
    if (!attempt.ok()) return FinishedUnary(context, ToGrpcStatus(attempt.status(), language));
    const auto shared = std::make_shared<access::Sessions::Attempt>(*std::move(attempt));
    return Answer(*deps_.password_executor, context, "SignIn", response,
                  [this, shared, password = request->password()](const Caller&, std::string& set_cookie) {
                    return Opened(deps_.sessions->SignIn(std::move(*shared), password), set_cookie);
                  });
  }

  grpc::ServerUnaryReactor* AdoptToken(CallbackServerContext* context, const v1::AdoptTokenRequest*,
                                       v1::Session* response) override {
    return Answer(*deps_.executor, context, "AdoptToken", response,
                  [this](const Caller& caller, std::string& set_cookie) {
                    const Principal& principal = caller.principal;
                    const access::Identity identity{
                        .id = principal.id, .username = principal.username, .role = principal.role_claim};
                    return Opened(deps_.sessions->Adopt(identity, principal.token_expiry), set_cookie);
                  });
  }

  grpc::ServerUnaryReactor* RefreshSession(CallbackServerContext* context, const v1::RefreshSessionRequest*,
                                           v1::Session* response) override {
    return Answer(*deps_.executor, context, "RefreshSession", response,
                  [this, secret = SecretOf(*context)](const Caller&, std::string& set_cookie) {
                    return Refresh(secret, set_cookie);
                  });
  }

  // The browser forgets the cookie even where the session could not be ended: it may be a shared one.
  grpc::ServerUnaryReactor* SignOut(CallbackServerContext* context, const v1::SignOutRequest*,
                                    v1::SignOutResponse* response) override {
    return Answer(*deps_.executor, context, "SignOut", response,
                  [this, secret = SecretOf(*context)](
                      const Caller&, std::string& set_cookie) -> absl::StatusOr<v1::SignOutResponse> {
                    set_cookie = ClearSessionCookie(options_.cookie_transport);
                    if (!secret) return v1::SignOutResponse();
                    if (absl::Status status = deps_.sessions->End(*secret); !status.ok()) return status;
                    return v1::SignOutResponse();
                  });
  }

 private:
  // Admits the caller and runs `work(caller, set_cookie)` on `executor`; what it leaves in `set_cookie` is
  // sent to the browser, whatever it returns.
  template <typename Response, typename Work>
  grpc::ServerUnaryReactor* Answer(base::Executor& executor, CallbackServerContext* context,
                                   absl::string_view method, Response* response, Work work) const {
    const absl::StatusOr<Caller> caller = gate_.Admit(*context, method);
    if (!caller.ok()) return FinishedUnary(context, ToGrpcStatus(caller.status(), LanguageOf(*context)));
    const auto set_cookie = std::make_shared<std::string>();
    return UnaryCall<Response>::Start(
        executor, caller->language, response,
        [work = std::move(work), caller = *caller, set_cookie]() -> absl::StatusOr<Response> {
          return work(caller, *set_cookie);
        },
        [context, set_cookie] {
          if (!set_cookie->empty()) context->AddInitialMetadata("set-cookie", *set_cookie);
        });
  }

  absl::StatusOr<v1::Session> Opened(const absl::StatusOr<access::OpenedSession>& opened,
                                     std::string& set_cookie) const {
    if (!opened.ok()) return opened.status();
    set_cookie = SetSessionCookie(opened->secret, opened->session.expire_time - deps_.clock->Now(),
                                  options_.cookie_transport);
    return ToProto(opened->session);
  }

  // A browser keeps no cookie of a session that is over; one that cannot be looked up now is not over.
  absl::StatusOr<v1::Session> Refresh(const std::optional<std::string>& secret,
                                      std::string& set_cookie) const {
    const absl::StatusOr<access::Session> session =
        secret ? deps_.sessions->Refresh(*secret) : absl::StatusOr<access::Session>(SessionEnded());
    if (session.ok()) return ToProto(*session);
    if (absl::IsUnauthenticated(session.status())) {
      set_cookie = ClearSessionCookie(options_.cookie_transport);
    }
    return session.status();
  }

  // With a fresh access token. PERMISSION_DENIED with kRoleMissing when the roles file no longer knows the
  // user.
  absl::StatusOr<v1::Session> ToProto(const access::Session& session) const {
    const absl::Time access_expiry = WholeSeconds(session.access_expire_time);
    const Claims claims{.id = session.identity.id,
                        .username = session.identity.username,
                        .role = session.identity.role,
                        .expiry = access_expiry};
    const absl::StatusOr<Principal> principal = deps_.authorizer->PrincipalOf(claims);
    if (!principal.ok()) return principal.status();
    v1::Session out;
    out.set_access_token(SignJwt(claims, options_.jwt_secret, deps_.clock->Now()));
    *out.mutable_access_expire_time() = rpc::ToProto(access_expiry);
    *out.mutable_expire_time() = rpc::ToProto(session.expire_time);
    out.set_username(principal->Name());
    out.set_role(std::string(access::RoleName(principal->role)));
    for (const Permission permission : PermissionsOf(principal->role)) {
      out.add_permissions(std::string(PermissionName(permission)));
    }
    return out;
  }

  const AccessDependencies deps_;
  const SessionServiceOptions options_;
  const Gate gate_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSessionService(const AccessDependencies& dependencies,
                                                  SessionServiceOptions options) {
  return std::make_unique<SessionServiceImpl>(dependencies, std::move(options));
}

}  // namespace satudata::rpc
