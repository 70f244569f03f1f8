// The verbs for the external systems: targets, check-target, pause-target, resume-target.
#include <memory>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/json_line.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/render.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

Colour ColourOfCircuit(v1::Target::Circuit circuit) {
  return circuit == v1::Target::CIRCUIT_CLOSED ? Colour::kGood : Colour::kBad;
}

std::string WaitText(const v1::Target& target, const Style& style) {
  if (!target.has_wait()) return "";
  std::string text = FailureText(target.wait());
  if (target.has_wait_end_time()) {
    absl::StrAppend(&text, Say(style.language, " (sampai ", " (until "),
                    FormatTime(style, ToTime(target.wait_end_time())), ")");
  }
  return text;
}

std::vector<Column> TargetColumns(Language language) {
  return {{.heading = std::string(Say(language, "TUJUAN", "TARGET"))},
          {.heading = std::string(Say(language, "PROFIL", "PROFILE"))},
          {.heading = "HOST"},
          {.heading = std::string(Say(language, "SIRKUIT", "CIRCUIT"))},
          {.heading = std::string(Say(language, "BATAS", "LIMIT")), .align = Align::kRight},
          {.heading = std::string(Say(language, "LAJU/DTK", "RATE/S")), .align = Align::kRight},
          {.heading = std::string(Say(language, "BERJALAN", "IN FLIGHT")), .align = Align::kRight},
          {.heading = std::string(Say(language, "ANTREAN", "QUEUE")), .align = Align::kRight},
          {.heading = std::string(Say(language, "JEDA", "PAUSED"))},
          {.heading = std::string(Say(language, "MENUNGGU", "WAITS"))}};
}

std::vector<Cell> TargetRow(const v1::Target& target, const Style& style) {
  const Language language = style.language;
  return {{target.target()},
          {target.profile()},
          {target.host()},
          {Name(target.circuit()), ColourOfCircuit(target.circuit())},
          {absl::StrCat(target.concurrency_limit())},
          {target.rate_limit() > 0 ? absl::StrCat(target.rate_limit()) : "-"},
          {absl::StrCat(target.in_flight())},
          {FormatCount(target.queue_depth(), language)},
          {std::string(target.paused() ? Say(language, "ya", "yes") : Say(language, "tidak", "no")),
           target.paused() ? Colour::kOpen : Colour::kNone},
          {WaitText(target, style)}};
}

template <typename Targets>
void PrintTargets(Session& session, const Targets& targets) {
  const Style style = session.out_style();
  ItemPrinter<v1::Target>(session, TargetColumns(style.language), [style](const v1::Target& target) {
    return TargetRow(target, style);
  }).Print(targets);
}

ExitCode ListTargets(Session& session) {
  v1::ListTargetsResponse response;
  const grpc::Status status = session.Call(session.targets(), &v1::TargetService::Stub::ListTargets,
                                           v1::ListTargetsRequest(), &response);
  if (!status.ok()) return session.Fail(status);
  PrintTargets(session, response.targets());
  return ExitCode::kGood;
}

std::string CheckText(const v1::CheckTargetRequest& request, const v1::CheckTargetResponse& response,
                      const Style& style) {
  const Language language = style.language;
  const std::string verdict = response.healthy()
                                  ? Paint(style, Colour::kGood, Say(language, "sehat", "healthy"))
                                  : Paint(style, Colour::kBad, Say(language, "bermasalah", "not healthy"));
  std::string text =
      absl::StrCat(Printable(request.target()), "  ", verdict, "  ", response.latency_ms(), " ms");
  if (response.http_code() != 0) absl::StrAppend(&text, "  HTTP ", response.http_code());
  absl::StrAppend(&text, "\n");
  if (!response.has_failure()) return text;
  const v1::Failure& failure = response.failure();
  return absl::StrCat(text, "  ", Printable(failure.reason()), "\n",
                      Wrap(Printable(failure.message()), "  ", style.width));
}

ExitCode CheckTarget(Session& session, const v1::CheckTargetRequest& request) {
  v1::CheckTargetResponse response;
  const grpc::Status status =
      session.Call(session.targets(), &v1::TargetService::Stub::CheckTarget, request, &response);
  if (!status.ok()) return session.Fail(status);
  session.out() << (session.json() ? JsonLine(response) : CheckText(request, response, session.out_style()));
  return response.healthy() ? ExitCode::kGood : ExitCode::kNotSucceeded;
}

template <typename Request>
ExitCode ChangeTarget(Session& session,
                      grpc::Status (v1::TargetService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                      v1::Target*),
                      const Request& request) {
  v1::Target target;
  const grpc::Status status = session.Call(session.targets(), method, request, &target);
  if (!status.ok()) return session.Fail(status);
  PrintTargets(session, std::vector<v1::Target>{target});
  return ExitCode::kGood;
}

template <typename Request>
void AddTargetArgument(CLI::App* verb, const CommandSet& set, const std::shared_ptr<Request>& request) {
  AddArgument(
      verb, "TARGET", [request](const std::string& target) { request->set_target(target); },
      Say(set, "tujuan, misalnya splp atau sipd", "the target, for example splp or sipd"));
}

void AddCheck(const CommandSet& set) {
  const auto request = std::make_shared<v1::CheckTargetRequest>();
  CLI::App* verb = AddVerb(set, "check-target", "Periksa satu tujuan dengan bacaan ringan",
                           "Probe a target with a cheap read");
  AddTargetArgument(verb, set, request);
  DoesAtServer(verb, set, [request](Session& session) { return CheckTarget(session, *request); });
}

void AddPause(const CommandSet& set) {
  const auto request = std::make_shared<v1::PauseTargetRequest>();
  request->set_comment("integrationctl");
  CLI::App* verb =
      AddVerb(set, "pause-target", "Hentikan pengiriman ke satu tujuan", "Stop sending to a target");
  AddTargetArgument(verb, set, request);
  AddText(
      verb, "--comment", [request](const std::string& comment) { request->set_comment(comment); },
      Say(set, "alasan, bagi yang bertanya kemudian", "why, for those who wonder later"));
  DoesAtServer(verb, set, [request](Session& session) {
    return ChangeTarget(session, &v1::TargetService::Stub::PauseTarget, *request);
  });
}

void AddResume(const CommandSet& set) {
  const auto request = std::make_shared<v1::ResumeTargetRequest>();
  CLI::App* verb =
      AddVerb(set, "resume-target", "Lanjutkan pengiriman ke satu tujuan", "Let a paused target go on");
  AddTargetArgument(verb, set, request);
  DoesAtServer(verb, set, [request](Session& session) {
    return ChangeTarget(session, &v1::TargetService::Stub::ResumeTarget, *request);
  });
}

}  // namespace

void AddTargetCommands(const CommandSet& set) {
  CLI::App* verb =
      AddVerb(set, "targets", "Daftar sistem tujuan dan keadaannya", "List the targets and how they are");
  DoesAtServer(verb, set, ListTargets);
  AddCheck(set);
  AddPause(set);
  AddResume(set);
}

}  // namespace satudata::cli
