#include "clients/cli/refusal.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/text.h"
#include "clients/cpp/details.h"

namespace satudata::cli {
namespace {

std::string NotReachable(absl::string_view server, Language language) {
  return absl::StrCat(
      Say(language, "Server di ", "The server at "), server,
      Say(language,
          " tidak terjangkau. Pastikan integration-server berjalan dan alamatnya benar (--server atau "
          "INTEGRATION_SERVER); tambahkan --tls bila server memakai TLS.",
          " is not reachable. Check that integration-server is running and that the address is right "
          "(--server or "
          "INTEGRATION_SERVER); add --tls if the server speaks TLS."));
}

std::string WhatToTry(const Refusal& refusal, absl::string_view server, Language language) {
  switch (refusal.code) {
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::StrCat(Say(language, "Coba lagi, atau beri waktu lebih lama dengan --timeout. Server: ",
                              "Try again, or give it more time with --timeout. Server: "),
                          server);
    case grpc::StatusCode::UNAUTHENTICATED:
      return std::string(Say(language,
                             "Berikan token dengan --token-file atau INTEGRATION_TOKEN. Di mesin server: "
                             "integrationctl token --role "
                             "Operator --user NAMA, dan --data-dir bila direktori datanya bukan ./data.",
                             "Give a token with --token-file or INTEGRATION_TOKEN. On the server's machine: "
                             "integrationctl token --role "
                             "Operator --user NAME, and --data-dir if its data directory is not ./data."));
    case grpc::StatusCode::PERMISSION_DENIED:
      return std::string(
          Say(language,
              "Peran pada token tidak mengizinkan ini. Mintalah token dengan peran Operator atau Admin.",
              "The token's role does not allow this. Ask for a token of role Operator or Admin."));
    case grpc::StatusCode::UNIMPLEMENTED:
      if (!refusal.reason.empty()) break;  // Our server says it itself.
      return std::string(Say(language, "Server ini belum menyediakan perintah tersebut; perbarui servernya.",
                             "This server does not offer that command yet; update the server."));
    default:
      break;
  }
  if (refusal.reason == "RUN_ACTIVE" && !refusal.run_id.empty()) {
    return absl::StrCat(Say(language, "Ikuti: ", "Follow it: "), "integrationctl watch ", refusal.run_id);
  }
  return "";
}

std::string Violations(const Refusal& refusal) {
  std::string text;
  for (const auto& [field, description] : refusal.field_violations) {
    absl::StrAppend(&text, "  ", Printable(field));
    // The message may be about this very field.
    if (description != refusal.message) absl::StrAppend(&text, ": ", Printable(description));
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace

Refusal ReadRefusal(const grpc::Status& status) {
  integration::ErrorDetails details = integration::ReadDetails(status);
  Refusal refusal{.code = status.error_code(),
                  .message = status.error_message(),
                  .reason = std::move(details.reason),
                  .run_id = std::move(details.arguments["run_id"])};
  for (integration::FieldViolation& violation : details.field_violations) {
    refusal.field_violations.emplace_back(std::move(violation.field), std::move(violation.description));
  }
  return refusal;
}

std::string RenderRefusal(const Refusal& refusal, absl::string_view server, const Style& style) {
  if (refusal.code == grpc::StatusCode::UNAVAILABLE && refusal.reason.empty()) {
    // No server of ours spoke: gRPC's own words are for those who look deeper.
    return absl::StrCat(
        Wrap(absl::StrCat("integrationctl: ", Printable(NotReachable(server, style.language))), "",
             style.width),
        Paint(style, Colour::kFaint, absl::StrCat("  ", Printable(refusal.message))), "\n");
  }
  const std::string message =
      Printable(refusal.message.empty() ? absl::StrCat("gRPC status ", static_cast<int>(refusal.code))
                                        : refusal.message);
  std::string text = absl::StrCat("integrationctl: ", Paint(style, Colour::kBad, message));
  if (!refusal.reason.empty()) absl::StrAppend(&text, " [", Printable(refusal.reason), "]");
  absl::StrAppend(&text, "\n", Violations(refusal));
  const std::string hint = Printable(WhatToTry(refusal, server, style.language));
  return hint.empty() ? text : absl::StrCat(text, Wrap(hint, "  ", style.width));
}

ExitCode ExitCodeOf(const Refusal& refusal) {
  switch (refusal.code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::PERMISSION_DENIED:
      return ExitCode::kNoAccess;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return ExitCode::kUsage;
    default:
      return ExitCode::kNotSucceeded;
  }
}

}  // namespace satudata::cli
