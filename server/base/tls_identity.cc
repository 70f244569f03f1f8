#include "server/base/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/base/freed.h"

namespace satudata::base {
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

}  // namespace

absl::StatusOr<absl::Time> CheckTls(const TlsOptions& tls, absl::Time now, absl::string_view prefix) {
  const auto complain = [prefix](absl::string_view before, const char* setting, absl::string_view after) {
    return absl::InvalidArgumentError(absl::StrCat(before, prefix, setting, after));
  };
  const Certificate certificate = FirstCertificate(tls.certificate_chain);
  if (certificate == nullptr) {
    return complain("there is no certificate in ", "TLS_CERT_FILE", "; write it as PEM");
  }
  const PrivateKey key = KeyIn(tls.private_key);
  if (key == nullptr) {
    return complain("there is no key in ", "TLS_KEY_FILE", "; write it as PEM, without a password");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return complain(
        absl::StrCat("the key in ", prefix, "TLS_KEY_FILE is not that of the first certificate in "),
        "TLS_CERT_FILE", "; put the server's own certificate first, or take its key");
  }
  if (!tls.client_ca.empty() && FirstCertificate(tls.client_ca) == nullptr) {
    return complain("there is no certificate in ", "TLS_CLIENT_CA_FILE", "; write it as PEM");
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

}  // namespace satudata::base
