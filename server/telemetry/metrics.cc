#include "server/telemetry/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "server/base/mutex.h"
#include "server/catalog/failure.h"
#include "server/telemetry/labelled.h"

namespace satudata::telemetry {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;
using Counters = Labelled<prometheus::Counter>;
using Gauges = Labelled<prometheus::Gauge>;
using Histograms = Labelled<prometheus::Histogram, Buckets>;

// From planning to rest: seconds when all is well, hours behind a closed target.
const Buckets kDeliveryBuckets = {0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400};
// These targets take up to two minutes to answer.
const Buckets kHttpBuckets = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 120, 300};
const Buckets kCallBuckets = {0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60, 600};
const Buckets kCommitBuckets = {0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};

Counters MakeCounters(prometheus::Registry& registry, const char* name, const char* help,
                      std::vector<std::string> labels) {
  return Counters(prometheus::BuildCounter().Name(name).Help(help).Register(registry), std::move(labels));
}
Gauges MakeGauges(prometheus::Registry& registry, const char* name, const char* help,
                  std::vector<std::string> labels) {
  return Gauges(prometheus::BuildGauge().Name(name).Help(help).Register(registry), std::move(labels));
}
Histograms MakeHistograms(prometheus::Registry& registry, const char* name, const char* help,
                          std::vector<std::string> labels, const Buckets& buckets) {
  return Histograms(prometheus::BuildHistogram().Name(name).Help(help).Register(registry), std::move(labels),
                    buckets);
}

double CircuitValue(sync::Circuit circuit) {
  switch (circuit) {
    case sync::Circuit::kClosed:
      return 0;
    case sync::Circuit::kHalfOpen:
      return 1;
    case sync::Circuit::kOpen:
      return 2;
  }
  return 2;
}

// `none` where the target did not answer.
std::string HttpCode(int code) { return code == 0 ? "none" : absl::StrCat(code); }

}  // namespace

struct Metrics::Series {
  prometheus::Registry registry;
  Counters deliveries = MakeCounters(registry, "integration_deliveries_total",
                                     "Deliveries that came to rest in a state.", {"target", "state"});
  Histograms delivery_duration =
      MakeHistograms(registry, "integration_delivery_duration_seconds",
                     "From planning a delivery to its coming to rest.", {"target"}, kDeliveryBuckets);
  Counters records = MakeCounters(registry, "integration_records_total",
                                  "Records that came to rest in a state.", {"target", "state"});
  Counters http_requests =
      MakeCounters(registry, "integration_http_requests_total", "Requests to targets; code none: no answer.",
                   {"target", "operation", "code"});
  Histograms http_duration =
      MakeHistograms(registry, "integration_http_request_duration_seconds",
                     "How long targets took to answer.", {"target", "operation"}, kHttpBuckets);
  Counters retries = MakeCounters(registry, "integration_retries_total",
                                  "Deliveries that are to be sent again, by reason.", {"target", "reason"});
  Gauges circuit =
      MakeGauges(registry, "integration_target_circuit_state", "0 closed, 1 half open, 2 open.", {"target"});
  Gauges in_flight = MakeGauges(registry, "integration_target_in_flight", "Requests under way.", {"target"});
  Gauges concurrency = MakeGauges(registry, "integration_target_concurrency_limit",
                                  "Requests that may be under way at once.", {"target"});
  Gauges rate = MakeGauges(registry, "integration_target_rate_limit",
                           "Requests per second that are allowed; 0: no limit known.", {"target"});
  Gauges paused =
      MakeGauges(registry, "integration_target_paused", "1 while nothing is sent by decision.", {"target"});
  Gauges queue =
      MakeGauges(registry, "integration_queue_depth", "Deliveries that wait to be sent.", {"target"});
  Counters runs =
      MakeCounters(registry, "integration_runs_total", "Runs that ended, by how.", {"kind", "state"});
  Gauges runs_active = MakeGauges(registry, "integration_runs_active",
                                  "Runs under way that this server carries to their end.", {});
  Counters chunks_lost =
      MakeCounters(registry, "integration_chunks_lost_total",
                   "Chunks of deliveries that another process took over from this one.", {"target"});
  Gauges chunks_expired = MakeGauges(registry, "integration_chunks_expired",
                                     "Chunks of deliveries that stand still: their lease has ended.", {});
  Counters calls =
      MakeCounters(registry, "integration_grpc_handled_total", "gRPC calls that ended.", {"method", "code"});
  Histograms call_duration = MakeHistograms(registry, "integration_grpc_handling_seconds",
                                            "How long gRPC calls took.", {"method"}, kCallBuckets);
  Histograms commit = MakeHistograms(registry, "integration_store_commit_seconds",
                                     "How long commits of the store took.", {}, kCommitBuckets);
  Gauges build = MakeGauges(registry, "integration_build_info", "Always 1.", {"version"});

  Gauges controller = MakeGauges(registry, "integration_target_controller",
                                 "1 where this server is the one that probes the target.", {"target"});
  Gauges granted = MakeGauges(registry, "integration_target_granted_slots",
                              "Requests that this server may have under way, of several.", {"target"});
  Gauges waiting = MakeGauges(registry, "integration_files_waiting",
                              "Files whose newest delivery rests so: it goes on later, or needs somebody.",
                              {"target", "state"});
  Gauges waiting_age = MakeGauges(registry, "integration_files_waiting_oldest_seconds",
                                  "Since when the first of these deliveries was planned; 0: there is none.",
                                  {"target", "state"});
  Gauges confirm_time =
      MakeGauges(registry, "integration_last_confirmation_seconds",
                 "When a delivery was last confirmed, in seconds since 1970; 0: never.", {"target"});
  Gauges sync_time = MakeGauges(
      registry, "integration_last_sync_seconds",
      "When a whole SyncAll last ended SUCCEEDED or PARTIAL, in seconds since 1970; 0: never.", {"target"});
  Gauges stall = MakeGauges(registry, "integration_run_stalled_seconds",
                            "For how long the run that stands still longest has made no progress.", {});
  Gauges store_usable = MakeGauges(registry, "integration_store_usable",
                                   "1 while what is written to the database gets there.", {});
  Gauges credential_end = MakeGauges(
      registry, "integration_credential_expiry_seconds",
      "When a target's token ends, by its own exp, in seconds since 1970; +Inf: not known.", {"target"});

  Gauges web_streams =
      MakeGauges(registry, "integration_web_streams", "Calls that pages have under way.", {});
  Counters web_refused =
      MakeCounters(registry, "integration_web_refused_total",
                   "Calls of pages that were refused because too many were under way.", {});

  Gauges files_usable = MakeGauges(
      registry, "integration_files_usable",
      "Whether what these files say now is in use; 0: they changed into what cannot be.", {"files"});
  Gauges certificate_end =
      MakeGauges(registry, "integration_certificate_expiry_seconds",
                 "When a certificate of this server ends, in seconds since 1970.", {"listener"});

  base::Mutex mu;
  std::function<WebLoad()> web ABSL_GUARDED_BY(mu);
  std::function<StoreState()> store ABSL_GUARDED_BY(mu);
  std::function<CredentialEnds()> credentials ABSL_GUARDED_BY(mu);
  sync::Engine* engine ABSL_GUARDED_BY(mu) = nullptr;
};

Metrics::Metrics(Options options) : targets_(options.targets), series_(std::make_unique<Series>()) {
  series_->build.With({options.version}).Set(1);
  series_->commit.With({});
  series_->runs_active.With({});
  series_->chunks_expired.With({});
  series_->web_streams.With({});
  series_->web_refused.With({});
  series_->stall.With({});
  series_->store_usable.With({});
  for (const std::string& target : options.targets) {
    series_->confirm_time.With({target});
    series_->sync_time.With({target});
    series_->credential_end.With({target}).Set(std::numeric_limits<double>::infinity());
    series_->delivery_duration.With({target});
    series_->chunks_lost.With({target});
    for (int i = 0; i < sync::kStateCount; ++i) {
      const absl::string_view state = sync::StateName(static_cast<sync::State>(i));
      if (!sync::IsResting(static_cast<sync::State>(i))) continue;
      series_->deliveries.With({target, state});
      series_->records.With({target, state});
    }
  }
}

Metrics::~Metrics() = default;

void Metrics::OnDeliverySettled(absl::string_view target, sync::State state, absl::Duration since_creation) {
  series_->deliveries.With({target, sync::StateName(state)}).Increment();
  series_->delivery_duration.With({target}).Observe(absl::ToDoubleSeconds(since_creation));
}

void Metrics::OnRecordSettled(absl::string_view target, sync::State state, int64_t count) {
  series_->records.With({target, sync::StateName(state)}).Increment(static_cast<double>(count));
}

void Metrics::OnExchange(absl::string_view target, const sync::Exchange& exchange) {
  series_->http_requests.With({target, exchange.operation, HttpCode(exchange.http_code)}).Increment();
  series_->http_duration.With({target, exchange.operation}).Observe(absl::ToDoubleSeconds(exchange.duration));
}

void Metrics::OnRetry(absl::string_view target, catalog::Reason reason) {
  series_->retries.With({target, catalog::ReasonName(reason)}).Increment();
}

void Metrics::OnRunStarted(sync::RunKind) {
}  // runs_active is asked of the engine, which also knows resumed runs.

void Metrics::OnRunEnded(sync::RunKind kind, sync::RunState state) {
  series_->runs.With({sync::RunKindName(kind), sync::RunStateName(state)}).Increment();
}

void Metrics::OnChunkLost(absl::string_view target) { series_->chunks_lost.With({target}).Increment(); }

void Metrics::OnChunksExpired(int64_t count) {
  series_->chunks_expired.With({}).Set(static_cast<double>(count));
}

void Metrics::OnCall(absl::string_view method, absl::string_view code, absl::Duration duration) {
  series_->calls.With({method, code}).Increment();
  series_->call_duration.With({method}).Observe(absl::ToDoubleSeconds(duration));
}

void Metrics::OnCommit(absl::Duration duration) {
  series_->commit.With({}).Observe(absl::ToDoubleSeconds(duration));
}

void Metrics::SetEngine(sync::Engine* engine) {
  base::MutexLock lock(&series_->mu);
  series_->engine = engine;
}

// Under the lock, so that the engine cannot be taken away meanwhile.
void Metrics::CollectGauges() {
  base::MutexLock lock(&series_->mu);
  if (series_->engine == nullptr) return;
  for (const sync::TargetStatus& target : series_->engine->Targets()) {
    const std::string& name = target.traits.name;
    series_->circuit.With({name}).Set(CircuitValue(target.circuit));
    series_->in_flight.With({name}).Set(target.in_flight);
    series_->concurrency.With({name}).Set(target.concurrency_limit);
    series_->rate.With({name}).Set(target.rate_limit_per_second);
    series_->paused.With({name}).Set(target.pause.kind != sync::PauseKind::kNone ? 1 : 0);
    series_->queue.With({name}).Set(static_cast<double>(target.queue_depth));
    series_->controller.With({name}).Set(target.controls ? 1 : 0);
    series_->granted.With({name}).Set(target.granted_slots);
  }
  series_->runs_active.With({}).Set(static_cast<double>(series_->engine->ActiveRunCount()));
}

void Metrics::SetStore(std::function<StoreState()> store) {
  base::MutexLock lock(&series_->mu);
  series_->store = std::move(store);
}

void Metrics::SetCredentials(std::function<CredentialEnds()> credentials) {
  base::MutexLock lock(&series_->mu);
  series_->credentials = std::move(credentials);
}

void Metrics::CollectStore() {
  base::MutexLock lock(&series_->mu);
  if (series_->store == nullptr) return;
  const StoreState state = series_->store();
  series_->store_usable.With({}).Set(state.usable ? 1 : 0);
  if (state.vitals != nullptr) ShowVitals(*state.vitals, state.now);
}

void Metrics::ShowVitals(const sync::Vitals& vitals, absl::Time now) {
  for (const std::string& target : targets_) {
    for (const sync::State state : sync::WatchedStates()) {
      series_->waiting.With({target, sync::StateName(state)}).Set(0);
      series_->waiting_age.With({target, sync::StateName(state)}).Set(0);
    }
  }
  for (const sync::RestingFiles& files : vitals.stored.resting) {
    const double age = std::max(0.0, absl::ToDoubleSeconds(now - files.oldest));
    series_->waiting.With({files.target, sync::StateName(files.state)}).Set(static_cast<double>(files.count));
    series_->waiting_age.With({files.target, sync::StateName(files.state)}).Set(age);
  }
  for (const auto& [target, time] : vitals.stored.confirm_times) {
    series_->confirm_time.With({target}).Set(static_cast<double>(absl::ToUnixSeconds(time)));
  }
  for (const auto& [target, time] : vitals.stored.sync_times) {
    series_->sync_time.With({target}).Set(static_cast<double>(absl::ToUnixSeconds(time)));
  }
  series_->stall.With({}).Set(absl::ToDoubleSeconds(vitals.longest_stall));
}

void Metrics::CollectCredentials() {
  base::MutexLock lock(&series_->mu);
  if (series_->credentials == nullptr) return;
  for (const auto& [target, end] : series_->credentials()) {
    series_->credential_end.With({target}).Set(end.has_value()
                                                   ? static_cast<double>(absl::ToUnixSeconds(*end))
                                                   : std::numeric_limits<double>::infinity());
  }
}

void Metrics::SetWeb(std::function<WebLoad()> web) {
  base::MutexLock lock(&series_->mu);
  series_->web = std::move(web);
}

void Metrics::CollectWeb() {
  base::MutexLock lock(&series_->mu);
  if (series_->web == nullptr) return;
  const WebLoad load = series_->web();
  series_->web_streams.With({}).Set(static_cast<double>(load.streams));
  prometheus::Counter& refused = series_->web_refused.With({});
  refused.Increment(static_cast<double>(load.refused) - refused.Value());
}

void Metrics::SetFilesUsable(absl::string_view files, bool usable) {
  series_->files_usable.With({std::string(files)}).Set(usable ? 1 : 0);
}

void Metrics::SetCertificateEnd(absl::string_view listener, absl::Time end) {
  series_->certificate_end.With({std::string(listener)}).Set(static_cast<double>(absl::ToUnixSeconds(end)));
}

std::string Metrics::Render() {
  CollectGauges();
  CollectWeb();
  CollectStore();
  CollectCredentials();
  return prometheus::TextSerializer().Serialize(series_->registry.Collect());
}

}  // namespace satudata::telemetry
