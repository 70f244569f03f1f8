// File: metrics.h
//
// What this service counts, in Prometheus's text format. Series whose labels can be enumerated are created at
// construction, so that a zero is shown as a zero; the others when they are first seen. No label is ever an
// id.
#ifndef SERVER_TELEMETRY_METRICS_H_
#define SERVER_TELEMETRY_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/sync/engine.h"
#include "server/sync/observer.h"
#include "server/sync/vitals.h"

namespace satudata::telemetry {

// Thread-safe.
class Metrics final : public sync::Observer {
 public:
  struct Options {
    std::vector<std::string> targets;  // Names of all that are configured.
    std::string version;               // For build_info.
  };
  explicit Metrics(Options options);
  ~Metrics() override;

  void OnDeliverySettled(absl::string_view target, sync::State state, absl::Duration since_creation) override;
  void OnRecordSettled(absl::string_view target, sync::State state, int64_t count) override;
  void OnExchange(absl::string_view target, const sync::Exchange& exchange) override;
  void OnRetry(absl::string_view target, catalog::Reason reason) override;
  void OnRunStarted(sync::RunKind kind) override;
  void OnRunEnded(sync::RunKind kind, sync::RunState state) override;
  void OnChunkLost(absl::string_view target) override;
  void OnChunksExpired(int64_t count) override;

  // A gRPC call that ended: `satudata.integration.v1.IntegrationService/GetRun`, `NOT_FOUND`.
  void OnCall(absl::string_view method, absl::string_view code, absl::Duration duration);
  // One commit of the store.
  void OnCommit(absl::Duration duration);

  // How things stand, asked at each scrape. The engine must outlive the metrics, or be taken away with null.
  void SetEngine(sync::Engine* engine);

  // Calls that pages make.
  struct WebLoad {
    size_t streams = 0;   // Under way.
    int64_t refused = 0;  // Since the start, for want of a place.
  };
  // Asked at each scrape; null takes it away.
  void SetWeb(std::function<WebLoad()> web);

  struct StoreState {
    bool usable = false;                         // What is written gets there.
    std::shared_ptr<const sync::Vitals> vitals;  // Null: not known yet.
    absl::Time now;
  };
  // Asked at each scrape; null takes it away.
  void SetStore(std::function<StoreState()> store);

  // When each target's credential ends, where that is known. Asked at each scrape.
  using CredentialEnds = std::map<std::string, std::optional<absl::Time>>;
  void SetCredentials(std::function<CredentialEnds()> credentials);

  // Whether what `files` (`tls`, `web-tls`, `jwks`) say now could be read; else what they said before is
  // used.
  void SetFilesUsable(absl::string_view files, bool usable);
  // Of the certificate that `listener` (`grpc`, `web`, `admin`) shows.
  void SetCertificateEnd(absl::string_view listener, absl::Time end);

  // All of it, as `text/plain; version=0.0.4`.
  std::string Render();

 private:
  struct Series;
  void CollectGauges();
  void CollectWeb();
  void CollectStore();
  void ShowVitals(const sync::Vitals& vitals, absl::Time now);
  void CollectCredentials();

  const std::vector<std::string> targets_;
  const std::unique_ptr<Series> series_;
};

}  // namespace satudata::telemetry

#endif  // SERVER_TELEMETRY_METRICS_H_
