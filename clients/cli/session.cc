#include "clients/cli/session.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/refusal.h"
#include "clients/cpp/channel.h"

namespace satudata::cli {
namespace {

Style StyleOf(const Settings& settings, const Surroundings& surroundings, Surface surface) {
  const std::optional<std::string> no_color = surroundings.variable("NO_COLOR");
  const bool colours = surface == Surface::kTerminal && settings.colour == ColourUse::kAutomatic &&
                       no_color.value_or("").empty();
  return {.width = surroundings.columns(),
          .palette = colours ? Palette::kColours : Palette::kPlain,
          .language = settings.language,
          .zone = surroundings.zone};
}

absl::StatusOr<std::optional<integration::Tls>> TlsOf(const Settings& settings) {
  if (settings.transport == Transport::kPlaintext) return std::nullopt;
  absl::StatusOr<integration::Tls> tls =
      integration::TlsFromFiles(settings.ca_file, settings.client_certificate_file, settings.client_key_file);
  if (!tls.ok()) return tls.status();
  return *std::move(tls);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Create(const Settings& settings,
                                                         const Surroundings& surroundings) {
  const absl::StatusOr<std::optional<integration::Tls>> tls = TlsOf(settings);
  if (!tls.ok()) return tls.status();
  return std::unique_ptr<Session>(
      new Session(settings, surroundings, integration::MakeChannel(settings.server, *tls)));
}

Session::Session(const Settings& settings, const Surroundings& surroundings,
                 std::shared_ptr<grpc::Channel> channel)
    : settings_(settings),
      surroundings_(surroundings),
      tokens_(settings, surroundings.variable, surroundings.clock),
      channel_(std::move(channel)),
      integration_(v1::IntegrationService::NewStub(channel_)),
      catalog_(v1::CatalogService::NewStub(channel_)),
      targets_(v1::TargetService::NewStub(channel_)),
      accounts_(v1::AccountService::NewStub(channel_)) {}

Style Session::out_style() const { return StyleOf(settings_, surroundings_, surroundings_.out_surface); }

Style Session::err_style() const { return StyleOf(settings_, surroundings_, surroundings_.err_surface); }

absl::StatusOr<std::shared_ptr<grpc::ClientContext>> Session::NewContext(CallLimit limit) {
  const absl::StatusOr<std::optional<std::string>> token = tokens_.Token();
  if (!token.ok()) return token.status();
  auto context = std::make_shared<grpc::ClientContext>();
  if (token->has_value()) context->AddMetadata("authorization", absl::StrCat("Bearer ", **token));
  context->AddMetadata("accept-language", std::string(LanguageCode(settings_.language)));
  if (limit == CallLimit::kTimeout) {
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(settings_.timeout));
  }
  surroundings_.interrupt->Cancels(context);
  return context;
}

ExitCode Session::Fail(const grpc::Status& status) {
  if (surroundings_.interrupt->Raised()) return ExitCode::kInterrupted;
  const Refusal refusal = ReadRefusal(status);
  out().flush();
  err() << RenderRefusal(refusal, settings_.server, err_style()) << std::flush;
  return ExitCodeOf(refusal);
}

grpc::Status Session::NoContext(const absl::Status& status) {
  return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, std::string(status.message()));
}

}  // namespace satudata::cli
