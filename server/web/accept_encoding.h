// File: accept_encoding.h
//
// Which form of a file a client takes. Pure and thread-safe.
#ifndef SERVER_WEB_ACCEPT_ENCODING_H_
#define SERVER_WEB_ACCEPT_ENCODING_H_

#include "absl/strings/string_view.h"

namespace satudata::web {

// Whether an Accept-Encoding value allows `coding` (lower case): it, or else `*`, is named with a weight
// above 0.
bool Accepts(absl::string_view accept_encoding, absl::string_view coding);

}  // namespace satudata::web

#endif  // SERVER_WEB_ACCEPT_ENCODING_H_
