// File: sql_store.h
//
// DurableStore on SQLite or PostgreSQL: readers side by side, one writer. Made by OpenStore. Internal to
// store/.
#ifndef SERVER_STORE_SQL_STORE_H_
#define SERVER_STORE_SQL_STORE_H_

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/store/durable_store.h"
#include "server/store/file_counts.h"
#include "server/store/health.h"
#include "server/store/readers.h"
#include "server/store/writer.h"

namespace satudata::store {

class SqlStore final : public DurableStore {
 public:
  // `clock` must outlive the store.
  SqlStore(ReadersOptions readers, WriterOptions writer, base::Clock& clock);
  // Opens the file and starts the writer. Call it before anything else. Throws what SOCI throws.
  void Start();

  absl::Status Health() const override { return health_.Get(); }
  void GiveUpAfter(absl::Duration grace) override { writer_.GiveUpAfter(grace); }
  absl::Status Close() override;

  std::vector<absl::Status> Update(std::vector<Mutation> mutations, absl::Time now) override;
  absl::StatusOr<catalog::CatalogFile> GetFile(absl::string_view file_id) override;
  absl::StatusOr<std::vector<catalog::IndicatorValue>> ListValues(absl::string_view file_id,
                                                                  int64_t after_position,
                                                                  int64_t limit) override;
  absl::StatusOr<catalog::CatalogSummary> SummarizeCatalog() override;
  int64_t Generation() const override { return generation_; }
  int64_t CommitCount() const override { return writer_.commit_count(); }
  absl::Time RestoreTime() const override { return restore_time_; }

  bool IsShared() const override { return shared_; }
  absl::StatusOr<sync::RunCreation> CreateRun(const sync::NewRun& start) override;
  absl::StatusOr<std::optional<sync::Run>> FindRequest(const sync::SyncRequest& request,
                                                       absl::string_view fingerprint) override;
  absl::StatusOr<sync::Run> GetRun(absl::string_view run_id) override;
  absl::StatusOr<std::vector<sync::Run>> ListRuns(const sync::RunFilter& filter,
                                                  const sync::Page& page) override;
  absl::StatusOr<std::vector<sync::Run>> UnfinishedRuns() override;
  absl::StatusOr<std::vector<std::string>> PlannedTargets(absl::string_view run_id) override;
  absl::StatusOr<std::optional<int64_t>> LastCatalogueSize(absl::string_view before_run_id) override;
  absl::StatusOr<std::vector<sync::ActiveRun>> ActiveRuns(absl::Time now) override;
  absl::StatusOr<std::vector<std::string>> StoppedRuns(absl::string_view holder) override;
  absl::Status DiscardPlan(const sync::Fence& drive, absl::string_view target) override;

  void Submit(sync::Change change, sync::CommitCallback done) override;
  absl::StatusOr<std::vector<sync::RunEvent>> EventsAfter(absl::string_view run_id, int64_t after_sequence,
                                                          int64_t limit) override;

  absl::StatusOr<std::vector<sync::Delivery>> ListDeliveries(const sync::DeliveryFilter& filter,
                                                             const sync::Page& page) override;
  absl::StatusOr<sync::DeliveryDetail> GetDelivery(absl::string_view delivery_id) override;
  absl::StatusOr<std::vector<sync::FileTargetStatus>> GetFileStatus(absl::string_view file_id) override;
  absl::StatusOr<std::vector<sync::FileRow>> ListFiles(const sync::FileFilter& filter,
                                                       const sync::Page& page) override;
  absl::StatusOr<int64_t> CountFiles(const sync::FileFilter& filter) override;
  absl::StatusOr<sync::StoredSummary> ReadSummary(const sync::SummaryScope& scope) override;
  absl::StatusOr<sync::StoredVitals> ReadVitals(const std::vector<std::string>& targets) override;
  std::optional<int64_t> VitalsStamp() const override {
    return shared_ ? std::nullopt : std::make_optional(CommitCount());
  }

  absl::StatusOr<std::vector<catalog::FileWithValues>> FilesToPlan(const sync::PlanFilter& filter,
                                                                   absl::string_view after_file_id,
                                                                   int64_t limit) override;
  absl::StatusOr<std::vector<catalog::FileWithValues>> LoadFiles(
      absl::Span<const std::string> file_ids) override;
  absl::StatusOr<std::vector<std::string>> MovedFiles(absl::Span<const sync::FilePin> pins) override;
  absl::StatusOr<absl::flat_hash_map<std::string, sync::KeyUse>> KeysInUse(
      absl::string_view target, absl::Span<const std::string> keys,
      absl::Span<const std::string> delivery_ids) override;
  absl::StatusOr<absl::flat_hash_map<std::string, std::string>> NewerDeliveries(
      absl::Span<const std::string> delivery_ids) override;
  absl::StatusOr<std::vector<sync::Contradiction>> Contradictions(
      absl::Span<const std::string> file_ids, absl::string_view default_kodepemda) override;

  absl::StatusOr<std::vector<sync::OwnValue>> VerifiedValues(absl::Span<const std::string> kodeindikators,
                                                             absl::string_view kodepemda,
                                                             absl::string_view default_kodepemda) override;
  absl::StatusOr<std::vector<sync::Baseline>> BaselinesUnder(absl::string_view target,
                                                             absl::Span<const std::string> prefixes) override;

  absl::StatusOr<absl::flat_hash_map<std::string, sync::Baseline>> Baselines(
      absl::string_view target, absl::Span<const std::string> keys) override;
  absl::StatusOr<absl::flat_hash_map<std::string, sync::Refusal>> Refusals(
      absl::string_view target, absl::Span<const std::string> keys) override;
  absl::StatusOr<absl::flat_hash_map<std::string, sync::OpenRecord>> OpenRecords(
      absl::string_view target, absl::Span<const std::string> keys) override;
  absl::StatusOr<sync::ChunkClaim> ClaimChunk(const sync::ChunkFilter& filter, const sync::Lease& lease,
                                              absl::Time now) override;
  absl::StatusOr<std::vector<sync::Fence>> RenewLeases(const sync::Lease& lease, absl::Time now) override;
  absl::Status ReleaseLeases(absl::string_view holder) override;
  absl::StatusOr<std::vector<sync::Chunk>> ExpiredChunks(absl::Time now) override;
  absl::StatusOr<std::vector<sync::DeliveryDetail>> UnsettledDeliveries(const sync::Chunk& chunk) override;

  absl::Status CreateAccount(const access::Account& account) override;
  absl::StatusOr<std::optional<access::Account>> FindAccount(absl::string_view username) override;
  absl::StatusOr<std::vector<access::Account>> ListAccounts(absl::string_view after_username,
                                                            int64_t limit) override;
  absl::StatusOr<bool> HasEnabledAccount() override;
  absl::StatusOr<access::Account> UpdateAccount(absl::string_view username,
                                                const access::AccountChange& change, absl::Time now) override;
  absl::Status DeleteAccount(absl::string_view username) override;
  absl::Status OpenSession(const access::WebSession& session, int64_t most) override;
  absl::StatusOr<bool> OpenAccountSession(const access::WebSession& session, const access::Account& verified,
                                          int64_t most) override;
  absl::StatusOr<std::optional<access::WebSession>> FindSession(absl::string_view key) override;
  absl::StatusOr<bool> UseSession(absl::string_view key, absl::Time use_time, absl::Time end_time) override;
  absl::Status EndSession(absl::string_view key) override;
  absl::Status ForgetEndedSessions(absl::Time now, int64_t limit) override;

  absl::StatusOr<std::vector<std::string>> ContentInUse(absl::Span<const std::string> content_names) override;
  absl::Status DeleteOldPreviews(absl::Time now) override;

  absl::Status PutTargetMemory(const sync::TargetMemory& memory) override;
  absl::StatusOr<std::vector<sync::TargetMemory>> TargetMemories() override;
  absl::StatusOr<std::vector<sync::Grant>> ExchangeGrants(absl::string_view holder,
                                                          const std::vector<sync::GrantRequest>& requests,
                                                          absl::Time now) override;

 private:
  int64_t SeenGeneration() const;
  // Runs `job` on the writer and gives what it returned once that is committed.
  template <typename T>
  absl::StatusOr<T> Write(const std::function<absl::StatusOr<T>(Connection&)>& job) {
    absl::StatusOr<T> result = absl::InternalError("not run");
    const absl::Status committed = writer_.Run([&](Connection& connection) { result = job(connection); });
    return committed.ok() ? std::move(result) : committed;
  }

  const bool shared_;
  base::Clock& clock_;
  absl::Time restore_time_ = absl::InfinitePast();  // Set by Start.
  std::atomic<int64_t> generation_{1};
  FileCounts file_counts_;
  base::Mutex summary_mu_;  // Held while the summary is read: whoever comes meanwhile wants the same one.
  int64_t summary_generation_ ABSL_GUARDED_BY(summary_mu_) = 0;
  catalog::CatalogSummary summary_ ABSL_GUARDED_BY(summary_mu_);
  store::Health health_;
  Readers readers_;
  Writer writer_;  // Last: its thread ends before what it uses goes.
};

}  // namespace satudata::store

#endif  // SERVER_STORE_SQL_STORE_H_
