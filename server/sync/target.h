// File: target.h
//
// One external system, as the engine sees it. A profile (targets/ewalidata, targets/dataset_rest) implements
// it. The engine decides when and whether to send; a Target only turns records into requests and answers into
// verdicts.
#ifndef SERVER_SYNC_TARGET_H_
#define SERVER_SYNC_TARGET_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/deadline.h"
#include "server/catalog/catalog_file.h"
#include "server/sync/pace.h"
#include "server/sync/reference_list.h"
#include "server/sync/verdict.h"

namespace satudata::sync {

enum class Confirmation {
  kResponse,  // The answer names the record as held.
  kReadBack,  // Only a read shows that it arrived.
};

// What shows that a withdrawal has taken effect.
enum class WithdrawalProof {
  kListed,        // The target says so.
  kListedOrGone,  // That, or a row that was there is not there any more.
};

struct TargetTraits {
  std::string name;     // What requests and metrics call it: `splp`, `sipd`.
  std::string profile;  // `dataset-rest`, `ewalidata`.
  std::string host;     // For people; never with credentials.
  Confirmation confirmation = Confirmation::kResponse;
  // The profile can list what the target holds: keys without a baseline are looked up before they are first
  // sent.
  bool reads_tables = false;
  size_t max_batch_records = 1;
  int requests_per_send = 1;  // As a rule; what confirms it included, where each has a read of its own.
  int max_concurrency = 64;   // Of all servers together.
  int max_senders = 0;        // Of this one; 0: as many as the target takes.
  double rate_limit_per_second = 0;  // 0: none configured.
  absl::Duration request_deadline = absl::Seconds(30);
  absl::Duration read_deadline = absl::Seconds(30);
  // How long after a request's deadline its effect may still appear.
  absl::Duration settle_time = absl::Seconds(5);
  // How long a run waits for one delivery's confirmation before it ends without it.
  absl::Duration confirm_wait = absl::Minutes(2);
  // The first pause between two reads of the same scope; doubles up to 60 s.
  absl::Duration read_interval = absl::Seconds(2);
  bool withhold_private_files = false;
  bool withdraws = false;  // It can be told that an indicator does not apply.
  WithdrawalProof withdrawal_proof = WithdrawalProof::kListedOrGone;
  // Changes when the same record could be judged differently: refusals are remembered per version.
  std::string rules_version;

  int most_senders() const {
    return std::max(1, max_senders > 0 ? std::min(max_senders, max_concurrency) : max_concurrency);
  }
};

// That an indicator does not apply to a region, as a caller puts it.
struct Withdrawal {
  std::string kodeindikator;
  std::string kodepemda;  // Empty: the target's default.
  std::string tahun;
  std::string explanation;  // For those who decide at the target.
  friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

// The hash of a record that withdraws its key instead of giving it a value: no value has it. A target that is
// read shows it for a key that it knows to be withdrawn.
inline constexpr absl::string_view kWithdrawnHash = "withdrawn";

// A record as it will be sent.
struct OutboundRecord {
  std::string key;    // Identity at the target: `kodepemda.kodeindikator.tahun`, or the file id.
  std::string scope;  // What one Read covers: `kodepemda/tahun`, or the key.
  std::string value;  // For people and for Record.value: `2.24`; empty for a dataset.
  std::string hash;  // SHA-256 of the canonical record, without timestamps. Equal hash = equal at the target.
  std::string payload;  // What Send needs beyond the key and the value; may be empty.
};

struct ProjectedRecord {
  OutboundRecord record;
  catalog::Failure failure;  // Set: not sendable, REJECTED before anything goes out.
};

// What one file means for one target.
struct Projection {
  // kNone, or why there is nothing to send: the delivery is SKIPPED (kFilePrivate, kNoIndicatorValues) ...
  catalog::Failure skipped;
  // ... or REJECTED as a whole (kMetadataMissing, kContentMissing, …). At most one of the two is set.
  catalog::Failure rejected;
  std::vector<ProjectedRecord> records;  // Keys are unique.
  int64_t finding_count = 0;             // Values that are no records: absent, local codes, repeated.
};

// One HTTP request and what came back, redacted: the evidence of an attempt. Bodies are cut at 64 KiB.
struct Exchange {
  std::string operation;  // `push_dssd`, `get_dssd`, `create_dataset`, … : enumerable.
  absl::Time start_time;
  absl::Duration duration;
  int http_code = 0;  // 0: no answer.
  std::string request_body;
  std::string answer_body;
  std::string error;  // Of the transport; empty when there was an answer.
  VerdictKind verdict = VerdictKind::kUnknown;
  bool is_counted = true;  // By the target: a token is asked for elsewhere.
};

// A request that has not been sent: what it would carry, redacted and cut like an Exchange.
struct PlannedRequest {
  std::string operation;
  std::string body;
  bool truncated = false;
};

struct SendResult {
  Verdict verdict;
  std::vector<Exchange> exchanges;  // In order; empty only if nothing was tried.
};

struct ObservedValue {
  std::string hash;    // Comparable with OutboundRecord::hash.
  std::string value;   // For people.
  bool final = false;  // Final, or verified by pembina: a push would be refused or would undo their work.
  std::string remote_id;
};

// What the target held when it was read. A record of which it held a part alone, because we began to write it
// and did not end, it did not hold.
struct Observation {
  std::string scope;
  absl::Time start_time;  // Values accepted before this moment had their chance to be in it.
  absl::flat_hash_map<std::string, ObservedValue> values;  // By record key.
};

struct ReadResult {
  std::optional<Observation> observation;  // Set exactly when the read succeeded.
  Verdict verdict;                         // Otherwise: why not. kJudged on success.
  std::vector<Exchange> exchanges;
};

struct CheckResult {
  bool healthy = false;
  catalog::Failure failure;  // What to fix, when not.
  absl::Duration latency;
  int http_code = 0;
};

// All methods are thread-safe. Prepare, Send, Read and Check block, at most until their deadline plus a
// moment; a stop of the deadline (base::Deadline::OrStop) ends them at once. A Send that is stopped after its
// request began to leave is kOutage with a possible effect, before that kOutage or, where it awaited its
// turn, kThrottled without one.
class Target {
 public:
  virtual ~Target() = default;

  virtual const TargetTraits& traits() const = 0;

  // Whom to ask before each request but the first of a Send or a Read, which is counted by who calls; null:
  // nobody. Without effect on calls that have begun. `pace` must outlive those that begin while it is set.
  virtual void SetPace(Pace* /*pace*/) {}

  // Fetches what Project needs to judge by, where the target has such a thing: the reference lists of these
  // regions, if they are missing or old. Blocks like a read. An error leaves Project with less to judge by,
  // not without.
  virtual absl::Status Prepare(absl::Span<const std::string> /*kodepemdas*/,
                               const base::Deadline& /*deadline*/) {
    return absl::OkStatus();
  }
  // Whether the target takes indicator values, and tells which. Then: the lists of all regions that were
  // fetched, as they were last read. Never asks the target.
  virtual bool has_reference_list() const { return false; }
  virtual std::vector<ReferenceListPtr> CachedReferenceLists() const { return {}; }
  // One region's, for people to look at: fetched if it is missing or old, and as it was last read where that
  // fails. Does not change what records are judged by. Blocks like a read. INVALID_ARGUMENT
  // kKodepemdaInvalid; UNAVAILABLE with why it cannot be read.
  virtual absl::StatusOr<ReferenceListPtr> LookAtReferenceList(absl::string_view /*kodepemda*/,
                                                               const base::Deadline& /*deadline*/) {
    return absl::UnimplementedError("this target has no reference list");
  }
  // Changes whenever what Prepare fetched does: with rules_version it says by what a record was judged.
  virtual std::string reference_version() const { return ""; }

  // Pure, for what Prepare fetched: the same file gives the same records. `content_failure` says why the
  // file's content could not be read (kContentMissing, kContentUnreadable, kColumnMissing), kNone otherwise;
  // a target that takes metadata only ignores it, and so does a file with inline values.
  virtual Projection Project(const catalog::CatalogFile& file,
                             absl::Span<const catalog::IndicatorValue> values,
                             const catalog::Failure& content_failure) const = 0;

  // The record that withdraws a key, for a target that `withdraws`: its hash is kWithdrawnHash, its scope one
  // whose reads tell of withdrawals. Pure, as Project.
  virtual ProjectedRecord ProjectWithdrawal(const Withdrawal& /*withdrawal*/) const { return {}; }

  // Sends 1 to max_batch_records records, values or withdrawals: in one request, or in a few more, of which
  // each awaits its turn. Where that does not come in time, kThrottled by our own pace.
  virtual SendResult Send(absl::Span<const OutboundRecord> records, const base::Deadline& deadline,
                          absl::string_view traceparent) = 0;

  // What Send would begin with for these records, made by the same code, without asking the target. A target
  // that cannot tell leaves it empty. Quick.
  virtual std::vector<PlannedRequest> Render(absl::Span<const OutboundRecord> /*records*/) const {
    return {};
  }

  // Reads what the target holds in `scope`.
  virtual ReadResult Read(absl::string_view scope, const base::Deadline& deadline) = 0;

  // A cheap read that shows whether address, credentials and service are in order.
  virtual CheckResult Check(const base::Deadline& deadline) = 0;

  // Changes when one of our credentials for this target does: what was refused before deserves a new try. In
  // this process only; says nothing about the credentials themselves. Quick.
  virtual uint64_t credential_version() const { return 0; }
  // When the credential ends, where that is known. May read a file.
  virtual std::optional<absl::Time> credential_end() const { return std::nullopt; }

  // Ends every request that is under way, now; their outcome is kOutage with a possible effect.
  virtual void Abort() = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_TARGET_H_
