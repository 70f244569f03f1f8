#include "server/catalog/failure.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/cord.h"
#include "nlohmann/json.hpp"
#include "server/catalog/messages.h"
#include "server/catalog/reason_table.h"

namespace satudata::catalog {
namespace {

using Json = nlohmann::json;

constexpr absl::string_view kPayloadUrl = "type.satudata/failure";

Failure Unreadable() { return Failure{.reason = Reason::kInternal}; }

// Text members that are missing or of another type read as empty.
std::string TextMember(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

Json ViolationsToJson(const std::vector<FieldViolation>& violations) {
  Json array = Json::array();
  for (const FieldViolation& violation : violations) {
    array.push_back({{"field", violation.field}, {"description", violation.description}});
  }
  return array;
}

std::vector<FieldViolation> ViolationsFromJson(const Json& array) {
  std::vector<FieldViolation> violations;
  for (const Json& element : array) {
    if (!element.is_object()) continue;
    violations.push_back({TextMember(element, "field"), TextMember(element, "description")});
  }
  return violations;
}

FailureArgs ArgsFromJson(const Json& object) {
  FailureArgs args;
  if (!object.is_object()) return args;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) args.emplace(key, value.get<std::string>());
  }
  return args;
}

Failure FromJson(const Json& object, Reason reason) {
  Failure failure;
  failure.reason = reason;
  if (const auto args = object.find("args"); args != object.end()) failure.args = ArgsFromJson(*args);
  if (const auto fields = object.find("fields"); fields != object.end() && fields->is_array()) {
    failure.field_violations = ViolationsFromJson(*fields);
  }
  if (const auto http = object.find("http"); http != object.end() && http->is_number_integer()) {
    failure.http_code = http->get<int>();
  }
  failure.target_code = TextMember(object, "code");
  return failure;
}

}  // namespace

absl::string_view ReasonName(Reason reason) {
  const ReasonRow* row = FindReasonRow(reason);
  return row == nullptr ? absl::string_view() : row->name;
}

std::optional<Reason> ParseReason(absl::string_view name) {
  static const auto* const kByName = [] {
    auto* by_name = new absl::flat_hash_map<absl::string_view, Reason>();
    for (const ReasonRow& row : AllReasonRows()) by_name->emplace(row.name, row.reason);
    return by_name;
  }();
  const auto found = kByName->find(name);
  return found == kByName->end() ? std::nullopt : std::make_optional(found->second);
}

Owner OwnerOf(Reason reason) {
  const ReasonRow* row = FindReasonRow(reason);
  return row == nullptr ? Owner::kNone : row->owner;
}

std::vector<Reason> ReasonsOf(Owner owner) {
  std::vector<Reason> reasons;
  for (const ReasonRow& row : AllReasonRows()) {
    if (row.owner == owner) reasons.push_back(row.reason);
  }
  return reasons;
}

bool IsRetryable(Reason reason) {
  const ReasonRow* row = FindReasonRow(reason);
  return row != nullptr && row->retry == Retry::kLater;
}

std::string EncodeFailure(const Failure& failure) {
  Json object = Json::object();
  if (failure.reason != Reason::kNone) object["reason"] = std::string(ReasonName(failure.reason));
  if (!failure.args.empty()) object["args"] = failure.args;
  if (!failure.field_violations.empty()) object["fields"] = ViolationsToJson(failure.field_violations);
  if (failure.http_code != 0) object["http"] = failure.http_code;
  if (!failure.target_code.empty()) object["code"] = failure.target_code;
  return object.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                     Json::error_handler_t::replace);
}

Failure DecodeFailure(absl::string_view text) {
  if (text.empty()) return Failure();
  const Json object = Json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Unreadable();
  if (!object.contains("reason")) return FromJson(object, Reason::kNone);
  const std::optional<Reason> reason = ParseReason(TextMember(object, "reason"));
  return reason.has_value() ? FromJson(object, *reason) : Unreadable();
}

absl::Status FailureStatus(absl::StatusCode code, Failure failure) {
  absl::Status status(code, WordFailure(failure, Language::kEnglish));
  status.SetPayload(kPayloadUrl, absl::Cord(EncodeFailure(failure)));
  return status;
}

Failure FailureOf(const absl::Status& status) {
  if (status.ok()) return Failure();
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return Unreadable();
  return DecodeFailure(std::string(*payload));
}

}  // namespace satudata::catalog
