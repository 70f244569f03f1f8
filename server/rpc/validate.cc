#include "server/rpc/validate.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/access/password.h"
#include "server/access/role.h"
#include "server/catalog/failure.h"
#include "server/catalog/indicator.h"
#include "server/rpc/text.h"
#include "server/sync/summary.h"

namespace satudata::rpc {
namespace {

using catalog::Reason;

constexpr int kMaxIdBytes = 128;
constexpr int kMaxTextBytes = 4096;
constexpr int kMaxTargets = 32;
constexpr int kMaxFileIds = 1000;
constexpr int kMaxFilters = 200;
constexpr int kMaxChunkBytes = 1 << 20;
constexpr int32_t kDefaultPageSize = 50;
constexpr int32_t kMaxPageSize = 1000;
constexpr int kKodepemdaDigits = 4;
constexpr int kYearDigits = 4;
constexpr int64_t kMaxRows = 1'048'576;  // Of any spreadsheet.
constexpr size_t kMaxUsernameBytes = 64;

absl::Status Refuse(Reason reason, catalog::FailureArgs args) {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = reason, .args = std::move(args)});
}

absl::Status Required(absl::string_view field) {
  return Refuse(Reason::kFieldRequired, {{"field", std::string(field)}});
}

absl::Status Invalid(absl::string_view field, absl::string_view value, absl::string_view expected) {
  return Refuse(Reason::kFieldInvalid, {{"field", std::string(field)},
                                        {"value", Shortened(value, kMaxIdBytes)},
                                        {"expected", std::string(expected)}});
}

absl::Status FirstError(std::initializer_list<absl::Status> checks) {
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  return absl::OkStatus();
}

absl::Status CheckText(absl::string_view field, absl::string_view value, size_t limit) {
  if (value.size() > limit) return Invalid(field, value, absl::StrCat("<= ", limit, " bytes"));
  // Real titles hold tabs and line breaks; a zero byte ends a text for some of the libraries we use.
  if (absl::StrContains(value, '\0')) return Invalid(field, value, "text without NUL");
  return absl::OkStatus();
}

absl::Status CheckOptionalId(absl::string_view field, absl::string_view value) {
  if (!IsPlainText(value)) return Invalid(field, value, "text without control characters");
  return CheckText(field, value, kMaxIdBytes);
}

absl::Status CheckId(absl::string_view field, absl::string_view value) {
  return value.empty() ? Required(field) : CheckOptionalId(field, value);
}

absl::Status CheckSha256(absl::string_view field, absl::string_view value) {
  const bool is_hex = std::all_of(value.begin(), value.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c)) && !absl::ascii_isupper(c);
  });
  if (value.empty() || (value.size() == 64 && is_hex)) return absl::OkStatus();
  return Invalid(field, value, "64 lower-case hex digits");
}

template <typename Values>
absl::Status CheckEach(absl::string_view field, const Values& values, int most, size_t limit) {
  if (values.size() > most) return Invalid(field, absl::StrCat(values.size()), absl::StrCat("<= ", most));
  for (int i = 0; i < values.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (values[i].empty()) return Required(path);
    if (absl::Status status = CheckText(path, values[i], limit); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckNotNegative(absl::string_view field, int64_t value) {
  return value < 0 ? Invalid(field, absl::StrCat(value), ">= 0") : absl::OkStatus();
}

bool IsUuid(absl::string_view text) {
  constexpr absl::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kShape.size() &&
         std::equal(text.begin(), text.end(), kShape.begin(),
                    [](char c, char shape) { return shape == '-' ? c == '-' : absl::ascii_isxdigit(c); });
}

absl::Status CheckRequestId(absl::string_view value) {
  return value.empty() || IsUuid(value) ? absl::OkStatus() : Invalid("request_id", value, "a UUID");
}

absl::Status CheckDigits(absl::string_view field, absl::string_view value, size_t count) {
  const bool good = value.size() == count && std::all_of(value.begin(), value.end(), absl::ascii_isdigit);
  return good ? absl::OkStatus() : Invalid(field, value, absl::StrCat(count, " digits"));
}

absl::Status CheckOptionalKodepemda(absl::string_view field, absl::string_view value) {
  return value.empty() ? absl::OkStatus() : CheckDigits(field, value, kKodepemdaDigits);
}

// Zero is "any" and valid; a number that this version does not know is not.
template <typename Enum>
absl::Status CheckEnum(absl::string_view field, Enum value, bool (*is_valid)(int)) {
  return is_valid(value) ? absl::OkStatus() : Invalid(field, absl::StrCat(static_cast<int>(value)), "enum");
}

absl::Status CheckOptionalReason(absl::string_view field, absl::string_view value) {
  const bool good = value.empty() || catalog::ParseReason(value).has_value();
  return good ? absl::OkStatus() : Invalid(field, value, "a reason, e.g. TARGET_OUTAGE");
}

absl::Status CheckPage(int32_t page_size, absl::string_view page_token) {
  if (page_size < 0) return Refuse(Reason::kPageSizeInvalid, {{"value", absl::StrCat(page_size)}});
  return CheckText("page_token", page_token, kMaxTextBytes);
}

absl::Status CheckTime(absl::string_view field, const google::protobuf::Timestamp& time) {
  // The range that google.protobuf.Timestamp states: years 1 to 9999.
  const bool good = time.seconds() >= -62135596800 && time.seconds() <= 253402300799 && time.nanos() >= 0 &&
                    time.nanos() <= 999'999'999;
  return good ? absl::OkStatus() : Invalid(field, absl::StrCat(time.seconds()), "a timestamp");
}

absl::Status CheckMapping(const v1::FileMapping& mapping) {
  if (mapping.header_row() < 0 || mapping.header_row() > kMaxRows) {
    return Invalid("file.mapping.header_row", absl::StrCat(mapping.header_row()),
                   absl::StrCat("0..", kMaxRows));
  }
  const bool is_year = mapping.tahun().empty() || catalog::IsYear(mapping.tahun());
  if (!is_year) return Invalid("file.mapping.tahun", mapping.tahun(), "a year");
  return FirstError({CheckText("file.mapping.sheet", mapping.sheet(), kMaxIdBytes),
                     CheckText("file.mapping.code_column", mapping.code_column(), kMaxTextBytes),
                     CheckText("file.mapping.year_column", mapping.year_column(), kMaxTextBytes),
                     CheckText("file.mapping.value_column", mapping.value_column(), kMaxTextBytes),
                     CheckText("file.mapping.kodepemda_column", mapping.kodepemda_column(), kMaxTextBytes),
                     CheckText("file.mapping.unit_column", mapping.unit_column(), kMaxTextBytes),
                     CheckText("file.mapping.kodeindikator", mapping.kodeindikator(), kMaxIdBytes),
                     CheckEnum("file.mapping.number_format", mapping.number_format(),
                               v1::FileMapping::NumberFormat_IsValid)});
}

absl::Status CheckFile(const v1::CatalogFile& file) {
  return FirstError(
      {CheckId("file.file_id", file.file_id()), CheckText("file.name", file.name(), kMaxTextBytes),
       CheckText("file.theme", file.theme(), kMaxTextBytes),
       CheckText("file.producer", file.producer(), kMaxTextBytes),
       CheckText("file.coverage", file.coverage(), kMaxTextBytes),
       CheckText("file.frequency", file.frequency(), kMaxTextBytes),
       CheckText("file.dimension", file.dimension(), kMaxTextBytes),
       CheckText("file.file_name", file.file_name(), kMaxTextBytes),
       CheckText("file.file_type", file.file_type(), kMaxIdBytes),
       CheckOptionalKodepemda("file.kodepemda", file.kodepemda()),
       CheckTime("file.source_create_time", file.source_create_time()),
       CheckTime("file.source_update_time", file.source_update_time()), CheckMapping(file.mapping())});
}

absl::Status CheckValue(absl::string_view path, const v1::IndicatorValue& value) {
  return FirstError({CheckText(absl::StrCat(path, ".kodeindikator"), value.kodeindikator(), kMaxIdBytes),
                     CheckText(absl::StrCat(path, ".kodepemda"), value.kodepemda(), kMaxIdBytes),
                     CheckText(absl::StrCat(path, ".tahun"), value.tahun(), kMaxIdBytes),
                     CheckText(absl::StrCat(path, ".satuan"), value.satuan(), kMaxIdBytes),
                     CheckText(absl::StrCat(path, ".raw_value"), value.raw_value(), kMaxTextBytes)});
}

absl::Status CheckUsername(absl::string_view field, absl::string_view value) {
  if (value.empty()) return Required(field);
  const bool good = value.size() <= kMaxUsernameBytes && std::all_of(value.begin(), value.end(), [](char c) {
                      return absl::ascii_isalnum(c) || absl::StrContains("._-@", c);
                    });
  return good ? absl::OkStatus() : Invalid(field, value, "a-z 0-9 . _ - @, <= 64");
}

absl::Status CheckRole(absl::string_view field, absl::string_view value) {
  if (value.empty()) return Required(field);
  return access::ParseRole(value) ? absl::OkStatus()
                                  : Invalid(field, value, "Admin, Operator, Validator, Viewer");
}

// What is wrong with a password is told without it. Whether it is a good one is not decided here.
absl::Status CheckPassword(absl::string_view value) {
  if (value.empty()) return Required("password");
  if (value.size() > access::kMaxPasswordBytes) {
    return Invalid("password", "***", absl::StrCat("<= ", access::kMaxPasswordBytes, " bytes"));
  }
  return absl::StrContains(value, '\0') ? Invalid("password", "***", "text without NUL") : absl::OkStatus();
}

}  // namespace

absl::Status Validate(const v1::SyncFileRequest& request) {
  return FirstError({CheckId("file_id", request.file_id()),
                     CheckEach("targets", request.targets(), kMaxTargets, kMaxIdBytes),
                     CheckRequestId(request.request_id())});
}

absl::Status Validate(const v1::SyncAllRequest& request) {
  return FirstError({CheckEach("targets", request.targets(), kMaxTargets, kMaxIdBytes),
                     CheckEach("file_ids", request.file_ids(), kMaxFileIds, kMaxIdBytes),
                     CheckEach("themes", request.themes(), kMaxFilters, kMaxFilterBytes),
                     CheckEach("producers", request.producers(), kMaxFilters, kMaxFilterBytes),
                     CheckNotNegative("limit", request.limit()), CheckRequestId(request.request_id())});
}

absl::Status Validate(const v1::WatchRunRequest& request) {
  return FirstError(
      {CheckId("run_id", request.run_id()), CheckNotNegative("after_sequence", request.after_sequence())});
}

absl::Status Validate(const v1::RetryRunRequest& request) {
  return FirstError({CheckId("run_id", request.run_id()), CheckRequestId(request.request_id()),
                     CheckEach("targets", request.targets(), kMaxTargets, kMaxIdBytes)});
}

absl::Status Validate(const v1::GetRunRequest& request) { return CheckId("run_id", request.run_id()); }

absl::Status Validate(const v1::ListRunsRequest& request) {
  return FirstError({CheckPage(request.page_size(), request.page_token()),
                     CheckEnum("state", request.state(), v1::Run::State_IsValid),
                     CheckEnum("kind", request.kind(), v1::Run::Kind_IsValid)});
}

absl::Status Validate(const v1::CancelRunRequest& request) { return CheckId("run_id", request.run_id()); }

absl::Status Validate(const v1::ListDeliveriesRequest& request) {
  if (request.run_id().empty() && request.file_id().empty() && !request.newest()) return Required("run_id");
  for (int i = 0; i < request.states_size(); ++i) {
    const std::string path = absl::StrCat("states[", i, "]");
    if (request.states(i) == v1::Delivery::STATE_UNSPECIFIED) return Required(path);
    if (absl::Status status = CheckEnum(path, request.states(i), v1::Delivery::State_IsValid); !status.ok()) {
      return status;
    }
  }
  return FirstError(
      {CheckOptionalId("run_id", request.run_id()), CheckOptionalId("file_id", request.file_id()),
       CheckOptionalId("target", request.target()), CheckPage(request.page_size(), request.page_token()),
       CheckEnum("owner", request.owner(), v1::Failure::Owner_IsValid),
       CheckOptionalReason("reason", request.reason())});
}

absl::Status Validate(const v1::GetDeliveryRequest& request) {
  return CheckId("delivery_id", request.delivery_id());
}

absl::Status Validate(const v1::GetFileStatusRequest& request) {
  return CheckId("file_id", request.file_id());
}

absl::Status Validate(const v1::GetSummaryRequest& request) {
  if (request.day_count() > sync::kMostSummaryDays) {
    return Invalid("day_count", absl::StrCat(request.day_count()),
                   absl::StrCat("<= ", sync::kMostSummaryDays));
  }
  return FirstError({CheckNotNegative("day_count", request.day_count()),
                     CheckOptionalId("time_zone", request.time_zone())});
}

absl::Status Validate(const v1::UpsertFileRequest& request) {
  if (!request.has_file()) return Required("file");
  if (absl::Status status = CheckFile(request.file()); !status.ok()) return status;
  for (int i = 0; i < request.indicator_values_size(); ++i) {
    const std::string path = absl::StrCat("indicator_values[", i, "]");
    if (absl::Status status = CheckValue(path, request.indicator_values(i)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::ImportFilesRequest& request) {
  if (request.chunk().size() <= kMaxChunkBytes) return absl::OkStatus();
  return Refuse(Reason::kMessageTooLarge, {{"limit", "1 MiB"}});
}

absl::Status Validate(const v1::UploadContentRequest& request) {
  if (!request.has_head()) {
    if (request.chunk().size() <= kMaxChunkBytes) return absl::OkStatus();
    return Refuse(Reason::kMessageTooLarge, {{"limit", "1 MiB"}});
  }
  const v1::UploadContentHead& head = request.head();
  if (head.sha256().empty() && !head.has_size_bytes() && !head.file_id().empty()) {
    return Required("head.size_bytes");
  }
  return FirstError({CheckId("head.file_id", head.file_id()), CheckSha256("head.sha256", head.sha256()),
                     CheckNotNegative("head.size_bytes", head.size_bytes()),
                     CheckText("head.file_name", head.file_name(), kMaxTextBytes)});
}

absl::Status Validate(const v1::GetFileRequest& request) { return CheckId("file_id", request.file_id()); }

absl::Status Validate(const v1::ListFilesRequest& request) {
  const bool any_state = request.state() == v1::Delivery::STATE_UNSPECIFIED;
  if (!any_state && request.target().empty()) return Required("target");
  if (any_state && !request.target().empty()) return Required("state");
  return FirstError({CheckPage(request.page_size(), request.page_token()),
                     CheckNotNegative("skip", request.skip()),
                     CheckText("text", request.text(), kMaxFilterBytes),
                     CheckEnum("verification", request.verification(), v1::CatalogFile::Verification_IsValid),
                     CheckText("theme", request.theme(), kMaxFilterBytes),
                     CheckText("producer", request.producer(), kMaxFilterBytes),
                     CheckOptionalId("target", request.target()),
                     CheckEnum("state", request.state(), v1::Delivery::State_IsValid)});
}

absl::Status Validate(const v1::GetCatalogSummaryRequest&) { return absl::OkStatus(); }

absl::Status Validate(const v1::DeleteFileRequest& request) { return CheckId("file_id", request.file_id()); }

absl::Status Validate(const v1::SetVerificationRequest& request) {
  if (request.verification() == v1::CatalogFile::VERIFICATION_UNSPECIFIED) return Required("verification");
  return FirstError({CheckId("file_id", request.file_id()),
                     CheckEnum("verification", request.verification(), v1::CatalogFile::Verification_IsValid),
                     CheckNotNegative("revision", request.revision())});
}

absl::Status Validate(const v1::ListIndicatorValuesRequest& request) {
  return FirstError(
      {CheckId("file_id", request.file_id()), CheckPage(request.page_size(), request.page_token())});
}

absl::Status Validate(const v1::ListTargetsRequest&) { return absl::OkStatus(); }

absl::Status Validate(const v1::CheckTargetRequest& request) { return CheckId("target", request.target()); }

absl::Status Validate(const v1::PauseTargetRequest& request) {
  if (request.comment().empty()) return Required("comment");
  return FirstError(
      {CheckId("target", request.target()), CheckText("comment", request.comment(), kMaxTextBytes)});
}

absl::Status Validate(const v1::ResumeTargetRequest& request) { return CheckId("target", request.target()); }

absl::Status Validate(const v1::ListReferenceIndicatorsRequest& request) {
  return FirstError(
      {CheckId("target", request.target()), CheckOptionalKodepemda("kodepemda", request.kodepemda()),
       CheckPage(request.page_size(), request.page_token()), CheckNotNegative("skip", request.skip()),
       CheckText("text", request.text(), kMaxFilterBytes), CheckOptionalId("urusan", request.urusan())});
}

absl::Status Validate(const v1::WithdrawIndicatorRequest& request) {
  if (request.explanation().empty()) return Required("explanation");
  return FirstError({CheckId("target", request.target()), CheckId("kodeindikator", request.kodeindikator()),
                     CheckOptionalKodepemda("kodepemda", request.kodepemda()),
                     CheckDigits("tahun", request.tahun(), kYearDigits),
                     CheckText("explanation", request.explanation(), kMaxTextBytes),
                     CheckRequestId(request.request_id())});
}

absl::Status Validate(const v1::GetSignInOptionsRequest&) { return absl::OkStatus(); }

// A name that no account can have is refused as any other that none has.
absl::Status Validate(const v1::SignInRequest& request) {
  return FirstError({CheckId("username", request.username()), CheckPassword(request.password())});
}

absl::Status Validate(const v1::AdoptTokenRequest&) { return absl::OkStatus(); }

absl::Status Validate(const v1::RefreshSessionRequest&) { return absl::OkStatus(); }

absl::Status Validate(const v1::SignOutRequest&) { return absl::OkStatus(); }

absl::Status Validate(const v1::CreateAccountRequest& request) {
  if (!request.has_account()) return Required("account");
  return FirstError({CheckUsername("account.username", request.account().username()),
                     CheckRole("account.role", request.account().role()), CheckPassword(request.password())});
}

absl::Status Validate(const v1::ListAccountsRequest& request) {
  return CheckPage(request.page_size(), request.page_token());
}

absl::Status Validate(const v1::UpdateAccountRequest& request) {
  return FirstError({CheckId("username", request.username()),
                     request.has_role() ? CheckRole("role", request.role()) : absl::OkStatus(),
                     request.has_password() ? CheckPassword(request.password()) : absl::OkStatus()});
}

absl::Status Validate(const v1::DeleteAccountRequest& request) {
  return CheckId("username", request.username());
}

int64_t PageLimit(int32_t page_size) {
  return page_size == 0 ? kDefaultPageSize : std::min(page_size, kMaxPageSize);
}

}  // namespace satudata::rpc
