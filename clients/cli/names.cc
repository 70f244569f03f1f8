#include "clients/cli/names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace satudata::cli {
namespace {

std::string WithoutPrefix(absl::string_view name, absl::string_view prefix, int number) {
  if (name.empty()) return absl::StrCat(number);
  return std::string(absl::StripPrefix(name, prefix));
}

}  // namespace

std::string Name(v1::Delivery::State state) {
  return WithoutPrefix(v1::Delivery::State_Name(state), "STATE_", state);
}

std::string Name(v1::Run::State state) { return WithoutPrefix(v1::Run::State_Name(state), "STATE_", state); }

std::string Name(v1::Run::Kind kind) { return WithoutPrefix(v1::Run::Kind_Name(kind), "KIND_", kind); }

std::string Name(v1::CatalogFile::Verification verification) {
  return WithoutPrefix(v1::CatalogFile::Verification_Name(verification), "VERIFICATION_", verification);
}

std::string Name(v1::Target::Circuit circuit) {
  return WithoutPrefix(v1::Target::Circuit_Name(circuit), "CIRCUIT_", circuit);
}

std::string Name(v1::Record::Change::Kind kind) {
  return WithoutPrefix(v1::Record::Change::Kind_Name(kind), "KIND_", kind);
}

std::string OwnerName(v1::Failure::Owner owner, Language language) {
  switch (owner) {
    case v1::Failure::OWNER_PRODUCER:
      return std::string(Say(language, "produsen data", "data producer"));
    case v1::Failure::OWNER_DATA_STEWARD:
      return std::string(Say(language, "walidata", "data steward"));
    case v1::Failure::OWNER_OPERATOR:
      return std::string(Say(language, "operator layanan", "service operator"));
    case v1::Failure::OWNER_TARGET:
      return std::string(Say(language, "sistem tujuan", "target system"));
    default:
      return "";
  }
}

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() == 0 && timestamp.nanos() == 0) return absl::InfinitePast();
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

bool IsResting(v1::Delivery::State state) {
  return state != v1::Delivery::STATE_UNSPECIFIED && state != v1::Delivery::STATE_QUEUED &&
         state != v1::Delivery::STATE_SENDING;
}

bool IsOpen(v1::Delivery::State state) {
  return state == v1::Delivery::STATE_ACCEPTED || state == v1::Delivery::STATE_UNKNOWN ||
         state == v1::Delivery::STATE_DEFERRED;
}

bool IsCompleted(v1::Delivery::State state) {
  return IsResting(state) && (!IsOpen(state) || state == v1::Delivery::STATE_DEFERRED);
}

}  // namespace satudata::cli
