// File: tls_settings.h
//
// The certificates of the listeners: TLS_CERT_FILE and the like for gRPC, WEB_TLS_CERT_FILE for pages,
// ADMIN_TLS_CERT_FILE for what operators ask.
#ifndef SERVER_MAIN_TLS_SETTINGS_H_
#define SERVER_MAIN_TLS_SETTINGS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/tls_identity.h"
#include "server/main/setting_reader.h"

namespace satudata::main {

// Files that are read again when they change; empty: not set.
struct TlsPaths {
  std::string certificate;
  std::string private_key;
  std::string client_ca;
};

// Of the listener whose settings begin with `prefix`; what cannot be used at `now` is complained of.
base::TlsOptions ReadTls(SettingReader& reader, absl::string_view prefix, absl::Time now);
TlsPaths ReadTlsPaths(SettingReader& reader, absl::string_view prefix);

}  // namespace satudata::main

#endif  // SERVER_MAIN_TLS_SETTINGS_H_
