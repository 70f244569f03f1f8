#include "server/http/httplib_client.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace satudata::http {
namespace {

// Keeps a burst of dials within the accept queue of a small server (five places).
constexpr absl::Duration kDialGap = absl::Microseconds(500);
// What a peer's word about its answer's size may make us set aside before any of it has come.
constexpr size_t kMostReserved = 1 << 20;

// Heads, and the framing of a body that comes in small chunks.
size_t MostOnTheWire(size_t max_answer_bytes) { return 4 * max_answer_bytes + (256 << 10); }

bool HasControl(absl::string_view text) {
  for (char c : text) {
    if (absl::ascii_iscntrl(c) && c != '\t') return true;
  }
  return false;
}

// Empty, or why this request would not be one request on the wire. Header values come from settings and from
// our own callers; a line break in one would smuggle in another header.
absl::string_view Malformation(const Request& request) {
  if (!absl::StartsWith(request.path, "/")) return "the path does not begin with a slash";
  for (char c : request.path) {
    if (!absl::ascii_isgraph(c)) return "the path holds a blank or a control character";
  }
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || HasControl(name) || HasControl(value) || absl::StrContains(name, ' ')) {
      return "a header holds a control character";
    }
  }
  return "";
}

bool SaysClose(absl::string_view connection_header) {
  return absl::StrContains(absl::AsciiStrToLower(connection_header), "close");
}

// Collects one answer. Its functions run inside httplib and never throw.
class AnswerReceiver {
 public:
  explicit AnswerReceiver(size_t limit) : limit_(limit) {}

  bool TakeHead(const httplib::Response& response) {
    answer_.status = response.status;
    size_t announced = 0;
    answer_.headers.reserve(response.headers.size());
    for (const auto& [name, value] : response.headers) {
      if (absl::EqualsIgnoreCase(name, "Content-Length") && !absl::SimpleAtoi(value, &announced))
        announced = 0;
      if (absl::EqualsIgnoreCase(name, "Connection")) closes_ |= SaysClose(value);
      answer_.headers.emplace_back(name, value);
    }
    too_large_ = announced > limit_;
    if (!too_large_) answer_.body.reserve(std::min(announced, kMostReserved));
    return !too_large_;
  }

  bool TakeBody(const char* bytes, size_t size) {
    too_large_ = size > limit_ - answer_.body.size();
    if (!too_large_) answer_.body.append(bytes, size);
    return !too_large_;
  }

  bool too_large() const { return too_large_; }
  bool closes() const { return closes_; }
  Answer&& Release() { return std::move(answer_); }

 private:
  const size_t limit_;
  Answer answer_;
  bool too_large_ = false;
  bool closes_ = false;
};

// Feeds one body from its source. Its function runs inside httplib and never throws.
class BodyFeeder {
 public:
  // Opens the body, where the request has one to open.
  explicit BodyFeeder(const Request& request) {
    if (request.open_body == nullptr) return;
    absl::StatusOr<std::unique_ptr<BodySource>> opened = request.open_body();
    if (opened.ok()) source_ = *std::move(opened);
    status_ = std::move(opened).status();
  }

  void Attach(httplib::Request& request) {
    if (source_ == nullptr) return;
    request.content_length_ = static_cast<size_t>(source_->size_bytes());
    request.content_provider_ = [this](size_t, size_t left, httplib::DataSink& sink) {
      const absl::StatusOr<absl::string_view> piece = source_->Next(std::min(left, kPiece));
      if (piece.ok()) return sink.write(piece->data(), piece->size());
      status_ = piece.status();
      return false;
    };
  }

  const absl::Status& status() const { return status_; }

 private:
  static constexpr size_t kPiece = 64 << 10;
  std::unique_ptr<BodySource> source_;
  absl::Status status_;
};

httplib::Request ToHttplib(const Request& request, const HttpClientOptions& options, BodyFeeder& body,
                           AnswerReceiver& receiver) {
  httplib::Request out;
  out.method = request.method;
  out.path = request.path;
  for (const auto& [name, value] : request.headers) out.headers.emplace(name, value);
  if (!options.user_agent.empty()) out.headers.emplace("User-Agent", options.user_agent);
  if (!request.body.empty() || request.open_body != nullptr) {
    out.headers.emplace("Content-Type", request.content_type);
  }
  if (request.open_body == nullptr) out.body = request.body;
  body.Attach(out);
  out.response_handler = [&receiver](const httplib::Response& head) { return receiver.TakeHead(head); };
  out.content_receiver = [&receiver](const char* bytes, size_t size, uint64_t, uint64_t) {
    return receiver.TakeBody(bytes, size);
  };
  return out;
}

// The one place where a thrower is called: httplib allocates, matches regular expressions and locks.
httplib::Error SendGuarded(httplib::ClientImpl& client, httplib::Request& request) {
  try {
    httplib::Response response;
    httplib::Error error = httplib::Error::Success;
    if (client.send(request, response, error)) return httplib::Error::Success;
    return error == httplib::Error::Success ? httplib::Error::Unknown : error;
  } catch (const std::exception&) {
    return httplib::Error::Unknown;
  }
}

// Errors that end an exchange before its first byte is written.
TransportError ErrorBeforeSending(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
    case httplib::Error::SSLConnection:
      return TransportError::kConnect;
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLLoadingCerts:
      return TransportError::kCertificate;
    default:
      return TransportError::kNone;
  }
}

std::string DetailBeforeSending(httplib::Error error, const Connection& connection, const Url& url) {
  switch (error) {
    case httplib::Error::SSLServerVerification:
      return absl::StrCat("the certificate of ", url.host,
                          " is not trusted: ", connection.CertificateProblem());
    case httplib::Error::SSLLoadingCerts:
      return "the CA bundle cannot be read";
    case httplib::Error::SSLConnection:
      return absl::StrCat("no TLS connection to ", url.Origin());
    default:
      return absl::StrCat("no connection to ", url.Origin());
  }
}

void Fail(Result& result, TransportError error, std::string detail) {
  result.error = error;
  result.error_detail = std::move(detail);
}

struct Outcome {
  httplib::Error error;
  CutCause cut;
  bool too_large;
};

void FailForBody(const absl::Status& status, Result& result) {
  result.body_status = status;
  Fail(result, TransportError::kBody, std::string(status.message()));
}

void FailAfterSending(const Outcome& outcome, Result& result) {
  if (outcome.cut == CutCause::kAborted)
    return Fail(result, TransportError::kAborted, "stopped by this service");
  if (outcome.cut == CutCause::kDeadline) return Fail(result, TransportError::kTimeout, "no answer in time");
  if (outcome.too_large) return Fail(result, TransportError::kTooLarge, "the answer is larger than allowed");
  Fail(result, TransportError::kBroken,
       outcome.error == httplib::Error::Write ? "the connection broke while the request was being sent"
                                              : "the connection broke before the answer was complete");
}

}  // namespace

HttplibClient::HttplibClient(Url url, HttpClientOptions options, base::Clock& clock)
    : url_(std::move(url)),
      options_(std::move(options)),
      clock_(clock),
      gate_(clock, kDialGap),
      pool_(clock, static_cast<size_t>(std::max(0, options_.max_idle_connections)), options_.max_idle_time),
      watchdog_([this] { return pool_.Prune(); }) {}

Result HttplibClient::Do(const Request& request, const Limits& limits) {
  Result result;
  result.start_time = clock_.Now();
  const absl::Duration begin = clock_.Monotonic();
  if (const absl::string_view malformation = Malformation(request); !malformation.empty()) {
    Fail(result, TransportError::kConnect, absl::StrCat("not sent: ", malformation));
  } else {
    Exchange(request, limits, result);
  }
  result.duration = clock_.Monotonic() - begin;
  return result;
}

std::unique_ptr<Connection> HttplibClient::Connect(const base::Deadline& deadline) {
  if (std::unique_ptr<Connection> idle = pool_.Take()) return idle;
  if (!gate_.Pass(deadline)) return nullptr;
  return std::make_unique<Connection>(url_, options_);
}

void HttplibClient::Exchange(const Request& request, const Limits& limits, Result& result) {
  BodyFeeder body(request);
  if (!body.status().ok()) return FailForBody(body.status(), result);
  std::unique_ptr<Connection> connection = Connect(limits.deadline);
  if (connection == nullptr || limits.deadline.Passed()) {
    const bool stopped = limits.deadline.Stopped();
    return Fail(result, TransportError::kConnect,
                stopped ? "not sent: stopped by this service" : "not sent: the deadline had passed");
  }
  AnswerReceiver receiver(limits.max_answer_bytes);
  httplib::Request outbound = ToHttplib(request, options_, body, receiver);
  connection->Prepare(std::min(options_.connect_timeout, limits.deadline.Remaining()),
                      MostOnTheWire(limits.max_answer_bytes));
  Outcome outcome;
  {
    Watchdog::Watch watch(watchdog_, *connection, limits.deadline);
    outcome.error = SendGuarded(connection->client(), outbound);
    outcome.cut = watch.cause();
  }
  outcome.too_large = receiver.too_large() || connection->HasReadTooMuch();
  if (const TransportError early = ErrorBeforeSending(outcome.error); early != TransportError::kNone) {
    return Fail(result, early, DetailBeforeSending(outcome.error, *connection, url_));
  }
  if (!body.status().ok()) return FailForBody(body.status(), result);
  // A cut looks like the end of an answer that names no length, so a cut exchange has no answer at all.
  if (outcome.error != httplib::Error::Success || outcome.cut != CutCause::kNone) {
    return FailAfterSending(outcome, result);
  }
  const bool closes = receiver.closes();
  result.answer = receiver.Release();
  if (closes) return;
  pool_.Return(std::move(connection));
  watchdog_.WakeWithin(options_.max_idle_time);
}

}  // namespace satudata::http
