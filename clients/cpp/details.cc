#include "clients/cpp/details.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace satudata::integration {
namespace {

constexpr char kDetailsUrl[] = "type.googleapis.com/google.rpc.Status";

bool IsOneOf(absl::string_view reason, std::initializer_list<absl::string_view> reasons) {
  for (const absl::string_view each : reasons) {
    if (reason == each) return true;
  }
  return false;
}

bool IsPassing(absl::string_view reason) {
  return IsOneOf(reason, {"SERVER_STOPPING", "STORE_UNAVAILABLE", "OVERLOADED"});
}

void ReadDetail(const google::protobuf::Any& detail, ErrorDetails* details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  if (detail.UnpackTo(&info)) {
    details->reason = info.reason();
    details->arguments.insert(info.metadata().begin(), info.metadata().end());
  } else if (detail.UnpackTo(&bad_request)) {
    for (const google::rpc::BadRequest::FieldViolation& violation : bad_request.field_violations()) {
      details->field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (detail.UnpackTo(&retry)) {
    details->retry_after =
        absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

ErrorDetails Parse(const std::string& bytes) {
  ErrorDetails details;
  google::rpc::Status rich;
  if (!rich.ParseFromString(bytes)) return details;
  for (const google::protobuf::Any& detail : rich.details()) ReadDetail(detail, &details);
  return details;
}

}  // namespace

ErrorDetails ReadDetails(const grpc::Status& status) { return Parse(status.error_details()); }

ErrorDetails DetailsOf(const absl::Status& status) {
  const absl::optional<absl::Cord> bytes = status.GetPayload(kDetailsUrl);
  return bytes ? Parse(std::string(*bytes)) : ErrorDetails();
}

// The two enumerations agree in all their numbers.
absl::Status ToStatus(const grpc::Status& status) {
  absl::Status out(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) out.SetPayload(kDetailsUrl, absl::Cord(status.error_details()));
  return out;
}

bool IsServerAway(const grpc::Status& status, const ErrorDetails& details) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return false;
  return details.reason.empty() || IsPassing(details.reason);
}

bool IsTooFast(const ErrorDetails& details) { return details.reason == "TOO_MANY_CALLS"; }

bool IsStreamLost(const grpc::Status& status, const ErrorDetails& details) {
  if (!details.reason.empty()) {
    return IsPassing(details.reason) ||
           IsOneOf(details.reason, {"TOO_MANY_STREAMS", "TOO_MANY_OWN_STREAMS", "TOO_MANY_CALLS"});
  }
  // Without a reason it was not our server that spoke, but a proxy or the transport.
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return true;
    default:
      return false;
  }
}

}  // namespace satudata::integration
