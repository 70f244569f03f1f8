// File: credentials.h
//
// Who is let in: static keys, second headers, OAuth2 client-credentials tokens. Thread-safe.
#ifndef TESTS_SIMULATOR_CREDENTIALS_H_
#define TESTS_SIMULATOR_CREDENTIALS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "httplib.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "tests/simulator/options.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

class Credentials {
 public:
  // `clock` and `options` must outlive the credentials.
  Credentials(base::Clock& clock, const Options& options);

  // A system without a key and without a token endpoint lets everybody in. Tokens are for SPLP.
  bool Admit(System system, const httplib::Request& request);

  // The token endpoint: grant_type=client_credentials, the client by Basic or in the form.
  Reply IssueToken(const httplib::Request& request);
  // Every token issued so far is refused from now on.
  void RevokeTokens();

 private:
  bool ClientIsRight(const httplib::Request& request) const;
  bool TokenIsValid(absl::string_view token);
  std::string NewToken();

  base::Clock& clock_;
  const Options& options_;
  base::Mutex mu_;
  absl::flat_hash_map<std::string, absl::Duration> expiry_ ABSL_GUARDED_BY(mu_);  // Monotonic.
};

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_CREDENTIALS_H_
