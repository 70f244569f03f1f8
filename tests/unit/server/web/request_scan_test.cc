#include "server/web/request_scan.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace satudata::web {
namespace {

using State = RequestScan::State;

// The state after all of it came byte by byte; must be partial until the last one.
State ByByte(const std::string& bytes, size_t* size = nullptr) {
  RequestScan scan({.head_bytes = 200, .body_bytes = 100});
  for (size_t i = 1; i < bytes.size(); ++i) {
    const State state = scan.Advance(bytes.substr(0, i));
    if (state != State::kPartial) return state == State::kWhole ? State::kPartial : state;
  }
  const State state = scan.Advance(bytes);
  if (size != nullptr) *size = scan.size();
  return state;
}
State AtOnce(const std::string& bytes, size_t* size = nullptr) {
  RequestScan scan({.head_bytes = 200, .body_bytes = 100});
  const State state = scan.Advance(bytes);
  if (size != nullptr) *size = scan.size();
  return state;
}

std::string Post(const std::string& headers, const std::string& body) {
  return absl::StrCat("POST / HTTP/1.1\r\n", headers, "\r\n", body);
}

TEST(RequestScan, FindsTheEnd) {
  for (const std::string& request :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Post("Content-Length: 0\r\n", ""), Post("content-length:5\r\n", "12345"),
        Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        Post("transfer-encoding: Chunked\r\n", "a;x=y\r\n0\r\n\r\n\r\n\r\n0\r\n0\r\n\r\n")}) {
    size_t size = 0;
    EXPECT_EQ(ByByte(request, &size), State::kWhole) << request;
    EXPECT_EQ(size, request.size());
    EXPECT_EQ(AtOnce(request + "GET /next", &size), State::kWhole) << request;
    EXPECT_EQ(size, request.size());
  }
}

TEST(RequestScan, RefusesALengthInDoubt) {
  for (const char* headers :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +1\r\n", "Content-Length: 1 1\r\n", "Content-Length:\r\n", "Content-Length: 0x1\r\n",
        "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n"}) {
    EXPECT_EQ(AtOnce(Post(headers, "1")), State::kMalformed) << headers;
  }
  for (const char* body : {"x\r\n", "\r\n", "-1\r\n", "123456789\r\n", "0\r\nxx"}) {
    EXPECT_EQ(AtOnce(Post("Transfer-Encoding: chunked\r\n", body)), State::kMalformed) << body;
  }
}

TEST(RequestScan, IsBounded) {
  EXPECT_EQ(AtOnce(std::string(203, 'x')), State::kPartial);
  EXPECT_EQ(AtOnce(std::string(204, 'x')), State::kHeadTooLarge);
  EXPECT_EQ(AtOnce(std::string(300, 'x') + "\r\n\r\n"), State::kHeadTooLarge);
  size_t size = 0;
  const std::string large = Post("Content-Length: 101\r\n", "");
  EXPECT_EQ(AtOnce(large, &size), State::kBodyTooLarge);
  EXPECT_EQ(size, large.size());
  EXPECT_EQ(AtOnce(Post("Transfer-Encoding: chunked\r\n", "ffffffff\r\n")), State::kBodyTooLarge);
  EXPECT_EQ(AtOnce(Post("Transfer-Encoding: chunked\r\n", std::string(400, '1'))), State::kMalformed);
  std::string dripped;
  for (int i = 0; i < 40; ++i) dripped += "1\r\nx\r\n";
  EXPECT_EQ(AtOnce(Post("Transfer-Encoding: chunked\r\n", dripped)), State::kBodyTooLarge);
}

TEST(RequestScan, SeesThatTheClientWaits) {
  RequestScan scan;
  EXPECT_EQ(scan.Advance(Post("Expect: 100-continue\r\nContent-Length: 1\r\n", "")), State::kPartial);
  EXPECT_TRUE(scan.waits_for_continue());
}

}  // namespace
}  // namespace satudata::web
