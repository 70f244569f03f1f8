#include "server/store/conversions.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "server/base/log.h"

namespace satudata::store {
namespace {

using Json = nlohmann::json;

// For enumerations whose enumerators run from 0 to `last`.
template <typename E>
bool FindByName(absl::string_view text, E last, E& value) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const E candidate = static_cast<E>(i);
    if (ColumnText(candidate) != text) continue;
    value = candidate;
    return true;
  }
  return false;
}

template <typename E>
bool Take(std::optional<E> parsed, E& value) {
  if (parsed.has_value()) value = *parsed;
  return parsed.has_value();
}

}  // namespace

absl::string_view ColumnText(sync::State value) { return sync::StateName(value); }
absl::string_view ColumnText(sync::RunState value) { return sync::RunStateName(value); }
absl::string_view ColumnText(sync::RunKind value) { return sync::RunKindName(value); }
absl::string_view ColumnText(sync::ChangeKind value) { return sync::ChangeKindName(value); }
absl::string_view ColumnText(sync::VerdictKind value) { return sync::VerdictKindName(value); }

absl::string_view ColumnText(catalog::Verification value) {
  switch (value) {
    case catalog::Verification::kUnverified:
      return "UNVERIFIED";
    case catalog::Verification::kVerified:
      return "VERIFIED";
    case catalog::Verification::kRefused:
      return "REFUSED";
  }
  return "UNVERIFIED";
}

absl::string_view ColumnText(access::Role value) { return access::RoleName(value); }

absl::string_view ColumnText(access::Origin value) {
  return value == access::Origin::kAccount ? "ACCOUNT" : "TOKEN";
}

bool ParseColumn(absl::string_view text, sync::State& value) { return Take(sync::ParseState(text), value); }
bool ParseColumn(absl::string_view text, sync::RunState& value) {
  return Take(sync::ParseRunState(text), value);
}
bool ParseColumn(absl::string_view text, sync::RunKind& value) {
  return Take(sync::ParseRunKind(text), value);
}
bool ParseColumn(absl::string_view text, sync::ChangeKind& value) {
  return FindByName(text, sync::ChangeKind::kWithdraw, value);
}
bool ParseColumn(absl::string_view text, sync::VerdictKind& value) {
  return FindByName(text, sync::VerdictKind::kUnknown, value);
}
bool ParseColumn(absl::string_view text, catalog::Verification& value) {
  return FindByName(text, catalog::Verification::kRefused, value);
}

bool ParseColumn(absl::string_view text, access::Role& value) { return Take(access::ParseRole(text), value); }
bool ParseColumn(absl::string_view text, access::Origin& value) {
  return FindByName(text, access::Origin::kToken, value);
}

absl::string_view ColumnText(sync::PauseKind value) { return sync::PauseKindName(value); }
bool ParseColumn(absl::string_view text, sync::PauseKind& value) {
  for (const sync::PauseKind kind :
       {sync::PauseKind::kNone, sync::PauseKind::kByTarget, sync::PauseKind::kByOperator}) {
    if (sync::PauseKindName(kind) != text) continue;
    value = kind;
    return true;
  }
  return false;
}

std::string EncodeCounts(const sync::StateCounts& counts) {
  std::string text;
  for (int i = 0; i < sync::kStateCount; ++i) {
    const sync::State state = static_cast<sync::State>(i);
    if (counts[state] == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", sync::StateName(state), "=", counts[state]);
  }
  return text;
}

bool DecodeCounts(absl::string_view text, sync::StateCounts& counts) {
  counts = sync::StateCounts();
  for (absl::string_view part : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::optional<sync::State> state = sync::ParseState(pair.first);
    int64_t count = 0;
    if (!state.has_value() || !absl::SimpleAtoi(pair.second, &count)) return false;
    counts[*state] = count;
  }
  return true;
}

std::string EncodeFailureColumn(const catalog::Failure& failure) {
  return failure == catalog::Failure() ? "" : catalog::EncodeFailure(failure);
}

std::string EncodeRequest(const sync::SyncRequest& request) {
  const sync::Withdrawal& withdrawal = request.withdrawal;
  const Json object = {{"kind", std::string(sync::RunKindName(request.kind))},
                       {"file_id", request.file_id},
                       {"targets", request.targets},
                       {"file_ids", request.file_ids},
                       {"themes", request.themes},
                       {"producers", request.producers},
                       {"limit", request.limit},
                       {"force", request.force},
                       {"allow_mass_change", request.allow_mass_change},
                       {"retry_of", request.retry_of},
                       {"include_rejected", request.include_rejected},
                       {"request_id", request.request_id},
                       {"requested_by", request.requested_by},
                       {"kodeindikator", withdrawal.kodeindikator},
                       {"kodepemda", withdrawal.kodepemda},
                       {"tahun", withdrawal.tahun},
                       {"explanation", withdrawal.explanation},
                       {"traceparent", request.traceparent}};
  return object.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                     Json::error_handler_t::replace);
}

// A member that is missing keeps its default, so that rows of older versions stay readable.
bool DecodeRequest(absl::string_view text, sync::SyncRequest& request) {
  const Json object = Json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return false;
  try {
    if (!ParseColumn(object.value("kind", std::string()), request.kind)) return false;
    request.file_id = object.value("file_id", std::string());
    request.targets = object.value("targets", std::vector<std::string>());
    request.file_ids = object.value("file_ids", std::vector<std::string>());
    request.themes = object.value("themes", std::vector<std::string>());
    request.producers = object.value("producers", std::vector<std::string>());
    request.limit = object.value("limit", int64_t{0});
    request.force = object.value("force", false);
    request.allow_mass_change = object.value("allow_mass_change", false);
    request.retry_of = object.value("retry_of", std::string());
    request.include_rejected = object.value("include_rejected", false);
    request.withdrawal.kodeindikator = object.value("kodeindikator", std::string());
    request.withdrawal.kodepemda = object.value("kodepemda", std::string());
    request.withdrawal.tahun = object.value("tahun", std::string());
    request.withdrawal.explanation = object.value("explanation", std::string());
    request.request_id = object.value("request_id", std::string());
    request.requested_by = object.value("requested_by", std::string());
    request.traceparent = object.value("traceparent", std::string());
  } catch (const Json::exception&) {  // A member of another type.
    return false;
  }
  return true;
}

std::string JsonArray(absl::Span<const std::string> texts) {
  constexpr absl::string_view kNul("\0", 1);
  std::string array = "[";
  for (const std::string& text : texts) {
    const bool is_kept = !absl::StrContains(text, kNul);
    absl::StrAppend(&array, array.size() == 1 ? "\"" : ",\"",
                    base::JsonEscape(is_kept ? text : absl::StrReplaceAll(text, {{kNul, "\uFFFD"}})), "\"");
  }
  array += ']';
  return array;
}

std::vector<std::string> ParseJsonArray(absl::string_view text) {
  const Json array = Json::parse(text.begin(), text.end(), /*cb=*/nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> texts;
  for (const Json& element : array) {
    if (element.is_string()) texts.push_back(element.get<std::string>());
  }
  return texts;
}

}  // namespace satudata::store
