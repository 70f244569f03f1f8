// Bodies that are read while they are sent.
#include <algorithm>
#include <latch>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/http/http_client.h"
#include "tests/unit/server/http/raw_peer.h"

namespace satudata::http {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

// Made up as it is asked for: `size` bytes, or an error once `good` of them were given.
class MadeBody final : public BodySource {
 public:
  MadeBody(int64_t size, int64_t good) : size_(size), good_(good) {}

  int64_t size_bytes() const override { return size_; }
  absl::StatusOr<absl::string_view> Next(size_t limit) override {
    if (given_ >= good_) return absl::DataLossError("the file changed");
    piece_.assign(std::min(static_cast<int64_t>(limit), good_ - given_),
                  static_cast<char>('a' + given_ % 26));
    given_ += static_cast<int64_t>(piece_.size());
    return piece_;
  }

 private:
  const int64_t size_;
  const int64_t good_;
  int64_t given_ = 0;
  std::string piece_;
};

Request Upload(int64_t size, int64_t good, int* opened = nullptr) {
  Request request{.method = "POST", .path = "/upload", .content_type = "text/plain"};
  request.open_body = [=]() -> absl::StatusOr<std::unique_ptr<BodySource>> {
    if (opened != nullptr) ++*opened;
    return std::make_unique<MadeBody>(size, good);
  };
  return request;
}

class BodySourceTest : public ::testing::Test {
 protected:
  Result Do(const RawPeer& peer, const Request& request, absl::Duration limit = absl::Seconds(20)) {
    auto client = NewHttpClient({.base_url = peer.Url()}, clock_);
    EXPECT_TRUE(client.ok());
    return (*client)->Do(request, {.deadline = base::Deadline::After(clock_, limit)});
  }
  base::SystemClock clock_;
};

TEST_F(BodySourceTest, ArrivesWholeWithItsLength) {
  std::string seen;
  RawPeer peer([&](RawConnection& connection, int) {
    seen = connection.ReadRequest();
    connection.Write(kOk);
  });
  constexpr int64_t kSize = 3 << 20;
  const Result result = Do(peer, Upload(kSize, kSize));
  ASSERT_TRUE(result.answer.has_value()) << result.error_detail;
  EXPECT_THAT(seen, HasSubstr(absl::StrCat("Content-Length: ", kSize, "\r\n")));
  EXPECT_THAT(seen, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_EQ(seen.size() - seen.find("\r\n\r\n") - 4, static_cast<size_t>(kSize));
}

TEST_F(BodySourceTest, IsOpenedAfreshForEveryExchange) {
  RawPeer peer([](RawConnection& connection, int) {
    while (!connection.ReadRequest().empty()) connection.Write(kOk);
  });
  int opened = 0;
  const Request request = Upload(100, 100, &opened);
  EXPECT_TRUE(Do(peer, request).answer.has_value());
  EXPECT_TRUE(Do(peer, request).answer.has_value());
  EXPECT_EQ(opened, 2);
}

TEST_F(BodySourceTest, AnErrorCutsTheRequestBeforeItsEnd) {
  std::string seen = "nothing yet";
  std::latch over(1);
  RawPeer peer([&](RawConnection& connection, int) {
    seen = connection.ReadRequest();  // Empty: the client hung up before the end of what it had announced.
    over.count_down();
  });
  constexpr int64_t kSize = 3 << 20;
  const Result result = Do(peer, Upload(kSize, kSize - 1));
  EXPECT_FALSE(result.answer.has_value());
  EXPECT_EQ(result.error, TransportError::kBody);
  EXPECT_EQ(result.body_status, absl::DataLossError("the file changed"));
  EXPECT_EQ(result.error_detail, "the file changed");
  over.wait();
  EXPECT_EQ(seen, "");
}

TEST_F(BodySourceTest, WhatCannotBeOpenedIsNotSent) {
  RawPeer peer([](RawConnection&, int) {});
  Request request{.method = "POST", .path = "/"};
  request.open_body = []() -> absl::StatusOr<std::unique_ptr<BodySource>> {
    return absl::NotFoundError("no such file");
  };
  const Result result = Do(peer, request);
  EXPECT_EQ(result.error, TransportError::kBody);
  EXPECT_EQ(result.body_status, absl::NotFoundError("no such file"));
  EXPECT_EQ(peer.connection_count(), 0);
}

TEST_F(BodySourceTest, TheDeadlineHoldsForAPeerThatDoesNotRead) {
  RawPeer peer([](RawConnection& connection, int) { connection.WaitForHangUp(); });
  constexpr int64_t kTooMuchForAnyBuffer = 256 << 20;
  const Result result = Do(peer, Upload(kTooMuchForAnyBuffer, kTooMuchForAnyBuffer), absl::Milliseconds(200));
  EXPECT_EQ(result.error, TransportError::kTimeout);
  EXPECT_LT(result.duration, absl::Seconds(10));
}

TEST_F(BodySourceTest, APeerThatHangsUpInTheMiddleBreaksTheExchange) {
  RawPeer peer([](RawConnection& connection, int) {
    connection.ReadSome();  // A reset before anything was sent would be a connection that never was.
    connection.ResetOnClose();
  });
  constexpr int64_t kSize = 64 << 20;
  const Result result = Do(peer, Upload(kSize, kSize));
  EXPECT_EQ(result.error, TransportError::kBroken);
  EXPECT_TRUE(result.MayHaveArrived());
}

}  // namespace
}  // namespace satudata::http
