// File: sign_in_settings.h
//
// How people sign in, out of the settings.
#ifndef SERVER_MAIN_SIGN_IN_SETTINGS_H_
#define SERVER_MAIN_SIGN_IN_SETTINGS_H_

#include <string>

#include "absl/time/time.h"
#include "server/main/setting_reader.h"
#include "server/rpc/session_cookie.h"

namespace satudata::main {

struct SignInSettings {
  absl::Duration session_time;
  rpc::CookieTransport cookie_transport = rpc::CookieTransport::kTlsOnly;
  std::string portal_url;  // Empty: people sign in here alone.
};

// Complains to `reader` about what is wrong.
SignInSettings ReadSignIn(SettingReader& reader);

}  // namespace satudata::main

#endif  // SERVER_MAIN_SIGN_IN_SETTINGS_H_
