// The verbs that look up and end runs: runs, run, cancel.
#include <memory>

#include "absl/strings/str_join.h"
#include "clients/cli/command.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/render.h"
#include "clients/cli/run_view.h"
#include "clients/cli/summary.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

struct RunsOptions {
  v1::ListRunsRequest request;
  int64_t limit = 0;
};

std::map<v1::Delivery::State, int64_t> SumOver(const v1::Run& run) {
  std::map<v1::Delivery::State, int64_t> sum;
  for (const v1::TargetCounts& target : run.target_counts()) {
    for (const v1::StateCount& count : target.states()) sum[count.state()] += count.count();
  }
  return sum;
}

std::vector<Column> RunColumns(Language language) {
  return {{.heading = std::string(Say(language, "SINKRONISASI", "RUN"))},
          {.heading = std::string(Say(language, "JENIS", "KIND"))},
          {.heading = std::string(Say(language, "KEADAAN", "STATE"))},
          {.heading = std::string(Say(language, "MULAI", "STARTED"))},
          {.heading = std::string(Say(language, "OLEH", "BY"))},
          {.heading = std::string(Say(language, "TUJUAN", "TARGETS"))},
          {.heading = std::string(Say(language, "PENGIRIMAN", "DELIVERIES"))}};
}

std::vector<Cell> RunRow(const v1::Run& run, const Style& style) {
  return {{run.run_id()},
          {Name(run.kind())},
          {Name(run.state()), ColourOf(run.state())},
          {FormatTime(style, ToTime(run.has_start_time() ? run.start_time() : run.create_time()))},
          {run.requested_by()},
          {absl::StrJoin(run.targets(), ",")},
          {RenderCounts(SumOver(run), style)}};
}

ExitCode ListRuns(Session& session, const RunsOptions& options) {
  const Style style = session.out_style();
  ItemPrinter<v1::Run> printer(session, RunColumns(style.language),
                               [style](const v1::Run& run) { return RunRow(run, style); });
  const grpc::Status status = WalkPages<v1::ListRunsResponse>(
      options.request, options.limit,
      [&](const v1::ListRunsRequest& page, v1::ListRunsResponse* response) {
        return session.Call(session.integration(), &v1::IntegrationService::Stub::ListRuns, page, response);
      },
      [&](const v1::ListRunsResponse& page) { printer.Print(page.runs()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

// Why deliveries of the run stand where they should not: the summary's groups.
grpc::Status AddProblems(Session& session, RunView* view) {
  v1::ListDeliveriesRequest request;
  request.set_run_id(view->run.run_id());
  for (v1::Delivery::State state :
       {v1::Delivery::STATE_REJECTED, v1::Delivery::STATE_PARTIAL, v1::Delivery::STATE_PARKED,
        v1::Delivery::STATE_DEFERRED, v1::Delivery::STATE_UNKNOWN}) {
    request.add_states(state);
  }
  return WalkPages<v1::ListDeliveriesResponse>(
      request, /*limit=*/0,
      [&](const v1::ListDeliveriesRequest& page, v1::ListDeliveriesResponse* response) {
        return session.Call(session.integration(), &v1::IntegrationService::Stub::ListDeliveries, page,
                            response);
      },
      [&](const v1::ListDeliveriesResponse& page) {
        v1::RunEvent event;
        for (const v1::Delivery& delivery : page.deliveries()) {
          *event.mutable_delivery() = delivery;
          Fold(event, view->now, view);
        }
      });
}

RunView ViewOf(const v1::Run& run, const Surroundings& surroundings) {
  v1::RunEvent event;
  *event.mutable_snapshot() = run;
  const absl::Duration since_epoch = surroundings.clock->Now() - absl::UnixEpoch();
  event.mutable_event_time()->set_seconds(absl::ToInt64Seconds(since_epoch));
  RunView view;
  Fold(event, surroundings.clock->Monotonic(), &view);
  return view;
}

// As for those who follow a run: one that ended and did not succeed is told by the exit code. One that has
// not ended is no failure.
ExitCode ExitCodeOf(const v1::Run& run) {
  switch (run.state()) {
    case v1::Run::STATE_PARTIAL:
    case v1::Run::STATE_FAILED:
    case v1::Run::STATE_CANCELLED:
      return ExitCode::kNotSucceeded;
    default:
      return ExitCode::kGood;
  }
}

ExitCode GetRun(Session& session, const v1::GetRunRequest& request) {
  v1::Run run;
  grpc::Status status =
      session.Call(session.integration(), &v1::IntegrationService::Stub::GetRun, request, &run);
  if (!status.ok()) return session.Fail(status);
  if (session.json()) {
    session.out() << JsonLine(run);
    return ExitCodeOf(run);
  }
  RunView view = ViewOf(run, session.surroundings());
  status = AddProblems(session, &view);
  if (!status.ok()) return session.Fail(status);
  session.out() << RenderSummary(view, session.out_style());
  return ExitCodeOf(run);
}

ExitCode CancelRun(Session& session, const v1::CancelRunRequest& request) {
  v1::Run run;
  const grpc::Status status =
      session.Call(session.integration(), &v1::IntegrationService::Stub::CancelRun, request, &run);
  if (!status.ok()) return session.Fail(status);
  session.out() << (session.json() ? JsonLine(run)
                                   : RenderSummary(ViewOf(run, session.surroundings()), session.out_style()));
  return ExitCode::kGood;
}

void AddRuns(const CommandSet& set) {
  const auto options = std::make_shared<RunsOptions>();
  CLI::App* verb = AddVerb(set, "runs", "Daftar sinkronisasi, terbaru dahulu", "List runs, newest first");
  AddEnums<v1::Run::State>(
      verb, "--state", "STATE_", [options](v1::Run::State state) { options->request.set_state(state); },
      Say(set, "hanya dalam keadaan ini", "only in this state"));
  AddEnums<v1::Run::Kind>(
      verb, "--kind", "KIND_", [options](v1::Run::Kind kind) { options->request.set_kind(kind); },
      Say(set, "hanya jenis ini", "only of this kind"));
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(set, "paling banyak sekian", "at most so many"));
  DoesAtServer(verb, set, [options](Session& session) { return ListRuns(session, *options); });
}

void AddRun(const CommandSet& set) {
  const auto request = std::make_shared<v1::GetRunRequest>();
  CLI::App* verb = AddVerb(set, "run", "Tampilkan satu sinkronisasi; kode 1 bila berakhir tanpa berhasil",
                           "Show a run; exit code 1 if it ended without success");
  AddArgument(
      verb, "RUN", [request](const std::string& id) { request->set_run_id(id); },
      Say(set, "sinkronisasi", "the run"));
  DoesAtServer(verb, set, [request](Session& session) { return GetRun(session, *request); });
}

void AddCancel(const CommandSet& set) {
  const auto request = std::make_shared<v1::CancelRunRequest>();
  CLI::App* verb = AddVerb(set, "cancel", "Hentikan satu sinkronisasi, atau yang masih terbuka darinya",
                           "End a run, or what an ended one left open; what was on its way is read back");
  AddArgument(
      verb, "RUN", [request](const std::string& id) { request->set_run_id(id); },
      Say(set, "sinkronisasi", "the run"));
  DoesAtServer(verb, set, [request](Session& session) { return CancelRun(session, *request); });
}

}  // namespace

void AddRunCommands(const CommandSet& set) {
  AddRuns(set);
  AddRun(set);
  AddCancel(set);
}

}  // namespace satudata::cli
