#include "server/store/sql_store.h"

#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/catalog_tables.h"
#include "server/store/chunk_queries.h"
#include "server/store/delivery_list.h"
#include "server/store/delivery_queries.h"
#include "server/store/file_queries.h"
#include "server/store/grant_queries.h"
#include "server/store/numbering.h"
#include "server/store/run_queries.h"
#include "server/store/sql_error.h"
#include "server/store/summary_queries.h"
#include "server/store/target_queries.h"
#include "server/store/vitals_queries.h"

namespace satudata::store {
namespace {

// Of a database that several servers share only its own clock is the same for all of them.
std::optional<absl::Time> ItsTime(Connection& connection) {
  if (connection.postgres() == nullptr) return std::nullopt;
  return connection.SelectOne<absl::Time>("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
                                          std::tuple<>());
}

std::pair<sync::Lease, absl::Time> ByItsClock(Connection& connection, const sync::Lease& lease,
                                              absl::Time now) {
  const absl::Time its_now = ItsTime(connection).value_or(now);
  return {{.holder = lease.holder, .expire_time = its_now + (lease.expire_time - now)}, its_now};
}

}  // namespace

SqlStore::SqlStore(ReadersOptions readers, WriterOptions writer, base::Clock& clock)
    : shared_(readers.connection.postgres.has_value()),
      clock_(clock),
      file_counts_(clock),
      readers_(std::move(readers), health_),
      writer_(std::move(writer), clock, health_) {}

void SqlStore::Start() {
  readers_.Open();
  const auto restored = readers_.Read<absl::Time>([](Connection& connection) {
    return connection
        .SelectOne<std::optional<absl::Time>>("SELECT max(restore_time) FROM restoration", std::tuple<>())
        .value_or(std::nullopt)
        .value_or(absl::InfinitePast());
  });
  // Without an answer nothing is taken for proven.
  restore_time_ = restored.ok() ? *restored : absl::InfiniteFuture();
  writer_.Start();
}

absl::Status SqlStore::Close() {
  const int64_t lost = writer_.Close();
  if (lost == 0) return absl::OkStatus();
  const absl::Status health = health_.Get();
  return absl::UnavailableError(absl::StrCat(lost, " changes were not stored", health.ok() ? "" : ": ",
                                             health.message(),
                                             "; the next start finds what they were about as it was before"));
}

std::vector<absl::Status> SqlStore::Update(std::vector<Mutation> mutations, absl::Time now) {
  std::vector<absl::Status> statuses(mutations.size());
  bool changed = false;
  const absl::Status committed = writer_.Run([&](Connection& connection) {
    for (size_t i = 0; i < mutations.size(); ++i) {
      const absl::StatusOr<Written> written = Mutate(connection, mutations[i], now);
      statuses[i] = written.status();
      changed |= written.ok() && *written == Written::kFile;
    }
  });
  if (!committed.ok()) statuses.assign(mutations.size(), committed);
  if (committed.ok() && changed) ++generation_;
  return statuses;
}

absl::StatusOr<catalog::CatalogFile> SqlStore::GetFile(absl::string_view file_id) {
  return readers_.Read<catalog::CatalogFile>(
      [&](Connection& connection) -> absl::StatusOr<catalog::CatalogFile> {
        std::optional<catalog::CatalogFile> file = SelectFile(connection, file_id);
        if (!file.has_value()) return FileNotFound(file_id);
        return *std::move(file);
      });
}

absl::StatusOr<std::vector<catalog::IndicatorValue>> SqlStore::ListValues(absl::string_view file_id,
                                                                          int64_t after_position,
                                                                          int64_t limit) {
  return readers_.Read<std::vector<catalog::IndicatorValue>>(
      [&](Connection& connection) { return SelectValues(connection, file_id, after_position, limit); });
}

// What others change is noticed within a second.
int64_t SqlStore::SeenGeneration() const {
  return Generation() + (shared_ ? absl::ToInt64Seconds(clock_.Monotonic()) : 0);
}

absl::StatusOr<catalog::CatalogSummary> SqlStore::SummarizeCatalog() {
  base::MutexLock lock(&summary_mu_);
  const int64_t generation = SeenGeneration();
  if (summary_generation_ == generation) return summary_;
  absl::StatusOr<catalog::CatalogSummary> summary = readers_.Read<catalog::CatalogSummary>(
      [](Connection& connection) { return SelectCatalogSummary(connection); });
  if (!summary.ok()) return summary;
  summary_ = *summary;
  summary_generation_ = generation;
  return summary;
}

absl::StatusOr<std::vector<std::string>> SqlStore::ContentInUse(absl::Span<const std::string> content_names) {
  return readers_.Read<std::vector<std::string>>(
      [&](Connection& connection) { return SelectContentInUse(connection, content_names); });
}

absl::Status SqlStore::DeleteOldPreviews(absl::Time now) {
  return writer_.Run([&](Connection& connection) { store::DeleteOldPreviews(connection, now); });
}

absl::StatusOr<sync::RunCreation> SqlStore::CreateRun(const sync::NewRun& start) {
  return Write<sync::RunCreation>([&](Connection& connection) {
    if (shared_) GoOnAfterOthers(connection);
    sync::NewRun by_its_clock = start;
    by_its_clock.lease = ByItsClock(connection, start.lease, start.run.create_time).first;
    return InsertOrAttachRun(connection, by_its_clock, clock_.Now());
  });
}

absl::StatusOr<sync::Run> SqlStore::GetRun(absl::string_view run_id) {
  return readers_.Read<sync::Run>([&](Connection& connection) { return SelectRun(connection, run_id); });
}

absl::StatusOr<std::vector<sync::Run>> SqlStore::ListRuns(const sync::RunFilter& filter,
                                                          const sync::Page& page) {
  return readers_.Read<std::vector<sync::Run>>(
      [&](Connection& connection) { return SelectRuns(connection, filter, page); });
}

absl::StatusOr<std::vector<sync::Run>> SqlStore::UnfinishedRuns() {
  return readers_.Read<std::vector<sync::Run>>(
      [](Connection& connection) { return SelectUnfinishedRuns(connection); });
}

absl::StatusOr<std::vector<std::string>> SqlStore::PlannedTargets(absl::string_view run_id) {
  return readers_.Read<std::vector<std::string>>(
      [&](Connection& connection) { return SelectPlannedTargets(connection, run_id); });
}

absl::StatusOr<std::optional<int64_t>> SqlStore::LastCatalogueSize(absl::string_view before_run_id) {
  return readers_.Read<std::optional<int64_t>>(
      [&](Connection& connection) -> absl::StatusOr<std::optional<int64_t>> {
        return SelectLastCatalogueSize(connection, before_run_id);
      });
}

absl::StatusOr<std::optional<sync::Run>> SqlStore::FindRequest(const sync::SyncRequest& request,
                                                               absl::string_view fingerprint) {
  return readers_.Read<std::optional<sync::Run>>([&](Connection& connection) {
    return SelectRunOfRequest(connection, request, fingerprint, clock_.Now());
  });
}

absl::StatusOr<std::vector<sync::ActiveRun>> SqlStore::ActiveRuns(absl::Time now) {
  return readers_.Read<std::vector<sync::ActiveRun>>([&](Connection& connection) {
    std::vector<sync::ActiveRun> active;
    for (sync::Run& run : SelectUnfinishedRuns(connection)) active.push_back({.run = std::move(run)});
    if (!active.empty()) FillActivity(connection, ItsTime(connection).value_or(now), active);
    return active;
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::StoppedRuns(absl::string_view holder) {
  return readers_.Read<std::vector<std::string>>(
      [&](Connection& connection) { return SelectStoppedRuns(connection, holder); });
}

absl::Status SqlStore::DiscardPlan(const sync::Fence& drive, absl::string_view target) {
  bool lost = false;
  const absl::Status committed = writer_.Run([&](Connection& connection) {
    lost = SelectToken(connection, drive.chunk_id) != drive.token;
    if (!lost) DeletePlan(connection, drive.chunk_id, target);
  });
  return committed.ok() && lost ? sync::ChunkLost() : committed;
}

absl::Status SqlStore::PutTargetMemory(const sync::TargetMemory& memory) {
  return writer_.Run([&](Connection& connection) {
    UpsertTargetMemory(connection, memory, ItsTime(connection).value_or(clock_.Now()));
  });
}

absl::StatusOr<std::vector<sync::TargetMemory>> SqlStore::TargetMemories() {
  return readers_.Read<std::vector<sync::TargetMemory>>([this](Connection& connection) {
    // This machine's clock may have been set since: then a hold ends with the process that was told of it.
    return SelectTargetMemories(connection, ItsTime(connection).value_or(absl::InfiniteFuture()));
  });
}

absl::StatusOr<std::vector<sync::Grant>> SqlStore::ExchangeGrants(
    absl::string_view holder, const std::vector<sync::GrantRequest>& requests, absl::Time now) {
  std::vector<sync::Grant> grants;
  const absl::Status committed = writer_.Run([&](Connection& connection) {
    const absl::Time its_now = ItsTime(connection).value_or(now);
    for (const sync::GrantRequest& request : requests) {
      grants.push_back(ExchangeGrant(connection, holder, request, its_now));
    }
  });
  if (!committed.ok()) return committed;
  return grants;
}

void SqlStore::Submit(sync::Change change, sync::CommitCallback done) {
  writer_.Submit(std::move(change), std::move(done));
}

absl::StatusOr<std::vector<sync::RunEvent>> SqlStore::EventsAfter(absl::string_view run_id,
                                                                  int64_t after_sequence, int64_t limit) {
  return readers_.Read<std::vector<sync::RunEvent>>(
      [&](Connection& connection) { return SelectEvents(connection, run_id, after_sequence, limit); });
}

absl::StatusOr<std::vector<sync::Delivery>> SqlStore::ListDeliveries(const sync::DeliveryFilter& filter,
                                                                     const sync::Page& page) {
  return readers_.Read<std::vector<sync::Delivery>>(
      [&](Connection& connection) { return SelectDeliveries(connection, filter, page); });
}

absl::StatusOr<sync::DeliveryDetail> SqlStore::GetDelivery(absl::string_view delivery_id) {
  return readers_.Read<sync::DeliveryDetail>(
      [&](Connection& connection) { return SelectDelivery(connection, delivery_id); });
}

absl::StatusOr<std::vector<sync::FileTargetStatus>> SqlStore::GetFileStatus(absl::string_view file_id) {
  return readers_.Read<std::vector<sync::FileTargetStatus>>(
      [&](Connection& connection) { return SelectFileStatus(connection, file_id); });
}

absl::StatusOr<std::vector<sync::FileRow>> SqlStore::ListFiles(const sync::FileFilter& filter,
                                                               const sync::Page& page) {
  return readers_.Read<std::vector<sync::FileRow>>(
      [&](Connection& connection) { return SelectFileRows(connection, filter, page); });
}

absl::StatusOr<int64_t> SqlStore::CountFiles(const sync::FileFilter& filter) {
  return file_counts_.Get(filter, {.generation = SeenGeneration(), .commits = CommitCount()}, [&] {
    return readers_.Read<int64_t>(
        [&](Connection& connection) { return CountMatchingFiles(connection, filter); });
  });
}

absl::StatusOr<sync::StoredSummary> SqlStore::ReadSummary(const sync::SummaryScope& scope) {
  return readers_.Read<sync::StoredSummary>(
      [&](Connection& connection) { return SelectSummary(connection, scope); });
}

absl::StatusOr<sync::StoredVitals> SqlStore::ReadVitals(const std::vector<std::string>& targets) {
  return readers_.Read<sync::StoredVitals>(
      [&](Connection& connection) { return SelectVitals(connection, targets); });
}

absl::StatusOr<std::vector<catalog::FileWithValues>> SqlStore::FilesToPlan(const sync::PlanFilter& filter,
                                                                           absl::string_view after_file_id,
                                                                           int64_t limit) {
  return readers_.Read<std::vector<catalog::FileWithValues>>(
      [&](Connection& connection) { return SelectFilesToPlan(connection, filter, after_file_id, limit); });
}

absl::StatusOr<std::vector<catalog::FileWithValues>> SqlStore::LoadFiles(
    absl::Span<const std::string> file_ids) {
  return readers_.Read<std::vector<catalog::FileWithValues>>(
      [&](Connection& connection) { return SelectFilesById(connection, file_ids); });
}

absl::StatusOr<std::vector<std::string>> SqlStore::MovedFiles(absl::Span<const sync::FilePin> pins) {
  return readers_.Read<std::vector<std::string>>(
      [&](Connection& connection) { return SelectMovedFiles(connection, pins); });
}

absl::StatusOr<absl::flat_hash_map<std::string, std::string>> SqlStore::NewerDeliveries(
    absl::Span<const std::string> delivery_ids) {
  return readers_.Read<absl::flat_hash_map<std::string, std::string>>(
      [&](Connection& connection) { return SelectNewerDeliveries(connection, delivery_ids); });
}

absl::StatusOr<absl::flat_hash_map<std::string, sync::KeyUse>> SqlStore::KeysInUse(
    absl::string_view target, absl::Span<const std::string> keys,
    absl::Span<const std::string> delivery_ids) {
  return readers_.Read<absl::flat_hash_map<std::string, sync::KeyUse>>(
      [&](Connection& connection) { return SelectKeysInUse(connection, target, keys, delivery_ids); });
}

absl::StatusOr<std::vector<sync::Contradiction>> SqlStore::Contradictions(
    absl::Span<const std::string> file_ids, absl::string_view default_kodepemda) {
  return readers_.Read<std::vector<sync::Contradiction>>(
      [&](Connection& connection) { return SelectContradictions(connection, file_ids, default_kodepemda); });
}

absl::StatusOr<std::vector<sync::OwnValue>> SqlStore::VerifiedValues(
    absl::Span<const std::string> kodeindikators, absl::string_view kodepemda,
    absl::string_view default_kodepemda) {
  return readers_.Read<std::vector<sync::OwnValue>>([&](Connection& connection) {
    return SelectVerifiedValues(connection, kodeindikators, kodepemda, default_kodepemda);
  });
}

absl::StatusOr<std::vector<sync::Baseline>> SqlStore::BaselinesUnder(absl::string_view target,
                                                                     absl::Span<const std::string> prefixes) {
  return readers_.Read<std::vector<sync::Baseline>>(
      [&](Connection& connection) { return SelectBaselinesUnder(connection, target, prefixes); });
}

absl::StatusOr<absl::flat_hash_map<std::string, sync::Baseline>> SqlStore::Baselines(
    absl::string_view target, absl::Span<const std::string> keys) {
  return readers_.Read<absl::flat_hash_map<std::string, sync::Baseline>>(
      [&](Connection& connection) { return SelectBaselines(connection, target, keys); });
}

absl::StatusOr<absl::flat_hash_map<std::string, sync::Refusal>> SqlStore::Refusals(
    absl::string_view target, absl::Span<const std::string> keys) {
  return readers_.Read<absl::flat_hash_map<std::string, sync::Refusal>>(
      [&](Connection& connection) { return SelectRefusals(connection, target, keys); });
}

absl::StatusOr<absl::flat_hash_map<std::string, sync::OpenRecord>> SqlStore::OpenRecords(
    absl::string_view target, absl::Span<const std::string> keys) {
  return readers_.Read<absl::flat_hash_map<std::string, sync::OpenRecord>>(
      [&](Connection& connection) { return SelectOpenRecords(connection, target, keys); });
}

absl::StatusOr<sync::ChunkClaim> SqlStore::ClaimChunk(const sync::ChunkFilter& filter,
                                                      const sync::Lease& lease, absl::Time now) {
  sync::ChunkClaim claim;
  const absl::Status committed = writer_.Run([&](Connection& connection) {
    const auto [its_lease, its_now] = ByItsClock(connection, lease, now);
    claim = store::ClaimChunk(connection, filter, its_lease, its_now);
  });
  if (!committed.ok()) return committed;
  return claim;
}

absl::StatusOr<std::vector<sync::Fence>> SqlStore::RenewLeases(const sync::Lease& lease, absl::Time now) {
  std::vector<sync::Fence> held;
  const absl::Status committed = writer_.Run([&](Connection& connection) {
    held = store::RenewLeases(connection, ByItsClock(connection, lease, now).first);
  });
  if (!committed.ok()) return committed;
  return held;
}

absl::Status SqlStore::ReleaseLeases(absl::string_view holder) {
  return writer_.Run([&](Connection& connection) {
    store::ReleaseLeases(connection, holder);
    ReleaseGrants(connection, holder);
  });
}

absl::StatusOr<std::vector<sync::Chunk>> SqlStore::ExpiredChunks(absl::Time now) {
  return readers_.Read<std::vector<sync::Chunk>>([&](Connection& connection) {
    return SelectExpiredChunks(connection, ItsTime(connection).value_or(now));
  });
}

absl::StatusOr<std::vector<sync::DeliveryDetail>> SqlStore::UnsettledDeliveries(const sync::Chunk& chunk) {
  return readers_.Read<std::vector<sync::DeliveryDetail>>(
      [&](Connection& connection) { return SelectUnsettled(connection, chunk); });
}

}  // namespace satudata::store
