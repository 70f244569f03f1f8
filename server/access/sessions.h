// File: sessions.h
//
// Sessions of people with a browser: opened with a local account or with a token, renewed, ended. What holds
// one is a secret; only its hash is kept. Thread-safe.
#ifndef SERVER_ACCESS_SESSIONS_H_
#define SERVER_ACCESS_SESSIONS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/access/account_store.h"
#include "server/access/sign_in_throttle.h"
#include "server/base/clock.h"

namespace satudata::access {

struct SessionOptions {
  absl::Duration lifetime = absl::Hours(12);  // Default: a working day, then one has to sign in again.
};

struct Session {
  Identity identity;
  absl::Time expire_time;
  // Of an access token that is issued now.
  absl::Time access_expire_time;
};

struct OpenedSession {
  std::string secret;
  Session session;
};

class Sessions {
 public:
  // Both must outlive it.
  Sessions(AccountStore& store, base::Clock& clock, SessionOptions options);

  using Attempt = std::unique_ptr<SignInThrottle::Attempt>;
  // Before each SignIn. `source`: where the caller is. RESOURCE_EXHAUSTED with kTooManyAttempts. Quick.
  absl::StatusOr<Attempt> BeginSignIn(absl::string_view username, absl::string_view source);
  // Checks the password, which takes its time (password.h). UNAUTHENTICATED with kSignInRefused, the same for
  // an unknown name, a wrong password and a disabled account.
  absl::StatusOr<OpenedSession> SignIn(Attempt attempt, absl::string_view password);

  // For somebody who brought a token that is good until `token_expiry`: the session is as well, at most.
  // UNAUTHENTICATED with kTokenExpired. Blocks on the database, as do all below.
  absl::StatusOr<OpenedSession> Adopt(const Identity& identity, absl::Time token_expiry);

  // The session of `secret`, which is used by this. UNAUTHENTICATED with kSessionEnded: there is none, its
  // time is up, or its account was changed.
  absl::StatusOr<Session> Refresh(absl::string_view secret);

  absl::Status End(absl::string_view secret);

  // Removes what has ended; for the start. With each session that is opened, some of it goes as well.
  absl::Status ForgetEnded();

 private:
  WebSession MakeSession(absl::string_view secret, Identity identity, Origin origin,
                         absl::Time latest_end) const;
  absl::Time EndTime(absl::Time now, absl::Time expire_time) const;
  Session View(const WebSession& session, absl::Time now) const;
  absl::StatusOr<bool> IsAccountGood(const WebSession& session);
  absl::Status Use(const WebSession& session, absl::Time now);

  AccountStore& store_;
  base::Clock& clock_;
  const SessionOptions options_;
  SignInThrottle throttle_;
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_SESSIONS_H_
