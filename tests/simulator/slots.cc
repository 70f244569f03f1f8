#include "tests/simulator/slots.h"

#include <algorithm>

namespace satudata::simulator {

bool Slots::Enter() {
  base::MutexLock lock(&mu_);
  if (stopped_) return false;
  ++figures_.offered;
  figures_.peak_offered = std::max(figures_.peak_offered, figures_.offered);
  if (!Free()) {
    ++figures_.over_limit;
    while (policy_ == SlotPolicy::kQueue && !stopped_ && !Free()) freed_.Wait(&mu_);
  }
  if (stopped_ || !Free()) {
    --figures_.offered;
    return false;
  }
  ++figures_.serving;
  figures_.peak_serving = std::max(figures_.peak_serving, figures_.serving);
  return true;
}

void Slots::Leave() {
  base::MutexLock lock(&mu_);
  --figures_.serving;
  --figures_.offered;
  if (limit_ != 0) freed_.Signal();
}

void Slots::Stop() {
  base::MutexLock lock(&mu_);
  stopped_ = true;
  freed_.SignalAll();
}

void Slots::Reset() {
  base::MutexLock lock(&mu_);
  figures_.peak_serving = figures_.serving;
  figures_.peak_offered = figures_.offered;
  figures_.over_limit = 0;
}

SlotFigures Slots::figures() const {
  base::MutexLock lock(&mu_);
  return figures_;
}

}  // namespace satudata::simulator
