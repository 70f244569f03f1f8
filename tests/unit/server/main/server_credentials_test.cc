// Certificates and keys that are replaced while the whole service runs.
#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/freed.h"
#include "tests/fakes/test_certificate.h"
#include "tests/unit/server/main/server_fixture.h"
#include "tests/unit/server/rpc/test_keys.h"

namespace satudata::main {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;
using grpc::StatusCode;
using rpc::TestKey;
using testing::HasSubstr;
using testing::StartsWith;

class ServerCredentialsTest : public ServerTest {
 protected:
  // `prefix`: the listener's.
  void Use(const std::string& prefix, const TestCertificate& certificate) {
    sources_.environment[prefix + "TLS_CERT_FILE"] =
        directory_.Write(prefix + "tls.crt", certificate.CertificatePem());
    sources_.environment[prefix + "TLS_KEY_FILE"] =
        directory_.Write(prefix + "tls.key", certificate.KeyPem());
  }
  // Files are looked at every 5 s.
  void Await(const std::function<bool()>& condition) {
    const absl::Time give_up = clock_.Now() + absl::Seconds(50);
    while (!condition()) ASSERT_LT(clock_.Now(), give_up);
  }

  const TestCertificate first_ = MakeCertificate("localhost", nullptr);
  const TestCertificate renewed_ = MakeCertificate("localhost", nullptr);
};

// What a call over TLS says, made by one who trusts this certificate alone, and shows `shown` if that is not
// null.
grpc::Status CallTrusting(const std::string& address, const TestCertificate& trusted,
                          const TestCertificate* shown = nullptr) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  grpc::SslCredentialsOptions options{.pem_root_certs = trusted.CertificatePem()};
  if (shown != nullptr) {
    options.pem_private_key = shown->KeyPem();
    options.pem_cert_chain = shown->CertificatePem();
  }
  const auto credentials = grpc::SslCredentials(options);
  const auto stub = v1::TargetService::NewStub(grpc::CreateCustomChannel(address, credentials, arguments));
  grpc::ClientContext context;
  v1::ListTargetsResponse response;
  return stub->ListTargets(&context, {}, &response);
}

TEST_F(ServerCredentialsTest, TakesARenewedCertificateWithoutARestart) {
  const auto first = MakeCertificate("localhost", nullptr);
  const auto renewed = MakeCertificate("localhost", nullptr);
  sources_.environment["TLS_CERT_FILE"] = directory_.Write("tls.crt", first.CertificatePem());
  sources_.environment["TLS_KEY_FILE"] = directory_.Write("tls.key", first.KeyPem());
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->grpc_address();
  // Without a token: whoever hears that has shaken hands.
  ASSERT_EQ(CallTrusting(address, first).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_EQ(CallTrusting(address, renewed).error_code(), grpc::StatusCode::UNAVAILABLE);
  directory_.Write("tls.crt", renewed.CertificatePem());
  directory_.Write("tls.key", renewed.KeyPem());
  const absl::Time give_up = clock_.Now() + absl::Seconds(60);
  while (CallTrusting(address, renewed).error_code() != grpc::StatusCode::UNAUTHENTICATED) {
    ASSERT_LT(clock_.Now(), give_up);
  }
  EXPECT_EQ(CallTrusting(address, first).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerCredentialsTest, ClientsMustShowACertificateWhereThatIsAskedFor) {
  const auto ours = MakeCertificate("localhost", nullptr);
  const auto authority = MakeCertificate("clients.test", nullptr);
  const auto client = MakeCertificate("portal.test", &authority);
  const auto stranger = MakeCertificate("stranger.test", nullptr);
  sources_.environment["TLS_CERT_FILE"] = directory_.Write("tls.crt", ours.CertificatePem());
  sources_.environment["TLS_KEY_FILE"] = directory_.Write("tls.key", ours.KeyPem());
  sources_.environment["TLS_CLIENT_CA_FILE"] = directory_.Write("clients.crt", authority.CertificatePem());
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->grpc_address();
  EXPECT_EQ(CallTrusting(address, ours, &client).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(CallTrusting(address, ours, &stranger).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CallTrusting(address, ours).error_code(), grpc::StatusCode::UNAVAILABLE);
}

// A path of an https server, asked by one who trusts this certificate alone and shows `shown` if that is not
// null.
httplib::Result Get(const std::string& address, const char* path, const TestCertificate& trusted,
                    const TestCertificate* shown = nullptr) {
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  std::unique_ptr<httplib::SSLClient> client;
  if (shown == nullptr) {
    client = std::make_unique<httplib::SSLClient>("localhost", port);
  } else {
    client =
        std::make_unique<httplib::SSLClient>("localhost", port, shown->certificate.get(), shown->key.get());
  }
  X509_STORE* const store = X509_STORE_new();  // Becomes the client's.
  X509_STORE_add_cert(store, trusted.certificate.get());
  client->set_ca_cert_store(store);
  client->set_hostname_addr_map({{"localhost", "127.0.0.1"}});
  return client->Get(path);
}

TEST_F(ServerCredentialsTest, PagesAndMetricsTakeRenewedCertificatesWithoutARestart) {
  Use("WEB_", first_);
  Use("ADMIN_", first_);
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string web = (*server)->web_address();
  const std::string admin = (*server)->admin_address();
  const httplib::Result ready = Get(admin, "/readyz", first_);
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 200);
  ASSERT_TRUE(Get(web, "/", first_));
  EXPECT_FALSE(Get(web, "/", renewed_));
  EXPECT_FALSE(httplib::Client(absl::StrCat("http://", web)).Get("/"));
  EXPECT_FALSE(httplib::Client(absl::StrCat("http://", admin)).Get("/readyz"));
  Use("WEB_", renewed_);
  Use("ADMIN_", renewed_);
  Await([&] { return Get(web, "/", renewed_) && Get(admin, "/readyz", renewed_); });
  EXPECT_FALSE(Get(web, "/", first_));
  EXPECT_FALSE(Get(admin, "/readyz", first_));
  const std::string metrics = Get(admin, "/metrics", renewed_)->body;
  for (const char* listener : {"web", "admin"}) {
    EXPECT_THAT(metrics, HasSubstr(absl::StrCat("expiry_seconds{listener=\"", listener, "\"} ")));
    EXPECT_THAT(metrics, HasSubstr(absl::StrCat("integration_files_usable{files=\"", listener, "-tls\"} 1")));
  }
}

TEST_F(ServerCredentialsTest, WhoAsksForMetricsMustShowACertificateWhereThatIsAskedFor) {
  const TestCertificate authority = MakeCertificate("operators.test", nullptr);
  const TestCertificate prometheus = MakeCertificate("prometheus.test", &authority);
  Use("ADMIN_", first_);
  sources_.environment["ADMIN_TLS_CLIENT_CA_FILE"] =
      directory_.Write("operators.crt", authority.CertificatePem());
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_TRUE(Get((*server)->admin_address(), "/metrics", first_, &prometheus));
  EXPECT_FALSE(Get((*server)->admin_address(), "/metrics", first_, &renewed_));
  EXPECT_FALSE(Get((*server)->admin_address(), "/metrics", first_));
}

TEST_F(ServerCredentialsTest, CallsOfPagesGoThroughTls) {
  Use("WEB_", first_);
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  httplib::Client web(absl::StrCat("https://", (*server)->web_address()));
  web.enable_server_certificate_verification(false);
  web.set_keep_alive(true);
  for (int i = 0; i < 3; ++i) {
    const auto listed = web.Post("/satudata.integration.v1.TargetService/ListTargets",
                                 {{"authorization", "Bearer " + Token()}}, std::string(5, '\0'),
                                 "application/grpc-web+proto");
    ASSERT_TRUE(listed);
    EXPECT_THAT(listed->body, HasSubstr("splp"));
    EXPECT_EQ(listed->get_header_value("Strict-Transport-Security"), "max-age=31536000");
  }
  // Whatever the cookie of a session is set by, Secure is part of it.
  const auto signed_out = web.Post("/satudata.integration.v1.SessionService/SignOut", std::string(5, '\0'),
                                   "application/grpc-web+proto");
  ASSERT_TRUE(signed_out);
  EXPECT_THAT(signed_out->get_header_value("set-cookie"), HasSubstr("; Secure"));
}

TEST_F(ServerCredentialsTest, WhatCannotBeUsedStopsTheStart) {
  for (const std::string prefix : {"", "WEB_", "ADMIN_"}) {
    const Variables before = sources_.environment;
    Use(prefix, first_);
    directory_.Write(prefix + "tls.key", renewed_.KeyPem());
    EXPECT_THAT(std::string(Start().status().message()),
                StartsWith(absl::StrCat(prefix, "TLS_CERT_FILE: the key in ", prefix,
                                        "TLS_KEY_FILE is not that of the first certificate")));
    Use(prefix, MakeCertificate("localhost", nullptr, absl::Seconds(-1)));
    EXPECT_THAT(std::string(Start().status().message()), HasSubstr("the certificate has expired on"));
    sources_.environment = before;
  }
}

TEST_F(ServerCredentialsTest, ASessionDoesNotTravelInTheClearBesideTls) {
  Use("WEB_", first_);
  sources_.environment["SESSION_COOKIE_SECURE"] = "off";
  EXPECT_THAT(std::string(Start().status().message()), StartsWith("SESSION_COOKIE_SECURE: off, although"));
}

// Why a handshake that offers nothing newer than `newest` fails; 0: it does not.
int HandshakeError(const std::string& address, int newest) {
  const std::unique_ptr<SSL_CTX, base::Freed<SSL_CTX_free>> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), newest);
  SSL_CTX_set_security_level(context.get(), 0);  // Else it would not even offer the old ones.
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2, sizeof(kHttp2));
  const std::unique_ptr<SSL, base::Freed<SSL_free>> client(SSL_new(context.get()));
  BIO* const connection = BIO_new_connect(address.c_str());  // Becomes the client's.
  EXPECT_EQ(BIO_do_connect(connection), 1);
  SSL_set_bio(client.get(), connection, connection);
  ERR_clear_error();
  if (SSL_connect(client.get()) == 1) return 0;
  return ERR_GET_REASON(ERR_peek_last_error());
}

TEST_F(ServerCredentialsTest, NoListenerSpeaksTlsBefore12) {
  for (const char* prefix : {"", "WEB_", "ADMIN_"}) Use(prefix, first_);
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  for (const std::string& address :
       {(*server)->grpc_address(), (*server)->web_address(), (*server)->admin_address()}) {
    EXPECT_EQ(HandshakeError(address, TLS1_3_VERSION), 0) << address;
    EXPECT_EQ(HandshakeError(address, TLS1_2_VERSION), 0) << address;
    EXPECT_NE(HandshakeError(address, TLS1_1_VERSION), 0) << address;
  }
}

TEST_F(ServerCredentialsTest, AReplacedKeySetMakesTheNewKeysTokensGoodAndTheOldKeysBad) {
  const TestKey old_key = TestKey::P256();
  const TestKey new_key = TestKey::Rsa();
  const int64_t expiry = absl::ToUnixSeconds(clock_.Now() + absl::Hours(1));
  const auto token = [expiry](const TestKey& key, const char* algorithm, const char* id) {
    return key.Token({{"alg", algorithm}, {"typ", "JWT"}, {"kid", id}},
                     {{"sub", "siti"}, {"role", "Viewer"}, {"exp", expiry}});
  };
  const std::string old_token = token(old_key, "ES256", "old");
  const std::string new_token = token(new_key, "RS256", "new");
  sources_.environment["JWKS_FILE"] = directory_.Write("jwks.json", rpc::KeySetOf({old_key.Jwk("old")}));
  sources_.environment["CALLER_RATE_LIMIT"] = "0";  // It asks as fast as it can until the file is read again.
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.status();
  v1::ListTargetsResponse response;
  ASSERT_TRUE(ListTargets(**server, old_token, &response).ok());
  ASSERT_EQ(ListTargets(**server, new_token, &response).error_code(), StatusCode::UNAUTHENTICATED);
  directory_.Write("jwks.json", rpc::KeySetOf({new_key.Jwk("new")}));
  Await([&] { return ListTargets(**server, new_token, &response).ok(); });
  EXPECT_EQ(ListTargets(**server, old_token, &response).error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(ListTargets(**server, &response).ok());
}

}  // namespace
}  // namespace satudata::main
