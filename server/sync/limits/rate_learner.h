// File: rate_learner.h
//
// Finds how many requests per second a target accepts, from nothing but what it accepts and refuses, and then
// keeps just under it. Most targets have no such limit, or never show it: until the first refusal the learner
// does not slow anything down (the concurrency limit, which starts at one, is the ramp).
//
// What it builds on: whoever refuses for speed has nothing left to give at that moment. So between two
// refusals what was accepted per second is the quota, or less where it was not used up in between; that holds
// for a bucket that refills and for a quota per second or minute alike.
//
//   kFree     no limit known
//   kClimb    a limit is near: starts under the estimate and rises until the next refusal shows it exactly
//   kHold     stays a little under it, but if it is very slow no longer than a minute, and then climbs
//   kProbe    rises a little over it until refused; the rarer, the more refusals that costs
//   kStarved  nothing is accepted at all: single requests, further and further apart, until one is
//
// Refusals that do not become fewer when the pace falls have nothing to do with us: the pace goes back up,
// and for a minute only a clear rise of their share counts.
//
// One correction per episode: answers to requests that were sent before it are counted, not reacted to. Pure:
// no threads, no clock, O(1) per call, no allocation. Not thread-safe.
#ifndef SERVER_SYNC_LIMITS_RATE_LEARNER_H_
#define SERVER_SYNC_LIMITS_RATE_LEARNER_H_

#include <cstdint>

#include "absl/time/time.h"

namespace satudata::sync {

// What is worth keeping of a target's rate over a restart.
struct LearnedRate {
  double per_second = 0;  // 0: no limit known.
  double burst = 0;       // Requests that it takes at once after a rest; 0: not known.
};

class RateLearner {
 public:
  enum class Phase { kFree, kClimb, kHold, kProbe, kStarved };

  // With a rate that was learned before, it begins by holding that.
  explicit RateLearner(LearnedRate learned = {});

  // Before this moment no request may go; InfinitePast while no limit is known.
  absl::Time NextTime() const { return next_; }
  void OnSend(absl::Time now);
  // The answer to a request of `send_time`. Of other outcomes nothing can be learned about speed.
  void OnAccepted(absl::Time send_time, absl::Time now);
  void OnRefused(absl::Time send_time, absl::Time now);
  // It said itself that nothing will be accepted before `until`; told after OnRefused.
  void OnHeld(absl::Time until, absl::Time now);

  // Per second; 0 while no limit is known.
  double rate() const { return phase_ == Phase::kFree ? 0 : known_; }
  Phase phase() const { return phase_; }
  LearnedRate Learned() const;

 private:
  // What was accepted since a moment.
  struct Tally {
    absl::Time since = absl::InfinitePast();
    int64_t accepted = 0;
    void Restart(absl::Time now) { *this = {now, 0}; }
    double PerSecond(absl::Time now) const;
  };

  void Enter(Phase phase, double pace, absl::Time now);
  void RollWindow(absl::Time now);
  void CountSustained(absl::Time now);
  double RefusedShare() const;
  bool IsNoise(double pace, absl::Time now);
  void Advance(absl::Time now);
  void ReactToRefusal(absl::Time now);
  void RefusedAgain(absl::Time now);
  void RefusedAnew(absl::Time now);
  void Correct(Phase phase, double pace, absl::Time now);
  void Drop(absl::Time now);
  void Starve(absl::Time now);
  void Recover(absl::Time now);
  double Measured(absl::Time now) const;
  double ProbePace() const;
  absl::Duration HoldTime() const;
  void Grow(double seconds);

  Phase phase_ = Phase::kFree;
  double known_ = 0;  // The quota, as far as known.
  double pace_ = 0;
  double burst_ = 0;
  absl::Time next_ = absl::InfinitePast();
  absl::Duration round_trip_;  // Smoothed.

  Tally life_;     // Since the first request, or since the target last recovered from starving us.
  Tally emptied_;  // Since the last refusal.
  Tally episode_;  // Since the first refusal of the episode under way.
  bool idled_ =
      false;  // Not all that was allowed was used since the last refusal: what was accepted says less.
  double free_burst_ = 0;  // Accepted before the first refusal ever.
  double free_seconds_ = 0;
  bool rolled_ = false;  // `life_` begins later than the first request.

  absl::Time correction_ = absl::InfinitePast();
  int64_t accepted_since_correction_ = 0;
  int strikes_ = 0;           // Corrections in a row that did not help.
  bool whole_cycle_ = false;  // Recovered with the rate of a whole cycle, which is yet to prove itself.

  Tally second_;                  // The second under way, to see what was sustained.
  double last_second_ = 0;        // Accepted in the last full second.
  double sustained_[2] = {0, 0};  // Best second of this span and of the one before.
  absl::Time span_start_ = absl::InfinitePast();
  uint64_t answers_ = 0;  // The last 64, newest lowest: 1 is a refusal.
  absl::Time noise_until_ = absl::InfinitePast();
  double noise_share_ = 0;

  absl::Time last_send_ = absl::InfinitePast();
  absl::Time phase_start_ = absl::InfinitePast();
  double growth_ = 0;      // Per second, of the climb.
  double surplus_ = 0;     // Requests accepted in the probe beyond the known rate.
  double probe_cost_ = 2;  // Refusals that a probe costs, smoothed.
  int64_t refused_since_probe_ = 0;
  absl::Duration starve_gap_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_RATE_LEARNER_H_
