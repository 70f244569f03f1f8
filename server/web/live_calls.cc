#include "server/web/live_calls.h"

#include <chrono>
#include <utility>
#include <vector>

namespace satudata::web {

void LiveCalls::Place::Hold(std::shared_ptr<BridgedCall> call) {
  bool too_late = false;
  {
    base::MutexLock lock(&calls_.mu_);
    call_ = call;
    too_late = calls_.gave_up_;
  }
  if (too_late) call->Cancel();
}

std::shared_ptr<LiveCalls::Place> LiveCalls::TakePlace() {
  base::MutexLock lock(&mu_);
  if (draining_ || places_.size() >= limit_) {
    ++refused_;
    return nullptr;
  }
  auto place = std::make_shared<Place>(*this);
  places_.insert(place.get());
  return place;
}

void LiveCalls::Drain(absl::Duration grace) {
  {
    base::MutexLock lock(&mu_);
    draining_ = true;
    const auto give_up = std::chrono::steady_clock::now() + absl::ToChronoMicroseconds(grace);
    while (!places_.empty() && std::chrono::steady_clock::now() < give_up) {
      changed_.WaitFor(&mu_, give_up - std::chrono::steady_clock::now());
    }
  }
  CancelAll();
}

void LiveCalls::CancelAll() {
  std::vector<std::shared_ptr<BridgedCall>> calls;
  {
    base::MutexLock lock(&mu_);
    gave_up_ = true;
    for (const Place* place : places_) {
      if (place->call_ != nullptr) calls.push_back(place->call_);
    }
  }
  for (const auto& call : calls) call->Cancel();
}

size_t LiveCalls::count() {
  base::MutexLock lock(&mu_);
  return places_.size();
}

int64_t LiveCalls::refused() {
  base::MutexLock lock(&mu_);
  return refused_;
}

void LiveCalls::Remove(Place* place) {
  base::MutexLock lock(&mu_);
  places_.erase(place);
  changed_.SignalAll();
}

}  // namespace satudata::web
