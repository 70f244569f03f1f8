// File: page_token.h
//
// Where the next page of a list begins, in a form that only the same list understands. Pure and thread-safe.
//
// A token is base64url of a version, a digest and the cursor; the digest covers the cursor and the other
// fields of the request, so a token of another request, or one that was changed on its way, is told from
// ours. It guards against mistakes, not against an attacker: whoever may list may list from anywhere.
#ifndef SERVER_RPC_PAGE_TOKEN_H_
#define SERVER_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace satudata::rpc {

// `request` as the client sent it; its `page_size`, `page_token` and `skip` do not count. `cursor` is what
// identifies the page's last item.
std::string MakePageToken(const google::protobuf::Message& request, absl::string_view cursor);

// The cursor of the request's `page_token`, empty when it has none. INVALID_ARGUMENT with kPageTokenInvalid.
absl::StatusOr<std::string> PageCursor(const google::protobuf::Message& request);

// Of `limit` + 1 items that were asked for, keeps those of this page; whether there is another.
template <typename Item>
bool TrimPage(int64_t limit, std::vector<Item>* items) {
  if (items->size() <= static_cast<size_t>(limit)) return false;
  items->resize(limit);
  return true;
}

}  // namespace satudata::rpc

#endif  // SERVER_RPC_PAGE_TOKEN_H_
