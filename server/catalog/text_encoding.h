// File: text_encoding.h
//
// Text of unknown encoding as UTF-8. Pure and thread-safe.
#ifndef SERVER_CATALOG_TEXT_ENCODING_H_
#define SERVER_CATALOG_TEXT_ENCODING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace satudata::catalog {

// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool IsUtf8(absl::string_view text);

// `text` itself if it is UTF-8; else what it says in Windows-1252, where the five bytes that mean nothing
// become U+FFFD.
std::string ToUtf8(std::string text);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_TEXT_ENCODING_H_
