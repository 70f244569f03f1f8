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

// Empty for a file that is not set.
absl::Status ReadIfSet(const std::string& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> read = ReadTextFile(path);
  if (!read.ok()) return read.status();
  *text = *std::move(read);
  // Else clients would no longer have to show a certificate.
  return text->empty() ? absl::InvalidArgumentError(path + " is empty") : absl::OkStatus();
}

absl::Status ReloadTls(const CredentialPaths& paths, const CredentialUsers& users, absl::Time now) {
  rpc::TlsOptions tls;
  for (const auto& [path, text] :
       {std::pair(&paths.certificate, &tls.certificate_chain),
        std::pair(&paths.private_key, &tls.private_key), std::pair(&paths.client_ca, &tls.client_ca)}) {
    if (absl::Status status = ReadIfSet(*path, text); !status.ok()) return status;
  }
  const absl::StatusOr<absl::Time> end = rpc::CheckTls(tls, now);
  if (!end.ok()) return end.status();
  users.identity->Use(std::move(tls));
  users.metrics->SetCertificateEnd(*end);
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
  watch("tls", {paths.certificate, paths.private_key, paths.client_ca},
        [paths, users, &clock] { return ReloadTls(paths, users, clock.Now()); });
  watch("jwks", {paths.key_set}, [paths, users] { return ReloadKeys(paths.key_set, *users.authorizer); });
  watch("roles", {paths.roles}, [paths, users] { return ReloadRoles(paths.roles, *users.authorizer); });
  return groups;
}

}  // namespace satudata::main
