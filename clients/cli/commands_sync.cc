// The verbs that follow a run: sync-file, sync-all, retry, withdraw, watch.
#include <memory>

#include "clients/cli/command.h"
#include "clients/cli/delivery_detail.h"
#include "clients/cli/follow.h"
#include "clients/cli/text.h"
#include "server/base/random.h"

namespace satudata::cli {
namespace {

template <typename Request>
struct SyncOptions {
  Request request;
  FollowUntil until = FollowUntil::kEnded;
};

// Flags that all verbs which start a run have.
template <typename Request>
void AddStartFlags(CLI::App* verb, const CommandSet& set,
                   const std::shared_ptr<SyncOptions<Request>>& options) {
  AddText(
      verb, "--request-id", [options](const std::string& id) { options->request.set_request_id(id); },
      Say(set, "UUID permintaan: pengulangan dengan nomor yang sama mengikuti sinkronisasi yang sama",
          "UUID of the request: repeating it follows the same run. Default: a new one"));
  verb->add_flag_callback(
      "--detach", [options] { options->until = FollowUntil::kStarted; },
      Say(set, "mulai, cetak nomor sinkronisasi, dan selesai", "start, print the run's id, and leave"));
}

template <typename Request>
void AddTargetFlag(CLI::App* verb, const CommandSet& set,
                   const std::shared_ptr<SyncOptions<Request>>& options) {
  AddTexts(
      verb, "--target", [options](const std::string& target) { options->request.add_targets(target); },
      Say(set, "tujuan, boleh berulang; tanpa ini: semua", "target, repeatable. Default: all"));
}

template <typename Request>
void AddSyncFlags(CLI::App* verb, const CommandSet& set,
                  const std::shared_ptr<SyncOptions<Request>>& options) {
  AddTargetFlag(verb, set, options);
  verb->add_flag_callback(
      "--force", [options] { options->request.set_force(true); },
      Say(set, "kirim juga yang dianggap tidak berubah atau pernah ditolak",
          "send even what is believed unchanged or was refused before"));
  verb->add_flag_callback(
      "--dry-run", [options] { options->request.set_validate_only(true); },
      Say(set, "hanya rencana: tidak ada yang ditulis ke tujuan",
          "plan only: nothing is written to the targets"));
  AddStartFlags(verb, set, options);
}

// Starts with `prepare`, follows, and in text leaves the run's id where it was only to be started.
ExitCode StartAndFollow(Session& session, FollowStart start, RunView* view) {
  const FollowUntil until = start.until;
  const std::unique_ptr<Reporter> reporter = MakeReporter(session);
  Followed followed = Follow(session, *reporter, std::move(start));
  *view = std::move(followed.view);
  if (until == FollowUntil::kStarted && followed.exit_code == ExitCode::kGood && !session.json()) {
    session.out() << Printable(view->run.run_id()) << "\n";
  }
  return followed.exit_code;
}

template <typename Request>
void EnsureRequestId(Request* request) {
  if (request->request_id().empty()) request->set_request_id(base::NewUuid());
}

ExitCode SyncFile(Session& session, SyncOptions<v1::SyncFileRequest> options) {
  EnsureRequestId(&options.request);
  const auto open = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return session.integration().PrepareAsyncSyncFile(context, options.request, queue);
  };
  RunView view;
  const ExitCode exit_code = StartAndFollow(
      session,
      {.open = open, .request_id = options.request.request_id(), .run_id = "", .until = options.until},
      &view);
  const bool preview = options.request.validate_only() && options.until == FollowUntil::kEnded &&
                       view.run.kind() == v1::Run::KIND_PREVIEW;
  return preview ? PrintPlannedChanges(session, view.run.run_id(), exit_code) : exit_code;
}

ExitCode SyncAll(Session& session, SyncOptions<v1::SyncAllRequest> options) {
  EnsureRequestId(&options.request);
  const auto open = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return session.integration().PrepareAsyncSyncAll(context, options.request, queue);
  };
  RunView view;
  return StartAndFollow(
      session,
      {.open = open, .request_id = options.request.request_id(), .run_id = "", .until = options.until},
      &view);
}

ExitCode Retry(Session& session, SyncOptions<v1::RetryRunRequest> options) {
  EnsureRequestId(&options.request);
  const auto open = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return session.integration().PrepareAsyncRetryRun(context, options.request, queue);
  };
  RunView view;
  return StartAndFollow(
      session,
      {.open = open, .request_id = options.request.request_id(), .run_id = "", .until = options.until},
      &view);
}

ExitCode Withdraw(Session& session, SyncOptions<v1::WithdrawIndicatorRequest> options) {
  EnsureRequestId(&options.request);
  const auto open = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return session.targets().PrepareAsyncWithdrawIndicator(context, options.request, queue);
  };
  RunView view;
  return StartAndFollow(
      session,
      {.open = open, .request_id = options.request.request_id(), .run_id = "", .until = options.until},
      &view);
}

ExitCode Watch(Session& session, const v1::WatchRunRequest& request) {
  const auto open = [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
    return session.integration().PrepareAsyncWatchRun(context, request, queue);
  };
  RunView view;
  return StartAndFollow(session,
                        {.open = open,
                         .request_id = "",
                         .run_id = request.run_id(),
                         .after_sequence = request.after_sequence(),
                         .until = FollowUntil::kEnded},
                        &view);
}

void AddSyncFile(const CommandSet& set) {
  const auto options = std::make_shared<SyncOptions<v1::SyncFileRequest>>();
  CLI::App* verb = AddVerb(set, "sync-file", "Kirim satu berkas terverifikasi dan ikuti sampai selesai",
                           "Send one verified file and follow it to the end");
  AddArgument(
      verb, "ID", [options](const std::string& id) { options->request.set_file_id(id); },
      Say(set, "berkas", "the file"));
  AddSyncFlags(verb, set, options);
  DoesAtServer(verb, set, [options](Session& session) { return SyncFile(session, *options); });
}

void AddSelectionFlags(CLI::App* verb, const CommandSet& set,
                       const std::shared_ptr<SyncOptions<v1::SyncAllRequest>>& options) {
  AddTexts(
      verb, "--theme", [options](const std::string& theme) { options->request.add_themes(theme); },
      Say(set, "hanya tema ini, boleh berulang", "only this theme, repeatable"));
  AddTexts(
      verb, "--producer",
      [options](const std::string& producer) { options->request.add_producers(producer); },
      Say(set, "hanya produsen ini, boleh berulang", "only this producer, repeatable"));
  AddTexts(
      verb, "--file", [options](const std::string& id) { options->request.add_file_ids(id); },
      Say(set, "hanya berkas ini, boleh berulang", "only this file, repeatable"));
  AddLimit(
      verb, [options](int64_t limit) { options->request.set_limit(limit); },
      Say(set, "paling banyak sekian berkas", "at most so many files"));
  verb->add_flag_callback(
      "--allow-mass-change", [options] { options->request.set_allow_mass_change(true); },
      Say(set, "teruskan walau sangat banyak data berubah sekaligus",
          "go on although very much would change at once, where the run would stop before it sends "
          "anything"));
}

void AddSyncAll(const CommandSet& set) {
  const auto options = std::make_shared<SyncOptions<v1::SyncAllRequest>>();
  CLI::App* verb =
      AddVerb(set, "sync-all", "Kirim semua berkas terverifikasi, atau sebagian, dan ikuti sampai selesai",
              "Send all verified files, or a part, and follow them to the end");
  AddSelectionFlags(verb, set, options);
  AddSyncFlags(verb, set, options);
  DoesAtServer(verb, set, [options](Session& session) { return SyncAll(session, *options); });
}

void AddRetry(const CommandSet& set) {
  const auto options = std::make_shared<SyncOptions<v1::RetryRunRequest>>();
  CLI::App* verb = AddVerb(set, "retry", "Kirim lagi yang tertunda atau diparkir dari satu sinkronisasi",
                           "Send again what a run left deferred or parked");
  AddArgument(
      verb, "RUN", [options](const std::string& id) { options->request.set_run_id(id); },
      Say(set, "sinkronisasi", "the run"));
  verb->add_flag_callback(
      "--include-rejected", [options] { options->request.set_include_rejected(true); },
      Say(set, "juga yang ditolak", "also what was rejected"));
  AddTargetFlag(verb, set, options);
  AddStartFlags(verb, set, options);
  DoesAtServer(verb, set, [options](Session& session) { return Retry(session, *options); });
}

void AddWithdraw(const CommandSet& set) {
  const auto options = std::make_shared<SyncOptions<v1::WithdrawIndicatorRequest>>();
  options->request.set_target("sipd");
  CLI::App* verb = AddVerb(set, "withdraw", "Usulkan bahwa satu indikator tidak berlaku di suatu daerah",
                           "Propose that an indicator does not apply to a region");
  AddArgument(
      verb, "KODEINDIKATOR", [options](const std::string& code) { options->request.set_kodeindikator(code); },
      Say(set, "kode indikator, misalnya 1.02.000318", "the indicator, for example 1.02.000318"));
  AddText(
      verb, "--kodepemda", [options](const std::string& code) { options->request.set_kodepemda(code); },
      Say(set, "daerah, empat angka; tanpa ini: daerah yang diatur di server",
          "the region, four digits. Default: the server's"));
  AddText(
      verb, "--tahun", [options](const std::string& year) { options->request.set_tahun(year); },
      Say(set, "tahun", "the year"))
      ->required();
  AddText(
      verb, "--reason", [options](const std::string& text) { options->request.set_explanation(text); },
      Say(set, "alasan, dikirim ke tujuan", "why; it is sent to the target"))
      ->required();
  AddText(
      verb, "--target", [options](const std::string& target) { options->request.set_target(target); },
      Say(set, "tujuan; tanpa ini: sipd", "the target. Default: sipd"));
  AddStartFlags(verb, set, options);
  DoesAtServer(verb, set, [options](Session& session) { return Withdraw(session, *options); });
}

void AddWatch(const CommandSet& set) {
  const auto request = std::make_shared<v1::WatchRunRequest>();
  CLI::App* verb = AddVerb(set, "watch", "Ikuti satu sinkronisasi sampai selesai",
                           "Follow a run, active or ended, to its end");
  AddArgument(
      verb, "RUN", [request](const std::string& id) { request->set_run_id(id); },
      Say(set, "sinkronisasi", "the run"));
  verb->add_option_function<int64_t>(
      "--after", [request](int64_t after) { request->set_after_sequence(after); },
      Say(set, "hanya perubahan sesudah urutan ini", "only changes after this sequence"));
  DoesAtServer(verb, set, [request](Session& session) { return Watch(session, *request); });
}

}  // namespace

void AddSyncCommands(const CommandSet& set) {
  AddSyncFile(set);
  AddSyncAll(set);
  AddWatch(set);
  AddRetry(set);
  AddWithdraw(set);
}

}  // namespace satudata::cli
