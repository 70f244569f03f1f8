// File: session_cookie.h
//
// The cookie that holds a session's secret: read from what a browser sends, written for what it keeps. Pure
// and thread-safe.
#ifndef SERVER_RPC_SESSION_COOKIE_H_
#define SERVER_RPC_SESSION_COOKIE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace satudata::rpc {

enum class CookieTransport {
  kTlsOnly,  // Browsers send it over https alone, and to this very machine.
  kAny
};

// The secret in the call's `cookie` headers; nullopt when there is none, and for anything that is not
// exactly one of what SetSessionCookie writes: two cookies of that name are the work of somebody else.
std::optional<std::string> SessionSecretOf(absl::Span<const absl::string_view> cookies);

// Values of `set-cookie`. No script can read the cookie, no other site can have it sent, and it goes to
// SessionService alone.
std::string SetSessionCookie(absl::string_view secret, absl::Duration lifetime, CookieTransport transport);
std::string ClearSessionCookie(CookieTransport transport);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_SESSION_COOKIE_H_
