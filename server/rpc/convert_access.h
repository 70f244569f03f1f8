// File: convert_access.h
//
// Accounts between the domain and the API. Pure and thread-safe.
#ifndef SERVER_RPC_CONVERT_ACCESS_H_
#define SERVER_RPC_CONVERT_ACCESS_H_

#include "satudata/integration/v1/account_service.pb.h"
#include "server/access/account_store.h"
#include "server/access/accounts.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Without the hash of its password.
v1::Account ToProto(const access::Account& account);

// Both require a request that passed Validate.
access::Accounts::NewAccount FromProto(const v1::CreateAccountRequest& request);
access::Accounts::Update FromProto(const v1::UpdateAccountRequest& request);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CONVERT_ACCESS_H_
