#include "server/sync/preview.h"

#include <algorithm>

#include "absl/hash/hash.h"

namespace satudata::sync {
namespace {

using catalog::Failure;

bool IsUnread(const Record& record) {
  return record.state == State::kQueued && record.change == ChangeKind::kNone;
}

const Failure& FirstRefusal(const std::vector<Record>& records) {
  return std::find_if(records.begin(), records.end(),
                      [](const Record& record) { return record.state == State::kRejected; })
      ->failure;
}

std::vector<OutboundRecord> ToBeSent(const PlannedFile& planned) {
  std::vector<OutboundRecord> records;
  for (size_t i = 0; i < planned.records.size(); ++i) {
    if (planned.records[i].state == State::kQueued) records.push_back(planned.outbound[i]);
  }
  return records;
}

// Requests that write, per second, that the target takes, as far as is known; 0: nothing is.
double PaceOf(const TargetStatus& status) {
  double pace = status.rate_limit_per_second / status.traits.requests_per_send;
  if (status.latency.has_value() && *status.latency > absl::ZeroDuration()) {
    const double possible = status.concurrency_limit / absl::ToDoubleSeconds(*status.latency);
    pace = pace > 0 ? std::min(pace, possible) : possible;
  }
  return pace;
}

}  // namespace

void ShowAsPreview(const catalog::CatalogFile& file, const Failure& unread, SentKeys& sent,
                   PlannedFile& planned) {
  for (Record& record : planned.records) {
    if (IsUnread(record)) record.failure = unread;
    if (record.state != State::kQueued || sent.insert(absl::HashOf(record.key)).second) continue;
    record.state = State::kUnchanged;
    record.change = ChangeKind::kSame;
  }
  Delivery& delivery = planned.delivery;
  SumUp(planned.records, delivery);
  if (delivery.records[State::kRejected] > 0 && delivery.state != State::kRejected) {
    delivery.state = State::kPartial;
    delivery.failure = FirstRefusal(planned.records);
  }
  if (file.verification == catalog::Verification::kVerified) return;
  delivery.state = State::kRejected;
  delivery.failure = catalog::NotVerified(file);
}

int64_t CountToBeSent(const PlannedFile& planned) {
  return std::count_if(planned.records.begin(), planned.records.end(),
                       [](const Record& record) { return record.state == State::kQueued; });
}

std::vector<PlannedRequest> RenderRequests(const PlannedFile& planned, const Target& target) {
  const std::vector<OutboundRecord> records = ToBeSent(planned);
  const size_t batch = target.traits().max_batch_records;
  std::vector<PlannedRequest> requests;
  for (size_t from = 0; from < records.size() && requests.size() < kMostPreviews; from += batch) {
    for (PlannedRequest& request : target.Render(absl::MakeSpan(records).subspan(from, batch))) {
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

int64_t RequestsFor(int64_t records, const TargetTraits& traits) {
  const auto batch = static_cast<int64_t>(traits.max_batch_records);
  return (records + batch - 1) / batch;
}

Forecast MakeForecast(int64_t requests, const TargetStatus& status) {
  Forecast forecast{.request_count = requests};
  const double pace = PaceOf(status);
  if (requests == 0) {
    forecast.duration = absl::ZeroDuration();
  } else if (pace > 0) {
    forecast.duration = absl::Seconds(static_cast<double>(requests) / pace);
  }
  return forecast;
}

}  // namespace satudata::sync
