#include "server/base/tls_identity.h"

#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fakes/test_certificate.h"

namespace satudata::base {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;
using ::testing::HasSubstr;

std::string Complaint(const TlsOptions& tls, absl::Time now = absl::Now()) {
  const absl::StatusOr<absl::Time> end = CheckTls(tls, now);
  if (end.ok()) return "none";
  EXPECT_EQ(end.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(end.status().message());
}

class CheckTlsTest : public testing::Test {
 protected:
  const TestCertificate ours_ = MakeCertificate("localhost", nullptr);
  const TestCertificate other_ = MakeCertificate("other.test", nullptr);
  const TlsOptions good_{ours_.CertificatePem(), ours_.KeyPem(), other_.CertificatePem()};
};

TEST_F(CheckTlsTest, TellsWhenTheCertificateEnds) {
  const absl::StatusOr<absl::Time> end = CheckTls(good_, absl::Now());
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_GT(*end, absl::Now() + absl::Minutes(59));
  EXPECT_LT(*end, absl::Now() + absl::Minutes(61));
}

TEST_F(CheckTlsTest, TheServersOwnCertificateComesFirst) {
  TlsOptions tls = good_;
  tls.certificate_chain = ours_.CertificatePem() + other_.CertificatePem();
  EXPECT_EQ(Complaint(tls), "none");
  tls.certificate_chain = other_.CertificatePem() + ours_.CertificatePem();
  EXPECT_THAT(Complaint(tls), HasSubstr("is not that of the first certificate"));
}

TEST_F(CheckTlsTest, WhatIsNoPemIsNamed) {
  TlsOptions tls = good_;
  tls.certificate_chain = ours_.KeyPem();
  EXPECT_THAT(Complaint(tls), HasSubstr("no certificate in TLS_CERT_FILE"));
  tls = good_;
  tls.private_key = ours_.CertificatePem();
  EXPECT_THAT(Complaint(tls), HasSubstr("no key in TLS_KEY_FILE"));
  tls = good_;
  tls.client_ca = "none";
  EXPECT_THAT(Complaint(tls), HasSubstr("no certificate in TLS_CLIENT_CA_FILE"));
}

TEST_F(CheckTlsTest, ItsTimeMustHaveComeAndNotGone) {
  EXPECT_THAT(Complaint(good_, absl::Now() + absl::Hours(2)), HasSubstr("has expired on 2"));
  EXPECT_THAT(Complaint(good_, absl::Now() - absl::Hours(2)), HasSubstr("see that the clock is right"));
}

}  // namespace
}  // namespace satudata::base
