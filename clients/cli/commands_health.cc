// The verb health: whether the server takes calls, as grpc.health.v1 says. Needs no token; images and units
// ask it.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cli/command.h"

namespace satudata::cli {
namespace {

constexpr char kCheckMethod[] = "/grpc.health.v1.Health/Check";
// HealthCheckResponse{status: SERVING}; Debian has the messages of grpc.health.v1 in no header.
constexpr absl::string_view kServing("\x08\x01", 2);

constexpr absl::Duration kLongestWait = absl::Hours(24);

bool IsWait(absl::Duration wait) { return wait >= absl::Milliseconds(1) && wait <= kLongestWait; }

struct HealthOptions {
  absl::Duration wait = absl::ZeroDuration();
};

struct HealthAnswer {
  grpc::Status status;
  std::string message;
};

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Asks about the server as a whole: the request is an empty message.
HealthAnswer AskHealth(Session& session, absl::Duration wait) {
  grpc::ClientContext context;
  context.set_wait_for_ready(wait > absl::ZeroDuration());
  const absl::Duration limit = wait > absl::ZeroDuration() ? wait : session.settings().timeout;
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(limit));
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  HealthAnswer answer;
  absl::Notification done;
  grpc::GenericStub stub(session.channel());
  stub.UnaryCall(&context, kCheckMethod, grpc::StubOptions(), &request, &response, [&](grpc::Status status) {
    answer.status = std::move(status);
    done.Notify();
  });
  done.WaitForNotification();
  if (answer.status.ok()) answer.message = Bytes(response);
  return answer;
}

ExitCode TellHealth(Session& session, absl::Duration wait) {
  const HealthAnswer answer = AskHealth(session, wait);
  if (!answer.status.ok()) return session.Fail(answer.status);
  const bool serving = answer.message == kServing;
  const absl::string_view word = serving ? "SERVING" : "NOT_SERVING";
  session.out() << (session.json() ? absl::StrCat(R"({"status":")", word, "\"}\n")
                                   : absl::StrCat(word, "\n"));
  return serving ? ExitCode::kGood : ExitCode::kNotSucceeded;
}

}  // namespace

void AddHealthCommand(const CommandSet& set) {
  const auto options = std::make_shared<HealthOptions>();
  CLI::App* verb = AddVerb(set, "health", "Tanyakan apakah server menerima panggilan; tanpa token",
                           "Ask whether the server takes calls; needs no token");
  AddText(
      verb, "--wait",
      [options](const std::string& text) {
        if (absl::ParseDuration(text, &options->wait) && IsWait(options->wait)) return;
        throw CLI::ValidationError("--wait", absl::StrCat(text, " is no duration such as 30s"));
      },
      Say(set, "tunggu selama ini sampai server terjangkau, misalnya 30s",
          "wait so long for a server that is only starting, for example 30s"));
  DoesAtServer(verb, set, [options](Session& session) { return TellHealth(session, options->wait); });
}

}  // namespace satudata::cli
