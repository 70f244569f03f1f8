// File: browser.h
//
// A page in a browser, as far as signing in goes: it keeps the server's cookie and cannot read it.
#ifndef TESTS_E2E_BROWSER_H_
#define TESTS_E2E_BROWSER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "satudata/integration/v1/session_service.grpc.pb.h"

namespace satudata::e2e {

namespace v1 = ::satudata::integration::v1;

class Browser {
 public:
  explicit Browser(const std::string& address)
      : stub_(v1::SessionService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
  }

  grpc::Status SignIn(const std::string& username, const std::string& password) {
    v1::SignInRequest request;
    request.set_username(username);
    request.set_password(password);
    return Call(&Stub::SignIn, request, &session_);
  }
  grpc::Status Refresh() { return Call(&Stub::RefreshSession, v1::RefreshSessionRequest(), &session_); }
  grpc::Status SignOut() {
    v1::SignOutResponse response;
    return Call(&Stub::SignOut, v1::SignOutRequest(), &response);
  }

  // The last that came.
  const v1::Session& session() const { return session_; }
  // `satudata_session=…`; empty after the server took it away.
  const std::string& cookie() const { return cookie_; }
  void set_cookie(const std::string& cookie) { cookie_ = cookie; }

 private:
  using Stub = v1::SessionService::Stub;

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    if (!cookie_.empty()) context.AddMetadata("cookie", cookie_);
    const grpc::Status status = ((*stub_).*method)(&context, request, response);
    const auto found = context.GetServerInitialMetadata().find("set-cookie");
    if (found == context.GetServerInitialMetadata().end()) return status;
    const std::string value(found->second.data(), found->second.size());
    cookie_ = value.find("Max-Age=0") == std::string::npos ? value.substr(0, value.find(';')) : "";
    return status;
  }

  const std::unique_ptr<Stub> stub_;
  v1::Session session_;
  std::string cookie_;
};

}  // namespace satudata::e2e

#endif  // TESTS_E2E_BROWSER_H_
