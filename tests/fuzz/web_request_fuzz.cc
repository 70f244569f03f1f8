// Fuzz target for what a web connection brings.
#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/web/call_headers.h"
#include "server/web/frame.h"
#include "server/web/request_scan.h"
#include "server/web/web_text.h"
#include "tests/fuzz/check.h"

namespace satudata::web {
namespace {

constexpr RequestLimits kLimits = {.head_bytes = 1000, .body_bytes = 2000};

using fuzz::Check;

// How the bytes are cut on their way decides nothing.
void CheckPieces(absl::string_view bytes, RequestScan::State state, size_t size, size_t step) {
  RequestScan scan(kLimits);
  RequestScan::State piecewise = RequestScan::State::kPartial;
  for (size_t end = 0; end < bytes.size() && piecewise == RequestScan::State::kPartial;) {
    end = std::min(bytes.size(), end + step);
    piecewise = scan.Advance(bytes.substr(0, end));
  }
  Check(piecewise == state && (state != RequestScan::State::kWhole || scan.size() == size));
}

// gRPC ends the process over metadata that it does not allow.
void CheckHeaders(absl::string_view head) {
  httplib::Headers headers;
  for (const absl::string_view line : absl::StrSplit(head, "\r\n")) {
    const std::pair<std::string, std::string> field = absl::StrSplit(line, absl::MaxSplits(':', 1));
    headers.insert(field);
  }
  const absl::StatusOr<CallHeaders> read = ReadCallHeaders(headers, "10.0.0.9");
  if (!read.ok()) return;
  size_t bytes = 0;
  for (const auto& [name, value] : read->metadata) {
    bytes += name.size() + value.size();
    Check(!name.empty() && !absl::StartsWith(name, "grpc-"));
    for (const char c : name) {
      Check(absl::ascii_islower(c) || absl::ascii_isdigit(c) || absl::StrContains("-_.", c));
    }
    if (absl::EndsWith(name, "-bin")) continue;
    for (const char c : value) Check(c >= ' ' && c <= '~');
  }
  Check(bytes <= 16 << 10);
}

void CheckBody(absl::string_view body) {
  const absl::StatusOr<absl::string_view> message = OnlyMessage(body);
  Check(!message.ok() || message->size() + kFrameHeaderBytes == body.size());
  const absl::StatusOr<std::string> decoded = DecodeText(body);
  Check(!decoded.ok() || DecodeText(EncodeText(*decoded)).value() == *decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  RequestScan scan(kLimits);
  const RequestScan::State state = bytes.empty() ? RequestScan::State::kPartial : scan.Advance(bytes);
  for (const size_t step : {size_t{1}, size_t{7}, size / 2 + 1}) CheckPieces(bytes, state, scan.size(), step);
  Check(state != RequestScan::State::kWhole || scan.size() <= size);
  const size_t head = bytes.find("\r\n\r\n");
  CheckHeaders(bytes.substr(0, head));
  CheckBody(head == absl::string_view::npos ? bytes : bytes.substr(head + 4));
  const std::optional<absl::Duration> timeout = ParseGrpcTimeout(bytes.substr(0, 9));
  Check(!timeout || *timeout >= absl::ZeroDuration());
  return 0;
}

}  // namespace satudata::web
