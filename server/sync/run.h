// File: run.h
//
// The things that are stored and shown: runs, deliveries, records, attempts, baselines, refusals. Plain
// values.
#ifndef SERVER_SYNC_RUN_H_
#define SERVER_SYNC_RUN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/catalog/failure.h"
#include "server/sync/state.h"
#include "server/sync/target.h"

namespace satudata::sync {

// What a caller asked for.
struct SyncRequest {
  RunKind kind = RunKind::kSyncFile;
  std::string file_id;                // kSyncFile; kPreview of one file.
  std::vector<std::string> targets;   // Never empty in the engine: the edge expands "all".
  std::vector<std::string> file_ids;  // kSyncAll, and kPreview of it: empty = all.
  std::vector<std::string> themes;
  std::vector<std::string> producers;
  int64_t limit = 0;  // As `file_ids`: 0 = no limit.
  bool force = false;
  bool allow_mass_change = false;
  std::string retry_of;           // kRetry: the run whose leavings are sent.
  bool include_rejected = false;  // kRetry: also what was REJECTED.
  Withdrawal withdrawal;          // kWithdraw, and kRetry of one.
  std::string request_id;         // Empty: none.
  std::string requested_by;
  std::string traceparent;  // W3C; goes out with every request. Empty: none.

  // Shows what a SyncFile (with `file_id`) or a SyncAll would do: kPreview.
  bool is_preview() const { return kind == RunKind::kPreview; }
  bool is_single_file() const { return !file_id.empty(); }
  // Its one record at each target withdraws a key.
  bool withdraws() const { return kind == RunKind::kWithdraw || !withdrawal.kodeindikator.empty(); }
};

// What a preview expects of one target, by what is known of it at that moment.
struct Forecast {
  int64_t request_count = 0;               // Requests that would write, if none has to be repeated.
  std::optional<absl::Duration> duration;  // Of these; nullopt: nothing is known of the target's pace.
};

struct Run {
  std::string run_id;  // Sorts by creation.
  SyncRequest request;
  RunState state = RunState::kQueued;
  std::map<std::string, StateCounts>
      counts;  // By target, deliveries; UNCHANGED includes those without a row.
  std::map<std::string, Forecast> forecasts;  // kPreview: by target, of those that were planned.
  int64_t skipped_file_count = 0;             // Not verified.
  int64_t last_sequence = 0;
  absl::Time create_time;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  // From when on nothing of it is sent any more: it was cancelled, or failed (`failure`).
  std::optional<absl::Time> stop_time;
  catalog::Failure failure;

  StateCounts Counts() const;  // Over all targets.
  // Deliveries that will still change by themselves: of a run that has ended also those that the background
  // has taken up again, and is about to send or is sending. None of a preview's ever will.
  int64_t OpenCount() const;
};

// What a change would do or did to the value at the target.
enum class ChangeKind { kNone, kCreate, kUpdate, kSame, kWithdraw };
absl::string_view ChangeKindName(ChangeKind kind);

struct Record {
  std::string key;
  std::string scope;
  State state = State::kQueued;
  std::string value;
  std::string hash;
  ChangeKind change = ChangeKind::kNone;
  std::string previous_value;  // What the target held when this was planned, as far as known.
  std::string previous_hash;   // Empty: nothing there, or not known (see `previous_known`).
  bool previous_known = false;
  catalog::Failure failure;
  std::string remote_id;
  int attempt_count = 0;
  // When the last request that may have applied it began; its outcome is in doubt while the state is SENDING
  // or UNKNOWN. Inherited from a superseded delivery together with `sent_hash`.
  std::optional<absl::Time> send_time;
  std::string sent_hash;  // What was sent then; usually `hash`.
  std::optional<absl::Time> accept_time;

  bool withdraws() const { return hash == kWithdrawnHash; }
};

struct Delivery {
  std::string delivery_id;  // Sorts by creation.
  std::string run_id;
  std::string file_id;    // Empty: of a withdrawal.
  std::string file_name;  // The dataset's name, or the key that is withdrawn; for people.
  std::string target;
  State state = State::kQueued;
  int attempt_count = 0;
  std::string remote_id;
  catalog::Failure failure;
  StateCounts records;
  int64_t finding_count = 0;
  int64_t revision = 0;  // The file's, pinned.
  bool is_public = true;
  int64_t sequence = 0;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> next_attempt_time;
};

// An exchange with a target, and the deliveries whose records it carried.
struct Attempt {
  std::string attempt_id;  // Sorts by creation.
  std::string run_id;
  std::string target;
  Exchange exchange;
  int64_t record_count = 0;
  std::vector<std::string> delivery_ids;
};

// What we have proof that the target holds; of one from before the database was restored
// (Store::RestoreTime), only what we had proof of once.
struct Baseline {
  std::string target;
  std::string key;
  std::string hash;
  std::string value;
  std::string file_id;  // The file it came from; of an adopted value, the one that names it too.
  absl::Time confirm_time;
  bool adopted = false;  // Found there, not sent by us.

  // The target does not want it: nothing is sent for it again by itself. Of no file.
  bool withdrawn() const { return hash == kWithdrawnHash; }
  bool IsProven(absl::Time restore_time) const { return confirm_time > restore_time; }
};

// A record of some delivery that is SENDING, ACCEPTED or UNKNOWN.
struct KeyUse {
  std::string delivery_id;
  State state = State::kSending;
};

// A refusal that is remembered: not sent again until the record, the rules or the reference list change.
struct Refusal {
  std::string target;
  std::string key;
  std::string hash;
  std::string rules_version;
  std::string reference_version;
  catalog::Failure failure;
  absl::Time refuse_time;
};

// A record whose effect at the target is not settled, of whatever run.
struct OpenRecord {
  std::string delivery_id;
  std::string run_id;
  std::string file_id;
  Record record;
};

// A file's standing at one target: its newest delivery's, or what was found without one.
struct FileTargetStatus {
  std::string file_id;
  std::string target;
  State state = State::kQueued;
  std::string run_id;
  std::string delivery_id;  // Empty when no delivery was needed.
  catalog::Failure failure;
  StateCounts records;
  absl::Time update_time;
  // What the target holds of this file, by our baselines.
  int64_t held_record_count = 0;
  std::optional<absl::Time> held_confirm_time;
  // GetFileStatus, of a file that is not verified: the keys of what the target holds all the same, the first
  // kMostHeldKeys.
  std::vector<std::string> held_keys;
};
inline constexpr int64_t kMostHeldKeys = 1'000;

struct FileSkipped {
  std::string file_id;
  std::string file_name;
  int64_t sequence = 0;
  catalog::Failure failure;
};

struct RunStateChange {
  RunState previous = RunState::kQueued;
  RunState current = RunState::kQueued;
  catalog::Failure failure;
  int64_t sequence = 0;
};

// Why a target is not being sent to at this moment.
struct Wait {
  std::string target;
  catalog::Failure failure;
  absl::Time until;
};

// Nothing more of a run is sent, whatever happens to the process that says so.
struct RunStop {
  absl::Time time;
  catalog::Failure failure;  // kNone: it was cancelled.
};

// A snapshot; each replaces the one before.
struct Progress {
  std::map<std::string, StateCounts> counts;
  std::map<std::string, bool> planned;  // By target: whether the counts are complete.
  std::vector<Wait> waits;
};

struct Heartbeat {};

struct RunEvent {
  std::string run_id;
  int64_t sequence = 0;  // Of what it tells; of the run's last change for snapshot, progress and heartbeat.
  absl::Time event_time;
  std::variant<Run, RunStateChange, Delivery, FileSkipped, Progress, Heartbeat> event;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_RUN_H_
