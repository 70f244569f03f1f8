#include "server/rpc/convert.h"

#include <cstdint>

#include "server/rpc/text.h"

namespace satudata::rpc {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int32_t kNanosPerMicro = 1000;

// The enumerations of the API are those of the domain, one up: 0 is unspecified there.
template <typename Wire, typename Domain>
Wire OneUp(Domain value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}

template <typename Domain, typename Wire>
std::optional<Domain> OneDown(Wire value, Domain last) {
  if (value < 1 || value > static_cast<int>(last) + 1) return std::nullopt;
  return static_cast<Domain>(value - 1);
}

static_assert(static_cast<int>(sync::State::kCancelled) + 1 == v1::Delivery::STATE_CANCELLED);
static_assert(static_cast<int>(sync::State::kPartial) + 1 == v1::Delivery::STATE_PARTIAL);
static_assert(static_cast<int>(sync::State::kUnknown) + 1 == v1::Delivery::STATE_UNKNOWN);
static_assert(static_cast<int>(sync::RunState::kCancelled) + 1 == v1::Run::STATE_CANCELLED);
static_assert(static_cast<int>(sync::RunState::kSucceeded) + 1 == v1::Run::STATE_SUCCEEDED);
static_assert(static_cast<int>(sync::RunKind::kPreview) + 1 == v1::Run::KIND_PREVIEW);
static_assert(static_cast<int>(sync::RunKind::kWithdraw) + 1 == v1::Run::KIND_WITHDRAW);
// Owners are those of the domain: nobody is unspecified.
static_assert(static_cast<int>(catalog::Owner::kNone) == v1::Failure::OWNER_UNSPECIFIED);
static_assert(static_cast<int>(catalog::Owner::kDataSteward) == v1::Failure::OWNER_DATA_STEWARD);
static_assert(static_cast<int>(catalog::Owner::kTarget) == v1::Failure::OWNER_TARGET);

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {
    rest += kMicrosPerSecond;
    --seconds;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(rest) * kNanosPerMicro);
  return timestamp;
}

absl::Time FromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Microseconds(timestamp.nanos() / kNanosPerMicro);
}

v1::Failure ToProto(const catalog::Failure& failure, catalog::Language language) {
  v1::Failure out;
  out.set_reason(std::string(catalog::ReasonName(failure.reason)));
  out.set_message(Utf8(catalog::WordFailure(failure, language)));
  for (const catalog::FieldViolation& each : failure.field_violations) {
    v1::FieldViolation* violation = out.add_field_violations();
    violation->set_field(Utf8(each.field));
    violation->set_description(Utf8(each.description));
  }
  out.set_owner(ToProto(catalog::OwnerOf(failure.reason)));
  out.set_http_code(failure.http_code);
  out.set_target_code(Utf8(failure.target_code));
  out.set_retryable(catalog::IsRetryable(failure.reason));
  for (const auto& [name, value] : failure.args) (*out.mutable_arguments())[name] = Utf8(value);
  return out;
}

v1::Failure::Owner ToProto(catalog::Owner owner) { return static_cast<v1::Failure::Owner>(owner); }

catalog::Owner FromProto(v1::Failure::Owner owner) {
  const bool known = v1::Failure::Owner_IsValid(static_cast<int>(owner));
  return known ? static_cast<catalog::Owner>(owner) : catalog::Owner::kNone;
}

v1::Delivery::State ToProto(sync::State state) { return OneUp<v1::Delivery::State>(state); }
v1::Run::State ToProto(sync::RunState state) { return OneUp<v1::Run::State>(state); }
v1::Run::Kind ToProto(sync::RunKind kind) { return OneUp<v1::Run::Kind>(kind); }

std::optional<sync::State> FromProto(v1::Delivery::State state) {
  return OneDown(state, sync::State::kCancelled);
}
std::optional<sync::RunState> FromProto(v1::Run::State state) {
  return OneDown(state, sync::RunState::kCancelled);
}
std::optional<sync::RunKind> FromProto(v1::Run::Kind kind) { return OneDown(kind, sync::RunKind::kWithdraw); }

google::protobuf::RepeatedPtrField<v1::StateCount> ToProto(const sync::StateCounts& counts) {
  google::protobuf::RepeatedPtrField<v1::StateCount> out;
  for (int i = 0; i < sync::kStateCount; ++i) {
    const auto state = static_cast<sync::State>(i);
    if (counts[state] == 0) continue;
    v1::StateCount* count = out.Add();
    count->set_state(ToProto(state));
    count->set_count(counts[state]);
  }
  return out;
}

google::protobuf::RepeatedPtrField<v1::TargetCounts> ToProto(
    const std::map<std::string, sync::StateCounts>& counts) {
  google::protobuf::RepeatedPtrField<v1::TargetCounts> out;
  for (const auto& [target, states] : counts) {
    v1::TargetCounts* added = out.Add();
    added->set_target(target);
    *added->mutable_states() = ToProto(states);
  }
  return out;
}

}  // namespace satudata::rpc
