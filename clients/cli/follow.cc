#include "clients/cli/follow.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/names.h"
#include "clients/cli/refusal.h"
#include "clients/cli/text.h"
#include "clients/cpp/run_follower.h"

namespace satudata::cli {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(100);
// The server sends a heartbeat when nothing happens; a stream that is silent for so long is dead. With the
// pauses the reconnects take about a minute: longer than a server takes to restart.
constexpr integration::FollowOptions kOptions = {
    .silence = absl::Seconds(90),
    .most_reconnects = 12,
    .pauses = {.initial = absl::Seconds(1), .maximum = absl::Seconds(15), .factor = 2}};

class Follower {
 public:
  Follower(Session& session, Reporter& reporter, FollowStart start)
      : session_(session),
        reporter_(reporter),
        start_(std::move(start)),
        streams_(kOptions, SourceOfStreams(), start_.after_sequence) {}

  Followed Run() {
    const ExitCode exit_code = FollowToEnd();
    return {.exit_code = exit_code, .view = std::move(view_)};
  }

 private:
  using Next = integration::RunFollower::Next;

  integration::RunFollower::Source SourceOfStreams();
  ExitCode FollowToEnd();
  Next ReadEvents();
  void Take(const v1::RunEvent& event);
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
  integration::RunFollower streams_;
};

integration::RunFollower::Source Follower::SourceOfStreams() {
  return {
      .context = [this]() -> absl::StatusOr<std::shared_ptr<grpc::ClientContext>> {
        absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = session_.NewContext(CallLimit::kNone);
        // As for all other calls: without a token nobody is let in.
        if (!context.ok()) return absl::UnauthenticatedError(context.status().message());
        return context;
      },
      .begin = start_.open,
      .go_on = [this](const std::string& run_id, int64_t after_sequence) -> integration::EventStream::Opener {
        v1::WatchRunRequest request;
        request.set_run_id(run_id);
        request.set_after_sequence(after_sequence);
        return [this, request](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
          return session_.integration().PrepareAsyncWatchRun(context, request, queue);
        };
      },
      .clock = session_.surroundings().clock,
      .uniform = session_.surroundings().uniform};
}

ExitCode Follower::FollowToEnd() {
  for (;;) {
    const Next next = ReadEvents();
    if (IsStarted()) return ExitCode::kGood;
    if (next == Next::kEnded) return Ended();
    if (WasInterrupted()) return Interrupted();
    if (next == Next::kFailed) return Refused(streams_.status());
    const grpc::Status& lost_with = streams_.loss().status;
    if (!lost_with.ok() && IsUnreachable()) return Refused(lost_with);
    if (WaitForReconnect(ReadRefusal(lost_with))) return Interrupted();
  }
}

// Until the stream ends, one way or another.
Follower::Next Follower::ReadEvents() {
  v1::RunEvent event;
  // Asks without waiting first: what is already there is taken in one go, and only then written out and
  // drawn.
  absl::Duration wait = absl::ZeroDuration();
  for (;;) {
    const Next next = streams_.Read(wait, &event);
    view_.now = Now();
    if (next == Next::kEvent) {
      Take(event);
      if (IsStarted()) return next;
      wait = absl::ZeroDuration();
    } else if (next == Next::kNothing) {
      if (!view_.run.run_id().empty()) reporter_.OnQuiet(view_);
      wait = kTick;
    } else {
      return next;
    }
  }
}

void Follower::Take(const v1::RunEvent& event) {
  if (start_.run_id.empty()) start_.run_id = event.run_id();
  Fold(event, Now(), &view_);
  reporter_.OnEvent(event, view_);
}

// Nothing was ever heard and there is no connection: waiting would hide a wrong address.
bool Follower::IsUnreachable() const {
  const grpc_connectivity_state state = session_.channel()->GetState(/*try_to_connect=*/false);
  return view_.run.run_id().empty() &&
         (state == GRPC_CHANNEL_TRANSIENT_FAILURE || state == GRPC_CHANNEL_CONNECTING);
}

// Whether it was interrupted.
bool Follower::WaitForReconnect(const Refusal& refusal) {
  const integration::RunFollower::Loss& loss = streams_.loss();
  const Language language = session_.language();
  const std::string cause =
      refusal.message.empty() ? "" : absl::StrCat(" (", Printable(refusal.message), ")");
  reporter_.OnNotice(absl::StrCat("integrationctl: ", Say(language, "sambungan terputus", "connection lost"),
                                  cause, Say(language, "; menyambung lagi dalam ", "; reconnecting in "),
                                  absl::StrFormat("%.1f", absl::ToDoubleSeconds(loss.pause)),
                                  Say(language, " dtk, percobaan ", " s, try "), loss.failures, "/",
                                  kOptions.most_reconnects, "\n"));
  return session_.surroundings().interrupt->WaitFor(loss.pause);
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
  const ExitCode exit_code = session_.Fail(status);
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
