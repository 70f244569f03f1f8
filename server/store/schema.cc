// The schema, step by step. Column types are those that SQLite and PostgreSQL share; WITHOUT ROWID, which
// keeps a row in its key's tree and saves a second one, is SQLite's own (see ToPgDefinition). Published steps
// are never edited.
#include "server/store/migrations.h"

namespace satudata::store {
namespace {

constexpr absl::string_view kFirst[] = {
    R"sql(CREATE TABLE catalog_file (
      file_id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      theme TEXT NOT NULL,
      producer TEXT NOT NULL,
      coverage TEXT NOT NULL,
      frequency TEXT NOT NULL,
      dimension TEXT NOT NULL,
      file_name TEXT NOT NULL,
      file_type TEXT NOT NULL,
      is_public BIGINT NOT NULL,
      verification TEXT NOT NULL,
      kodepemda TEXT NOT NULL,
      source_create_time BIGINT,
      source_update_time BIGINT,
      has_inline_values BIGINT NOT NULL,
      content_sha256 TEXT NOT NULL,
      content_size_bytes BIGINT NOT NULL,
      content_mtime_us BIGINT NOT NULL,
      revision BIGINT NOT NULL,
      create_time BIGINT NOT NULL,
      update_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
    "CREATE INDEX catalog_file_theme ON catalog_file (theme, file_id)",
    "CREATE INDEX catalog_file_producer ON catalog_file (producer, file_id)",
    "CREATE INDEX catalog_file_verification ON catalog_file (verification, file_id)",

    // So that a file that comes back never repeats a revision that a delivery has pinned.
    R"sql(CREATE TABLE deleted_file (
      file_id TEXT NOT NULL PRIMARY KEY,
      revision BIGINT NOT NULL,
      delete_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",

    // `region` is the value's own code, else its file's, else empty: the configured default applies.
    R"sql(CREATE TABLE indicator_value (
      file_id TEXT NOT NULL REFERENCES catalog_file (file_id) ON DELETE CASCADE,
      position BIGINT NOT NULL,
      kodeindikator TEXT NOT NULL,
      kodepemda TEXT NOT NULL,
      region TEXT NOT NULL,
      tahun TEXT NOT NULL,
      raw_value TEXT NOT NULL,
      value TEXT,
      finding TEXT NOT NULL,
      line BIGINT NOT NULL,
      column_name TEXT NOT NULL,
      PRIMARY KEY (file_id, position)
    ) WITHOUT ROWID)sql",
    "CREATE INDEX indicator_value_key ON indicator_value (kodeindikator, tahun, region) "
    "WHERE value IS NOT NULL",

    R"sql(CREATE TABLE run (
      run_id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      request_id TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      request TEXT NOT NULL,
      state TEXT NOT NULL,
      skipped_file_count BIGINT NOT NULL,
      last_sequence BIGINT NOT NULL,
      create_time BIGINT NOT NULL,
      start_time BIGINT,
      end_time BIGINT,
      failure TEXT NOT NULL
    ) WITHOUT ROWID)sql",
    "CREATE INDEX run_request ON run (requested_by, request_id, create_time) WHERE request_id <> ''",
    "CREATE INDEX run_unfinished ON run (run_id) WHERE state IN ('QUEUED', 'RUNNING')",

    "CREATE INDEX run_preview ON run (create_time) WHERE kind = 'PREVIEW'",

    R"sql(CREATE TABLE run_count (
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      target TEXT NOT NULL,
      state TEXT NOT NULL,
      count BIGINT NOT NULL,
      PRIMARY KEY (run_id, target, state)
    ) WITHOUT ROWID)sql",

    R"sql(CREATE TABLE run_planned_target (
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      target TEXT NOT NULL,
      PRIMARY KEY (run_id, target)
    ) WITHOUT ROWID)sql",

    R"sql(CREATE TABLE run_skipped_file (
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      file_id TEXT NOT NULL,
      file_name TEXT NOT NULL,
      sequence BIGINT NOT NULL,
      failure TEXT NOT NULL,
      skip_time BIGINT NOT NULL,
      PRIMARY KEY (run_id, file_id)
    ) WITHOUT ROWID)sql",
    "CREATE INDEX run_skipped_file_sequence ON run_skipped_file (run_id, sequence)",

    // `is_preview` keeps what will never be sent out of the queries about what is under way. `unsettled` is 1
    // for a delivery that is not final and no preview. `indexed_state` is the state, to find files by it, or
    // empty where that costs more than it gives: in the states that every delivery passes through.
    R"sql(CREATE TABLE delivery (
      delivery_id TEXT NOT NULL PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      file_id TEXT NOT NULL,
      file_name TEXT NOT NULL,
      target TEXT NOT NULL,
      state TEXT NOT NULL,
      attempt_count BIGINT NOT NULL,
      remote_id TEXT NOT NULL,
      failure TEXT NOT NULL,
      records TEXT NOT NULL,
      finding_count BIGINT NOT NULL,
      revision BIGINT NOT NULL,
      is_public BIGINT NOT NULL,
      sequence BIGINT NOT NULL,
      create_time BIGINT NOT NULL,
      update_time BIGINT NOT NULL,
      next_attempt_time BIGINT,
      is_preview BIGINT NOT NULL,
      unsettled BIGINT NOT NULL,
      indexed_state TEXT NOT NULL
    ) WITHOUT ROWID)sql",
    "CREATE INDEX delivery_sequence ON delivery (run_id, sequence)",
    "CREATE INDEX delivery_run ON delivery (run_id, delivery_id)",
    "CREATE INDEX delivery_file ON delivery (file_id, target, delivery_id)",
    // Conditions of partial indexes are plain comparisons: SQLite builds a table for an IN with each row
    // written.
    "CREATE INDEX delivery_unsettled ON delivery (target, delivery_id) WHERE unsettled = 1",
    "CREATE INDEX delivery_state ON delivery (target, indexed_state, file_id) WHERE indexed_state <> ''",

    // `is_open` is 1 while the effect at the target is not settled.
    R"sql(CREATE TABLE record (
      delivery_id TEXT NOT NULL REFERENCES delivery (delivery_id) ON DELETE CASCADE,
      position BIGINT NOT NULL,
      target TEXT NOT NULL,
      key TEXT NOT NULL,
      scope TEXT NOT NULL,
      state TEXT NOT NULL,
      value TEXT NOT NULL,
      hash TEXT NOT NULL,
      change TEXT NOT NULL,
      previous_value TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      previous_known BIGINT NOT NULL,
      failure TEXT NOT NULL,
      remote_id TEXT NOT NULL,
      attempt_count BIGINT NOT NULL,
      send_time BIGINT,
      sent_hash TEXT NOT NULL,
      accept_time BIGINT,
      is_open BIGINT NOT NULL,
      PRIMARY KEY (delivery_id, position)
    ) WITHOUT ROWID)sql",
    "CREATE INDEX record_open ON record (target, key, delivery_id) WHERE is_open = 1",

    // One of each per request, often per delivery: few trees, no foreign keys. `delivery_ids` is a JSON
    // array.
    R"sql(CREATE TABLE attempt (
      attempt_id TEXT NOT NULL PRIMARY KEY,
      run_id TEXT NOT NULL,
      target TEXT NOT NULL,
      operation TEXT NOT NULL,
      start_time BIGINT NOT NULL,
      duration_us BIGINT NOT NULL,
      http_code BIGINT NOT NULL,
      request_body TEXT NOT NULL,
      answer_body TEXT NOT NULL,
      error TEXT NOT NULL,
      verdict TEXT NOT NULL,
      record_count BIGINT NOT NULL,
      delivery_ids TEXT NOT NULL
    ) WITHOUT ROWID)sql",
    R"sql(CREATE TABLE delivery_attempt (
      delivery_id TEXT NOT NULL,
      attempt_id TEXT NOT NULL,
      PRIMARY KEY (delivery_id, attempt_id)
    ) WITHOUT ROWID)sql",

    R"sql(CREATE TABLE baseline (
      target TEXT NOT NULL,
      key TEXT NOT NULL,
      hash TEXT NOT NULL,
      value TEXT NOT NULL,
      file_id TEXT NOT NULL,
      confirm_time BIGINT NOT NULL,
      adopted BIGINT NOT NULL,
      PRIMARY KEY (target, key)
    ) WITHOUT ROWID)sql",
    "CREATE INDEX baseline_file ON baseline (file_id, target, confirm_time)",

    R"sql(CREATE TABLE refusal (
      target TEXT NOT NULL,
      key TEXT NOT NULL,
      hash TEXT NOT NULL,
      rules_version TEXT NOT NULL,
      reference_version TEXT NOT NULL,
      failure TEXT NOT NULL,
      refuse_time BIGINT NOT NULL,
      PRIMARY KEY (target, key)
    ) WITHOUT ROWID)sql",

    // How a file stands at a target. With `delivery_id`, as that delivery does, and the other columns are
    // empty: they would have to be written again with each of its changes. Without, as the columns say.
    R"sql(CREATE TABLE target_status (
      file_id TEXT NOT NULL,
      target TEXT NOT NULL,
      delivery_id TEXT NOT NULL,
      state TEXT NOT NULL,
      run_id TEXT NOT NULL,
      failure TEXT NOT NULL,
      records TEXT NOT NULL,
      update_time BIGINT NOT NULL,
      PRIMARY KEY (file_id, target)
    ) WITHOUT ROWID)sql",
    "CREATE INDEX target_status_found ON target_status (target, state, file_id) WHERE delivery_id = ''",
};

// `stop_time`: nothing more of the run is sent. `verified_file_count`: of a run over the whole catalogue.
constexpr absl::string_view kRunStops[] = {
    "ALTER TABLE run ADD COLUMN stop_time BIGINT",
    "ALTER TABLE run ADD COLUMN verified_file_count BIGINT",
    "CREATE INDEX run_catalogue ON run (run_id) WHERE verified_file_count IS NOT NULL",
};

// What was learned about each target, and whether it is paused. Rates in thousandths of a request per second.
constexpr absl::string_view kTargetControl[] = {
    R"sql(CREATE TABLE target_control (
      target TEXT NOT NULL PRIMARY KEY,
      rate_milli BIGINT NOT NULL,
      burst_milli BIGINT NOT NULL,
      concurrency_limit BIGINT NOT NULL,
      circuit_openings BIGINT NOT NULL,
      circuit_failure TEXT NOT NULL,
      pause_kind TEXT NOT NULL,
      pause_failure TEXT NOT NULL,
      paused_by TEXT NOT NULL,
      pause_time BIGINT NOT NULL,
      epoch BIGINT NOT NULL,
      update_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
};

// A chunk's deliveries are those of its run and target from `chunk_id` to `last_delivery_id`. What an earlier
// program left unsettled becomes one chunk for each run and target.
constexpr absl::string_view kChunks[] = {
    R"sql(CREATE TABLE chunk (
      chunk_id TEXT NOT NULL PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      target TEXT NOT NULL,
      last_delivery_id TEXT NOT NULL,
      token BIGINT NOT NULL,
      holder TEXT NOT NULL,
      expire_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
    "CREATE INDEX chunk_run ON chunk (run_id, target, chunk_id)",
    R"sql(INSERT INTO chunk (chunk_id, run_id, target, last_delivery_id, token, holder, expire_time)
      SELECT min(delivery_id), run_id, target, max(delivery_id), 1, '', 0
      FROM delivery WHERE unsettled = 1 GROUP BY run_id, target)sql",
};

// An attempt is kept with the (first) delivery that it was for: most are for one alone. `delivery_ids` names
// all if there are more; those that it is not kept with find it by `shared_attempt`. Its rows are long, and a
// tree that is ordered by key keeps whole rows in its upper levels: a plain table with an index is smaller.
//
// `told` is 1 where a run's readers are told of the delivery's state, so that the index of what they are told
// is not written for every step on the way. Of the rows that are there, all are taken for told: readers leave
// out what they are not told.
constexpr absl::string_view kAttemptsByDelivery[] = {
    "ALTER TABLE attempt RENAME TO attempt_by_id",
    R"sql(CREATE TABLE attempt (
      delivery_id TEXT NOT NULL,
      attempt_id TEXT NOT NULL,
      run_id TEXT NOT NULL,
      target TEXT NOT NULL,
      operation TEXT NOT NULL,
      start_time BIGINT NOT NULL,
      duration_us BIGINT NOT NULL,
      http_code BIGINT NOT NULL,
      request_body TEXT NOT NULL,
      answer_body TEXT NOT NULL,
      error TEXT NOT NULL,
      verdict TEXT NOT NULL,
      record_count BIGINT NOT NULL,
      delivery_ids TEXT NOT NULL
    ))sql",
    "CREATE INDEX attempt_delivery ON attempt (delivery_id)",
    R"sql(INSERT INTO attempt SELECT coalesce(json_extract(delivery_ids, '$[0]'), ''), attempt_id, run_id,
      target, operation, start_time, duration_us, http_code, request_body, answer_body, error, verdict,
      record_count, CASE json_array_length(delivery_ids) WHEN 1 THEN '' ELSE delivery_ids END
      FROM attempt_by_id)sql",
    R"sql(CREATE TABLE shared_attempt (
      delivery_id TEXT NOT NULL,
      attempt_id TEXT NOT NULL,
      kept_with TEXT NOT NULL,
      PRIMARY KEY (delivery_id, attempt_id)
    ) WITHOUT ROWID)sql",
    R"sql(INSERT INTO shared_attempt SELECT l.delivery_id, l.attempt_id, json_extract(a.delivery_ids, '$[0]')
      FROM delivery_attempt l JOIN attempt_by_id a ON a.attempt_id = l.attempt_id
      WHERE l.delivery_id <> json_extract(a.delivery_ids, '$[0]'))sql",
    "DROP TABLE delivery_attempt",
    "DROP TABLE attempt_by_id",
    "ALTER TABLE delivery ADD COLUMN told BIGINT NOT NULL DEFAULT 1",
    "DROP INDEX delivery_sequence",
    "CREATE INDEX delivery_told ON delivery (run_id, sequence) WHERE told = 1",
};

// Sessions are found by the hash of their secret, and end with their user's account or with time.
constexpr absl::string_view kAccounts[] = {
    R"sql(CREATE TABLE account (
      username TEXT NOT NULL PRIMARY KEY,
      role TEXT NOT NULL,
      password_hash TEXT NOT NULL,
      disabled BIGINT NOT NULL,
      create_time BIGINT NOT NULL,
      update_time BIGINT NOT NULL,
      sign_in_time BIGINT
    ) WITHOUT ROWID)sql",
    R"sql(CREATE TABLE web_session (
      key TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL,
      username TEXT NOT NULL,
      role TEXT NOT NULL,
      origin TEXT NOT NULL,
      create_time BIGINT NOT NULL,
      use_time BIGINT NOT NULL,
      expire_time BIGINT NOT NULL,
      end_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
    "CREATE INDEX web_session_user ON web_session (username, user_id, create_time)",
    "CREATE INDEX web_session_end ON web_session (end_time)",
};

// How files stand is found by state and reason where it is kept, not among all deliveries that ever were:
// with `delivery_id`, `state` and `reason` are that delivery's, in the states that standings.h names, and
// empty otherwise. In `delivery`, `reason` finds those of a run.
constexpr absl::string_view kStandings[] = {
    "DROP INDEX delivery_state",
    "ALTER TABLE delivery RENAME COLUMN indexed_state TO reason",
    R"sql(UPDATE delivery SET reason = CASE WHEN reason <> 'ACCEPTED' AND json_valid(failure)
      THEN coalesce(json_extract(failure, '$.reason'), '') ELSE '' END WHERE reason <> '')sql",
    "CREATE INDEX delivery_reason ON delivery (run_id, reason, delivery_id) WHERE reason <> ''",
    "DROP INDEX target_status_found",
    "ALTER TABLE target_status ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    R"sql(UPDATE target_status SET (state, reason) =
      (SELECT d.state, d.reason FROM delivery d WHERE d.delivery_id = target_status.delivery_id)
      WHERE delivery_id IN (SELECT d.delivery_id FROM delivery d WHERE d.state IN
      ('SKIPPED', 'REJECTED', 'PARTIAL', 'UNKNOWN', 'DEFERRED', 'PARKED', 'CANCELLED')))sql",
    "CREATE INDEX target_status_state ON target_status (state, target, file_id, delivery_id) "
    "WHERE state <> ''",
    "CREATE INDEX target_status_reason ON target_status (reason, state, delivery_id) WHERE reason <> ''",
    "CREATE INDEX target_status_delivery ON target_status (delivery_id) WHERE delivery_id <> ''",

    // Deliveries in a final state, by the quarter of an hour (since 1970) in which they came to it.
    R"sql(CREATE TABLE settled_count (
      quarter BIGINT NOT NULL,
      target TEXT NOT NULL,
      state TEXT NOT NULL,
      count BIGINT NOT NULL,
      PRIMARY KEY (quarter, target, state)
    ) WITHOUT ROWID)sql",
    R"sql(INSERT INTO settled_count (quarter, target, state, count)
      SELECT update_time / 900000000, target, state, count(*) FROM delivery
      WHERE unsettled = 0 AND is_preview = 0 GROUP BY 1, 2, 3)sql",
};

constexpr absl::string_view kUploadedContent[] = {
    "ALTER TABLE catalog_file ADD COLUMN content_name TEXT NOT NULL DEFAULT ''",
};

// Where a value stands beside its line and column, and in what unit it is; where a person said that a file's
// figures are, as JSON. `content_rules`: content that was read by other rules than today's is read again.
constexpr absl::string_view kFigures[] = {
    "ALTER TABLE indicator_value ADD COLUMN column_number BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE indicator_value ADD COLUMN sheet TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE indicator_value ADD COLUMN satuan TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE catalog_file ADD COLUMN content_rules TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE catalog_file ADD COLUMN mapping TEXT NOT NULL DEFAULT ''",
};

// What previews show beside their deliveries. `duration_us` is empty where nothing is known.
constexpr absl::string_view kPreviews[] = {
    R"sql(CREATE TABLE run_forecast (
      run_id TEXT NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
      target TEXT NOT NULL,
      request_count BIGINT NOT NULL,
      duration_us BIGINT,
      PRIMARY KEY (run_id, target)
    ) WITHOUT ROWID)sql",
    R"sql(CREATE TABLE delivery_preview (
      delivery_id TEXT NOT NULL REFERENCES delivery (delivery_id) ON DELETE CASCADE,
      position BIGINT NOT NULL,
      operation TEXT NOT NULL,
      body TEXT NOT NULL,
      truncated BIGINT NOT NULL,
      PRIMARY KEY (delivery_id, position)
    ) WITHOUT ROWID)sql",
};

// Of several servers at one database. The chunk without a target, with the run's own id, is the right to
// carry the run to its end. `settled`: whoever works on it, its run need not wait for it. A target's chunks
// may be worked on once `released`. What each server may have of a target: `slots` are its own until
// `drain_time`, since requests outlast the grant.
constexpr absl::string_view kServers[] = {
    "ALTER TABLE chunk ADD COLUMN settled BIGINT NOT NULL DEFAULT 0",
    R"sql(INSERT INTO chunk (chunk_id, run_id, target, last_delivery_id, token, holder, expire_time)
      SELECT run_id, run_id, '', '', 0, '', 0 FROM run WHERE state IN ('QUEUED', 'RUNNING'))sql",
    "CREATE INDEX chunk_holder ON chunk (holder, expire_time)",
    "ALTER TABLE run_planned_target ADD COLUMN released BIGINT NOT NULL DEFAULT 1",
    R"sql(CREATE TABLE target_grant (
      target TEXT NOT NULL,
      holder TEXT NOT NULL,
      most_slots BIGINT NOT NULL,
      slots BIGINT NOT NULL,
      rate_micro BIGINT NOT NULL,
      expire_time BIGINT NOT NULL,
      drain_time BIGINT NOT NULL,
      PRIMARY KEY (target, holder)
    ) WITHOUT ROWID)sql",
    R"sql(CREATE TABLE target_controller (
      target TEXT NOT NULL PRIMARY KEY,
      holder TEXT NOT NULL,
      expire_time BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
    "ALTER TABLE target_control ADD COLUMN hold_until BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE target_control ADD COLUMN hold_failure TEXT NOT NULL DEFAULT ''",
};

// Each time that the database was restored from a backup: what was confirmed up to then is not proven any
// more.
constexpr absl::string_view kRestorations[] = {
    R"sql(CREATE TABLE restoration (
      restore_time BIGINT NOT NULL PRIMARY KEY
    ) WITHOUT ROWID)sql",
};

constexpr Migration kMigrations[] = {
    {.version = 1, .name = "first", .statements = kFirst},
    {.version = 2, .name = "run stops", .statements = kRunStops},
    {.version = 3, .name = "target control", .statements = kTargetControl},
    {.version = 4, .name = "chunks", .statements = kChunks},
    {.version = 5, .name = "attempts by delivery", .statements = kAttemptsByDelivery},
    {.version = 6, .name = "accounts", .statements = kAccounts},
    {.version = 7, .name = "standings", .statements = kStandings},
    {.version = 8, .name = "uploaded content", .statements = kUploadedContent},
    {.version = 9, .name = "figures", .statements = kFigures},
    {.version = 10, .name = "previews", .statements = kPreviews},
    {.version = 11, .name = "servers", .statements = kServers},
    {.version = 12, .name = "restorations", .statements = kRestorations},
};

}  // namespace

absl::Span<const Migration> AllMigrations() { return kMigrations; }

}  // namespace satudata::store
