// The verbs that look up deliveries: deliveries, delivery, status.
#include <memory>

#include "absl/strings/str_cat.h"
#include "clients/cli/command.h"
#include "clients/cli/delivery_detail.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/render.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

struct DeliveriesOptions {
  v1::ListDeliveriesRequest request;
  int64_t limit = 0;
};

std::vector<Cell> DeliveryRow(const v1::Delivery& delivery) {
  return {{delivery.delivery_id()},
          {delivery.target()},
          {Name(delivery.state()), ColourOf(delivery.state())},
          {absl::StrCat(delivery.attempt_count())},
          {delivery.file_id()},
          {delivery.file_name()},
          {FailureText(delivery.failure())}};
}

std::vector<Column> DeliveryColumns(Language language) {
  return {{.heading = std::string(Say(language, "PENGIRIMAN", "DELIVERY"))},
          {.heading = std::string(Say(language, "TUJUAN", "TARGET"))},
          {.heading = std::string(Say(language, "KEADAAN", "STATE"))},
          {.heading = std::string(Say(language, "UPAYA", "ATTEMPTS")), .align = Align::kRight},
          {.heading = std::string(Say(language, "BERKAS", "FILE"))},
          {.heading = std::string(Say(language, "NAMA", "NAME")), .widest = 40},
          {.heading = std::string(Say(language, "SEBAB", "FAILURE"))}};
}

ExitCode ListDeliveries(Session& session, const DeliveriesOptions& options) {
  ItemPrinter<v1::Delivery> printer(session, DeliveryColumns(session.language()), DeliveryRow);
  const grpc::Status status = WalkPages<v1::ListDeliveriesResponse>(
      options.request, options.limit,
      [&](const v1::ListDeliveriesRequest& page, v1::ListDeliveriesResponse* response) {
        return session.Call(session.integration(), &v1::IntegrationService::Stub::ListDeliveries, page,
                            response);
      },
      [&](const v1::ListDeliveriesResponse& page) { printer.Print(page.deliveries()); });
  return status.ok() ? ExitCode::kGood : session.Fail(status);
}

ExitCode GetDelivery(Session& session, const v1::GetDeliveryRequest& request) {
  v1::GetDeliveryResponse response;
  const grpc::Status status =
      session.Call(session.integration(), &v1::IntegrationService::Stub::GetDelivery, request, &response);
  if (!status.ok()) return session.Fail(status);
  session.out() << (session.json() ? JsonLine(response) : RenderDelivery(response, session.out_style()));
  return ExitCode::kGood;
}

std::vector<Cell> StatusRow(const v1::FileTargetStatus& status, const Style& style) {
  const bool planned = status.state() != v1::Delivery::STATE_UNSPECIFIED;
  return {{status.target()},
          {planned ? Name(status.state()) : "-", ColourOf(status.state())},
          {FormatTime(style, ToTime(status.state_time()))},
          {absl::StrCat(status.held_record_count())},
          {FormatTime(style, ToTime(status.held_confirm_time()))},
          {status.run_id().empty() ? "-" : status.run_id()},
          {FailureText(status.failure())}};
}

// What is left at a target of a file that is not verified any more.
std::string Offer(const v1::FileTargetStatus& status, const Style& style) {
  if (!status.withdrawal_offered()) return "";
  std::string text = absl::StrCat(
      "\n", Printable(status.target()), ": ",
      Say(style.language,
          "berkas tidak terverifikasi, tetapi nilainya masih ada di sana. Dapat ditarik satu per satu dengan "
          "integrationctl withdraw:\n",
          "the file is not verified, and its values are still there. They can be withdrawn one by one with "
          "integrationctl withdraw:\n"));
  for (const std::string& key : status.held_keys()) absl::StrAppend(&text, "  ", Printable(key), "\n");
  return text;
}

std::vector<Column> StatusColumns(Language language) {
  return {{.heading = std::string(Say(language, "TUJUAN", "TARGET"))},
          {.heading = std::string(Say(language, "KEADAAN", "STATE"))},
          {.heading = std::string(Say(language, "SEJAK", "SINCE"))},
          {.heading = std::string(Say(language, "DATA DI TUJUAN", "HELD")), .align = Align::kRight},
          {.heading = std::string(Say(language, "TERBUKTI", "PROVEN"))},
          {.heading = std::string(Say(language, "SINKRONISASI", "RUN"))},
          {.heading = std::string(Say(language, "SEBAB", "FAILURE"))}};
}

ExitCode GetFileStatus(Session& session, const v1::GetFileStatusRequest& request) {
  v1::GetFileStatusResponse response;
  const grpc::Status status =
      session.Call(session.integration(), &v1::IntegrationService::Stub::GetFileStatus, request, &response);
  if (!status.ok()) return session.Fail(status);
  if (session.json()) {
    session.out() << JsonLine(response);
    return ExitCode::kGood;
  }
  const Style style = session.out_style();
  Table table(StatusColumns(style.language), style);
  for (const v1::FileTargetStatus& target : response.statuses()) table.Add(StatusRow(target, style));
  session.out() << table.Take();
  for (const v1::FileTargetStatus& target : response.statuses()) session.out() << Offer(target, style);
  return ExitCode::kGood;
}

void AddDeliveries(const CommandSet& set) {
  const auto options = std::make_shared<DeliveriesOptions>();
  CLI::App* verb = AddVerb(set, "deliveries", "Daftar pengiriman satu sinkronisasi atau satu berkas",
                           "List the deliveries of a run or of a file");
  AddText(
      verb, "--run", [options](const std::string& id) { options->request.set_run_id(id); },
      Say(set, "sinkronisasi", "the run"));
  AddText(
      verb, "--file", [options](const std::string& id) { options->request.set_file_id(id); },
      Say(set, "berkas", "the file"));
  AddText(
      verb, "--target", [options](const std::string& target) { options->request.set_target(target); },
      Say(set, "hanya ke tujuan ini", "only to this target"));
  AddEnums<v1::Delivery::State>(
      verb, "--state", "STATE_", [options](v1::Delivery::State state) { options->request.add_states(state); },
      Say(set, "hanya dalam keadaan ini, boleh berulang", "only in this state, repeatable"));
  AddLimit(
      verb, [options](int64_t limit) { options->limit = limit; },
      Say(set, "paling banyak sekian", "at most so many"));
  const std::string needs = Say(set, "--run atau --file harus ada", "--run or --file is required");
  verb->parse_complete_callback([options, needs] {
    if (!options->request.run_id().empty() || !options->request.file_id().empty()) return;
    throw CLI::RequiredError(needs, CLI::ExitCodes::RequiredError);
  });
  DoesAtServer(verb, set, [options](Session& session) { return ListDeliveries(session, *options); });
}

void AddDelivery(const CommandSet& set) {
  const auto request = std::make_shared<v1::GetDeliveryRequest>();
  CLI::App* verb = AddVerb(set, "delivery", "Tampilkan satu pengiriman dengan data dan upayanya",
                           "Show a delivery with its records and attempts");
  AddArgument(
      verb, "ID", [request](const std::string& id) { request->set_delivery_id(id); },
      Say(set, "pengiriman", "the delivery"));
  DoesAtServer(verb, set, [request](Session& session) { return GetDelivery(session, *request); });
}

void AddStatus(const CommandSet& set) {
  const auto request = std::make_shared<v1::GetFileStatusRequest>();
  CLI::App* verb = AddVerb(set, "status", "Keadaan satu berkas di setiap tujuan",
                           "Show where a file stands at each target");
  verb->alias("file-status");
  AddArgument(
      verb, "ID", [request](const std::string& id) { request->set_file_id(id); },
      Say(set, "berkas", "the file"));
  DoesAtServer(verb, set, [request](Session& session) { return GetFileStatus(session, *request); });
}

}  // namespace

void AddDeliveryCommands(const CommandSet& set) {
  AddDeliveries(set);
  AddDelivery(set);
  AddStatus(set);
}

}  // namespace satudata::cli
