// Fuzz target for page tokens: only what we wrote ourselves, to the letter and for this very request, has a
// cursor.
#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "satudata/integration/v1/catalog_service.pb.h"
#include "server/rpc/page_token.h"
#include "tests/fuzz/check.h"

namespace satudata::rpc {
namespace {

using fuzz::Check;
using integration::v1::ListFilesRequest;

ListFilesRequest Asked(absl::string_view token) {
  ListFilesRequest request;
  request.set_page_size(10);
  request.set_page_token(std::string(token));
  return request;
}

// As ours but for its digest, which the input says.
void CheckToken(absl::string_view token) {
  const ListFilesRequest request = Asked(token);
  const absl::StatusOr<std::string> cursor = PageCursor(request);
  Check(cursor.ok() || absl::IsInvalidArgument(cursor.status()));
  if (!cursor.ok() || token.empty()) return;
  Check(MakePageToken(request, *cursor) == token);
}

void CheckCursor(const std::string& cursor) {
  const std::string token = MakePageToken(Asked(""), cursor);
  if (cursor.empty() || token.size() > 1024) return;
  Check(PageCursor(Asked(token)).value() == cursor);
  CheckToken(token + " ");
  CheckToken(token + "=");
  CheckToken("\n" + token);
  std::string changed = token;
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  CheckToken(changed);
  ListFilesRequest other = Asked(token);
  other.set_text("other");
  Check(!PageCursor(other).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckToken(text);
  CheckToken(absl::WebSafeBase64Escape(text));
  CheckCursor(text);
  return 0;
}

}  // namespace satudata::rpc
