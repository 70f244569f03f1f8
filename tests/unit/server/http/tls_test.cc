#include <httplib.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/http/http_client.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificate.h"
#include "tests/unit/server/http/raw_peer.h"

namespace satudata::http {
namespace {

using fakes::MakeCertificate;
using fakes::TestCertificate;

using ::testing::HasSubstr;

// A server with one certificate that answers GET / and, if it trusts anybody, asks for theirs.
class TlsPeer {
 public:
  TlsPeer(const TestCertificate& identity, X509_STORE* trusted)
      : server_(identity.certificate.get(), identity.key.get(), trusted) {
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("{}", "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // stop() does nothing before that.
  }
  // The same, speaking nothing newer than `version`.
  TlsPeer(const TestCertificate& identity, int version) : TlsPeer(identity, nullptr) {
    SSL_CTX_set_security_level(server_.ssl_context(), 0);
    SSL_CTX_set_min_proto_version(server_.ssl_context(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(server_.ssl_context(), version);
  }
  ~TlsPeer() {
    server_.stop();
    thread_.join();
  }
  std::string Url(absl::string_view host = "localhost") const {
    return absl::StrCat("https://", host, ":", port_);
  }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

class TlsTest : public ::testing::Test {
 protected:
  Result Get(HttpClientOptions options) {
    auto client = NewHttpClient(std::move(options), clock_);
    EXPECT_TRUE(client.ok()) << client.status();
    return (*client)->Do({.path = "/"}, {.deadline = base::Deadline::After(clock_, absl::Seconds(10))});
  }

  base::SystemClock clock_;
  const fakes::TemporaryDirectory files_;
  const std::string& directory_ = files_.path();
};

TEST_F(TlsTest, RefusesACertificateThatNobodyVouchesFor) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  TlsPeer peer(identity, nullptr);
  const Result result = Get({.base_url = peer.Url()});
  EXPECT_EQ(result.error, TransportError::kCertificate);
  EXPECT_FALSE(result.MayHaveArrived());
  EXPECT_THAT(result.error_detail, HasSubstr("self-signed"));
}

TEST_F(TlsTest, AcceptsACertificateFromTheBundle) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  TlsPeer peer(identity, nullptr);
  const Result result =
      Get({.base_url = peer.Url(), .ca_bundle_file = identity.WriteCertificate(directory_)});
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_EQ(result.answer->body, "{}");
}

// The server sends its own certificate alone; the bundle holds only the intermediate that signed it.
TEST_F(TlsTest, AnIntermediateInTheBundleMendsAnIncompleteChain) {
  const TestCertificate root = MakeCertificate("root.test", nullptr);
  const TestCertificate intermediate = MakeCertificate("intermediate.test", &root);
  const TestCertificate identity = MakeCertificate("localhost", &intermediate);
  TlsPeer peer(identity, nullptr);
  const Result result =
      Get({.base_url = peer.Url(), .ca_bundle_file = intermediate.WriteCertificate(directory_)});
  EXPECT_TRUE(result.answer.has_value()) << result.error_detail;
}

TEST_F(TlsTest, RefusesACertificateOfAnotherHost) {
  const TestCertificate identity = MakeCertificate("elsewhere.test", nullptr);
  TlsPeer peer(identity, nullptr);
  const Result result =
      Get({.base_url = peer.Url(), .ca_bundle_file = identity.WriteCertificate(directory_)});
  EXPECT_EQ(result.error, TransportError::kCertificate);
  EXPECT_THAT(result.error_detail, HasSubstr("not for this host"));
}

TEST_F(TlsTest, RefusesACertificateThatHasExpired) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr, /*life=*/-absl::Seconds(30));
  TlsPeer peer(identity, nullptr);
  const Result result =
      Get({.base_url = peer.Url(), .ca_bundle_file = identity.WriteCertificate(directory_)});
  EXPECT_EQ(result.error, TransportError::kCertificate);
  EXPECT_THAT(result.error_detail, HasSubstr("expired"));
}

TEST_F(TlsTest, ABundleThatDoesNotVouchIsNotEnough) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  const TestCertificate other = MakeCertificate("other.test", nullptr);
  TlsPeer peer(identity, nullptr);
  const Result result = Get({.base_url = peer.Url(), .ca_bundle_file = other.WriteCertificate(directory_)});
  EXPECT_EQ(result.error, TransportError::kCertificate);
}

TEST_F(TlsTest, SpeaksTls12AndNothingOlder) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  const std::string bundle = identity.WriteCertificate(directory_);
  TlsPeer old_peer(identity, TLS1_1_VERSION);
  const Result refused = Get({.base_url = old_peer.Url(), .ca_bundle_file = bundle});
  EXPECT_EQ(refused.error, TransportError::kConnect);
  EXPECT_FALSE(refused.answer.has_value());
  TlsPeer peer(identity, TLS1_2_VERSION);
  EXPECT_TRUE(Get({.base_url = peer.Url(), .ca_bundle_file = bundle}).answer.has_value());
}

TEST_F(TlsTest, ShowsItsOwnCertificateWhereItIsAskedFor) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  const TestCertificate ours = MakeCertificate("client.test", nullptr);
  X509_STORE* trusted = X509_STORE_new();  // The server takes it over.
  X509_STORE_add_cert(trusted, ours.certificate.get());
  TlsPeer peer(identity, trusted);
  const std::string bundle = identity.WriteCertificate(directory_);
  const Result without = Get({.base_url = peer.Url(), .ca_bundle_file = bundle});
  EXPECT_FALSE(without.answer.has_value());
  const Result with = Get({.base_url = peer.Url(),
                           .ca_bundle_file = bundle,
                           .client_certificate_file = ours.WriteCertificate(directory_),
                           .client_key_file = ours.WriteKey(directory_)});
  EXPECT_TRUE(with.answer.has_value()) << with.error_detail;
}

TEST_F(TlsTest, KeepsItsConnection) {
  const TestCertificate identity = MakeCertificate("localhost", nullptr);
  TlsPeer peer(identity, nullptr);
  auto client = NewHttpClient(
      {.base_url = peer.Url(), .ca_bundle_file = identity.WriteCertificate(directory_)}, clock_);
  ASSERT_TRUE(client.ok());
  for (int i = 0; i < 12; ++i) {  // More than the five requests after which this server hangs up.
    const Result result = (*client)->Do({.path = "/"}, {});
    EXPECT_TRUE(result.answer.has_value()) << i << ": " << result.error_detail;
  }
}

TEST_F(TlsTest, AHandshakeThatNeverEndsIsNoConnection) {
  RawPeer peer([](RawConnection& connection, int) { connection.WaitForHangUp(); });
  auto client = NewHttpClient({.base_url = absl::StrCat("https://127.0.0.1:", peer.port())}, clock_);
  ASSERT_TRUE(client.ok());
  const Result result =
      (*client)->Do({.path = "/"}, {.deadline = base::Deadline::After(clock_, absl::Milliseconds(200))});
  EXPECT_EQ(result.error, TransportError::kConnect);
  EXPECT_LT(result.duration, absl::Seconds(2));
}

TEST_F(TlsTest, APeerThatSpeaksNoTlsIsNoConnection) {
  RawPeer peer([](RawConnection& connection, int) { connection.Write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  const Result result = Get({.base_url = absl::StrCat("https://127.0.0.1:", peer.port())});
  EXPECT_EQ(result.error, TransportError::kConnect);
}

}  // namespace
}  // namespace satudata::http
