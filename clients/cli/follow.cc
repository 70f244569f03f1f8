#include "clients/cli/follow.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/names.h"
#include "clients/cli/refusal.h"
#include "clients/cli/text.h"
#include "server/base/backoff.h"

namespace satudata::cli {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(100);
// The server sends a heartbeat when nothing happens; a stream that is silent for so long is dead.
constexpr absl::Duration kLongestSilence = absl::Seconds(90);
// With the pauses below about a minute: longer than a server takes to restart.
constexpr int kMostReconnects = 12;
constexpr base::BackoffOptions kPauses = {
    .initial = absl::Seconds(1), .maximum = absl::Seconds(15), .factor = 2};
// A stream that lived so long was a good one: what breaks it counts as the first failure.
constexpr absl::Duration kGoodStream = absl::Seconds(10);

class Follower {
 public:
  Follower(Session& session, Reporter& reporter, FollowStart start)
      : session_(session), reporter_(reporter), start_(std::move(start)), sequence_(start_.after_sequence) {}

  Followed Run() {
    const ExitCode exit_code = FollowToEnd();
    return {.exit_code = exit_code, .view = std::move(view_)};
  }

 private:
  ExitCode FollowToEnd();
  grpc::Status ReadStream();
  grpc::Status ReadEvents(EventStream& stream);
  void Take(const v1::RunEvent& event);
  EventStream::Opener NextOpener() const;
  bool HasEnded() const;
  bool IsUnreachable() const;
  bool WaitForReconnect(const Refusal& refusal);
  ExitCode Ended();
  ExitCode Interrupted();
  ExitCode Refused(const grpc::Status& status);

  absl::Duration Now() const { return session_.surroundings().clock->Monotonic(); }
  bool WasInterrupted() const { return session_.surroundings().interrupt->Raised(); }
  bool IsStarted() const { return start_.until == FollowUntil::kStarted && !view_.run.run_id().empty(); }

  Session& session_;
  Reporter& reporter_;
  FollowStart start_;
  RunView view_;
  int64_t sequence_;  // Up to here nothing is missing.
  int failures_ = 0;  // Streams in a row that brought nothing new.
  v1::RunEvent::EventCase last_event_ = v1::RunEvent::EVENT_NOT_SET;  // Of the stream that is read.
};

ExitCode Follower::FollowToEnd() {
  for (;;) {
    const grpc::Status status = ReadStream();
    if (IsStarted()) return ExitCode::kGood;
    if (HasEnded() && status.ok()) return Ended();
    if (WasInterrupted()) return Interrupted();
    const Refusal refusal = ReadRefusal(status);
    if (!status.ok() && (!IsStreamLost(refusal) || IsUnreachable())) return Refused(status);
    if (++failures_ > kMostReconnects) return Refused(status);
    if (WaitForReconnect(refusal)) return Interrupted();
  }
}

grpc::Status Follower::ReadStream() {
  const absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = session_.NewContext(CallLimit::kNone);
  if (!context.ok()) return Session::NoContext(context.status());
  const absl::Duration opened = Now();
  const int64_t before = sequence_;
  last_event_ = v1::RunEvent::EVENT_NOT_SET;
  EventStream stream(*context, NextOpener());
  const grpc::Status status = ReadEvents(stream);
  if (sequence_ > before || Now() - opened >= kGoodStream) failures_ = 0;
  return status;
}

grpc::Status Follower::ReadEvents(EventStream& stream) {
  v1::RunEvent event;
  absl::Duration heard = Now();
  // Asks without waiting first: what is already there is taken in one go, and only then written out and
  // drawn.
  absl::Duration wait = absl::ZeroDuration();
  for (;;) {
    const EventStream::Next next = stream.Read(wait, &event);
    view_.now = Now();
    if (next == EventStream::Next::kEnd) return stream.status();
    if (next == EventStream::Next::kEvent) {
      Take(event);
      if (IsStarted()) return grpc::Status::OK;
      heard = view_.now;
      wait = absl::ZeroDuration();
      continue;
    }
    if (!view_.run.run_id().empty()) reporter_.OnQuiet(view_);
    if (view_.now - heard > kLongestSilence) stream.Cancel();
    wait = kTick;
  }
}

void Follower::Take(const v1::RunEvent& event) {
  last_event_ = event.event_case();
  if (start_.run_id.empty()) start_.run_id = event.run_id();
  // A snapshot's sequence is the run's, and may be ahead of deliveries that the stream still owes: only a
  // change that was itself received proves that nothing before it is missing.
  if (event.has_delivery() || event.has_state_change() || event.has_file_skipped()) {
    sequence_ = std::max(sequence_, event.sequence());
  }
  Fold(event, Now(), &view_);
  reporter_.OnEvent(event, view_);
}

EventStream::Opener Follower::NextOpener() const {
  if (start_.run_id.empty() || view_.run.run_id().empty()) return start_.open;
  return [this](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    v1::WatchRunRequest request;
    request.set_run_id(start_.run_id);
    request.set_after_sequence(sequence_);
    return session_.integration().PrepareAsyncWatchRun(context, request, queue);
  };
}

bool Follower::HasEnded() const {
  return last_event_ == v1::RunEvent::kSnapshot && IsFinal(view_.run.state());
}

// Nothing was ever heard and there is no connection: waiting would hide a wrong address.
bool Follower::IsUnreachable() const {
  const grpc_connectivity_state state = session_.channel().GetState(/*try_to_connect=*/false);
  return view_.run.run_id().empty() &&
         (state == GRPC_CHANNEL_TRANSIENT_FAILURE || state == GRPC_CHANNEL_CONNECTING);
}

// Whether it was interrupted.
bool Follower::WaitForReconnect(const Refusal& refusal) {
  const absl::Duration pause = base::JitteredBackoff(kPauses, failures_, session_.surroundings().uniform);
  const Language language = session_.language();
  const std::string cause =
      refusal.message.empty() ? "" : absl::StrCat(" (", Printable(refusal.message), ")");
  reporter_.OnNotice(absl::StrCat("integrationctl: ", Say(language, "sambungan terputus", "connection lost"),
                                  cause, Say(language, "; menyambung lagi dalam ", "; reconnecting in "),
                                  absl::StrFormat("%.1f", absl::ToDoubleSeconds(pause)),
                                  Say(language, " dtk, percobaan ", " s, try "), failures_, "/",
                                  kMostReconnects, "\n"));
  return session_.surroundings().interrupt->WaitFor(pause);
}

ExitCode Follower::Ended() {
  reporter_.OnEnd(view_);
  return view_.run.state() == v1::Run::STATE_SUCCEEDED ? ExitCode::kGood : ExitCode::kNotSucceeded;
}

ExitCode Follower::Interrupted() {
  reporter_.Leave();
  const Language language = session_.language();
  const std::string run_id = Printable(start_.run_id);
  if (!run_id.empty()) {
    session_.err() << Say(language, "\nSinkronisasi tetap berjalan.\n  mengikuti:   ",
                          "\nThe run goes on.\n  follow it:  ")
                   << "integrationctl watch " << run_id
                   << Say(language, "\n  membatalkan:  ", "\n  end it:     ") << "integrationctl cancel "
                   << run_id << "\n";
  } else if (!start_.request_id.empty()) {
    session_.err()
        << Say(language,
               "\nBelum diketahui apakah sinkronisasi dimulai. Perintah yang sama dengan --request-id ",
               "\nIt is not known whether the run began. The same command with --request-id ")
        << start_.request_id
        << Say(language, " akan mengikutinya, tanpa memulai dua kali.\n",
               " follows it and starts nothing twice.\n");
  }
  session_.err().flush();
  return ExitCode::kInterrupted;
}

ExitCode Follower::Refused(const grpc::Status& status) {
  reporter_.Leave();
  // The stream may also end without an error and without the run's end, time and again.
  const grpc::Status error =
      status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the stream ended before the run did")
                  : status;
  const ExitCode exit_code = session_.Fail(error);
  if (!view_.run.run_id().empty()) {
    session_.err() << Say(session_.language(), "  Sinkronisasi tetap berjalan: ", "  The run goes on: ")
                   << "integrationctl watch " << Printable(start_.run_id) << "\n";
  }
  return exit_code;
}

}  // namespace

Followed Follow(Session& session, Reporter& reporter, FollowStart start) {
  return Follower(session, reporter, std::move(start)).Run();
}

}  // namespace satudata::cli
