// File: ckan_target.h
//
// SPLP's ckan profile as a sync::Target: one dataset per file, its metadata as a package and its content as
// the package's one resource, confirmed by reading the package back.
//
// What somebody changes at CKAN by its own means shows as another hash, with one exception: a file that is
// exchanged by resource_patch keeps the hash and the size that its resource had. Only who fetches it would
// see.
#ifndef SERVER_TARGETS_CKAN_CKAN_TARGET_H_
#define SERVER_TARGETS_CKAN_CKAN_TARGET_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/catalog/content_source.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"
#include "server/targets/ckan/options.h"
#include "server/targets/ckan/send_errand.h"
#include "server/targets/gateway.h"

namespace satudata::targets::ckan {

// Thread-safe.
class CkanTarget final : public sync::Target {
 public:
  // `clock` and `contents` must outlive the target. `tokens` may be null: the credentials are static.
  CkanTarget(Options options, std::unique_ptr<http::HttpClient> client, base::Clock& clock,
             catalog::ContentSource& contents, std::unique_ptr<TokenSource> tokens = nullptr);

  const sync::TargetTraits& traits() const override { return options_.traits; }
  void SetPace(sync::Pace* pace) override { gateway_.SetPace(pace); }
  // Looks into the content for what it is; bytes of the same hash are looked at once.
  sync::Projection Project(const catalog::CatalogFile& file, absl::Span<const catalog::IndicatorValue> values,
                           const catalog::Failure& content_failure) const override;
  // Shows the package, then creates or changes what differs. Sends nothing of a file whose bytes are not
  // those that were verified.
  sync::SendResult Send(absl::Span<const sync::OutboundRecord> records, const base::Deadline& deadline,
                        absl::string_view traceparent) override;
  // The package as it is made; where one is there, the same metadata go into its package_patch.
  std::vector<sync::PlannedRequest> Render(absl::Span<const sync::OutboundRecord> records) const override;
  sync::ReadResult Read(absl::string_view scope, const base::Deadline& deadline) override;
  sync::CheckResult Check(const base::Deadline& deadline) override;
  uint64_t credential_version() const override { return gateway_.credential_version(); }
  std::optional<absl::Time> credential_end() const override { return gateway_.credential_end(); }
  void Abort() override { gateway_.Abort(); }

 private:
  catalog::Failure JudgeContent(const catalog::CatalogFile& file,
                                const catalog::Failure& content_failure) const;
  absl::StatusOr<std::string> TypeOf(const catalog::CatalogFile& file) const;
  bool IsRefusedForUsAlone(const sync::Verdict& verdict, const base::Deadline& deadline,
                           sync::ReadResult& result);

  const Options options_;
  base::Clock& clock_;
  catalog::ContentSource& contents_;
  Gateway gateway_;
  const Errands errands_;
  mutable base::Mutex mu_;
  mutable absl::flat_hash_map<std::string, std::string> types_ ABSL_GUARDED_BY(mu_);  // By hash.
};

}  // namespace satudata::targets::ckan

#endif  // SERVER_TARGETS_CKAN_CKAN_TARGET_H_
