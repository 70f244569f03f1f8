#include "server/web/call_handler.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/catalog/failure.h"
#include "server/web/origin.h"
#include "server/web/web_text.h"

namespace satudata::web {
namespace {

constexpr char kTextPlain[] = "text/plain; charset=utf-8";
// How soon a peer who went away is noticed while nothing happens.
constexpr absl::Duration kTick = absl::Milliseconds(250);
// A message of the largest size as base64.
constexpr size_t kMaxBodyBytes = (kMaxMessageBytes + kFrameHeaderBytes) / 3 * 4 + 1024;

enum class Form { kBinary, kText };

// The type without parameters, in lower case.
std::string TypeOf(const httplib::Request& request) {
  const std::string value = request.get_header_value("Content-Type");
  return absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(absl::string_view(value).substr(0, value.find(';'))));
}

std::optional<Form> FormOf(absl::string_view type) {
  if (type == "application/grpc-web" || type == "application/grpc-web+proto") return Form::kBinary;
  if (type == "application/grpc-web-text" || type == "application/grpc-web-text+proto") return Form::kText;
  return std::nullopt;
}

void Refuse(int status, absl::string_view why, httplib::Response& response) {
  response.status = status;
  response.set_content(absl::StrCat(why, "\n"), kTextPlain);
}

catalog::Language LanguageOf(const httplib::Request& request) {
  return catalog::ParseLanguage(request.get_header_value("Accept-Language"));
}

// See ConnectionServer.
bool IsClientThere(const httplib::Request& request) { return !request.progress || request.progress(0, 0); }

absl::Status TooLarge() {
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = catalog::Reason::kMessageTooLarge, .args = {{"limit", "4 MiB"}}});
}

absl::StatusOr<std::string> ReadBody(const httplib::Request& request, const httplib::ContentReader& reader) {
  size_t stated = 0;
  // Its bytes were not even waited for.
  const bool is_stated = absl::SimpleAtoi(request.get_header_value("Content-Length"), &stated);
  if (is_stated && stated > kMaxBodyBytes) return TooLarge();
  std::string body;
  const bool read = reader([&](const char* data, size_t size) {
    body.append(data, size);
    return body.size() <= kMaxBodyBytes;
  });
  if (read) return body;
  if (body.size() > kMaxBodyBytes) return TooLarge();
  return catalog::FailureStatus(absl::StatusCode::kInvalidArgument,
                                {.reason = catalog::Reason::kRequestMalformed,
                                 .args = {{"detail", "the body did not come to its end"}}});
}

// The part of `/package.Service/Method` before the last slash; empty if it is no such path.
absl::string_view ServiceOf(absl::string_view path) {
  const size_t slash = path.find('/', 1);
  if (!absl::StartsWith(path, "/") || slash == absl::string_view::npos) return "";
  const absl::string_view method = path.substr(slash + 1);
  if (method.empty() || absl::StrContains(method, '/')) return "";
  return path.substr(1, slash - 1);
}

void CopyMetadata(const Metadata& metadata, httplib::Response& response) {
  for (const auto& [name, value] : metadata) {
    if (!IsReserved(name)) response.headers.emplace(name, HeaderValue(name, value));
  }
}

std::string InForm(Form form, const std::string& frames) {
  return form == Form::kText ? EncodeText(frames) : frames;
}

void StreamAnswer(std::shared_ptr<BridgedCall> call, std::shared_ptr<LiveCalls::Place> place,
                  const std::string& type, httplib::Response& response) {
  CopyMetadata(call->initial_metadata(), response);
  const Form form = *FormOf(type);
  response.set_chunked_content_provider(
      type,
      [call, form](size_t, httplib::DataSink& sink) {
        std::string frames;
        const bool over = call->Take(kTick, &frames) == BridgedCall::Progress::kOver;
        if (frames.empty()) return sink.is_writable();
        const std::string piece = InForm(form, frames);
        if (!sink.write(piece.data(), piece.size())) return false;
        if (over) sink.done();
        return true;
      },
      [call, place = std::move(place)](bool) { call->Cancel(); });
}

}  // namespace

CallHandler::CallHandler(std::shared_ptr<grpc::Channel> channel, Options options, StatusMaker to_status)
    : options_(std::move(options)),
      to_status_(std::move(to_status)),
      stub_(std::move(channel)),
      live_calls_(options_.max_calls) {}

void CallHandler::Answer(const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& reader) {
  if (!IsSameOrigin(request)) return Refuse(403, "calls from other sites are refused", response);
  const std::string type = TypeOf(request);
  const std::optional<Form> form = FormOf(type);
  if (!form || request.has_header("Content-Encoding")) {
    return Refuse(415, "the content type must be one of gRPC-Web's, without a content encoding", response);
  }
  response.headers.emplace("Cache-Control", "no-store");
  // nginx and its Ingress would keep events back until there are many.
  response.headers.emplace("X-Accel-Buffering", "no");
  const auto fail = [&](const absl::Status& status) {
    response.set_content(InForm(*form, TrailersFrame(to_status_(status, LanguageOf(request)), {})), type);
  };
  absl::StatusOr<std::string> body = ReadBody(request, reader);
  if (body.ok() && form == Form::kText) body = DecodeText(*body);
  if (!body.ok()) return fail(body.status());
  std::shared_ptr<LiveCalls::Place> place = live_calls_.TakePlace();
  if (place == nullptr) {
    return fail(catalog::FailureStatus(absl::StatusCode::kResourceExhausted,
                                       {.reason = catalog::Reason::kTooManyStreams,
                                        .args = {{"limit", absl::StrCat(live_calls_.limit())}}}));
  }
  absl::StatusOr<std::shared_ptr<BridgedCall>> call = StartCall(request, *body);
  if (!call.ok()) return fail(call.status());
  place->Hold(*call);
  while (!(*call)->AwaitInitialMetadata(kTick)) {
    if (!IsClientThere(request)) return (*call)->Cancel();
  }
  StreamAnswer(*std::move(call), std::move(place), type, response);
}

absl::StatusOr<std::shared_ptr<BridgedCall>> CallHandler::StartCall(const httplib::Request& request,
                                                                    absl::string_view body) {
  if (!absl::StartsWith(ServiceOf(request.path), options_.service_prefix)) {
    return catalog::FailureStatus(
        absl::StatusCode::kUnimplemented,
        {.reason = catalog::Reason::kMethodUnavailable, .args = {{"method", request.path}}});
  }
  const absl::StatusOr<absl::string_view> message = OnlyMessage(body);
  if (!message.ok()) return message.status();
  const absl::StatusOr<CallHeaders> headers = ReadCallHeaders(request.headers, request.remote_addr);
  if (!headers.ok()) return headers.status();
  return BridgedCall::Start(stub_, request.path, *message, *headers);
}

}  // namespace satudata::web
