#include "server/rpc/status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "server/base/log.h"
#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

using catalog::Failure;
using catalog::Reason;

// Details travel in trailers, of which clients take 8 KiB by default.
constexpr size_t kMaxMessageBytes = 768;
constexpr size_t kMaxArgumentBytes = 128;
constexpr size_t kMaxViolations = 8;

// The failure that leaves: arguments may hold what a client sent us, of any size.
Failure Presentable(const Failure& failure) {
  Failure shown = failure;
  for (auto& [name, value] : shown.args) value = Shortened(value, kMaxArgumentBytes);
  shown.field_violations.resize(std::min(shown.field_violations.size(), kMaxViolations));
  for (catalog::FieldViolation& violation : shown.field_violations) {
    violation.field = Shortened(violation.field, kMaxArgumentBytes);
    violation.description = Shortened(violation.description, kMaxArgumentBytes);
  }
  return shown;
}

// Which field of the request a reason is about; empty for none.
std::string BlamedField(const Failure& failure) {
  switch (failure.reason) {
    case Reason::kFieldRequired:
    case Reason::kFieldInvalid: {
      const auto field = failure.args.find("field");
      return field == failure.args.end() ? "" : field->second;
    }
    case Reason::kPageSizeInvalid:
      return "page_size";
    case Reason::kPageTokenInvalid:
      return "page_token";
    case Reason::kTargetUnknown:
      return "targets";
    case Reason::kRequestIdReused:
      return "request_id";
    case Reason::kPasswordTooWeak:
      return "password";
    default:
      return "";
  }
}

google::rpc::BadRequest Violations(const Failure& failure, const std::string& message) {
  google::rpc::BadRequest details;
  const std::string blamed = BlamedField(failure);
  if (!blamed.empty()) {
    auto* violation = details.add_field_violations();
    violation->set_field(blamed);
    violation->set_description(message);
  }
  for (const catalog::FieldViolation& each : failure.field_violations) {
    auto* violation = details.add_field_violations();
    violation->set_field(each.field);
    violation->set_description(each.description);
  }
  return details;
}

// How long to leave us alone. A store comes back more slowly than a queue drains; who guesses passwords
// or calls too often is told how long.
int64_t RetryDelaySeconds(const Failure& failure) {
  int64_t seconds = failure.reason == Reason::kStoreUnavailable ? 5 : 1;
  const auto given = failure.args.find("seconds");
  const bool says_when =
      failure.reason == Reason::kTooManyAttempts || failure.reason == Reason::kTooManyCalls;
  if (says_when && given != failure.args.end()) {
    if (!absl::SimpleAtoi(given->second, &seconds)) return 1;
  }
  return seconds;
}

google::rpc::Status Details(absl::StatusCode code, const Failure& failure, const std::string& message) {
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(catalog::ReasonName(failure.reason)));
  info.set_domain(kErrorDomain);
  info.mutable_metadata()->insert(failure.args.begin(), failure.args.end());
  details.add_details()->PackFrom(info);
  if (const google::rpc::BadRequest bad = Violations(failure, message); bad.field_violations_size() > 0) {
    details.add_details()->PackFrom(bad);
  }
  if (code == absl::StatusCode::kResourceExhausted || code == absl::StatusCode::kUnavailable) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(RetryDelaySeconds(failure));
    details.add_details()->PackFrom(retry);
  }
  return details;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, catalog::Language language) {
  if (status.ok()) return grpc::Status::OK;
  const Failure failure = Presentable(catalog::FailureOf(status));
  absl::StatusCode code = status.code();
  if (failure.reason == Reason::kInternal) {
    base::Log(base::Severity::kError, "internal error", {{"status", status.ToString()}});
    code = absl::StatusCode::kInternal;
  }
  const std::string message = Shortened(catalog::WordFailure(failure, language), kMaxMessageBytes);
  // The two enumerations agree in all their numbers.
  return grpc::Status(static_cast<grpc::StatusCode>(code), message,
                      Details(code, failure, message).SerializeAsString());
}

std::string ReasonOf(const grpc::Status& status) {
  if (status.ok() || status.error_details().empty()) return "";
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details()) || details.details().empty()) return "";
  return details.details(0).UnpackTo(&info) ? info.reason() : "";
}

grpc::Status GrpcFailure(absl::StatusCode code, Failure failure, catalog::Language language) {
  return ToGrpcStatus(catalog::FailureStatus(code, std::move(failure)), language);
}

}  // namespace satudata::rpc
