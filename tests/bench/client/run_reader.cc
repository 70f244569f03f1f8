#include "tests/bench/client/run_reader.h"

namespace satudata::bench {
namespace {

namespace v1 = ::satudata::integration::v1;

nlohmann::json CountsOf(const v1::Run& run) {
  nlohmann::json counts = nlohmann::json::object();
  for (const v1::TargetCounts& target : run.target_counts()) {
    for (const v1::StateCount& state : target.states()) {
      counts[target.target()][v1::Delivery::State_Name(state.state())] = state.count();
    }
  }
  return counts;
}

double Seconds(const google::protobuf::Timestamp& time) {
  return static_cast<double>(time.seconds()) + 1e-9 * time.nanos();
}

}  // namespace

void RunReader::Take(const v1::RunEvent& event) {
  last_event_ = std::chrono::steady_clock::now();
  ++events_;
  if (run_id_.empty()) run_id_ = event.run_id();
  ordered_ = ordered_ && event.sequence() >= sequence_;
  sequence_ = event.sequence();
  if (event.has_snapshot()) run_ = event.snapshot();
  if (!event.has_delivery()) return;
  if (told_.empty()) first_delivery_ = last_event_;
  ++told_[v1::Delivery::State_Name(event.delivery().state())];
}

nlohmann::json RunReader::Account() const {
  return {{"run_id", run_id_},
          {"state", v1::Run::State_Name(run_.state())},
          {"counts", CountsOf(run_)},
          {"open", run_.open_count()},
          {"run_seconds", Seconds(run_.end_time()) - Seconds(run_.create_time())},
          {"told", told_},
          {"events", events_},
          {"ordered", ordered_},
          {"first_delivery", SecondsUntil(first_delivery_)},
          {"seconds", SecondsUntil(last_event_)}};
}

}  // namespace satudata::bench
