#include "server/main/tls_settings.h"

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/main/setting_table.h"

namespace satudata::main {
namespace {

// What the setting is called on the listener whose settings begin with `prefix`: `WEB_TLS_KEY_FILE`.
std::string TlsName(absl::string_view prefix, absl::string_view which) {
  return absl::StrCat(prefix, "TLS_", which, "_FILE");
}

// The listener's own, of the settings that there are: pages ask nobody for a certificate.
std::optional<std::string> ReadTlsFile(SettingReader& reader, absl::string_view prefix,
                                       absl::string_view which) {
  const std::string name = TlsName(prefix, which);
  return FindSetting(name) != nullptr ? reader.File(name) : std::nullopt;
}

}  // namespace

base::TlsOptions ReadTls(SettingReader& reader, absl::string_view prefix, absl::Time now) {
  const base::TlsOptions tls{.certificate_chain = ReadTlsFile(reader, prefix, "CERT").value_or(""),
                             .private_key = ReadTlsFile(reader, prefix, "KEY").value_or(""),
                             .client_ca = ReadTlsFile(reader, prefix, "CLIENT_CA").value_or("")};
  const std::string cert_file = TlsName(prefix, "CERT");
  const std::string key_file = TlsName(prefix, "KEY");
  const bool certificate = !tls.certificate_chain.empty();
  const bool key = !tls.private_key.empty();
  const auto missing = [&reader](const std::string& one, const std::string& other) {
    reader.Complain(one, absl::StrCat("missing beside ", other, "; set both or neither"));
  };
  if (certificate && !key) missing(key_file, cert_file);
  if (key && !certificate) missing(cert_file, key_file);
  if (!certificate && !tls.client_ca.empty()) {
    reader.Complain(TlsName(prefix, "CLIENT_CA"),
                    absl::StrCat("needs TLS; set ", cert_file, " and ", key_file, " as well"));
  }
  if (!certificate || !key) return tls;
  if (auto end = base::CheckTls(tls, now, prefix); !end.ok()) {
    reader.Complain(cert_file, end.status().message());
  }
  return tls;
}

TlsPaths ReadTlsPaths(SettingReader& reader, absl::string_view prefix) {
  const auto path = [&](absl::string_view which) {
    const std::string name = TlsName(prefix, which);
    return FindSetting(name) != nullptr ? reader.Text(name).value_or("") : "";
  };
  return {.certificate = path("CERT"), .private_key = path("KEY"), .client_ca = path("CLIENT_CA")};
}

}  // namespace satudata::main
