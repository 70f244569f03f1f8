// File: convert.h
//
// Failures, times, states and counts between the domain and the API. What is worded is worded in the language
// given. Pure and thread-safe; never fails: text that is not UTF-8 is mended, for a proto field holds nothing
// else.
#ifndef SERVER_RPC_CONVERT_H_
#define SERVER_RPC_CONVERT_H_

#include <google/protobuf/timestamp.pb.h>

#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "satudata/integration/v1/resources.pb.h"
#include "server/catalog/failure.h"
#include "server/catalog/messages.h"
#include "server/sync/state.h"

namespace satudata::rpc {

namespace v1 = ::satudata::integration::v1;

// Microseconds are kept, what is finer is not: that is how times are stored.
google::protobuf::Timestamp ToProto(absl::Time time);
// Requires a timestamp within the years 1 to 9999.
absl::Time FromProto(const google::protobuf::Timestamp& timestamp);

v1::Failure ToProto(const catalog::Failure& failure, catalog::Language language);
// Sets `*out` unless there is nothing to say: an unset message field is how the API says "no failure".
template <typename Message>
void SetFailure(const catalog::Failure& failure, catalog::Language language, Message* out) {
  if (!failure.ok()) *out->mutable_failure() = ToProto(failure, language);
}

v1::Failure::Owner ToProto(catalog::Owner owner);
// kNone for OWNER_UNSPECIFIED and for numbers that this version does not know.
catalog::Owner FromProto(v1::Failure::Owner owner);

v1::Delivery::State ToProto(sync::State state);
v1::Run::State ToProto(sync::RunState state);
v1::Run::Kind ToProto(sync::RunKind kind);
// nullopt for *_UNSPECIFIED and for numbers that this version does not know.
std::optional<sync::State> FromProto(v1::Delivery::State state);
std::optional<sync::RunState> FromProto(v1::Run::State state);
std::optional<sync::RunKind> FromProto(v1::Run::Kind kind);

// States without any are left out.
google::protobuf::RepeatedPtrField<v1::StateCount> ToProto(const sync::StateCounts& counts);
google::protobuf::RepeatedPtrField<v1::TargetCounts> ToProto(
    const std::map<std::string, sync::StateCounts>& counts);

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CONVERT_H_
