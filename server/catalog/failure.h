// File: failure.h
//
// Why something did not go well, as data: a reason with its arguments, worded only when somebody reads it
// (messages.h), in that reader's language. Failures travel inside absl::Status, are stored with deliveries
// and records, and become `Failure` and `google.rpc.ErrorInfo` at the edge.
#ifndef SERVER_CATALOG_FAILURE_H_
#define SERVER_CATALOG_FAILURE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace satudata::catalog {

// Every reason that this service gives. The name on the wire is UPPER_SNAKE (ReasonName); owner,
// retryability, arguments and wording are in one table (reason_table.h), whose rows stand in this order. The
// enumerators may be reordered together with their rows: only names are stored.
enum class Reason {
  kNone,
  // Requests.
  kFieldRequired,    // {field}
  kFieldInvalid,     // {field, value, expected}
  kPageSizeInvalid,  // {value}
  kPageTokenInvalid,
  kTargetUnknown,     // {target, known}
  kRequestIdReused,   // {request_id}
  kMessageTooLarge,   // {limit}
  kRequestMalformed,  // {detail}
  kCompressionUnsupported,
  kMethodUnavailable,   // {method, target}: of the whole service, or of this target
  kFileNotFound,        // {file_id}
  kRunNotFound,         // {run_id}
  kDeliveryNotFound,    // {delivery_id}
  kRunActive,           // {run_id, target}
  kRunNotSucceeded,     // {run_id, state}
  kNothingOpen,         // {run_id, state}: a cancel or retry that has nothing to act on
  kSequenceOutOfRange,  // {sequence, last_sequence}
  kTooManyStreams,      // {limit}
  kTooManyOwnStreams,   // {limit}
  kTooManyCalls,        // {limit, seconds}
  kTooManyRuns,         // {limit}
  kOverloaded,
  kUploadStalled,       // {wait}
  kContentNotAsStated,  // {expected, found}
  kServerStopping,      // {sequence}
  kStoreUnavailable,
  kInternal,
  // Who is calling.
  kTokenMissing,
  kTokenInvalid,  // {detail}
  kTokenExpired,
  kRoleMissing,       // {user}
  kPermissionDenied,  // {role, permission}
  kSignInRefused,
  kTooManyAttempts,  // {seconds}
  kSessionEnded,
  kAccountExists,    // {user}
  kAccountNotFound,  // {user}
  kPasswordTooWeak,  // {limit}
  // Import lines.
  kLineNotJson,          // {line, detail}
  kLineNotObject,        // {line}
  kLineTooLong,          // {line, limit}
  kIdMissing,            // {line}
  kVerificationUnknown,  // {line, value}
  // The file itself.
  kFileNotVerified,  // {file_id, verification}
  kFilePrivate,
  kFileDeleted,
  kRevisionChanged,  // {revision}
  kMetadataMissing,  // {field}: required by the target
  kNoIndicatorValues,
  kTooManyValues,       // {limit}: in one file
  kContentMissing,      // {file_name}
  kContentUnreadable,   // {file_name, detail}
  kContentEncrypted,    // {file_name}
  kContentTooLarge,     // {file_name, limit}
  kContentChanged,      // {file_name}
  kContentEmpty,        // {file_name}
  kContentNotStored,    // {detail}
  kContentTypeRefused,  // {file_name, type, target}: the target takes no such files
  kColumnMissing,       // {column, file_name, sheet}
  kColumnAmbiguous,     // {column, cells, file_name, sheet}: headings that say the same
  kSheetMissing,        // {sheet, file_name}
  kRowMalformed,        // {line, detail}
  kRowWidthWrong,       // {line, found, expected}: more or fewer cells than the heading has
  kQuoteUnpaired,       // {line}
  kTotalRow,            // {line}: a sum, with no code of its own
  // An indicator value.
  kKodepemdaMissing,
  kKodepemdaInvalid,      // {value}
  kIndicatorCodeMissing,  // {value}: a figure without a code
  kIndicatorCodeInvalid,  // {value}
  kIndicatorCodeLocal,    // {value}: the region's own, never pushed
  kIndicatorUnknown,      // {kodeindikator}
  kIndicatorDisabled,     // {kodeindikator}
  kIndicatorWithdrawn,    // {key, since}: we proposed that it does not apply
  kYearInvalid,           // {value}
  kNumberAmbiguous,       // {value, reading_a, reading_b}
  kNumberInvalid,         // {value}
  kCellError,             // {value}: what a formula shows instead of a figure; empty: never calculated
  kValueHidden,           // {value}: who verified the file has not seen it
  kValueMerged,           // {value}: one cell for two rows or years
  kUnitMismatch,          // {unit, expected_unit}
  kValueAbsent,           // {value}: a nothing-here marker
  kValuesContradict,      // {key, value, other_value, other_file, other_file_name}
  kDuplicateValue,        // {key}: the same value twice in one file
  // What a target said or did.
  kTargetValueFinal,  // {key, held_value}
  kChangedAtTarget,   // {key, sent_value, held_value}
  kRefusedByTarget,   // {detail}
  kNameTaken,         // {name, detail}: by a dataset that is not ours
  kBlockedByFirewall,
  kThrottled,      // {until}
  kTargetOutage,   // {detail}
  kTargetTimeout,  // {limit}
  kWarmingUp,
  kCredentialsRefused,    // {detail}
  kOauthClientRefused,    // {detail}
  kTokenEndpointOutage,   // {detail}
  kCertificateUntrusted,  // {detail}
  kBodyTooLarge,
  kAnswerUnknown,    // {detail}: a shape that we do not know
  kNotSeenAtTarget,  // {since}
  kAttemptsUsedUp,   // {attempts}
  kTargetPaused,     // {detail}
  // A run.
  kMassChange,  // {changed, known, percent}
  kRunCancelled,
  kSuperseded,      // {delivery_id}
  kPlanningFailed,  // {detail}
  kLast = kPlanningFailed,
};

// Whose turn it is.
enum class Owner { kNone, kProducer, kDataSteward, kOperator, kTarget };

// A file may have 100,000 findings, and a tree of nodes weighs half as much again.
using FailureArgs = absl::btree_map<std::string, std::string>;

struct FieldViolation {
  std::string field;        // A path in the file, record or request, e.g. `metaData.produsen`.
  std::string description;  // As the target or parser said it; shown verbatim.
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

struct Failure {
  Reason reason = Reason::kNone;
  FailureArgs args = {};
  std::vector<FieldViolation> field_violations = {};
  int http_code = 0;             // What the target answered with; 0 when it did not answer.
  std::string target_code = {};  // The target's own code, e.g. `900901`.

  bool ok() const { return reason == Reason::kNone; }
  friend bool operator==(const Failure&, const Failure&) = default;
};

// `FILE_NOT_VERIFIED` for kFileNotVerified; empty for kNone.
absl::string_view ReasonName(Reason reason);
// nullopt for a name that no reason has.
std::optional<Reason> ParseReason(absl::string_view name);
Owner OwnerOf(Reason reason);
std::vector<Reason> ReasonsOf(Owner owner);
// Whether the same thing may succeed later without anybody changing it.
bool IsRetryable(Reason reason);

// One JSON object: how a failure is stored; bytes that are not UTF-8 are replaced. For all else
// Decode(Encode(f)) == f. The empty text decodes to kNone, an unreadable one to kInternal.
std::string EncodeFailure(const Failure& failure);
Failure DecodeFailure(absl::string_view text);

// A status that carries `failure` as its payload; its message is the English wording, for logs. `code` is not
// kOk, which carries nothing.
absl::Status FailureStatus(absl::StatusCode code, Failure failure);
// The failure that `status` carries; for a status without one kInternal, for an OK status kNone.
Failure FailureOf(const absl::Status& status);

}  // namespace satudata::catalog

#endif  // SERVER_CATALOG_FAILURE_H_
