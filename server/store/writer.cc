#include "server/store/writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"
#include "server/base/log.h"
#include "server/catalog/failure.h"
#include "server/store/change_writer.h"

namespace satudata::store {
namespace {

size_t RowsOf(const sync::Change& change) {
  return 1 + change.deliveries.size() + change.cleared_deliveries.size() + change.records.size() +
         change.skipped.size() + change.baselines.size() + change.refusals.size() + change.attempts.size() +
         change.statuses.size() + change.new_chunks.size();
}

void Answer(const sync::CommitCallback& done, const absl::Status& status, const sync::Change& change) {
  if (done) done(status, change);
}

}  // namespace

Writer::Writer(WriterOptions options, base::Clock& clock, Health& health)
    : options_(std::move(options)), clock_(clock), health_(health) {}

void Writer::Start() {
  thread_ = std::thread([this] { Loop(); });
}

Writer::~Writer() { Close(); }

int64_t Writer::Close() {
  {
    base::MutexLock lock(&mu_);
    closing_ = true;
    work_.SignalAll();
    room_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
  base::MutexLock lock(&mu_);
  return lost_;
}

void Writer::GiveUpAfter(absl::Duration grace) {
  const auto until = SteadyClock::now() + absl::ToChronoNanoseconds(grace);
  base::MutexLock lock(&mu_);
  give_up_time_ = std::min(give_up_time_.value_or(until), until);
  work_.SignalAll();
}

void Writer::Submit(sync::Change change, sync::CommitCallback done) {
  const size_t rows = RowsOf(change);
  {
    base::MutexLock lock(&mu_);
    // A callback that submits runs on the thread that makes room: it must not wait for itself.
    const bool may_wait = std::this_thread::get_id() != thread_.get_id();
    while (may_wait && !closing_ && queued_rows_ > 0 && queued_rows_ + rows > options_.queue_rows) {
      room_.Wait(&mu_);
    }
    if (!closing_) {
      queued_rows_ += rows;
      queue_.emplace_back(QueuedChange{std::move(change), std::move(done), rows});
      work_.Signal();
      return;
    }
  }
  Answer(done, StoreUnavailable(), change);
}

absl::Status Writer::Run(Job job) {
  QueuedJob queued{.job = std::move(job)};
  base::MutexLock lock(&mu_);
  if (closing_ || retrying_) return StoreUnavailable();
  queue_.emplace_back(&queued);
  work_.Signal();
  while (!queued.finished) job_ended_.Wait(&mu_);
  return queued.status;
}

void Writer::Loop() {
  base::SetThreadName("store-writer");
  Group group;
  QueuedJob* job = nullptr;
  while (Take(group, job)) {
    if (job != nullptr) {
      RunJob(*job);
    } else if (!group.empty()) {
      CommitGroup(std::move(group));
    } else {
      Probe();
    }
    group = Group();
    job = nullptr;
  }
}

bool Writer::Take(Group& group, QueuedJob*& job) {
  base::MutexLock lock(&mu_);
  if (!WaitForWork()) return false;
  if (!queue_.empty() && std::holds_alternative<QueuedJob*>(queue_.front())) {
    job = std::get<QueuedJob*>(queue_.front());
    queue_.pop_front();
    return true;
  }
  size_t rows = 0;
  while (TakeChange(group, rows)) {
  }
  queued_rows_ -= rows;
  room_.SignalAll();
  return true;
}

// An empty queue is a reason to look whether the database has healed, or whether it is still there.
bool Writer::WaitForWork() {
  while (queue_.empty() && !closing_) {
    if (!given_up_ && !health_.Get().ok() && !health_.IsDamaged()) {
      work_.WaitFor(&mu_, absl::ToChronoNanoseconds(options_.retry.initial));
      return true;
    }
    if (IsPostgres() && !given_up_) {
      work_.WaitFor(&mu_, options_.watch);
      return !queue_.empty() || !closing_;
    }
    work_.Wait(&mu_);
  }
  return !queue_.empty();
}

bool Writer::TakeChange(Group& group, size_t& rows) {
  if (queue_.empty() || group.size() >= options_.group_changes) return false;
  auto* change = std::get_if<QueuedChange>(&queue_.front());
  if (change == nullptr) return false;
  if (!group.empty() && rows + change->rows > options_.group_rows) return false;
  rows += change->rows;
  group.push_back(std::move(*change));
  queue_.pop_front();
  return true;
}

void Writer::CommitGroup(Group group) {
  while (!group.empty() && !given_up_) {
    if (health_.IsDamaged()) {
      given_up_ = !WaitToRetry();
      continue;
    }
    size_t current = 0;
    try {
      TryCommit(group, current);
    } catch (...) {
      const SqlError error = OnError();
      if (error.cure == Cure::kNever && IsPostgres() && !one_by_one_) {
        one_by_one_ = true;
      } else if (error.cure == Cure::kNever) {
        RefuseChange(group, current, error);
      } else {
        MarkFailed(error);
        given_up_ = !WaitToRetry();
      }
      continue;
    }
    one_by_one_ = false;
    MarkHealthy();
    for (QueuedChange& queued : group) {
      Answer(queued.done, queued.chunk_lost ? sync::ChunkLost() : absl::OkStatus(), queued.change);
    }
    return;
  }
  GiveUp(std::move(group));
}

void Writer::GiveUp(Group group) {
  {
    base::MutexLock lock(&mu_);
    lost_ += static_cast<int64_t>(group.size());
  }
  for (QueuedChange& queued : group) Answer(queued.done, StoreUnavailable(), queued.change);
}

void Writer::TryCommit(Group& group, size_t& current) {
  const absl::Duration start = clock_.Monotonic();
  Connection& connection = OpenConnection();
  // What was committed after all is as it was applied then.
  if (!TellFate(connection)) {
    Transaction transaction(connection, TransactionMode::kWrite);
    ApplyAll(group, current, connection);
    transaction.Commit();
  }
  ++commit_count_;
  if (options_.on_commit) options_.on_commit(clock_.Monotonic() - start);
}

void Writer::ApplyAll(Group& group, size_t& current, Connection& connection) {
  ChangeWriter writer(connection, clock_.Now());
  for (current = 0; current < group.size(); ++current) {
    group[current].chunk_lost = !writer.Apply(group[current].change);
    if (one_by_one_) connection.Flush();
  }
  writer.Finish();
}

SqlError Writer::OnError() {
  SqlError error = DescribeCurrentException();
  connection_.reset();
  if (!error.unsure.empty()) unsure_ = error.unsure;
  return error;
}

bool Writer::TellFate(Connection& connection) {
  if (unsure_.empty()) return false;
  const bool committed = connection.postgres()->WasCommitted(unsure_);
  unsure_.clear();
  return committed;
}

// Our bug, but one that costs this change alone. A fault that no single change showed (`index` is past the
// end) costs the last one; the group shrinks until it commits.
void Writer::RefuseChange(Group& group, size_t index, const SqlError& error) {
  index = std::min(index, group.size() - 1);
  const QueuedChange refused = std::move(group[index]);
  group.erase(group.begin() + static_cast<ptrdiff_t>(index));
  base::Log(base::Severity::kError, "a change contradicts the database and was dropped",
            {{"run_id", refused.change.run_id}, {"detail", error.text}});
  Answer(refused.done, StatusOf(error), refused.change);
}

void Writer::RunJob(QueuedJob& job) {
  if (given_up_ || health_.IsDamaged()) return FinishJob(job, StoreUnavailable());
  try {
    RunInTransaction(job.job);
  } catch (...) {
    const SqlError error = OnError();
    if (error.cure == Cure::kNever) {
      base::Log(base::Severity::kError, "a write contradicts the database", {{"detail", error.text}});
    } else {
      MarkFailed(error);
    }
    return FinishJob(job, unsure_.empty() ? StatusOf(error) : AwaitFate(error));
  }
  MarkHealthy();
  FinishJob(job, absl::OkStatus());
}

void Writer::RunInTransaction(const Job& job) {
  Connection& connection = OpenConnection();
  Transaction transaction(connection, TransactionMode::kWrite);
  job(connection);
  transaction.Commit();
  ++commit_count_;
}

// Its caller waits for an answer that is true.
absl::Status Writer::AwaitFate(SqlError error) {
  while (WaitToRetry()) {
    try {
      const bool committed = TellFate(OpenConnection());
      MarkHealthy();
      if (!committed) return StatusOf(error);
      ++commit_count_;
      return absl::OkStatus();
    } catch (...) {
      error = OnError();
      MarkFailed(error);
    }
  }
  given_up_ = true;
  return StoreUnavailable();
}

void Writer::FinishJob(QueuedJob& job, absl::Status status) {
  base::MutexLock lock(&mu_);
  job.status = std::move(status);
  job.finished = true;
  job_ended_.SignalAll();
}

void Writer::Probe() {
  try {
    if (health_.Get().ok()) {
      OpenConnection();
      return;
    }
    Transaction transaction(OpenConnection(), TransactionMode::kWrite);
    connection_->ExecuteOnce("UPDATE schema_migration SET apply_time = apply_time WHERE version = 1");
    transaction.Commit();
    unsure_.clear();
    MarkHealthy();
  } catch (...) {
    MarkFailed(OnError());
    unsure_.clear();  // Of nobody's interest.
  }
}

Connection& Writer::OpenConnection() {
  if (connection_ != nullptr && connection_->IsLost()) connection_.reset();
  if (connection_ == nullptr) {
    connection_ = std::make_unique<Connection>(options_.connection);
  } else {
    CheckInPlace(options_.connection.file);
  }
  return *connection_;
}

void Writer::MarkFailed(const SqlError& error) {
  ++failures_;
  health_.OnWriteFailed(error);
}

void Writer::MarkHealthy() {
  failures_ = 0;
  {
    base::MutexLock lock(&mu_);
    retrying_ = false;
  }
  health_.OnWritten();
}

void Writer::RefuseJobs() {
  std::deque<Item> kept;
  for (Item& item : queue_) {
    if (auto* job = std::get_if<QueuedJob*>(&item)) {
      (*job)->status = StoreUnavailable();
      (*job)->finished = true;
    } else {
      kept.push_back(std::move(item));
    }
  }
  queue_ = std::move(kept);
  job_ended_.SignalAll();
}

bool Writer::WaitToRetry() {
  const absl::Duration wait = base::JitteredBackoff(options_.retry, failures_, options_.uniform);
  const auto until = SteadyClock::now() + absl::ToChronoNanoseconds(wait);
  base::MutexLock lock(&mu_);
  retrying_ = true;
  RefuseJobs();
  while (true) {
    const auto now = SteadyClock::now();
    if (give_up_time_.has_value() ? now >= *give_up_time_ : closing_) return false;
    if (now >= until) return true;
    work_.WaitFor(&mu_, std::min(until, give_up_time_.value_or(until)) - now);
  }
}

}  // namespace satudata::store
