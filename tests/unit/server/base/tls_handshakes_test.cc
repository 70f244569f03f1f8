#include "server/base/tls_handshakes.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "server/base/freed.h"
#include "tests/fakes/test_certificate.h"

namespace satudata::base {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using End = std::unique_ptr<SSL, Freed<SSL_free>>;

TlsOptions OptionsOf(const TestCertificate& server, const TestCertificate* client_ca = nullptr) {
  return {server.CertificatePem(), server.KeyPem(), client_ca != nullptr ? client_ca->CertificatePem() : ""};
}

class TlsHandshakesTest : public testing::Test {
 protected:
  void Serve(const TlsOptions& tls) {
    identity_ = std::make_shared<TlsIdentity>(tls);
    handshakes_ = std::make_unique<TlsHandshakes>(identity_);
    server_.reset(SSL_CTX_new(TLS_server_method()));
    handshakes_->SetUp(*server_);
  }

  // Whether a client that trusts this certificate alone, and shows `shown` if that is not null, can talk.
  bool CanTalk(const TestCertificate& trusted, const TestCertificate* shown = nullptr,
               int newest = TLS1_3_VERSION) {
    const Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), newest);
    SSL_CTX_set_security_level(context.get(), 0);  // Else it would refuse old versions by itself.
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), trusted.certificate.get());
    if (shown != nullptr) {
      SSL_CTX_use_certificate(context.get(), shown->certificate.get());
      SSL_CTX_use_PrivateKey(context.get(), shown->key.get());
    }
    return Exchange(End(SSL_new(context.get())), End(SSL_new(server_.get())));
  }

  // A byte must arrive: with TLS 1.3 a client is done before the server has looked at its certificate.
  static bool Exchange(End client, End server) {
    BIO* ours = nullptr;
    BIO* theirs = nullptr;
    BIO_new_bio_pair(&ours, 0, &theirs, 0);
    SSL_set_bio(client.get(), ours, ours);
    SSL_set_bio(server.get(), theirs, theirs);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    char byte = 0;
    for (int round = 0; round < 20; ++round) {
      (void)SSL_write(client.get(), "x", 1);
      if (SSL_read(server.get(), &byte, 1) == 1) break;
    }
    ERR_clear_error();
    return byte == 'x';
  }

  const TestCertificate first_ = MakeCertificate("localhost", nullptr);
  const TestCertificate next_ = MakeCertificate("localhost", nullptr);
  std::shared_ptr<TlsIdentity> identity_;
  std::unique_ptr<TlsHandshakes> handshakes_;
  Context server_;
};

TEST_F(TlsHandshakesTest, AnswersWithWhatIsUsedNow) {
  Serve(OptionsOf(first_));
  EXPECT_TRUE(CanTalk(first_));
  EXPECT_FALSE(CanTalk(next_));
  identity_->Use(OptionsOf(next_));
  EXPECT_TRUE(CanTalk(next_));
  EXPECT_FALSE(CanTalk(first_));
}

TEST_F(TlsHandshakesTest, SendsTheChain) {
  const TestCertificate root = MakeCertificate("root.test", nullptr);
  const TestCertificate middle = MakeCertificate("middle.test", &root);
  const TestCertificate leaf = MakeCertificate("localhost", &middle);
  Serve({leaf.CertificatePem() + middle.CertificatePem(), leaf.KeyPem(), ""});
  EXPECT_TRUE(CanTalk(root));
  identity_->Use({leaf.CertificatePem(), leaf.KeyPem(), ""});
  EXPECT_FALSE(CanTalk(root));
}

TEST_F(TlsHandshakesTest, RefusesVersionsBefore12) {
  Serve(OptionsOf(first_));
  SSL_CTX_set_security_level(server_.get(), 0);
  EXPECT_TRUE(CanTalk(first_, nullptr, TLS1_3_VERSION));
  EXPECT_TRUE(CanTalk(first_, nullptr, TLS1_2_VERSION));
  EXPECT_FALSE(CanTalk(first_, nullptr, TLS1_1_VERSION));
}

TEST_F(TlsHandshakesTest, DemandsTheClientsCertificateOfTheAuthorityOfNow) {
  const TestCertificate authority = MakeCertificate("ca.test", nullptr);
  const TestCertificate other = MakeCertificate("other.test", nullptr);
  const TestCertificate client = MakeCertificate("client.test", &authority);
  Serve(OptionsOf(first_, &authority));
  EXPECT_FALSE(CanTalk(first_));
  EXPECT_TRUE(CanTalk(first_, &client));
  EXPECT_TRUE(CanTalk(first_, &client, TLS1_2_VERSION));
  identity_->Use(OptionsOf(first_, &other));
  EXPECT_FALSE(CanTalk(first_, &client));
  EXPECT_FALSE(CanTalk(first_, &client, TLS1_2_VERSION));
}

}  // namespace
}  // namespace satudata::base
