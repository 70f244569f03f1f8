// File: plan_builder.h
//
// Gathers what the planner needs for a page of files (content, contradictions, baselines, refusals, what is
// open, what the target holds) and turns the planner's answers into a change for the store.
#ifndef SERVER_SYNC_PLAN_BUILDER_H_
#define SERVER_SYNC_PLAN_BUILDER_H_

#include <stop_token>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/catalog/catalog.h"
#include "server/sync/mass_change.h"
#include "server/sync/planner.h"
#include "server/sync/steady_time.h"
#include "server/sync/store.h"
#include "server/sync/target_worker.h"

namespace satudata::sync {

// Plans for one run and one target. Used by one thread at a time; what is given must outlive it.
class PlanBuilder {
 public:
  struct Dependencies {
    Store* store;
    catalog::Catalog* catalog;
    TargetWorker* worker;
    const SteadyTime* time;
    std::string default_kodepemda;
    std::stop_token stop;  // Requested: what the target is asked for is not waited for any longer.
  };

  PlanBuilder(const Run& run, Dependencies dependencies)
      : run_(run), dependencies_(std::move(dependencies)) {}

  struct Options {
    bool report_skipped = false;  // Emit FileSkipped for files that are not verified.
    bool rows_for_unchanged = false;
    int64_t verified_limit = INT64_MAX;  // Plan at most so many verified files of the page.
    bool with_requests = false;          // Of a preview: show the requests that would be sent.
  };
  struct Page {
    Change change;
    int64_t verified_count = 0;
    int64_t request_count = 0;  // Of a preview: requests that would be sent.
    catalog::Failure refused;   // Of a preview: a run of this file would not be begun.
  };
  // What these files mean, as new delivery rows; what they come to is added to `totals`. Reads content, store
  // and target; blocks. Of a preview nothing is to be sent, and nothing is known afterwards that was not
  // known before.
  absl::StatusOr<Page> PlanFiles(std::vector<catalog::FileWithValues> files, const Options& options,
                                 PlanTotals& totals);

  // The delivery of a run that withdraws a key.
  absl::StatusOr<Page> PlanWithdrawal();

  // The records of `file` as they would be sent, by key, for deliveries that were planned before.
  Projection Project(const catalog::FileWithValues& file) const;

  // Plans `file` anew for a delivery that exists. UNCHANGED gets its row.
  absl::StatusOr<PlannedFile> PlanAgain(catalog::FileWithValues file, absl::string_view delivery_id);

 private:
  struct Prepared {
    catalog::FileWithValues file;
    Projection projection;
  };
  absl::StatusOr<std::vector<Prepared>> Prepare(std::vector<catalog::FileWithValues> files);
  absl::Status RefreshContent(std::vector<catalog::FileWithValues>& files);
  absl::Status MarkContradictions(std::vector<catalog::FileWithValues>& files);
  void PrepareReferences(absl::btree_set<std::string> regions);
  bool IsToBePlanned(const catalog::FileWithValues& item) const;
  absl::StatusOr<Knowledge> Gather(const std::vector<Prepared>& prepared);
  PlanContext Context() const;
  void Observe(const std::vector<std::string>& scopes);
  void ShowPlan(const catalog::CatalogFile& file, const Options& options, PlannedFile& planned, Page& page);
  void AddPlanned(const catalog::CatalogFile& file, PlannedFile planned, const Options& options,
                  Change& change) const;

  const Run& run_;
  const Dependencies dependencies_;
  absl::flat_hash_map<std::string, catalog::Failure> content_failures_;  // By file id, of the page at hand.
  absl::flat_hash_map<std::string, std::shared_ptr<const Observation>> observations_;  // By scope.
  absl::flat_hash_set<size_t> sent_keys_;  // Of a preview (SentKeys).
  catalog::Failure unread_;  // Why the target was not asked for all that it was to be asked for.
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_PLAN_BUILDER_H_
