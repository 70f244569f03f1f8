// File: text_encoding.h
//
// Text of unknown encoding as UTF-8. Pure and thread-safe.
#ifndef SERVER_BASE_TEXT_ENCODING_H_
#define SERVER_BASE_TEXT_ENCODING_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace satudata::base {

// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool IsUtf8(absl::string_view text);

// `text` itself if it is UTF-8; else what it says in Windows-1252, where the five bytes that mean nothing
// become U+FFFD.
std::string ToUtf8(std::string text);

// Appends a code point, which is below U+110000 and no surrogate; else U+FFFD.
void AppendUtf8(uint32_t code, std::string& out);

}  // namespace satudata::base

#endif  // SERVER_BASE_TEXT_ENCODING_H_
