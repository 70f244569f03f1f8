#include "server/rpc/tls_identity.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpcpp/security/server_credentials.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/rpc/freed.h"

namespace satudata::rpc {
namespace {

using Input = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

Input InputOf(const std::string& pem) {
  return Input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// The first one in the text; null if there is none.
Certificate FirstCertificate(const std::string& pem) {
  Certificate certificate(PEM_read_bio_X509(InputOf(pem).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

// A key with a password is none: nobody is there to type it.
PrivateKey KeyIn(const std::string& pem) {
  const auto no_password = [](char*, int, int, void*) { return 0; };
  PrivateKey key(PEM_read_bio_PrivateKey(InputOf(pem).get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return key;
}

absl::Time ToTime(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? absl::FromTM(parts, absl::UTCTimeZone()) : absl::InfinitePast();
}

std::string DayOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> CheckDates(const X509* certificate, absl::Time now) {
  const absl::Time begin = ToTime(X509_get0_notBefore(certificate));
  const absl::Time end = ToTime(X509_get0_notAfter(certificate));
  if (end <= now) {
    return absl::InvalidArgumentError(
        absl::StrCat("the certificate has expired on ", DayOf(end), "; renew it"));
  }
  if (begin > now) {
    return absl::InvalidArgumentError(
        absl::StrCat("the certificate is good from ", DayOf(begin), " on; see that the clock is right"));
  }
  return end;
}

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

absl::StatusOr<absl::Time> CheckTls(const TlsOptions& tls, absl::Time now) {
  const Certificate certificate = FirstCertificate(tls.certificate_chain);
  if (certificate == nullptr) {
    return absl::InvalidArgumentError("there is no certificate in TLS_CERT_FILE; write it as PEM");
  }
  const PrivateKey key = KeyIn(tls.private_key);
  if (key == nullptr) {
    return absl::InvalidArgumentError("there is no key in TLS_KEY_FILE; write it as PEM, without a password");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError(
        "the key in TLS_KEY_FILE is not that of the first certificate in TLS_CERT_FILE; put the server's own "
        "certificate first, or take its key");
  }
  if (!tls.client_ca.empty() && FirstCertificate(tls.client_ca) == nullptr) {
    return absl::InvalidArgumentError("there is no certificate in TLS_CLIENT_CA_FILE; write it as PEM");
  }
  return CheckDates(certificate.get(), now);
}

TlsIdentity::TlsIdentity(TlsOptions tls) : tls_(std::move(tls)) {}

void TlsIdentity::Use(TlsOptions tls) {
  base::MutexLock lock(&mu_);
  tls_ = std::move(tls);
}

TlsOptions TlsIdentity::Current() const {
  base::MutexLock lock(&mu_);
  return tls_;
}

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(std::shared_ptr<const TlsIdentity> identity) {
  return std::make_shared<Credentials>(std::move(identity));
}

}  // namespace satudata::rpc
