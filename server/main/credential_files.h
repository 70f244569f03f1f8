// File: credential_files.h
//
// Certificates, key sets and roles, read again while the server runs.
#ifndef SERVER_MAIN_CREDENTIAL_FILES_H_
#define SERVER_MAIN_CREDENTIAL_FILES_H_

#include <vector>

#include "server/base/clock.h"
#include "server/base/tls_identity.h"
#include "server/main/file_watch.h"
#include "server/main/settings.h"
#include "server/rpc/authorizer.h"
#include "server/telemetry/metrics.h"

namespace satudata::main {

// Who uses what the files say. An identity is null where there is no TLS.
struct CredentialUsers {
  base::TlsIdentity* grpc;
  base::TlsIdentity* web;
  base::TlsIdentity* admin;
  rpc::Authorizer* authorizer;
  telemetry::Metrics* metrics;
};

// What is to be watched, of the files that are set. All that is given must outlive the watching.
std::vector<WatchedFiles> CredentialFiles(const CredentialPaths& paths, const CredentialUsers& users,
                                          base::Clock& clock);

}  // namespace satudata::main

#endif  // SERVER_MAIN_CREDENTIAL_FILES_H_
