// File: test_certificate.h
//
// Certificates made on the spot, so that no test depends on a file that expires.
#ifndef TESTS_FAKES_TEST_CERTIFICATE_H_
#define TESTS_FAKES_TEST_CERTIFICATE_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace satudata::fakes {

struct TestCertificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{nullptr, &X509_free};

  std::string CertificatePem() const;
  std::string KeyPem() const;
  // Writes PEM files under `directory` and returns their paths.
  std::string WriteCertificate(absl::string_view directory) const;
  std::string WriteKey(absl::string_view directory) const;
};

// For `host` (a DNS name), from a minute ago until `life` from now. Signed by `issuer`, or by itself if that
// is null.
TestCertificate MakeCertificate(const std::string& host, const TestCertificate* issuer,
                                absl::Duration life = absl::Hours(1));

}  // namespace satudata::fakes

#endif  // TESTS_FAKES_TEST_CERTIFICATE_H_
