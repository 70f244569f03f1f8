#include "server/rpc/caller_source.h"

#include "absl/strings/ascii.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

// An IPv6 address with a zone is shorter.
constexpr size_t kMaxBytes = 64;
// gRPC has no address for a call that came through no socket.
constexpr absl::string_view kInProcess = "unknown";

}  // namespace

std::string SourceOf(absl::string_view peer, absl::Span<const absl::string_view> forwarded_for) {
  if (peer != kInProcess) return Shortened(peer.substr(0, peer.rfind(':')), kMaxBytes);
  if (forwarded_for.empty()) return "in-process";
  const absl::string_view first = forwarded_for[0].substr(0, forwarded_for[0].find(','));
  return Shortened(absl::StripAsciiWhitespace(first), kMaxBytes);
}

}  // namespace satudata::rpc
