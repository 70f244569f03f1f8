// File: store.h
//
// What the engine needs to be durable. store/ implements it; fakes are in tests/fakes.
#ifndef SERVER_SYNC_STORE_H_
#define SERVER_SYNC_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/catalog/catalog_store.h"
#include "server/sync/chunk.h"
#include "server/sync/limits/grant.h"
#include "server/sync/limits/target_memory.h"
#include "server/sync/run.h"
#include "server/sync/summary.h"

namespace satudata::sync {

struct DeliveryChange {
  Delivery delivery;              // As it is now; `sequence` is set by the commit.
  std::optional<State> previous;  // nullopt: a new row.
};

struct RecordChange {
  std::string delivery_id;
  int64_t position = 0;  // From 0 within its delivery; (delivery_id, position) is the identity.
  Record record;
};

// A request that a preview shows; (delivery_id, position) is the identity.
struct PreviewedRequest {
  std::string delivery_id;
  int64_t position = 0;
  PlannedRequest request;
};

// One atomic step. Everything in it is committed together, or nothing is.
struct Change {
  std::string run_id;
  // Of the chunk that everything else here belongs to: nothing is committed when somebody else has it now.
  std::optional<Fence> fence;
  bool ends_chunk = false;                  // Nothing of the fence's chunk is left to do.
  bool settles_chunk = false;               // Its run need not wait for what is left of the fence's chunk.
  std::vector<Chunk> new_chunks;            // Of `deliveries`; free.
  std::optional<RunStateChange> run_state;  // `sequence` is set by the commit.
  std::optional<absl::Time> run_start_time;
  std::optional<absl::Time> run_end_time;
  std::optional<RunStop> run_stop;              // The first one counts; of a failed run the failure is kept.
  std::optional<int64_t> verified_file_count;   // What this run saw, if it saw the whole catalogue.
  std::vector<DeliveryChange> deliveries;       // Each raises the run's sequence, in this order.
  std::vector<std::string> cleared_deliveries;  // Their records are removed before `records` are written.
  std::vector<RecordChange> records;            // Inserted or replaced.
  std::map<std::string, int64_t> unchanged;     // By target: files found UNCHANGED without a row.
  std::vector<FileSkipped> skipped;             // Each raises the run's sequence.
  std::vector<Baseline> baselines;              // Inserted or replaced by (target, key).
  std::vector<Refusal> refusals;                // Inserted or replaced by (target, key).
  std::vector<Attempt> attempts;
  std::vector<FileTargetStatus>
      statuses;  // For files without a delivery row; rows update theirs by themselves.
  std::vector<std::string> planned_targets;   // Targets whose rows are now all there,
  std::vector<std::string> released_targets;  // ... and whose chunks anybody may work on.
  // Of a preview: by target, replaced; and of `deliveries`.
  std::map<std::string, Forecast> forecasts;
  std::vector<PreviewedRequest> previews;
};

// Called on the store's writer thread after the commit, with the sequences filled in; or with the reason why
// the change will never be committed (ChunkLost, or the store is closing). Must be quick and must not wait
// for the store.
using CommitCallback = std::function<void(const absl::Status& status, const Change& change)>;

struct Page {
  int64_t limit = 50;
  std::string after;  // Identity of the last item of the page before; empty = from the start.
  int64_t skip = 0;   // ListFiles: so many are left out after that.
};

struct FileFilter {
  std::string text;  // Part of name, file name or id; any case.
  std::optional<catalog::Verification> verification;
  std::string theme;
  std::string producer;
  std::string target;  // With `state`: files that stand so there.
  std::optional<State> state;
  friend bool operator==(const FileFilter&, const FileFilter&) = default;
};

struct FileRow {
  catalog::CatalogFile file;
  std::vector<FileTargetStatus> statuses;  // By target name; only targets that it was ever planned for.
};

struct DeliveryFilter {
  std::string run_id;
  std::string file_id;
  std::string target;
  std::vector<State> states;  // Empty: any.
  // What this owner must act on, or waits for (IsSomebodysTurn). kNone: any.
  catalog::Owner owner = catalog::Owner::kNone;
  // kNone: any. Where the delivery rests: what failed on the way (QUEUED, SENDING, ACCEPTED) does not count.
  catalog::Reason reason = catalog::Reason::kNone;
  bool newest = false;  // Only those by which files stand now.
};

// What GetDelivery lists of one delivery: a file may have a million records, and a message has a size.
inline constexpr int64_t kDetailRecords = 5'000;
inline constexpr int64_t kDetailAttempts = 500;

struct DeliveryDetail {
  Delivery delivery;
  std::vector<Record> records;           // In position order.
  std::vector<Attempt> attempts;         // Oldest first.
  std::vector<PlannedRequest> previews;  // Of a preview: the first requests that would be sent.
  int64_t omitted_records = 0;           // After the last one that is listed.
  int64_t omitted_attempts = 0;          // Before the first one that is listed.
};

struct RunFilter {
  std::optional<RunState> state;
  std::optional<RunKind> kind;
};

// What a run left undone at a target: the files whose newest delivery there is of that run, and DEFERRED or
// PARKED, or PARTIAL with records that are; with `include_rejected` also REJECTED.
struct LeftOver {
  std::string run_id;
  std::string target;
  bool include_rejected = false;
};

// Which files a run is about.
struct PlanFilter {
  std::vector<std::string> file_ids;  // Empty: all.
  std::vector<std::string> themes;
  std::vector<std::string> producers;
  std::optional<LeftOver> left_over;
};

// A file as it was when it was planned.
struct FilePin {
  std::string file_id;
  int64_t revision = 0;
};

// A value that another verified file gives differently.
struct Contradiction {
  std::string file_id;
  int64_t position = 0;  // Of the value in that file.
  std::string other_file_id;
  std::string other_file_name;
  std::string other_value;
};

// What a verified file says of an indicator in a year.
struct OwnValue {
  std::string kodeindikator;
  std::string tahun;
  std::string value;  // Canonical decimal text.
  std::string file_id;
};

struct NewRun {
  Run run;
  std::string fingerprint;
  // Who has the right to carry it to its end: its own chunk, see chunk.h. From `run.create_time` on.
  Lease lease;
  bool alone = false;  // Not beside another run of many files to one of its targets.
};

struct RunCreation {
  Run run;
  bool attached = false;  // The request_id was known: `run` is the earlier one.
};

// A run that has not ended, as others than its driver see it.
struct ActiveRun {
  Run run;
  bool is_driven = false;                 // Somebody carries it to its end.
  std::vector<std::string> open_targets;  // Where there are chunks that anybody may claim.
};

// Thread-safe. Everything but Submit blocks on the database. Errors: UNAVAILABLE with kStoreUnavailable; what
// else is named at each method.
class Store : public catalog::CatalogStore, public SummarySource {
 public:
  // Other processes read and write it as well: what this one has seen is not all that there is. Times of
  // leases are then those of the database's own clock: of what is given here only the distances count.
  virtual bool IsShared() const { return false; }

  // Creates the run in state QUEUED, or finds the one that the same caller (`request.requested_by`) created
  // with the same request_id in the last 7 days. INVALID_ARGUMENT with kRequestIdReused if that one's
  // `fingerprint` differs; ABORTED with kRunActive if it is to be alone and is not.
  virtual absl::StatusOr<RunCreation> CreateRun(const NewRun& start) = 0;
  // The run that CreateRun would attach to, if there is one; INVALID_ARGUMENT as there.
  virtual absl::StatusOr<std::optional<Run>> FindRequest(const SyncRequest& request,
                                                         absl::string_view fingerprint) = 0;
  // NOT_FOUND with kRunNotFound.
  virtual absl::StatusOr<Run> GetRun(absl::string_view run_id) = 0;
  virtual absl::StatusOr<std::vector<Run>> ListRuns(const RunFilter& filter,
                                                    const Page& page) = 0;  // Newest first.
  // In state QUEUED or RUNNING, oldest first: after a restart.
  virtual absl::StatusOr<std::vector<Run>> UnfinishedRuns() = 0;
  // The same, and what may be done for them.
  virtual absl::StatusOr<std::vector<ActiveRun>> ActiveRuns(absl::Time now) = 0;
  // Of which `holder` has chunks, and nothing more is to be sent.
  virtual absl::StatusOr<std::vector<std::string>> StoppedRuns(absl::string_view holder) = 0;
  // The targets of a run whose planning was completed.
  virtual absl::StatusOr<std::vector<std::string>> PlannedTargets(absl::string_view run_id) = 0;
  // How many verified files the last run before this one saw that saw the whole catalogue; none: there was no
  // such run.
  virtual absl::StatusOr<std::optional<int64_t>> LastCatalogueSize(absl::string_view before_run_id) = 0;
  // Removes the rows and chunks of a target whose planning was not completed; nothing of them has been sent.
  // `drive` is the fence of the run's own chunk: ABORTED (ChunkLost) if somebody else has that.
  virtual absl::Status DiscardPlan(const Fence& drive, absl::string_view target) = 0;

  // Queues `change`; changes of one run are committed in the order of submission, many in one transaction.
  // Blocks while the queue is full. `done` may be empty.
  virtual void Submit(Change change, CommitCallback done) = 0;
  // Submit and wait.
  absl::Status Commit(Change change);

  // What happened after `after_sequence`: each delivery whose state is one that is streamed (IsStreamed) and
  // each skipped file once, as it is now, in sequence order.
  virtual absl::StatusOr<std::vector<RunEvent>> EventsAfter(absl::string_view run_id, int64_t after_sequence,
                                                            int64_t limit) = 0;

  virtual absl::StatusOr<std::vector<Delivery>> ListDeliveries(const DeliveryFilter& filter,
                                                               const Page& page) = 0;
  // The first kDetailRecords records and the last kDetailAttempts attempts. NOT_FOUND with
  // kDeliveryNotFound.
  virtual absl::StatusOr<DeliveryDetail> GetDelivery(absl::string_view delivery_id) = 0;
  // Every target that the file was planned for. NOT_FOUND with kFileNotFound.
  virtual absl::StatusOr<std::vector<FileTargetStatus>> GetFileStatus(absl::string_view file_id) = 0;
  virtual absl::StatusOr<std::vector<FileRow>> ListFiles(const FileFilter& filter,
                                                         const Page& page) = 0;  // By id.
  // How many there are on all pages together. Of files that stand so at a target it may be how many there
  // were a moment ago, while that changes and takes long to count.
  virtual absl::StatusOr<int64_t> CountFiles(const FileFilter& filter) = 0;

  // Files of any verification that match, with their values, by id after `after_file_id`.
  virtual absl::StatusOr<std::vector<catalog::FileWithValues>> FilesToPlan(const PlanFilter& filter,
                                                                           absl::string_view after_file_id,
                                                                           int64_t limit) = 0;
  // Those that exist of `file_ids`, with their values.
  virtual absl::StatusOr<std::vector<catalog::FileWithValues>> LoadFiles(
      absl::Span<const std::string> file_ids) = 0;
  // Which of these files no longer have that revision, or are no longer verified, or are gone.
  virtual absl::StatusOr<std::vector<std::string>> MovedFiles(absl::Span<const FilePin> pins) = 0;
  // The newer deliveries of the same files to the same targets, by the ids of those that have one.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, std::string>> NewerDeliveries(
      absl::Span<const std::string> delivery_ids) = 0;
  // What deliveries other than these have on its way to a target, or in doubt there, under these keys: one
  // for each.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, KeyUse>> KeysInUse(
      absl::string_view target, absl::Span<const std::string> keys,
      absl::Span<const std::string> delivery_ids) = 0;
  // For values of `file_ids`, verified or not: other files, verified ones, that give the same indicator,
  // region and year another value. A value without a region takes its file's, then `default_kodepemda`.
  virtual absl::StatusOr<std::vector<Contradiction>> Contradictions(absl::Span<const std::string> file_ids,
                                                                    absl::string_view default_kodepemda) = 0;

  // What verified files say of these indicators in a region: each year once, from the file with the lowest id
  // of those that have a value. Values are regions' as in Contradictions.
  virtual absl::StatusOr<std::vector<OwnValue>> VerifiedValues(absl::Span<const std::string> kodeindikators,
                                                               absl::string_view kodepemda,
                                                               absl::string_view default_kodepemda) = 0;
  // Those of a target whose key begins with one of these, which are not empty.
  virtual absl::StatusOr<std::vector<Baseline>> BaselinesUnder(absl::string_view target,
                                                               absl::Span<const std::string> prefixes) = 0;

  virtual absl::StatusOr<absl::flat_hash_map<std::string, Baseline>> Baselines(
      absl::string_view target, absl::Span<const std::string> keys) = 0;
  virtual absl::StatusOr<absl::flat_hash_map<std::string, Refusal>> Refusals(
      absl::string_view target, absl::Span<const std::string> keys) = 0;
  // Records whose effect at the target is not settled, by key; of several the newest: in SENDING, UNKNOWN or
  // ACCEPTED, or PARKED after they were accepted and not seen, unless the key was confirmed since.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, OpenRecord>> OpenRecords(
      absl::string_view target, absl::Span<const std::string> keys) = 0;

  // Gives the oldest chunk that is free, or whose lease has ended before `now`, to `lease.holder`, with a new
  // token. What the holder has already is never given to it again.
  virtual absl::StatusOr<ChunkClaim> ClaimChunk(const ChunkFilter& filter, const Lease& lease,
                                                absl::Time now) = 0;
  // Makes all leases of `lease.holder` last until `lease.expire_time`; what it has by now.
  virtual absl::StatusOr<std::vector<Fence>> RenewLeases(const Lease& lease, absl::Time now) = 0;
  // Frees what `holder` has, its grants included; empty: what anybody has, which is for a process that is
  // alone with the database.
  virtual absl::Status ReleaseLeases(absl::string_view holder) = 0;
  // Chunks whose lease has ended before `now`, and which nobody has taken over: work that stands still. Also
  // those of ended runs that were given back, which nobody would ask for.
  virtual absl::StatusOr<std::vector<Chunk>> ExpiredChunks(absl::Time now) = 0;
  // The deliveries of `chunk` that are not final (QUEUED, SENDING, ACCEPTED, UNKNOWN, DEFERRED), with their
  // records, by id.
  virtual absl::StatusOr<std::vector<DeliveryDetail>> UnsettledDeliveries(const Chunk& chunk) = 0;

  // When the database was last restored from a backup; InfinitePast: never. What the targets hold of what was
  // confirmed up to then, or is not known at all, only they can tell. As it was when the store was opened;
  // does not block.
  virtual absl::Time RestoreTime() const = 0;

  // Replaces what is known of `memory.target`: what was learned, and what is said to have changed. A pause
  // that the target has made does not take the place of an operator's.
  virtual absl::Status PutTargetMemory(const TargetMemory& memory) = 0;
  virtual absl::StatusOr<std::vector<TargetMemory>> TargetMemories() = 0;  // By target.
  // What `holder` may have of each of these targets from now on, see grant.h: one exchange after another.
  virtual absl::StatusOr<std::vector<Grant>> ExchangeGrants(absl::string_view holder,
                                                            const std::vector<GrantRequest>& requests,
                                                            absl::Time now) = 0;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_STORE_H_
