#include "server/http/http_client.h"

#include <openssl/ssl.h>

#include <csignal>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/http/httplib_client.h"
#include "server/http/url.h"

namespace satudata::http {
namespace {

using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

absl::Status Unreadable(absl::string_view what, absl::string_view file) {
  return absl::InvalidArgumentError(absl::StrCat("cannot read the ", what, " ", file));
}

// Loads each file once now, so that a wrong setting stops the start and not the first delivery.
absl::Status CheckCertificateFiles(const HttpClientOptions& options) {
  const ContextPtr context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  if (context == nullptr) return absl::InternalError("cannot set up TLS");
  if (!options.ca_bundle_file.empty() &&
      SSL_CTX_load_verify_locations(context.get(), options.ca_bundle_file.c_str(), nullptr) != 1) {
    return Unreadable("CA bundle", options.ca_bundle_file);
  }
  if (options.client_certificate_file.empty() != options.client_key_file.empty()) {
    return absl::InvalidArgumentError("a client certificate and its key must be given together");
  }
  if (options.client_certificate_file.empty()) return absl::OkStatus();
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.client_certificate_file.c_str()) != 1) {
    return Unreadable("client certificate", options.client_certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.client_key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unreadable("client key (or it does not belong to the certificate)", options.client_key_file);
  }
  return absl::OkStatus();
}

// OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that hangs up at the wrong moment would end the
// process.
void IgnoreBrokenPipes() {
  struct sigaction current = {};
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
    std::signal(SIGPIPE, SIG_IGN);
  }
}

}  // namespace

absl::string_view Answer::Header(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

absl::StatusOr<std::unique_ptr<HttpClient>> NewHttpClient(HttpClientOptions options, base::Clock& clock) {
  absl::StatusOr<Url> url = ParseUrl(options.base_url);
  if (!url.ok()) return url.status();
  if (!url->is_tls && !url->IsLoopback() && !options.allow_plaintext) {
    return absl::InvalidArgumentError(
        absl::StrCat("plain http to ", url->host, " would send credentials in the clear; use https"));
  }
  if (absl::Status status = CheckCertificateFiles(options); !status.ok()) return status;
  IgnoreBrokenPipes();
  return std::make_unique<HttplibClient>(*std::move(url), std::move(options), clock);
}

}  // namespace satudata::http
