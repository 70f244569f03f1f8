// File: target_control.h
//
// How much of us one target gets at this moment. The Lane asks whether a request may go, and tells what came
// of each; learned rate, concurrency limit, circuit breaker, the target's own hints and pauses are behind it.
// Targets share nothing: what befalls one never slows another.
//
//   if (control.MayRequest(now)) ticket = control.OnSend(now); …; control.OnAnswer(ticket, verdict, …)
//   turn = control.AskTurn(); … if (control.TakeTurn(turn, now)) …       a further request of one under way
//   if (control.ProbeDue(now)) control.OnProbeSent(now); …; control.OnProbed(result, now)
//
// A *stop* is when nothing may go though there is capacity: an open circuit, a hint of some length, a pause.
// One that is known to end within `in_run_wait` of its beginning is waited for inside the run; a longer one
// is not. The clock of the durable ladder stands still during either (StoppedTime).
//
// The rate is one of requests: what takes more than one has each of them counted, and those go before what
// has not begun. The concurrency is one of what is under way, which makes one request at a time.
//
// Pure: no threads, no clock; O(1) and without allocation for each that goes well with one request. Not
// thread-safe.
#ifndef SERVER_SYNC_LIMITS_TARGET_CONTROL_H_
#define SERVER_SYNC_LIMITS_TARGET_CONTROL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/sync/limits/circuit_breaker.h"
#include "server/sync/limits/concurrency_limit.h"
#include "server/sync/limits/grant.h"
#include "server/sync/limits/rate_learner.h"
#include "server/sync/limits/target_memory.h"
#include "server/sync/run.h"
#include "server/sync/target.h"

namespace satudata::sync {

struct TargetControlOptions {
  int first_concurrency = 1;  // Default: one at a time to begin with, and after an outage or a pause.
  CircuitBreakerOptions breaker;
  absl::Duration in_run_wait = absl::Minutes(5);   // Default: a stop known to be longer is a long one.
  absl::Duration hold_from = absl::Seconds(10);    // Default: a hint this long holds the target.
  absl::Duration pause_probe = absl::Minutes(10);  // Default: between probes of a target that refuses us.
  absl::Duration store_every = absl::Seconds(10);  // Default: between two storings of what was learned.
};

// Something that people want to know of once.
struct TargetNotice {
  enum class Kind { kOutageBegan, kOutageEnded, kPaused, kResumed, kHeld };
  Kind kind = Kind::kOutageBegan;
  catalog::Failure failure;
  absl::Time until = absl::InfiniteFuture();  // When it is tried again, if that is known.
};

class TargetControl {
 public:
  // A request under way.
  struct Ticket {
    absl::Time send_time;
    int in_flight = 0;          // With this one, when it was sent.
    absl::Time last_send_time;  // Of its last request.
  };

  // `traits` must outlive this.
  TargetControl(const TargetTraits& traits, TargetControlOptions options);
  // Goes on with what an earlier process knew. Before the first request.
  void Restore(TargetMemory memory, absl::Time now);

  // From now on nothing goes without a grant, and no more than that; one that probes needs the right to it.
  void RequireGrants();
  // `grant` is good until `until`.
  void SetGrant(const Grant& grant, absl::Time until, absl::Time now);
  // What may be used by it now. Slots: 0 without one.
  Grant grant(absl::Time now) const;
  // There is a slot to be had, or none is needed.
  bool HasSlots(absl::Time now) const;
  // A new grant is needed before something can go.
  bool NeedsGrant(absl::Time now) const;
  // A request has gone so lately that the next one has to wait for its time: what one gives up now, another
  // must not use yet.
  bool OwesTime(absl::Time now) const { return HasCeiling() && next_by_ceiling_ > now; }
  bool HasTurns() const { return !turns_.empty(); }
  // What another process has stored of the target: its pauses, its circuit and its holds are ours as well.
  void Adopt(const TargetMemory& memory, absl::Time now);

  // Whether a request may go now. After it did: OnSend.
  bool MayRequest(absl::Time now) const;
  // From when on a request or a probe may go, as far as time alone decides; InfiniteFuture while it takes an
  // answer or a person.
  absl::Time NextRequestTime() const;
  absl::Time NextProbeTime() const;
  Ticket OnSend(absl::Time now);
  // It was not sent after all.
  void OnNotSent() { --in_flight_; }

  // What is under way wants to make a further request. Until TakeTurn gave it that or LeaveTurn, nothing goes
  // that has not begun. In the order of asking.
  int64_t AskTurn();
  // From when on it may go, if nobody is before it; InfiniteFuture while the target is stopped by more than
  // time.
  absl::Time NextTurnTime() const;
  bool IsFirstTurn(int64_t turn) const { return turn == *turns_.begin(); }
  bool TakeTurn(int64_t turn, absl::Time now);
  void LeaveTurn(int64_t turn) { turns_.erase(turn); }
  // A request went that nobody asked about.
  void OnUnasked(absl::Time now) { CountRequest(now); }
  // Before OnAnswer or OnReadAnswer: it made a request at `send_time` before its last one, and the target
  // answered it.
  void OnFurtherAnswer(absl::Time send_time, absl::Time now);
  // `odd_id` names whom an answer of no known shape is counted for. `latency`: the target's own.
  void OnAnswer(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id,
                absl::Duration latency, absl::Time now);
  // The same for a read, which may take far longer than a request that sends: its latency says nothing.
  void OnReadAnswer(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id, absl::Time now);

  bool ProbeDue(absl::Time now) const { return now >= NextProbeTime() && MayProbe(now); }
  bool MayProbe(absl::Time now) const;
  void OnProbeSent();
  void OnProbed(const CheckResult& result, absl::Time now);

  // A probe that somebody else made and that went well ends what one of ours would end.
  void OnChecked(const CheckResult& result, absl::Time now);

  // Nothing but the one request that got this answer is to be tried before `until`.
  void HoldUntil(absl::Time until, const catalog::Failure& failure, absl::Time now);
  void Pause(TargetPause pause, absl::Time now);
  // Ends a pause, whoever made it; false if there is none.
  bool Resume(absl::Time now);
  // A target that refused our credentials is probed at once.
  void OnCredentialsChanged(absl::Time now);

  bool stopped(absl::Time now) const;
  // It will not go on within the time that a run waits.
  bool stopped_for_long(absl::Time now) const;
  bool paused() const { return pause_.kind != PauseKind::kNone; }
  // Why nothing may go now, and until when as far as known.
  std::optional<Wait> CurrentWait(absl::Time now) const;
  // How long the target has been stopped in all.
  absl::Duration StoppedTime(absl::Time now) const;
  // Changes whenever a stop begins, ends, or turns out to be a long one.
  int64_t stop_version() const { return stop_version_; }
  // When a hint that holds the target ends; InfiniteFuture if none does.
  absl::Time NextStopEnd(absl::Time now) const {
    return now < hold_until_ ? hold_until_ : absl::InfiniteFuture();
  }
  // Takes note of stops that ended because time passed.
  void Advance(absl::Time now);

  Circuit circuit() const { return breaker_.state(); }
  int concurrency_limit() const { return limit_.limit(); }
  double rate_limit() const;  // Per second; 0: none known.
  int in_flight() const { return in_flight_; }
  // The least that the target took to answer of late; InfiniteDuration if it was not asked.
  absl::Duration latency() const { return limit_.least_latency(); }
  const TargetPause& pause() const { return pause_; }
  const RateLearner& rate_learner() const { return rate_; }

  std::vector<TargetNotice> TakeNotices() { return std::exchange(notices_, {}); }
  // What is to be stored now, if anything.
  std::optional<TargetMemory> TakeMemory(absl::Time now);
  // It could not be stored: what has changed is given again, after a moment.
  void KeepUntold(const TargetMemory& memory, absl::Time now);

 private:
  struct Granted {
    Grant grant;
    absl::Time until = absl::InfinitePast();
  };

  bool HasCeiling() const { return traits_.rate_limit_per_second > 0; }
  double Ceiling() const;
  int Slots() const;
  void AdoptCircuit(const TargetMemory& memory, absl::Time now);
  void AdoptPause(const TargetPause& pause, absl::Time now);
  void CountRequest(absl::Time now);
  void OnTaken(const Ticket& ticket, absl::Time now);
  void OnNotTaken(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id, absl::Time now);
  void OnThrottled(const Ticket& ticket, const Verdict& verdict, absl::Time now);
  void OnOutage(const Ticket& ticket, const Verdict& verdict, absl::Time now);
  void OnOdd(const Ticket& ticket, const Verdict& verdict, absl::string_view odd_id, absl::Time now);
  void OnOpened(const catalog::Failure& failure, bool odd, absl::Time now);
  void OnCircuitProbed(const CheckResult& result, absl::Time now);
  void GoOn(TargetNotice::Kind kind, absl::Time now);
  void NoteStop(absl::Time now);
  TargetMemory Memory(absl::Time now) const;

  const TargetTraits& traits_;
  const TargetControlOptions options_;
  RateLearner rate_;
  ConcurrencyLimit limit_;
  CircuitBreaker breaker_;
  std::optional<Granted> grant_;  // None: the target is ours alone.
  int in_flight_ = 0;
  int64_t next_turn_ = 1;
  absl::btree_set<int64_t> turns_;  // Asked for.
  absl::Time next_by_ceiling_ = absl::InfinitePast();

  catalog::Failure circuit_failure_;
  bool opened_by_odd_answers_ = false;
  absl::Time outage_start_ = absl::InfinitePast();
  absl::Time closed_since_ = absl::InfinitePast();
  bool probing_ = false;
  absl::Time next_pause_probe_ = absl::InfiniteFuture();

  absl::Time hold_until_ = absl::InfinitePast();
  absl::Time hold_start_ = absl::InfinitePast();
  catalog::Failure hold_failure_;
  TargetPause pause_;

  bool was_stopped_ = false;
  bool was_stopped_for_long_ = false;
  absl::Time stop_start_;
  absl::Duration stopped_before_;
  int64_t stop_version_ = 0;

  std::vector<TargetNotice> notices_;
  struct {
    bool circuit = false;
    bool pause = false;
    bool hold = false;
  } changed_;  // Not yet taken to be stored.
  absl::Time next_telling_ = absl::InfinitePast();
  TargetMemory stored_;
};

}  // namespace satudata::sync

#endif  // SERVER_SYNC_LIMITS_TARGET_CONTROL_H_
