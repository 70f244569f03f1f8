// The web server with TLS: the same calls, and clients that do not shake hands.
#include <httplib.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/tls_identity.h"
#include "tests/fakes/test_certificate.h"
#include "tests/integration/web/web_fixture.h"

namespace satudata::web {
namespace {

using testing::HasSubstr;

std::shared_ptr<const base::TlsIdentity> NewIdentity() {
  const auto certificate = fakes::MakeCertificate("localhost", nullptr);
  return std::make_shared<base::TlsIdentity>(
      base::TlsOptions{certificate.CertificatePem(), certificate.KeyPem(), ""});
}

class WebTlsTest : public WebTest {
 protected:
  explicit WebTlsTest(absl::Duration idle_limit = absl::Minutes(1))
      : WebTest({.tls = NewIdentity(), .idle_limit = idle_limit}) {}

  std::unique_ptr<httplib::SSLClient> Client() const {
    auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", port());
    client->enable_server_certificate_verification(false);
    client->set_keep_alive(true);
    return client;
  }
  static httplib::Result Call(httplib::SSLClient& client, const std::string& method,
                              const std::string& message) {
    return client.Post("/test.Service/" + method, FrameOf(message), "application/grpc-web+proto");
  }
};

// More than fits into a socket, into a record, and into one read.
TEST_F(WebTlsTest, LargeCallsArriveWholeOnConnectionsThatAreKept) {
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([this, i] {
      const auto client = Client();
      for (int round = 0; round < 4; ++round) {
        const std::string message(static_cast<size_t>(1'000'000 + 17 * i + round),
                                  static_cast<char>('a' + i));
        const httplib::Result answer = Call(*client, "Echo", message);
        ASSERT_TRUE(answer) << httplib::to_string(answer.error());
        EXPECT_EQ(answer->body.substr(0, 5 + message.size()), FrameOf(message));
        EXPECT_THAT(answer->body.substr(5 + message.size()), HasSubstr("grpc-status: 0\r\n"));
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(WebTlsTest, StreamsAndPagesAreServed) {
  const auto client = Client();
  const httplib::Result stream = Call(*client, "Count", "1000");
  ASSERT_TRUE(stream);
  EXPECT_THAT(stream->body, HasSubstr("999"));
  EXPECT_THAT(stream->body, HasSubstr("grpc-status: 0\r\n"));
  const httplib::Result page = client->Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, "<page>");
  EXPECT_EQ(page->get_header_value("Strict-Transport-Security"), "max-age=31536000");
}

TEST_F(WebTlsTest, WhoSpeaksInTheClearIsHungUpOn) {
  Connection connection(port());
  EXPECT_TRUE(connection.Send(GetRequest("/")));
  EXPECT_TRUE(connection.IsHungUp(absl::Seconds(20)));
}

class ImpatientWebTlsTest : public WebTlsTest {
 protected:
  ImpatientWebTlsTest() : WebTlsTest(absl::Seconds(2)) {}
};

TEST_F(ImpatientWebTlsTest, WhoDoesNotShakeHandsStandsInNobodysWayAndIsHungUpOn) {
  std::vector<std::unique_ptr<Connection>> silent;
  for (int i = 0; i < 50; ++i) silent.push_back(std::make_unique<Connection>(port()));
  silent.front()->Send("\x16\x03\x01");  // Of a first message, the first bytes.
  const httplib::Result page = Client()->Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, "<page>");
  for (const auto& connection : silent) EXPECT_TRUE(connection->IsHungUp(absl::Seconds(20)));
}

TEST_F(WebTlsTest, WhoLeavesInTheMiddleOfAStreamEndsItsCall) {
  httplib::Request request;
  request.method = "POST";
  request.path = "/test.Service/Flood";
  request.body = FrameOf("");
  request.set_header("content-type", "application/grpc-web+proto");
  size_t received = 0;
  request.content_receiver = [&received](const char*, size_t size, uint64_t, uint64_t) {
    received += size;
    return received < 100'000;
  };
  EXPECT_FALSE(Client()->send(request));
  EXPECT_GE(received, 100'000U);
  EXPECT_TRUE(Eventually([this] { return observed().done == 1; }));
}

}  // namespace
}  // namespace satudata::web
