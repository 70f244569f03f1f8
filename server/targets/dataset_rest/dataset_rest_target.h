// File: dataset_rest_target.h
//
// SPLP's dataset-rest profile as a sync::Target: one dataset per file, metadata only, confirmed by the answer
// to the request that carried it.
#ifndef SERVER_TARGETS_DATASET_REST_DATASET_REST_TARGET_H_
#define SERVER_TARGETS_DATASET_REST_DATASET_REST_TARGET_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"
#include "server/targets/dataset_rest/options.h"
#include "server/targets/gateway.h"

namespace satudata::targets::dataset_rest {

// Thread-safe.
class DatasetRestTarget final : public sync::Target {
 public:
  // `clock` must outlive the target. `tokens` may be null: the credentials are static.
  DatasetRestTarget(Options options, std::unique_ptr<http::HttpClient> client, base::Clock& clock,
                    std::unique_ptr<TokenSource> tokens = nullptr);

  const sync::TargetTraits& traits() const override { return options_.traits; }
  void SetPace(sync::Pace* pace) override { gateway_.SetPace(pace); }
  sync::Projection Project(const catalog::CatalogFile& file, absl::Span<const catalog::IndicatorValue> values,
                           const catalog::Failure& content_failure) const override;
  // POST; if the dataset is there already, GET, and only if that differs from ours PUT.
  sync::SendResult Send(absl::Span<const sync::OutboundRecord> records, const base::Deadline& deadline,
                        absl::string_view traceparent) override;
  // The POST.
  std::vector<sync::PlannedRequest> Render(absl::Span<const sync::OutboundRecord> records) const override;
  sync::ReadResult Read(absl::string_view scope, const base::Deadline& deadline) override;
  sync::CheckResult Check(const base::Deadline& deadline) override;
  uint64_t credential_version() const override { return gateway_.credential_version(); }
  std::optional<absl::Time> credential_end() const override { return gateway_.credential_end(); }
  void Abort() override { gateway_.Abort(); }

 private:
  struct ReadReply {
    Reply reply;
    std::optional<sync::ObservedValue> held;
  };
  Call CreateOf(const sync::OutboundRecord& record) const;
  std::string ItemPath(absl::string_view dataset_id) const;
  ReadReply ReadDataset(absl::string_view operation, absl::string_view dataset_id, Turn turn,
                        const base::Deadline& deadline, absl::string_view traceparent);
  sync::SendResult SettleConflict(const sync::OutboundRecord& record, const base::Deadline& deadline,
                                  absl::string_view traceparent, std::vector<sync::Exchange> post);
  Reply Update(const sync::OutboundRecord& record, const base::Deadline& deadline,
               absl::string_view traceparent);

  const Options options_;
  base::Clock& clock_;
  Gateway gateway_;
};

}  // namespace satudata::targets::dataset_rest

#endif  // SERVER_TARGETS_DATASET_REST_DATASET_REST_TARGET_H_
