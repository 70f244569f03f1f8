// File: gateway.h
//
// One conversation with one target: adds the credentials, sends, has the answer judged and keeps the
// evidence, free of secrets. What the answer means is the profile's business.
#ifndef SERVER_TARGETS_GATEWAY_H_
#define SERVER_TARGETS_GATEWAY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/deadline.h"
#include "server/http/http_client.h"
#include "server/sync/target.h"

namespace satudata::targets {

// One header that proves who we are. These systems differ in all of it: `Authorization: Bearer k`, `apikey:
// k`, `AuthorizationSPLP: Bearer k`, `authentication: k`.
struct CredentialHeader {
  std::string name = "Authorization";  // Default: Authorization.
  std::string prefix = "Bearer ";      // Default: "Bearer ", with its blank.
  // Called for every request, from any thread, so that a key that was replaced is used at once. Default:
  // none; without a secret the header is left out.
  std::function<std::string()> secret;
};

struct GatewayOptions {
  std::string base_path;  // Default: empty. `/ewalidata/serv`: what comes before every endpoint.
  // Default: one bearer token. Some APIs want a second header beside it.
  std::vector<CredentialHeader> credentials = {CredentialHeader()};
  size_t kept_body_bytes = 64 << 10;  // Default: 64 KiB of each body are kept as evidence.
};

struct Call {
  std::string operation;  // Enumerable: `push_dssd`.
  std::string method = "GET";
  std::string path;  // After the base path, with query.
  std::string body;
  size_t max_answer_bytes = 1 << 20;
};

struct Reply {
  sync::Verdict verdict;
  sync::Exchange exchange;
};

// Thread-safe.
class Gateway {
 public:
  // Given the answer and when it had come. Called only when there is one.
  using Judge = absl::FunctionRef<sync::Verdict(const http::Answer& answer, absl::Time received_at)>;

  Gateway(GatewayOptions options, std::unique_ptr<http::HttpClient> client);

  // Blocks, at most until the deadline plus a moment. Never sends twice. A `traceparent` that is not
  // well-formed is left out.
  Reply Do(const Call& call, const base::Deadline& deadline, absl::string_view traceparent, Judge judge);

  void Abort() { client_->Abort(); }

 private:
  const GatewayOptions options_;
  const std::unique_ptr<http::HttpClient> client_;
};

// `00-<32 hex>-<16 hex>-<2 hex>`, as W3C Trace Context has it.
bool IsTraceparent(absl::string_view text);

}  // namespace satudata::targets

#endif  // SERVER_TARGETS_GATEWAY_H_
