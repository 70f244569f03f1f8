// File: text.h
//
// Text from outside, made fit for a proto field: those hold UTF-8, and details that travel in HTTP/2 trailers
// must be short. Pure and thread-safe.
#ifndef SERVER_RPC_TEXT_H_
#define SERVER_RPC_TEXT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::rpc {

// `text` with every byte that is not UTF-8 replaced by U+FFFD.
std::string Utf8(absl::string_view text);

// Utf8(text), cut at a character's border to at most `limit` bytes, the mark of the cut (`…`) included.
std::string Shortened(absl::string_view text, size_t limit);

// Whether `text` is UTF-8 without control characters.
bool IsPlainText(absl::string_view text);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_TEXT_H_
