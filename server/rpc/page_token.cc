#include "server/rpc/page_token.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/hash.h"
#include "server/catalog/failure.h"

namespace satudata::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kVersion = '1';
constexpr size_t kDigestSize = 24;
// Cursors are ids and positions.
constexpr size_t kMaxTokenBytes = 1024;

// Equal messages give equal bytes within one build of the server, which is as long as a token needs to live.
std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string Digest(const Message& request, absl::string_view cursor) {
  const std::unique_ptr<Message> others(request.New());
  others->CopyFrom(request);
  for (const char* name : {"page_size", "page_token", "skip"}) {
    const FieldDescriptor* field = others->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) others->GetReflection()->ClearField(others.get(), field);
  }
  return base::Sha256Hex(absl::StrCat(request.GetDescriptor()->full_name(), "\n", cursor, "\n",
                                      DeterministicBytes(*others)))
      .substr(0, kDigestSize);
}

std::string TokenOf(const Message& request) {
  return request.GetReflection()->GetString(request, request.GetDescriptor()->FindFieldByName("page_token"));
}

absl::Status Invalid() {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = catalog::Reason::kPageTokenInvalid});
}

}  // namespace

std::string MakePageToken(const Message& request, absl::string_view cursor) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(absl::string_view(&kVersion, 1), Digest(request, cursor), cursor));
}

absl::StatusOr<std::string> PageCursor(const Message& request) {
  const std::string token = TokenOf(request);
  if (token.empty()) return std::string();
  std::string decoded;
  if (token.size() > kMaxTokenBytes || !absl::WebSafeBase64Unescape(token, &decoded)) return Invalid();
  const absl::string_view view = decoded;
  if (view.size() <= 1 + kDigestSize) return Invalid();
  const absl::string_view cursor = view.substr(1 + kDigestSize);
  // By the token and not by its bytes: the decoder forgives blanks and padding, which ours do not have.
  if (token != MakePageToken(request, cursor)) return Invalid();
  return std::string(cursor);
}

}  // namespace satudata::rpc
