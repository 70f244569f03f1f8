// File: request_fingerprint.h
//
// What makes two requests the same, so that a repeated request id attaches to its run.
#ifndef SERVER_SYNC_REQUEST_FINGERPRINT_H_
#define SERVER_SYNC_REQUEST_FINGERPRINT_H_

#include <string>

#include "server/sync/run.h"

namespace satudata::sync {

// Equal for requests that ask for the same, whatever the order of their names; who asks and how it is traced
// do not count. Pure.
std::string Fingerprint(const SyncRequest& request);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_REQUEST_FINGERPRINT_H_
