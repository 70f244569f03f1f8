// File: web_text.h
//
// The text form of gRPC-Web: frames as base64. Either side may send it in pieces that are padded each by
// itself. Pure and thread-safe.
#ifndef SERVER_WEB_WEB_TEXT_H_
#define SERVER_WEB_WEB_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::web {

// One piece.
std::string EncodeText(absl::string_view bytes);

// All pieces together. INVALID_ARGUMENT (REQUEST_MALFORMED) for what is not base64.
absl::StatusOr<std::string> DecodeText(absl::string_view text);

}  // namespace satudata::web

#endif  // SERVER_WEB_WEB_TEXT_H_
