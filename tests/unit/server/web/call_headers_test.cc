#include "server/web/call_headers.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"

namespace satudata::web {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

Metadata MetadataOf(const httplib::Headers& headers) {
  const auto read = ReadCallHeaders(headers, "10.0.0.9");
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? read->metadata : Metadata();
}

TEST(CallHeaders, TheCallsOwnGoOn) {
  EXPECT_THAT(
      MetadataOf({{"Authorization", "Bearer t"},
                  {"Accept-Language", "en"},
                  {"traceparent", "00-1-2-01"},
                  {"Cookie", "a=1"},
                  {"X-Request-Id", "7"},
                  {"X-User-Agent", "connect"}}),
      UnorderedElementsAre(Pair("authorization", "Bearer t"), Pair("accept-language", "en"),
                           Pair("traceparent", "00-1-2-01"), Pair("cookie", "a=1"), Pair("x-request-id", "7"),
                           Pair("x-user-agent", "connect"), Pair("x-forwarded-for", "10.0.0.9")));
}

TEST(CallHeaders, TheConnectionsAndTheBrowsersStay) {
  EXPECT_THAT(MetadataOf({{"Host", "h"},
                          {"Connection", "close"},
                          {"TE", "trailers"},
                          {"Content-Type", "application/grpc-web"},
                          {"Content-Length", "5"},
                          {"Transfer-Encoding", "chunked"},
                          {"User-Agent", "Mozilla"},
                          {"Origin", "http://h"},
                          {"Sec-Fetch-Site", "same-origin"},
                          {"Referer", "http://h/"},
                          {"X-Grpc-Web", "1"},
                          {"grpc-encoding", "gzip"},
                          {"grpc-accept-encoding", "gzip"},
                          {":authority", "x"},
                          {"REMOTE_ADDR", "1.2.3.4"},
                          {"LOCAL_PORT", "1"},
                          {"X-Forwarded-Host", "evil"},
                          {"b\xC3\xA4", "1"},
                          {"", "1"}}),
              UnorderedElementsAre(Pair("x-forwarded-for", "10.0.0.9")));
}

TEST(CallHeaders, ThePeerIsTheLastOneForwarded) {
  EXPECT_THAT(MetadataOf({{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"}, {"X-Forwarded-For", "3.3.3.3"}}),
              UnorderedElementsAre(Pair("x-forwarded-for", "1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.9")));
}

TEST(CallHeaders, BinaryOnesAreDecoded) {
  EXPECT_THAT(MetadataOf({{"X-A-Bin", "Af8="}, {"x-b-bin", "Af8,YQ=="}}),
              UnorderedElementsAre(Pair("x-a-bin", "\x01\xFF"), Pair("x-b-bin", "\x01\xFF"),
                                   Pair("x-b-bin", "a"), Pair("x-forwarded-for", "10.0.0.9")));
  const auto wrong = ReadCallHeaders({{"x-a-bin", "!"}}, "p");
  EXPECT_EQ(catalog::FailureOf(wrong.status()).reason, catalog::Reason::kRequestMalformed);
}

// gRPC ends the process over such a value.
TEST(CallHeaders, ValuesAreMadePrintable) {
  EXPECT_THAT(MetadataOf({{"cookie", " a=\xC3\xA9; b=2\t"}}),
              UnorderedElementsAre(Pair("cookie", "a=??; b=2"), Pair("x-forwarded-for", "10.0.0.9")));
}

TEST(CallHeaders, AreBounded) {
  const std::string half(8000, 'x');
  EXPECT_TRUE(ReadCallHeaders({{"a", half}, {"b", half}}, "p").ok());
  const auto read = ReadCallHeaders({{"a", half}, {"b", half}, {"c", half}}, "p");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(catalog::FailureOf(read.status()).reason, catalog::Reason::kMessageTooLarge);
}

TEST(CallHeaders, TimeoutsAreReadStrictly) {
  EXPECT_EQ(ParseGrpcTimeout("5S"), absl::Seconds(5));
  EXPECT_EQ(ParseGrpcTimeout("250m"), absl::Milliseconds(250));
  EXPECT_EQ(ParseGrpcTimeout("2M"), absl::Minutes(2));
  EXPECT_EQ(ParseGrpcTimeout("1H"), absl::Hours(1));
  EXPECT_EQ(ParseGrpcTimeout("0u"), absl::ZeroDuration());
  EXPECT_EQ(ParseGrpcTimeout("99999999n"), absl::Nanoseconds(99999999));
  EXPECT_LE(*ParseGrpcTimeout("99999999H"), absl::Hours(24 * 366));
  for (const char* text :
       {"", "S", "5", "-1S", "+1S", "1.5S", " 5S", "5S ", "5s", "123456789S", "0x5S", "5Sx"}) {
    EXPECT_EQ(ParseGrpcTimeout(text), std::nullopt) << text;
  }
  EXPECT_EQ(ReadCallHeaders({{"Grpc-Timeout", "100m"}}, "p")->timeout, absl::Milliseconds(100));
  const auto wrong = ReadCallHeaders({{"grpc-timeout", "soon"}}, "p");
  EXPECT_EQ(catalog::FailureOf(wrong.status()).reason, catalog::Reason::kRequestMalformed);
}

TEST(CallHeaders, AnswersKeepTheirOwnHeaders) {
  for (const char* name :
       {"content-type", "transfer-encoding", "connection", "access-control-allow-origin", "grpc-status",
        "content-security-policy", "strict-transport-security", "X-Upper", ""}) {
    EXPECT_TRUE(IsReserved(name)) << name;
  }
  for (const char* name : {"set-cookie", "x-request-id", "retry-after", "x-raw-bin"}) {
    EXPECT_FALSE(IsReserved(name)) << name;
  }
  EXPECT_EQ(HeaderValue("x", "a\r\nb"), "a??b");
  EXPECT_EQ(HeaderValue("x-bin", "\xFF"), "/w==");
}

}  // namespace
}  // namespace satudata::web
