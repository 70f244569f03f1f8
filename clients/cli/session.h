// File: session.h
//
// What a command that talks to the server works with: the settings, the streams, the stubs, and calls that
// carry token, language and deadline.
#ifndef CLIENTS_CLI_SESSION_H_
#define CLIENTS_CLI_SESSION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <ostream>

#include "absl/status/statusor.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/settings.h"
#include "clients/cli/style.h"
#include "clients/cli/surroundings.h"
#include "clients/cli/token.h"
#include "satudata/integration/v1/account_service.grpc.pb.h"
#include "satudata/integration/v1/catalog_service.grpc.pb.h"
#include "satudata/integration/v1/integration_service.grpc.pb.h"
#include "satudata/integration/v1/target_service.grpc.pb.h"

namespace satudata::cli {

namespace v1 = ::satudata::integration::v1;

// How long a call may take.
enum class CallLimit {
  kTimeout,  // As --timeout says.
  kNone      // Streams end when the work ends, or by Ctrl-C.
};

// Used by one thread; only the interrupt is raised from another.
class Session {
 public:
  // Fails when a certificate or key file cannot be read. Connects to nothing yet. Both must outlive the
  // session.
  static absl::StatusOr<std::unique_ptr<Session>> Create(const Settings& settings,
                                                         const Surroundings& surroundings);

  const Settings& settings() const { return settings_; }
  const Surroundings& surroundings() const { return surroundings_; }
  Language language() const { return settings_.language; }
  bool json() const { return settings_.output == OutputFormat::kJson; }
  std::ostream& out() const { return *surroundings_.out; }
  std::ostream& err() const { return *surroundings_.err; }
  // How text on `out` and on `err` is drawn.
  Style out_style() const;
  Style err_style() const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  v1::IntegrationService::Stub& integration() { return *integration_; }
  v1::CatalogService::Stub& catalog() { return *catalog_; }
  v1::TargetService::Stub& targets() { return *targets_; }
  v1::AccountService::Stub& accounts() { return *accounts_; }

  // A context with token, language and limit, which Ctrl-C cancels. Fails when the token file cannot be read.
  absl::StatusOr<std::shared_ptr<grpc::ClientContext>> NewContext(CallLimit limit);

  // Writes on `err` what went wrong and what to do; how the program ends because of it.
  ExitCode Fail(const grpc::Status& status);

  // Calls a unary method. UNAUTHENTICATED, without a call, if there is no context for it.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    const absl::StatusOr<std::shared_ptr<grpc::ClientContext>> context = NewContext(CallLimit::kTimeout);
    if (!context.ok()) return NoContext(context.status());
    return (stub.*method)(context->get(), request, response);
  }

  // The error of a call whose context could not be made.
  static grpc::Status NoContext(const absl::Status& status);

 private:
  Session(const Settings& settings, const Surroundings& surroundings, std::shared_ptr<grpc::Channel> channel);

  const Settings& settings_;
  const Surroundings& surroundings_;
  const TokenSource tokens_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::IntegrationService::Stub> integration_;
  const std::unique_ptr<v1::CatalogService::Stub> catalog_;
  const std::unique_ptr<v1::TargetService::Stub> targets_;
  const std::unique_ptr<v1::AccountService::Stub> accounts_;
};

}  // namespace satudata::cli

#endif  // CLIENTS_CLI_SESSION_H_
