#include "server/main/credential_files.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/main/roles_file.h"
#include "server/main/text_file.h"
#include "server/rpc/key_set.h"

namespace satudata::main {
namespace {

struct Listener {
  const char* name;    // In metrics.
  const char* prefix;  // Of its settings.
  base::TlsIdentity* identity;
};

// Empty for a file that is not set.
absl::Status ReadIfSet(const std::string& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> read = ReadTextFile(path);
  if (!read.ok()) return read.status();
  *text = *std::move(read);
  // Else clients would no longer have to show a certificate.
  return text->empty() ? absl::InvalidArgumentError(path + " is empty") : absl::OkStatus();
}

absl::Status ReloadTls(const TlsPaths& paths, const Listener& listener, telemetry::Metrics& metrics,
                       absl::Time now) {
  base::TlsOptions tls;
  for (const auto& [path, text] :
       {std::pair(&paths.certificate, &tls.certificate_chain),
        std::pair(&paths.private_key, &tls.private_key), std::pair(&paths.client_ca, &tls.client_ca)}) {
    if (absl::Status status = ReadIfSet(*path, text); !status.ok()) return status;
  }
  const absl::StatusOr<absl::Time> end = base::CheckTls(tls, now, listener.prefix);
  if (!end.ok()) return end.status();
  listener.identity->Use(std::move(tls));
  metrics.SetCertificateEnd(listener.name, *end);
  return absl::OkStatus();
}

absl::Status ReloadKeys(const std::string& path, rpc::Authorizer& authorizer) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<rpc::KeySet> keys = rpc::KeySet::Parse(*text);
  if (keys.ok()) authorizer.UseKeys(*std::move(keys));
  return keys.status();
}

absl::Status ReloadRoles(const std::string& path, rpc::Authorizer& authorizer) {
  const absl::StatusOr<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<access::RoleDirectory> roles = ParseRolesFile(*text);
  if (roles.ok()) authorizer.UseRoles(*std::move(roles));
  return roles.status();
}

}  // namespace

std::vector<WatchedFiles> CredentialFiles(const CredentialPaths& paths, const CredentialUsers& users,
                                          base::Clock& clock) {
  std::vector<WatchedFiles> groups;
  const auto watch = [&](const char* name, std::vector<std::string> files,
                         std::function<absl::Status()> reload) {
    std::erase(files, "");
    if (files.empty()) return;
    const auto on_read = [name, metrics = users.metrics](bool usable) {
      metrics->SetFilesUsable(name, usable);
    };
    on_read(true);
    groups.push_back({name, std::move(files), std::move(reload), on_read});
  };
  const auto watch_tls = [&](const char* name, const TlsPaths& files, const Listener& listener) {
    watch(name, {files.certificate, files.private_key, files.client_ca},
          [files, listener, metrics = users.metrics, &clock] {
            return ReloadTls(files, listener, *metrics, clock.Now());
          });
  };
  watch_tls("tls", paths.grpc, {"grpc", "", users.grpc});
  watch_tls("web-tls", paths.web, {"web", "WEB_", users.web});
  watch_tls("admin-tls", paths.admin, {"admin", "ADMIN_", users.admin});
  watch("jwks", {paths.key_set}, [paths, users] { return ReloadKeys(paths.key_set, *users.authorizer); });
  watch("roles", {paths.roles}, [paths, users] { return ReloadRoles(paths.roles, *users.authorizer); });
  return groups;
}

}  // namespace satudata::main
