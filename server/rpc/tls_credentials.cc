#include "server/rpc/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>

#include <string>
#include <utility>

namespace satudata::rpc {
namespace {

using base::TlsIdentity;
using base::TlsOptions;

grpc_ssl_certificate_config_reload_status NextConfig(void* user_data,
                                                     grpc_ssl_server_certificate_config** config);

// gRPC's C++ has no credentials that change; its C core has them.
class Credentials final : public grpc::ServerCredentials {
 public:
  explicit Credentials(std::shared_ptr<const TlsIdentity> identity) : identity_(std::move(identity)) {
    const auto demand = identity_->Current().client_ca.empty()
                            ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                            : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(demand, NextConfig, this));
  }
  ~Credentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

  // What is in use from now on, if it is not yet. Called at each handshake, from many threads.
  grpc_ssl_certificate_config_reload_status Next(grpc_ssl_server_certificate_config** config) {
    const TlsOptions tls = identity_->Current();
    base::MutexLock lock(&mu_);
    if (is_used_ && tls == used_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{tls.private_key.c_str(), tls.certificate_chain.c_str()};
    // gRPC dies without roots here. Where no client is asked for a certificate it does nothing with them.
    const std::string& roots = tls.client_ca.empty() ? tls.certificate_chain : tls.client_ca;
    *config = grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
    used_ = tls;
    is_used_ = true;
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  const std::shared_ptr<const TlsIdentity> identity_;
  grpc_server_credentials* credentials_ = nullptr;
  base::Mutex mu_;
  bool is_used_ ABSL_GUARDED_BY(mu_) = false;
  TlsOptions used_ ABSL_GUARDED_BY(mu_);
};

grpc_ssl_certificate_config_reload_status NextConfig(void* user_data,
                                                     grpc_ssl_server_certificate_config** config) {
  return static_cast<Credentials*>(user_data)->Next(config);
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(std::shared_ptr<const base::TlsIdentity> identity) {
  return std::make_shared<Credentials>(std::move(identity));
}

}  // namespace satudata::rpc
