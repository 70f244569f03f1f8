// gRPC-Web on the wire: what standard clients send, and what they are to find.
#include <httplib.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "server/web/frame.h"
#include "server/web/web_text.h"
#include "tests/integration/web/web_fixture.h"

namespace satudata::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kBinary[] = "application/grpc-web+proto";

class WebCallTest : public WebTest {
 protected:
  CallAnswer Post(const std::string& body, Fields headers = {}) {
    headers.emplace("content-type", kBinary);
    Connection connection(port());
    connection.Send(PostRequest("/test.Service/Echo", body, headers));
    return TakeApart(connection.Receive());
  }
  static std::string ReasonOf(const CallAnswer& answer) {
    std::string bytes;
    google::rpc::Status status;
    google::rpc::ErrorInfo info;
    if (absl::Base64Unescape(answer.trailer("grpc-status-details-bin"), &bytes) &&
        status.ParseFromString(bytes) && status.details_size() > 0) {
      status.details(0).UnpackTo(&info);
    }
    return info.reason();
  }
};

TEST_F(WebCallTest, UnaryInEachForm) {
  const std::string bytes("h\xC3\xA9llo\0", 7);
  for (const char* type : {"application/grpc-web", "application/grpc-web+proto", "application/grpc-web-text",
                           "application/grpc-web-text+proto"}) {
    Connection connection(port());
    connection.Send(CallRequest("Echo", bytes, {}, type));
    const CallAnswer answer = TakeApart(connection.Receive());
    EXPECT_EQ(answer.http.status, 200);
    EXPECT_EQ(answer.http.header("content-type"), type);
    EXPECT_EQ(answer.http.header("cache-control"), "no-store");
    EXPECT_EQ(answer.http.header("x-accel-buffering"), "no");
    EXPECT_THAT(answer.messages, ElementsAre(bytes)) << type;
    EXPECT_EQ(answer.code, 0) << type;
  }
}

TEST_F(WebCallTest, TextThatWasEncodedInPieces) {
  const std::string frame = FrameOf("abcdefg");
  const std::string body =
      EncodeText(frame.substr(0, 4)) + EncodeText(frame.substr(4, 5)) + EncodeText(frame.substr(9));
  EXPECT_THAT(Post(body, {{"content-type", "application/grpc-web-text"}}).messages, ElementsAre("abcdefg"));
  EXPECT_EQ(Post("!" + body, {{"content-type", "application/grpc-web-text"}}).code, 3);
}

TEST_F(WebCallTest, MetadataTravelsBothWays) {
  const CallAnswer answer = Call(port(), "Echo", "x",
                                 {{"authorization", "Bearer t"},
                                  {"accept-language", "en"},
                                  {"cookie", "a=1"},
                                  {"x-raw-bin", "AQD/"},
                                  {"user-agent", "curl"},
                                  {"x-forwarded-for", "10.1.1.1"}});
  EXPECT_EQ(answer.http.header("x-initial"), "first");
  EXPECT_EQ(answer.http.header("x-raw-bin"), "AQD/");
  EXPECT_EQ(answer.http.headers.count("set-cookie"), 2U);
  EXPECT_EQ(answer.trailer("x-last"), "bye");
  base::MutexLock lock(&observed().mu);
  const auto sent = [this](const std::string& name) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    const auto found = observed().metadata.find(name);
    return found == observed().metadata.end() ? "none" : found->second;
  };
  EXPECT_EQ(sent("authorization"), "Bearer t");
  EXPECT_EQ(sent("accept-language"), "en");
  EXPECT_EQ(sent("cookie"), "a=1");
  EXPECT_EQ(sent("x-raw-bin"), std::string("\x01\0\xFF", 3));
  EXPECT_EQ(sent("x-forwarded-for"), "10.1.1.1, 127.0.0.1");
  EXPECT_EQ(sent("content-length"), "none");
  EXPECT_THAT(sent("user-agent"), Not(HasSubstr("curl")));
}

TEST_F(WebCallTest, AnErrorKeepsItsTextAndDetails) {
  const CallAnswer answer = Call(port(), "Count", "0 7");
  EXPECT_EQ(answer.http.status, 200);
  EXPECT_TRUE(answer.messages.empty());
  EXPECT_EQ(answer.code, 7);
  EXPECT_EQ(answer.trailer("grpc-message"), "nope: %C3%A9 %25%0A");
  std::string details;
  EXPECT_TRUE(absl::Base64Unescape(answer.trailer("grpc-status-details-bin"), &details));
  EXPECT_EQ(details, "details\xFF");
  EXPECT_EQ(answer.trailer("x-last"), "bye");
}

TEST_F(WebCallTest, AStreamKeepsItsOrder) {
  for (const char* type : {"application/grpc-web+proto", "application/grpc-web-text"}) {
    Connection connection(port());
    connection.Send(CallRequest("Count", "20000", {}, type));
    const CallAnswer answer = TakeApart(connection.Receive());
    ASSERT_EQ(answer.messages.size(), 20000U) << type;
    for (int i = 0; i < 20000; ++i) ASSERT_EQ(answer.messages[i], absl::StrCat(i));
    EXPECT_EQ(answer.code, 0);
  }
}

TEST_F(WebCallTest, AStreamMayEndInAnError) {
  const CallAnswer answer = Call(port(), "Count", "3 7");
  EXPECT_THAT(answer.messages, ElementsAre("0", "1", "2"));
  EXPECT_EQ(answer.code, 7);
}

TEST_F(WebCallTest, TheHeadersComeBeforeTheFirstMessage) {
  Connection connection(port());
  connection.Send(CallRequest("Idle", ""));
  EXPECT_TRUE(connection.AwaitBytes(100));
}

TEST_F(WebCallTest, TheDeadlineEndsTheCall) {
  for (const char* method : {"Idle", "Silent"}) {
    const absl::Time begin = absl::Now();
    EXPECT_EQ(Call(port(), method, "", {{"grpc-timeout", "200m"}}).code, 4) << method;
    EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  }
  EXPECT_EQ(Call(port(), "Idle", "", {{"grpc-timeout", "0S"}}).code, 4);
  EXPECT_EQ(Call(port(), "Echo", "", {{"grpc-timeout", "99999999H"}}).code, 0);
  EXPECT_EQ(Call(port(), "Echo", "", {{"grpc-timeout", "soon"}}).code, 3);
}

TEST_F(WebCallTest, OnlyServicesOfOursCanBeCalled) {
  for (const char* path : {"/grpc.health.v1.Health/Watch", "/test.Service", "/test.Service/", "/",
                           "/a/test.S/Echo", "/test.Service/Echo/x"}) {
    Connection connection(port());
    connection.Send(PostRequest(path, FrameOf(""), {{"content-type", kBinary}, {"accept-language", "en"}}));
    const CallAnswer answer = TakeApart(connection.Receive());
    EXPECT_EQ(answer.code, 12) << path;
    EXPECT_EQ(ReasonOf(answer), "METHOD_UNAVAILABLE") << path;
  }
  EXPECT_EQ(observed().started, 0);
}

TEST_F(WebCallTest, ABodyIsOneFrame) {
  const std::string good = FrameOf("abc");
  for (const std::string& body : {std::string(), good.substr(0, 4), good.substr(0, 7), good + "x",
                                  good + good, std::string("\x80\0\0\0\0", 5)}) {
    const CallAnswer answer = Post(body);
    EXPECT_EQ(answer.http.status, 200);
    EXPECT_EQ(answer.code, 3) << absl::CHexEscape(body);
    EXPECT_EQ(ReasonOf(answer), "REQUEST_MALFORMED");
  }
  std::string compressed = good;
  compressed[0] = 1;
  EXPECT_EQ(Post(compressed).code, 12);
  EXPECT_EQ(ReasonOf(Post(compressed)), "COMPRESSION_UNSUPPORTED");
}

TEST_F(WebCallTest, AMessageHasFourMebibytesAtMost) {
  const std::string largest(kMaxMessageBytes, 'x');
  EXPECT_EQ(Post(FrameOf(largest)).code, 0);
  EXPECT_EQ(Post(EncodeText(FrameOf(largest)), {{"content-type", "application/grpc-web-text"}}).code, 0);
  for (const size_t excess : {1, 1 << 20, 8 << 20}) {
    const CallAnswer answer = Post(FrameOf(largest + std::string(excess, 'x')));
    EXPECT_EQ(answer.code, 3) << excess;
    EXPECT_EQ(ReasonOf(answer), "MESSAGE_TOO_LARGE");
  }
}

TEST_F(WebCallTest, HttpHasItsOwnRefusals) {
  const auto status = [this](const std::string& request) {
    Connection connection(port());
    connection.Send(request);
    return connection.Receive().status;
  };
  EXPECT_EQ(status(PostRequest("/test.Service/Echo", FrameOf(""), {{"content-type", "application/json"}})),
            415);
  EXPECT_EQ(status(PostRequest("/test.Service/Echo", FrameOf(""), {})), 415);
  EXPECT_EQ(status(CallRequest("Echo", "", {{"content-encoding", "gzip"}})), 415);
  EXPECT_EQ(status(CallRequest("Echo", "", {{"origin", "http://evil.example"}})), 403);
  EXPECT_EQ(status(CallRequest("Echo", "", {{"sec-fetch-site", "cross-site"}})), 403);
  EXPECT_EQ(
      status(CallRequest("Echo", "", {{"origin", "http://127.0.0.1"}, {"sec-fetch-site", "same-origin"}})),
      200);
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"}) {
    EXPECT_EQ(status(absl::StrCat(method, " /test.Service/Echo HTTP/1.1\r\nHost: x\r\n\r\n")), 405) << method;
  }
  EXPECT_EQ(observed().started, 1);
}

TEST_F(WebCallTest, NoOtherSiteIsInvited) {
  Connection connection(port());
  connection.Send(CallRequest("Echo", "", {{"origin", "http://127.0.0.1"}}));
  const HttpAnswer answer = connection.Receive();
  EXPECT_EQ(answer.status, 200);
  for (const auto& [name, value] : answer.headers) EXPECT_THAT(name, Not(HasSubstr("access-control")));
}

TEST_F(WebCallTest, AConnectionServesOneRequestAfterTheOther) {
  Connection connection(port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(connection.Send(CallRequest("Echo", absl::StrCat(i))));
    ASSERT_THAT(TakeApart(connection.Receive()).messages, ElementsAre(absl::StrCat(i)));
    ASSERT_TRUE(connection.Send(GetRequest("/assets/a.js")));
    ASSERT_EQ(connection.Receive().body, "script");
  }
}

TEST_F(WebCallTest, AlsoWhenTheyWereSentAtOnce) {
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += CallRequest("Echo", absl::StrCat(i)) + GetRequest("/");
  Connection connection(port());
  connection.Send(requests);
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(TakeApart(connection.Receive()).messages, ElementsAre(absl::StrCat(i)));
    ASSERT_EQ(connection.Receive().body, "<page>");
  }
}

TEST_F(WebCallTest, ABodyMayComeInChunks) {
  const std::string frame = FrameOf("in pieces");
  std::string body;
  for (const char byte : frame) body += std::string("1\r\n") + byte + "\r\n";
  Connection connection(port());
  connection.Send(PostRequest("/test.Service/Echo", body + "0\r\n\r\n",
                              {{"content-type", kBinary}, {"transfer-encoding", "chunked"}}) +
                  CallRequest("Echo", "next"));
  EXPECT_THAT(TakeApart(connection.Receive()).messages, ElementsAre("in pieces"));
  EXPECT_THAT(TakeApart(connection.Receive()).messages, ElementsAre("next"));
}

TEST_F(WebCallTest, AClientMayAskBeforeItSends) {
  const std::string request = CallRequest("Echo", "asked", {{"expect", "100-continue"}});
  const size_t head = request.find("\r\n\r\n") + 4;
  Connection connection(port());
  connection.Send(request.substr(0, head));
  EXPECT_EQ(connection.Receive().status, 100);
  connection.Send(request.substr(head));
  EXPECT_THAT(TakeApart(connection.Receive()).messages, ElementsAre("asked"));
}

TEST_F(WebCallTest, EveryAnswerIsSafeInABrowser) {
  const auto answer = [this](const std::string& request) {
    Connection connection(port());
    connection.Send(request);
    return connection.Receive();
  };
  const std::string https = GetRequest("/", {{"x-forwarded-proto", "https"}});
  for (const std::string& request :
       {GetRequest("/"), GetRequest("/none.js"), CallRequest("Echo", ""), CallRequest("Count", "0 7"), https,
        PostRequest("/", "", {}), std::string("GET\r\n\r\n"), std::string("PUT / HTTP/1.1\r\n\r\n")}) {
    const HttpAnswer got = answer(request);
    EXPECT_THAT(got.header("content-security-policy"), HasSubstr("default-src 'none'; script-src 'self';"))
        << request;
    EXPECT_THAT(got.header("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(got.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(got.header("x-frame-options"), "DENY");
    EXPECT_EQ(got.header("referrer-policy"), "no-referrer");
    EXPECT_EQ(got.header("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(got.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_THAT(got.header("permissions-policy"), HasSubstr("camera=()"));
    EXPECT_EQ(got.header("strict-transport-security"), request == https ? "max-age=31536000" : "");
  }
}

TEST_F(WebCallTest, PagesAreAnsweredAsHttpWants) {
  httplib::Client client("127.0.0.1", port());
  const auto head = client.Head("/");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->get_header_value("Content-Length"), "6");
  EXPECT_EQ(head->get_header_value("ETag"), client.Get("/")->get_header_value("ETag"));
  Connection other(port());
  other.Send(GetRequest("/"));
  const HttpAnswer page = other.Receive();
  other.Send(GetRequest("/", {{"if-none-match", page.header("etag")}}));
  const HttpAnswer again = other.Receive();
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.headers.count("content-length"), 0U);
  // Ranges are not for files as small as these, and many of them would multiply the answer.
  other.Send(GetRequest("/assets/a.js", {{"range", "bytes=0-,0-,0-,0-,0-,0-"}}));
  EXPECT_EQ(other.Receive().body, "script");
}

}  // namespace
}  // namespace satudata::web
