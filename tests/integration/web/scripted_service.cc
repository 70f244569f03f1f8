#include "tests/integration/web/scripted_service.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace satudata::web {
namespace {

constexpr int64_t kEndless = -1;

grpc::ByteBuffer Message(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string TextOf(const grpc::ByteBuffer& message) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!message.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

// Writes until it is done or cancelled. Finish is called once, by whoever finds nothing in flight.
class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(std::string method, grpc::GenericCallbackServerContext* context, Observed& observed)
      : method_(std::move(method)), observed_(observed) {
    ++observed_.started;
    context->AddInitialMetadata("x-initial", "first");
    context->AddInitialMetadata("x-raw-bin", std::string("\x01\0\xFF", 3));
    context->AddInitialMetadata("set-cookie", "a=1; HttpOnly");
    context->AddInitialMetadata("set-cookie", "b=2; HttpOnly");
    context->AddTrailingMetadata("x-last", "bye");
    StartRead(&request_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Begin("");
    Begin(TextOf(request_));
  }

  void Begin(const std::string& request) {
    if (method_ == "Silent") return Rest();
    if (method_ == "Idle") {
      StartSendInitialMetadata();
      return Rest();
    }
    if (method_ == "Echo") {
      left_ = 1;
      echo_ = request;
    } else if (method_ == "Flood") {
      left_ = kEndless;
      echo_ = std::string(1000, 'x');
    } else {
      const std::vector<std::string> words = absl::StrSplit(request, ' ');
      (void)absl::SimpleAtoi(words[0], &left_);
      int code = 0;
      if (words.size() > 1 && absl::SimpleAtoi(words[1], &code)) {
        end_ = grpc::Status(static_cast<grpc::StatusCode>(code), "nope: \xC3\xA9 %\n", "details\xFF");
      }
    }
    Advance();
  }

  void Advance() {
    if (left_ == 0) return End(end_);
    message_ = Message(echo_.empty() && method_ == "Count" ? absl::StrCat(next_++) : echo_);
    {
      base::MutexLock lock(&mu_);
      if (!cancelled_) {
        writing_ = true;
        if (left_ > 0) --left_;
      }
    }
    if (writing_) {
      StartWrite(&message_);
    } else {
      End(grpc::Status::CANCELLED);
    }
  }

  void OnWriteDone(bool ok) override {
    {
      base::MutexLock lock(&mu_);
      writing_ = false;
    }
    if (!ok) return End(grpc::Status::CANCELLED);
    ++observed_.written;
    Advance();
  }

  // Only a cancellation ends it.
  void Rest() {
    bool cancelled = false;
    {
      base::MutexLock lock(&mu_);
      resting_ = true;
      cancelled = cancelled_;
    }
    if (cancelled) End(grpc::Status::CANCELLED);
  }

  void OnCancel() override {
    ++observed_.cancelled;
    bool resting = false;
    {
      base::MutexLock lock(&mu_);
      cancelled_ = true;
      resting = resting_;
    }
    if (resting) End(grpc::Status::CANCELLED);
  }

  void End(const grpc::Status& status) {
    {
      base::MutexLock lock(&mu_);
      if (std::exchange(ended_, true)) return;
    }
    Finish(status);
  }

  void OnDone() override {
    ++observed_.done;
    delete this;
  }

  const std::string method_;
  Observed& observed_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  std::string echo_;
  int64_t left_ = 0;
  int64_t next_ = 0;
  grpc::Status end_;
  base::Mutex mu_;
  bool writing_ = false;
  bool resting_ ABSL_GUARDED_BY(mu_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

ScriptedServer::ScriptedServer() : service_(observed_) {
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service_);
  server_ = builder.BuildAndStart();
}

ScriptedServer::~ScriptedServer() { server_->Shutdown(std::chrono::system_clock::now()); }

grpc::ServerGenericBidiReactor* ScriptedServer::Service::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  {
    base::MutexLock lock(&observed_.mu);
    observed_.metadata.clear();
    for (const auto& [name, value] : context->client_metadata()) {
      observed_.metadata.emplace(std::string(name.data(), name.size()),
                                 std::string(value.data(), value.size()));
    }
  }
  const std::string& path = context->method();
  return new Reactor(path.substr(path.rfind('/') + 1), context, observed_);
}

}  // namespace satudata::web
