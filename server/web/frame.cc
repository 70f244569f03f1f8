#include "server/web/frame.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/catalog/failure.h"
#include "server/web/call_headers.h"

namespace satudata::web {
namespace {

constexpr unsigned char kCompressed = 0x01;

absl::Status Malformed(absl::string_view detail) {
  return catalog::FailureStatus(
      absl::StatusCode::kInvalidArgument,
      {.reason = catalog::Reason::kRequestMalformed, .args = {{"detail", std::string(detail)}}});
}

absl::Status TooLarge() {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = catalog::Reason::kMessageTooLarge, .args = {{"limit", "4 MiB"}}});
}

size_t LengthOf(absl::string_view header) {
  size_t length = 0;
  for (const char byte : header.substr(1, kFrameHeaderBytes - 1)) {
    length = length << 8U | static_cast<unsigned char>(byte);
  }
  return length;
}

// Text for `grpc-message`: what is not printable ASCII, and the percent sign, as %XX.
std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      encoded.push_back(c);
    } else {
      const absl::string_view byte(&c, 1);
      absl::StrAppend(&encoded, "%", absl::AsciiStrToUpper(absl::BytesToHexString(byte)));
    }
  }
  return encoded;
}

}  // namespace

void AppendFrameHeader(FrameKind kind, size_t length, std::string* out) {
  out->push_back(static_cast<char>(kind));
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(length >> shift & 0xff));
}

absl::StatusOr<absl::string_view> OnlyMessage(absl::string_view body) {
  if (body.size() > kFrameHeaderBytes + kMaxMessageBytes) return TooLarge();
  if (body.size() < kFrameHeaderBytes) return Malformed("the body is shorter than a frame's header");
  const auto flag = static_cast<unsigned char>(body[0]);
  if (flag == kCompressed) {
    return catalog::FailureStatus(absl::StatusCode::kUnimplemented,
                                  {.reason = catalog::Reason::kCompressionUnsupported});
  }
  if (flag != static_cast<unsigned char>(FrameKind::kMessage)) {
    return Malformed("the frame is not a message");
  }
  const size_t length = LengthOf(body);
  if (length > kMaxMessageBytes) return TooLarge();
  const absl::string_view message = body.substr(kFrameHeaderBytes);
  if (message.size() < length) return Malformed("the frame is longer than the body");
  if (message.size() > length) return Malformed("something follows the frame");
  return message;
}

std::string TrailersFrame(const grpc::Status& status, const Metadata& trailers) {
  std::string block = absl::StrCat("grpc-status: ", status.error_code(), "\r\n");
  if (!status.error_message().empty()) {
    absl::StrAppend(&block, "grpc-message: ", PercentEncoded(status.error_message()), "\r\n");
  }
  if (!status.error_details().empty()) {
    absl::StrAppend(&block, kStatusDetails, ": ", absl::Base64Escape(status.error_details()), "\r\n");
  }
  for (const auto& [name, value] : trailers) {
    if (IsReserved(name)) continue;
    absl::StrAppend(&block, name, ": ", HeaderValue(name, value), "\r\n");
  }
  std::string frame;
  AppendFrameHeader(FrameKind::kTrailers, block.size(), &frame);
  return frame + block;
}

}  // namespace satudata::web
