// The table of quirks: names, where they apply, and what they do.
#include <initializer_list>

#include "tests/simulator/quirks.h"

namespace satudata::simulator {
namespace {

constexpr uint32_t Set(std::initializer_list<Operation> operations) {
  uint32_t bits = 0;
  for (Operation operation : operations) bits |= 1u << IndexOf(operation);
  return bits;
}

constexpr uint32_t kRestWrites = Set({Operation::kSplpPost, Operation::kSplpPut});
constexpr uint32_t kCkanUploads = Set({Operation::kCkanResourceCreate, Operation::kCkanResourceUpdate});
constexpr uint32_t kCkanWrites =
    Set({Operation::kCkanCreate, Operation::kCkanPatch, Operation::kCkanDelete}) | kCkanUploads;
constexpr uint32_t kCkanReads = Set({Operation::kCkanShow, Operation::kCkanOrganizations});
constexpr uint32_t kCkan = kCkanWrites | kCkanReads;
constexpr uint32_t kSplpWrites = kRestWrites | kCkanWrites;
constexpr uint32_t kSplpReads = Set({Operation::kSplpGet}) | kCkanReads;
constexpr uint32_t kSplp = kSplpWrites | kSplpReads;
constexpr uint32_t kSipdWrites = Set({Operation::kSipdPush, Operation::kSipdDisable});
constexpr uint32_t kSipdPushes = Set({Operation::kSipdPush});
constexpr uint32_t kSipdReads =
    Set({Operation::kSipdGet, Operation::kSipdGetFinal, Operation::kSipdGetReference});
constexpr uint32_t kSipdTables = Set({Operation::kSipdGet, Operation::kSipdGetFinal});
constexpr uint32_t kWrites = kSplpWrites | kSipdWrites;
constexpr uint32_t kReads = kSplpReads | kSipdReads;
constexpr uint32_t kAll = kWrites | kReads;

constexpr Scope kRequest = Scope::kRequest;
constexpr Scope kRow = Scope::kRow;
constexpr Inclusion kSpread = Inclusion::kSpread;
constexpr Inclusion kNamed = Inclusion::kByNameOnly;

constexpr QuirkInfo kCatalogue[] = {
    {Quirk::kHtml200, "html-200", kRequest, kSpread, kAll, "maintenance page, 200; nothing done"},
    {Quirk::kHtml403, "html-403", kRequest, kSpread, kAll, "firewall page, 403; nothing done"},
    {Quirk::kThrottle200, "throttle-200", kRequest, kSpread, kAll,
     "throttle body with HTTP 200; nothing done"},
    {Quirk::kThrottleNextAccess, "throttle-next-access", kRequest, kSpread, kAll,
     "429 with nextAccessTime in the body; nothing done"},
    {Quirk::kThrottleDate, "throttle-date", kRequest, kSpread, kAll,
     "429 with Retry-After as an HTTP date; nothing done"},
    {Quirk::kThrottleSeconds, "throttle-seconds", kRequest, kSpread, kAll,
     "429 with Retry-After in seconds; nothing done"},
    {Quirk::kThrottleBare, "throttle-bare", kRequest, kSpread, kAll, "429 without a hint; nothing done"},
    {Quirk::kThrottleBlocked, "throttle-blocked", kRequest, kNamed, kAll,
     "429 with 900805, blocked by an administrator; nothing done"},
    {Quirk::kUnauthorized, "unauthorized", kRequest, kNamed, kAll,
     "401 with 900901 whatever the credentials; nothing done"},
    {Quirk::kError500Before, "error-500-before", kRequest, kSpread, kAll, "500; nothing done"},
    {Quirk::kError503Before, "error-503-before", kRequest, kSpread, kAll, "503; nothing done"},
    {Quirk::kResetBefore, "reset-before", kRequest, kSpread, kAll, "connection reset; nothing done"},
    {Quirk::kHangBefore, "hang-before", kRequest, kSpread, kAll,
     "silence until the hold ends, then closed; nothing done"},
    {Quirk::kError500After, "error-500-after", kRequest, kSpread, kWrites, "applied, then 500"},
    {Quirk::kError503After, "error-503-after", kRequest, kSpread, kWrites, "applied, then 503"},
    {Quirk::kResetAfter, "reset-after", kRequest, kSpread, kWrites, "applied, then the connection is reset"},
    {Quirk::kHangAfter, "hang-after", kRequest, kSpread, kWrites,
     "applied, then silence until the hold ends, then closed"},
    {Quirk::kHangLate, "hang-late", kRequest, kNamed, kWrites,
     "silence until the hold ends, then closed; applied late in between"},
    {Quirk::kDrip, "drip", kRequest, kSpread, kAll,
     "body byte by byte until the hold ends; a write is applied or not (seeded)"},
    {Quirk::kTruncated, "truncated", kRequest, kSpread, kAll,
     "done, JSON cut in the middle with a fitting Content-Length"},
    {Quirk::kCutShort, "cut-short", kRequest, kSpread, kAll,
     "done, connection closed after half of the announced body"},
    {Quirk::kWrongContentType, "wrong-content-type", kRequest, kSpread, kAll,
     "done, right body as text/html"},
    {Quirk::kGarbage, "garbage", kRequest, kNamed, kAll, "done, 200 with bytes that are no text"},
    {Quirk::kTooLarge, "too-large", kRequest, kNamed, kAll, "done, right body after two MiB of blanks"},
    {Quirk::kEndless, "endless", kRequest, kNamed, kAll,
     "done, right body and then blanks until the hold ends, without an end"},
    {Quirk::kSlow, "slow", kRequest, kSpread, kReads, "right answer after the slow delay"},
    {Quirk::kNoCommit, "no-commit", kRequest, kSpread, kSipdWrites,
     "no COMMIT TRANS line; applied or not (seeded)"},
    {Quirk::kNoLog, "no-log", kRequest, kSpread, kSipdWrites, "no log; applied or not (seeded)"},
    {Quirk::kRowRefused, "row-refused", kRow, kSpread, kSipdWrites,
     "an ERROR line with its key; not applied"},
    {Quirk::kRowNoLine, "row-no-line", kRow, kSpread, kSipdWrites,
     "no line for the row; applied or not (seeded)"},
    {Quirk::kRowOkAndError, "row-ok-and-error", kRow, kSpread, kSipdWrites,
     "both an OK and an ERROR line; applied or not (seeded)"},
    {Quirk::kRowErrorWithoutKey, "row-error-without-key", kRow, kSpread, kSipdWrites,
     "an ERROR line that names no row; not applied"},
    {Quirk::kRowLate, "row-late", kRow, kSpread, kSipdWrites, "OK line, applied after the late delay"},
    {Quirk::kRowNever, "row-never", kRow, kSpread, kSipdWrites, "OK line, never applied"},
    {Quirk::kRowThirdValue, "row-third-value", kRow, kNamed, kSipdPushes,
     "OK line, applied, then overwritten by somebody else"},
    {Quirk::kMessage200, "message-200", kRequest, kSpread, kSipdReads,
     "an object with code and msg instead of rows, 200"},
    {Quirk::kWrappedData, "wrapped-data", kRequest, kSpread, kSipdReads, "rows inside {\"data\":[…]}"},
    {Quirk::kWrappedResult, "wrapped-result", kRequest, kSpread, kSipdReads, "rows inside {\"result\":[…]}"},
    {Quirk::kPaddedDecimals, "padded-decimals", kRequest, kSpread, kSipdTables,
     "values with trailing zeros (9.000000)"},
    {Quirk::kTenantAsleep, "tenant-asleep", kRequest, kSpread, kSplp,
     "404 with type \"Status report\"; nothing done"},
    {Quirk::kWso2StringCode, "wso2-string-code", kRequest, kSpread, kSplp,
     "500, {\"code\":\"900900\",…}; nothing done"},
    {Quirk::kWso2Fault, "wso2-fault", kRequest, kSpread, kSplp,
     "503, {\"fault\":{\"code\":101503,…}}; nothing done"},
    {Quirk::kWso2Xml, "wso2-xml", kRequest, kSpread, kSplp, "500, the older gateways' XML; nothing done"},
    {Quirk::kStatusError200, "status-error-200", kRequest, kSpread, kRestWrites,
     "200 with {\"status\":\"error\"}; nothing done"},
    {Quirk::kHtmlSuccess, "html-success", kRequest, kSpread, kSplpWrites,
     "applied, success told in an HTML page"},
    {Quirk::kWrongId, "wrong-id", kRequest, kSpread, kSplpWrites, "applied, success names another dataset"},
    {Quirk::kMissingId, "missing-id", kRequest, kSpread, kSplpWrites, "applied, success names no dataset"},
    {Quirk::kConflict, "conflict", kRequest, kSpread, Set({Operation::kSplpPost}),
     "409 if the dataset exists (no effect otherwise); nothing done"},
    {Quirk::kSuccessFalse, "success-false-200", kRequest, kSpread, kCkan,
     "200 with {\"success\": false}; nothing done"},
    {Quirk::kBareText400, "bare-text-400", kRequest, kSpread, kCkanWrites,
     "400 with nothing but a JSON string; nothing done"},
    {Quirk::kForbidden, "forbidden", kRequest, kNamed, kCkan,
     "403 with CKAN's Authorization Error; nothing done"},
    {Quirk::kRefusedFields, "refused-fields", kRequest, kNamed, kCkanWrites,
     "409 with CKAN's Validation Error for two fields; nothing done"},
    {Quirk::kStaleShow, "stale-show", kRequest, kSpread, Set({Operation::kCkanShow}),
     "what was there before a change of a moment ago; 404 if that was its creation"},
    {Quirk::kResourceLate, "resource-late", kRequest, kSpread, kCkanUploads,
     "success, applied after the late delay: the package is there before its file"},
};
static_assert(sizeof(kCatalogue) / sizeof(kCatalogue[0]) + 1 == kQuirks, "one row per quirk");

}  // namespace

absl::Span<const QuirkInfo> QuirkCatalogue() { return kCatalogue; }

absl::string_view NameOf(Quirk quirk) {
  return quirk == Quirk::kNone ? absl::string_view() : kCatalogue[IndexOf(quirk) - 1].name;
}

}  // namespace satudata::simulator
