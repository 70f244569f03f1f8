#include "tests/simulator/credentials.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/random.h"

namespace satudata::simulator {
namespace {

// Looks a header up without copying it.
absl::string_view Header(const httplib::Request& request, const std::string& name) {
  auto it = request.headers.find(name);
  return it == request.headers.end() ? absl::string_view() : absl::string_view(it->second);
}

Reply OAuthError(absl::string_view error, absl::string_view description) {
  Reply reply;
  reply.status = error == "invalid_client" ? 401 : 400;
  reply.body = absl::StrCat(R"({"error_description":")", description, R"(","error":")", error, R"("})");
  return reply;
}

}  // namespace

Credentials::Credentials(base::Clock& clock, const Options& options) : clock_(clock), options_(options) {}

bool Credentials::Admit(System system, const httplib::Request& request) {
  const SystemOptions& wanted = system == System::kSplp ? options_.splp : options_.sipd;
  if (!wanted.second_header.empty() && Header(request, wanted.second_header) != wanted.second_value) {
    return false;
  }
  const bool has_tokens = system == System::kSplp && !options_.oauth_client_id.empty();
  if (wanted.key.empty() && !has_tokens) return true;
  absl::string_view given = Header(request, wanted.header);
  if (!absl::ConsumePrefix(&given, wanted.prefix)) return false;
  if (!wanted.key.empty() && given == wanted.key) return true;
  return has_tokens && TokenIsValid(given);
}

Reply Credentials::IssueToken(const httplib::Request& request) {
  if (!ClientIsRight(request)) return OAuthError("invalid_client", "Client Authentication failed.");
  if (request.get_param_value("grant_type") != "client_credentials") {
    return OAuthError("unsupported_grant_type", "Unsupported grant_type value");
  }
  Reply reply;
  reply.body = absl::StrCat(R"({"access_token":")", NewToken(),
                            R"(","scope":"default","token_type":"Bearer","expires_in":)",
                            absl::ToInt64Seconds(options_.token_lifetime), "}");
  return reply;
}

bool Credentials::ClientIsRight(const httplib::Request& request) const {
  if (options_.oauth_client_id.empty()) return false;
  absl::string_view header = Header(request, "Authorization");
  std::string given =
      absl::StrCat(request.get_param_value("client_id"), ":", request.get_param_value("client_secret"));
  if (absl::ConsumePrefix(&header, "Basic ") && !absl::Base64Unescape(header, &given)) return false;
  return given == absl::StrCat(options_.oauth_client_id, ":", options_.oauth_client_secret);
}

std::string Credentials::NewToken() {
  std::string token = base::NewUuid();
  const absl::Duration now = clock_.Monotonic();
  base::MutexLock lock(&mu_);
  for (auto it = expiry_.begin(); it != expiry_.end();) {
    auto current = it++;
    if (current->second <= now) expiry_.erase(current);
  }
  expiry_[token] = now + options_.token_lifetime;
  return token;
}

bool Credentials::TokenIsValid(absl::string_view token) {
  base::MutexLock lock(&mu_);
  auto it = expiry_.find(token);
  return it != expiry_.end() && clock_.Monotonic() < it->second;
}

void Credentials::RevokeTokens() {
  base::MutexLock lock(&mu_);
  expiry_.clear();
}

}  // namespace satudata::simulator
