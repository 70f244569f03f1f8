// File: writer.h
//
// The one thread that writes. Changes that are queued when it comes round are committed together, in order;
// jobs (creating a run, changing the catalogue) have a transaction of their own between them. Thread-safe.
// Internal to store/.
//
// When a commit fails for a reason that passes (busy, full disk, I/O), changes are kept and tried again until
// they succeed, or until GiveUpAfter says otherwise; jobs are refused meanwhile, so that their callers hear
// of it. Where a connection to PostgreSQL is lost while a commit is under way, the next one is asked what
// became of it: nothing is written twice, and nothing is called stored that is not. A change that can never
// be written is taken out, logged and answered with its error; the others go on.
#ifndef SERVER_STORE_WRITER_H_
#define SERVER_STORE_WRITER_H_

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "server/base/backoff.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/store/connection.h"
#include "server/store/health.h"
#include "server/store/sql_error.h"
#include "server/sync/store.h"

namespace satudata::store {

struct WriterOptions {
  ConnectionOptions connection;
  size_t group_changes = 512;   // Default: at most 512 changes in one commit,
  size_t group_rows = 20'000;   // ... which write about 20,000 rows.
  size_t queue_rows = 100'000;  // Default: Submit blocks while about 100,000 rows wait.
  base::BackoffOptions retry = {.initial = absl::Milliseconds(100), .maximum = absl::Seconds(5)};
  base::Uniform uniform;  // For the jitter of the waits.
  // Default: how often PostgreSQL is looked at while nothing is written.
  std::chrono::milliseconds watch = std::chrono::seconds(5);
  // Called after each commit with how long it took; may be empty.
  std::function<void(absl::Duration)> on_commit;
};

class Writer {
 public:
  // Runs inside a transaction; throws to have it rolled back. Called once.
  using Job = std::function<void(Connection&)>;

  // `clock` and `health` must outlive the writer.
  Writer(WriterOptions options, base::Clock& clock, Health& health);
  ~Writer();  // Close.
  void Start();
  // Commits what is queued and ends the thread; what is left, because a commit failed and there is no grace
  // (left), is answered with UNAVAILABLE. The number of changes that were given up. Idempotent.
  int64_t Close();

  void Submit(sync::Change change, sync::CommitCallback done);
  // Runs `job` after all that was submitted before and waits for its commit.
  absl::Status Run(Job job);
  // A commit that still fails `grace` from now is given up, with all that is queued or comes later. The
  // soonest call counts.
  void GiveUpAfter(absl::Duration grace);
  // Rises with every commit, before its callers hear of it.
  int64_t commit_count() const { return commit_count_; }

 private:
  struct QueuedChange {
    sync::Change change;
    sync::CommitCallback done;
    size_t rows = 0;
    bool chunk_lost = false;  // Set when the group is applied.
  };
  struct QueuedJob {
    Job job;
    absl::Status status;
    bool finished = false;
  };
  // A job stays with its caller, who waits for it.
  using Item = std::variant<QueuedChange, QueuedJob*>;
  using Group = std::vector<QueuedChange>;

  void Loop();
  // The next job, or all changes up to the next job or the limits; false when there is nothing left to do.
  bool Take(Group& group, QueuedJob*& job);
  bool TakeChange(Group& group, size_t& rows) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool WaitForWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  void CommitGroup(Group group);
  // Applies and commits all of `group`; `current` tells which was being applied when it failed.
  void TryCommit(Group& group, size_t& current);
  void ApplyAll(Group& group, size_t& current, Connection& connection);
  // Drops the connection, and keeps in mind the transaction that is unsure.
  SqlError OnError();
  // Whether what was unsure was committed; false if nothing was. Throws while that cannot be told.
  bool TellFate(Connection& connection);
  void RefuseChange(Group& group, size_t index, const SqlError& error);
  void RunJob(QueuedJob& job);
  void RunInTransaction(const Job& job);
  // What became of a job whose commit is unsure.
  absl::Status AwaitFate(SqlError error);
  void FinishJob(QueuedJob& job, absl::Status status);
  // Shows whether the database takes writes (again), when nothing else would.
  void Probe();
  Connection& OpenConnection();
  bool IsPostgres() const { return options_.connection.postgres.has_value(); }

  void MarkFailed(const SqlError& error);
  void MarkHealthy();
  void RefuseJobs() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // False when there is no use in waiting: the store is closing, or its time is up.
  bool WaitToRetry();
  void GiveUp(Group group);

  using SteadyClock = std::chrono::steady_clock;

  const WriterOptions options_;
  base::Clock& clock_;
  Health& health_;
  std::atomic<int64_t> commit_count_ = 0;
  // The rest of these is the writer thread's alone.
  std::unique_ptr<Connection> connection_;  // Null after an error.
  std::string unsure_;  // The transaction of the last commit, where nobody knows what became of it.
  // Each change's answers are waited for by themselves: some change of a group has to be found.
  bool one_by_one_ = false;
  int failures_ = 0;       // In a row.
  bool given_up_ = false;  // The last commit failed and was the last.

  base::Mutex mu_;
  base::CondVar work_;       // There is something in the queue, or it is closing.
  base::CondVar room_;       // There is room in the queue.
  base::CondVar job_ended_;  // Some job has finished.
  std::deque<Item> queue_ ABSL_GUARDED_BY(mu_);
  size_t queued_rows_ ABSL_GUARDED_BY(mu_) = 0;
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  bool retrying_ ABSL_GUARDED_BY(mu_) = false;  // A group of changes is stuck, or was given up.
  std::optional<SteadyClock::time_point> give_up_time_ ABSL_GUARDED_BY(mu_);
  int64_t lost_ ABSL_GUARDED_BY(mu_) = 0;
  std::thread thread_;
};

}  // namespace satudata::store

#endif  // SERVER_STORE_WRITER_H_
