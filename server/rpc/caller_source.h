// File: caller_source.h
//
// Where a call comes from, to tell those who guess passwords from those who do not. Pure and thread-safe.
#ifndef SERVER_RPC_CALLER_SOURCE_H_
#define SERVER_RPC_CALLER_SOURCE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace satudata::rpc {

// The address of `peer` (`ipv4:10.0.0.1:4711`) without its port. A call from within this process comes from
// our own bridge, which says in `x-forwarded-for` on whose behalf: the first address counts. Anybody else
// may write what he likes there, so it is not looked at.
std::string SourceOf(absl::string_view peer, absl::Span<const absl::string_view> forwarded_for);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CALLER_SOURCE_H_
