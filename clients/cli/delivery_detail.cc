#include "clients/cli/delivery_detail.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/json_line.h"
#include "clients/cli/names.h"
#include "clients/cli/pages.h"
#include "clients/cli/render.h"
#include "clients/cli/table.h"
#include "clients/cli/text.h"

namespace satudata::cli {
namespace {

// A label and its value; empty for an empty value.
std::string Field(absl::string_view label, absl::string_view value) {
  return value.empty() ? "" : absl::StrCat("  ", PadRight(label, 16), Printable(value), "\n");
}

std::string Head(const v1::Delivery& delivery, const Style& style) {
  const Language language = style.language;
  std::string text = absl::StrCat("delivery ", Printable(delivery.delivery_id()), "  ",
                                  Paint(style, ColourOf(delivery.state()), Name(delivery.state())), "\n");
  absl::StrAppend(
      &text, Field(Say(language, "sinkronisasi", "run"), delivery.run_id()),
      Field(Say(language, "berkas", "file"), absl::StrCat(delivery.file_id(), "  ", delivery.file_name())),
      Field(Say(language, "tujuan", "target"), delivery.target()),
      Field(Say(language, "nomor di tujuan", "id at target"), delivery.remote_id()),
      Field(Say(language, "diperbarui", "updated"), FormatTime(style, ToTime(delivery.update_time()))));
  if (delivery.has_next_attempt_time()) {
    absl::StrAppend(&text, Field(Say(language, "dikirim lagi", "sent again"),
                                 FormatTime(style, ToTime(delivery.next_attempt_time()))));
  }
  if (!delivery.has_failure()) return text;
  absl::StrAppend(
      &text, Field(Say(language, "sebab", "reason"), delivery.failure().reason()),
      Field(Say(language, "giliran", "turn of"), OwnerName(delivery.failure().owner(), language)));
  return absl::StrCat(text, Wrap(Printable(delivery.failure().message()), "  ", style.width));
}

std::string ChangeText(const v1::Record::Change& change) {
  if (change.kind() == v1::Record::Change::KIND_UNSPECIFIED) return "";
  const std::string kind = Name(change.kind());
  if (change.old_value().empty() && change.new_value().empty()) return kind;
  if (change.old_value().empty()) return absl::StrCat(kind, " ", change.new_value());
  return absl::StrCat(kind, " ", change.old_value(), " -> ", change.new_value());
}

// A list that was cut says so.
std::string Omitted(int64_t count, const Style& style) {
  if (count == 0) return "";
  return absl::StrCat(Say(style.language, "… dan ", "… and "), count,
                      Say(style.language, " lagi yang tidak ditampilkan\n", " more that are not shown\n"));
}

std::string Records(const v1::GetDeliveryResponse& response, const Style& style) {
  if (response.records().empty()) return "";
  Table table({{.heading = std::string(Say(style.language, "DATA", "RECORD"))},
               {.heading = std::string(Say(style.language, "KEADAAN", "STATE"))},
               {.heading = std::string(Say(style.language, "NILAI", "VALUE")), .align = Align::kRight},
               {.heading = std::string(Say(style.language, "PERUBAHAN", "CHANGE"))},
               {.heading = std::string(Say(style.language, "SEBAB", "FAILURE"))}},
              style);
  for (const v1::Record& record : response.records()) {
    table.Add({{record.key()},
               {Name(record.state()), ColourOf(record.state())},
               {record.value()},
               {ChangeText(record.change())},
               {FailureText(record.failure())}});
  }
  return absl::StrCat("\n", table.Take(), Omitted(response.omitted_record_count(), style));
}

std::string Attempts(const v1::GetDeliveryResponse& response, const Style& style) {
  if (response.attempts().empty()) return "";
  Table table({{.heading = std::string(Say(style.language, "WAKTU", "TIME"))},
               {.heading = std::string(Say(style.language, "OPERASI", "OPERATION"))},
               {.heading = "HTTP", .align = Align::kRight},
               {.heading = std::string(Say(style.language, "ARTI", "VERDICT"))},
               {.heading = "MS", .align = Align::kRight},
               {.heading = std::string(Say(style.language, "GALAT", "ERROR"))}},
              style);
  for (const v1::Attempt& attempt : response.attempts()) {
    table.Add({{FormatTime(style, ToTime(attempt.start_time()))},
               {attempt.operation()},
               {attempt.http_code() == 0 ? "-" : absl::StrCat(attempt.http_code())},
               {attempt.verdict()},
               {absl::StrCat(attempt.duration_ms())},
               {attempt.transport_error()}});
  }
  return absl::StrCat("\n", table.Take(), Omitted(response.omitted_attempt_count(), style));
}

std::string Previews(const v1::Delivery& delivery) {
  std::string text;
  for (const v1::Preview& preview : delivery.previews()) {
    absl::StrAppend(&text, "\n", Printable(preview.operation()), "\n", PrintableLines(preview.body()),
                    preview.truncated() ? " …\n" : "\n");
  }
  return text;
}

}  // namespace

std::string RenderDelivery(const v1::GetDeliveryResponse& response, const Style& style) {
  return absl::StrCat(Head(response.delivery(), style), Records(response, style), Attempts(response, style),
                      Previews(response.delivery()));
}

ExitCode PrintPlannedChanges(Session& session, const std::string& run_id, ExitCode exit_code) {
  v1::ListDeliveriesRequest request;
  request.set_run_id(run_id);
  std::vector<std::string> ids;
  grpc::Status status = WalkPages<v1::ListDeliveriesResponse>(
      request, /*limit=*/0,
      [&](const v1::ListDeliveriesRequest& page, v1::ListDeliveriesResponse* response) {
        return session.Call(session.integration(), &v1::IntegrationService::Stub::ListDeliveries, page,
                            response);
      },
      [&](const v1::ListDeliveriesResponse& page) {
        for (const v1::Delivery& delivery : page.deliveries()) ids.push_back(delivery.delivery_id());
      });
  if (!status.ok()) return session.Fail(status);
  for (const std::string& id : ids) {
    v1::GetDeliveryRequest get;
    get.set_delivery_id(id);
    v1::GetDeliveryResponse response;
    status = session.Call(session.integration(), &v1::IntegrationService::Stub::GetDelivery, get, &response);
    if (!status.ok()) return session.Fail(status);
    session.out() << (session.json() ? JsonLine(response)
                                     : absl::StrCat("\n", RenderDelivery(response, session.out_style())));
  }
  return exit_code;
}

}  // namespace satudata::cli
