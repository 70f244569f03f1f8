// File: ewalidata_target.h
//
// SIPD e-walidata as a sync::Target: one value per (kodepemda, kodeindikator, tahun), pushed in batches,
// accepted row by row, and confirmed only by reading the table back.
#ifndef SERVER_TARGETS_EWALIDATA_EWALIDATA_TARGET_H_
#define SERVER_TARGETS_EWALIDATA_EWALIDATA_TARGET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"
#include "server/targets/ewalidata/codec.h"
#include "server/targets/ewalidata/options.h"
#include "server/targets/ewalidata/projection.h"
#include "server/targets/ewalidata/reference_cache.h"
#include "server/targets/gateway.h"

namespace satudata::targets::ewalidata {

// Thread-safe.
class EwalidataTarget final : public sync::Target {
 public:
  // `clock` must outlive the target. `tokens` may be null: the credentials are static.
  EwalidataTarget(Options options, std::unique_ptr<http::HttpClient> client, base::Clock& clock,
                  std::unique_ptr<TokenSource> tokens = nullptr);

  const sync::TargetTraits& traits() const override { return options_.traits; }
  void SetPace(sync::Pace* pace) override { gateway_.SetPace(pace); }
  // Judges by the reference lists that are here; Prepare() gets them.
  sync::Projection Project(const catalog::CatalogFile& file, absl::Span<const catalog::IndicatorValue> values,
                           const catalog::Failure& content_failure) const override;
  sync::ProjectedRecord ProjectWithdrawal(const sync::Withdrawal& withdrawal) const override;
  sync::SendResult Send(absl::Span<const sync::OutboundRecord> records, const base::Deadline& deadline,
                        absl::string_view traceparent) override;
  std::vector<sync::PlannedRequest> Render(absl::Span<const sync::OutboundRecord> records) const override;
  // Reads the values as entered and the final ones, or for a withdrawal which indicators are withdrawn; if
  // either fails, so does the whole.
  sync::ReadResult Read(absl::string_view scope, const base::Deadline& deadline) override;
  sync::CheckResult Check(const base::Deadline& deadline) override;
  uint64_t credential_version() const override { return gateway_.credential_version(); }
  std::optional<absl::Time> credential_end() const override { return gateway_.credential_end(); }
  void Abort() override { gateway_.Abort(); }

  // Fetches the reference list of each region (and of the default one) that is missing or a day old. The
  // first error, after trying all.
  absl::Status Prepare(absl::Span<const std::string> kodepemdas, const base::Deadline& deadline) override;
  bool has_reference_list() const override { return true; }
  std::vector<sync::ReferenceListPtr> CachedReferenceLists() const override {
    return references_.AllCached();
  }
  absl::StatusOr<sync::ReferenceListPtr> LookAtReferenceList(absl::string_view kodepemda,
                                                             const base::Deadline& deadline) override {
    return References(kodepemda, ReferenceCache::Use::kLooking, deadline);
  }
  std::string reference_version() const override { return references_.version(); }

 private:
  FindReferences CachedLists() const;
  Call CallOf(absl::Span<const sync::OutboundRecord> records) const;
  // The list of one region, fetched if it must be. Errors carry a Failure.
  absl::StatusOr<ReferenceListPtr> References(absl::string_view kodepemda, ReferenceCache::Use use,
                                              const base::Deadline& deadline);
  // One table. `values` is what it holds of `scope`; the verdict says whether that is to be believed.
  sync::Verdict ReadTable(absl::string_view operation, absl::string_view endpoint, const TableScope& scope,
                          const base::Deadline& deadline, std::vector<sync::Exchange>& exchanges,
                          ObservedValues& values);
  sync::Verdict ReadFinal(const TableScope& scope, const base::Deadline& deadline,
                          std::vector<sync::Exchange>& exchanges, ObservedValues& values);
  // Also renews what is kept of the list.
  sync::Verdict ReadWithdrawn(const TableScope& scope, const base::Deadline& deadline,
                              std::vector<sync::Exchange>& exchanges, ObservedValues& values);
  Reply ReadReferences(absl::string_view kodepemda, const base::Deadline& deadline,
                       std::vector<TargetRow>& rows);
  absl::StatusOr<ReferenceList> FetchReferences(absl::string_view kodepemda, const base::Deadline& deadline);
  std::string CheckPath();
  void RememberRegion(absl::string_view kodepemda);

  const Options options_;
  base::Clock& clock_;
  Gateway gateway_;
  ReferenceCache references_;
  base::Mutex mu_;
  std::string last_kodepemda_ ABSL_GUARDED_BY(mu_);  // What Check() asks for where no default is set.
};

}  // namespace satudata::targets::ewalidata

#endif  // SERVER_TARGETS_EWALIDATA_EWALIDATA_TARGET_H_
