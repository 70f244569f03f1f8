// File: status_details.h
//
// What a client finds in the details of a status of ours.
#ifndef TESTS_INTEGRATION_STATUS_DETAILS_H_
#define TESTS_INTEGRATION_STATUS_DETAILS_H_

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <string>

namespace satudata::rpc {

inline google::rpc::ErrorInfo ErrorInfoOf(const grpc::Status& status) {
  google::rpc::Status outer;
  google::rpc::ErrorInfo info;
  outer.ParseFromString(status.error_details());
  for (const google::protobuf::Any& any : outer.details()) any.UnpackTo(&info);
  return info;
}

// Of its RetryInfo; 0 when it has none.
inline int64_t RetrySecondsOf(const grpc::Status& status) {
  google::rpc::Status outer;
  google::rpc::RetryInfo retry;
  outer.ParseFromString(status.error_details());
  for (const google::protobuf::Any& any : outer.details()) any.UnpackTo(&retry);
  return retry.retry_delay().seconds();
}

inline std::string ReasonOf(const grpc::Status& status) { return ErrorInfoOf(status).reason(); }

}  // namespace satudata::rpc

#endif  // TESTS_INTEGRATION_STATUS_DETAILS_H_
