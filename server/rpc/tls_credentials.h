// File: tls_credentials.h
//
// Who the gRPC server is on a TLS connection, and whom it lets in. TLS 1.2 and 1.3.
#ifndef SERVER_RPC_TLS_CREDENTIALS_H_
#define SERVER_RPC_TLS_CREDENTIALS_H_

#include <memory>

#include "server/base/tls_identity.h"

namespace grpc {
class ServerCredentials;
}  // namespace grpc

namespace satudata::rpc {

// Credentials that ask `identity` at each handshake. Whether clients must show a certificate is settled here
// and now. What is returned must outlive the server that listens with it: gRPC keeps no reference of its own.
std::shared_ptr<grpc::ServerCredentials> MakeCredentials(std::shared_ptr<const base::TlsIdentity> identity);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_TLS_CREDENTIALS_H_
