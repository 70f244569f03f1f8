#include "server/web/frame.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/catalog/failure.h"

namespace satudata::web {
namespace {

using catalog::FailureOf;
using catalog::Reason;
using testing::HasSubstr;
using testing::Not;

std::string Frame(char flag, absl::string_view message) {
  std::string frame;
  AppendFrameHeader(FrameKind::kMessage, message.size(), &frame);
  frame[0] = flag;
  return frame.append(message.data(), message.size());
}

TEST(Frame, HoldsOneMessage) {
  const std::string bytes("a\0\xFF", 3);
  EXPECT_EQ(OnlyMessage(Frame(0, bytes)).value(), bytes);
  EXPECT_EQ(OnlyMessage(Frame(0, "")).value(), "");
  const std::string largest(kMaxMessageBytes, 'x');
  EXPECT_EQ(OnlyMessage(Frame(0, largest))->size(), kMaxMessageBytes);
}

TEST(Frame, AnythingElseIsRefusedWithItsReason) {
  const std::string good = Frame(0, "abc");
  for (size_t size = 0; size < good.size(); ++size) {
    const absl::Status status = OnlyMessage(good.substr(0, size)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << size;
    EXPECT_EQ(FailureOf(status).reason, Reason::kRequestMalformed) << size;
  }
  for (const std::string& body : {good + good, good + "x", Frame('\x80', "abc"), Frame('\x02', "abc")}) {
    EXPECT_EQ(FailureOf(OnlyMessage(body).status()).reason, Reason::kRequestMalformed);
  }
  const std::string boastful("\0\xFF\xFF\xFF\xFFx", 6);
  for (const std::string& body : {Frame(0, std::string(kMaxMessageBytes + 1, 'x')), boastful}) {
    EXPECT_EQ(OnlyMessage(body).status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(FailureOf(OnlyMessage(body).status()).reason, Reason::kMessageTooLarge);
  }
  EXPECT_EQ(OnlyMessage(Frame('\x01', "abc")).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(Frame, TrailersAreAFrameOfTheirOwn) {
  const std::string frame = TrailersFrame(grpc::Status::OK, {{"x-count", "3"}, {"x-raw-bin", "\x01\xFF"}});
  const std::string block = "grpc-status: 0\r\nx-count: 3\r\nx-raw-bin: Af8=\r\n";
  EXPECT_EQ(frame, std::string("\x80\0\0\0", 4) + static_cast<char>(block.size()) + block);
}

TEST(Frame, TheMessageIsPercentEncoded) {
  const grpc::Status status(grpc::StatusCode::NOT_FOUND, "100% \xC3\xA9\r\nx", "d\xFF");
  const std::string frame = TrailersFrame(status, {});
  EXPECT_THAT(frame, HasSubstr("grpc-status: 5\r\ngrpc-message: 100%25 %C3%A9%0D%0Ax\r\n"));
  EXPECT_THAT(frame, HasSubstr("grpc-status-details-bin: ZP8=\r\n"));
}

TEST(Frame, TrailersOfAServiceCannotPassForOurs) {
  const std::string frame = TrailersFrame(
      grpc::Status(grpc::StatusCode::ABORTED, ""),
      {{"grpc-status", "0"}, {"grpc-message", "fine"}, {"x\r\ny", "1"}, {"x-two", "a\r\ngrpc-status: 0"}});
  EXPECT_THAT(frame, Not(HasSubstr("fine")));
  EXPECT_THAT(frame, Not(HasSubstr("\ngrpc-status: 0")));
  EXPECT_THAT(frame, HasSubstr("x-two: a??grpc-status: 0\r\n"));
}

}  // namespace
}  // namespace satudata::web
