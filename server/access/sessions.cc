#include "server/access/sessions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/access/password.h"
#include "server/base/hash.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/catalog/failure.h"

namespace satudata::access {
namespace {

using catalog::Reason;

constexpr size_t kSecretBytes = 32;
// A page renews its token every few minutes: after so long nobody has it open, or the machine slept.
constexpr absl::Duration kLongestQuiet = absl::Hours(2);
// So long an access token outlives what ended its session.
constexpr absl::Duration kAccessTokenLifetime = absl::Minutes(10);
// Not every renewal needs a write; against `kLongestQuiet` a minute is nothing.
constexpr absl::Duration kUseResolution = absl::Minutes(1);
// Nobody has as many browsers; who signs in again and again does not fill the database.
constexpr int64_t kMostPerUser = 20;
constexpr int64_t kForgetAtOnce = 1'000;

absl::Status Unauthenticated(Reason reason) {
  return catalog::FailureStatus(absl::StatusCode::kUnauthenticated, {.reason = reason});
}

std::string NewSecret() { return absl::WebSafeBase64Escape(base::RandomBytes(kSecretBytes)); }

// `why` is for the log alone. An unknown name is not written: people type passwords there.
absl::Status Refuse(const SignInThrottle::Attempt& attempt, const std::optional<Account>& account,
                    absl::string_view why) {
  base::Log(base::Severity::kWarning, "sign-in refused",
            {{"user", account ? absl::string_view(account->username) : "(unknown)"},
             {"source", attempt.source()},
             {"detail", why}});
  return Unauthenticated(Reason::kSignInRefused);
}

Identity IdentityOf(const Account& account) {
  return {.id = absl::StrCat("local:", account.username),
          .username = account.username,
          .role = std::string(RoleName(account.role))};
}

}  // namespace

Sessions::Sessions(AccountStore& store, base::Clock& clock, SessionOptions options)
    : store_(store), clock_(clock), options_(options), throttle_(clock) {}

absl::StatusOr<Sessions::Attempt> Sessions::BeginSignIn(absl::string_view username,
                                                        absl::string_view source) {
  return throttle_.Begin(absl::AsciiStrToLower(username), std::string(source));
}

absl::StatusOr<OpenedSession> Sessions::SignIn(Attempt attempt, absl::string_view password) {
  const absl::StatusOr<std::optional<Account>> found = store_.FindAccount(attempt->username());
  if (!found.ok()) return found.status();
  const std::optional<Account>& account = *found;
  const bool matches = IsPasswordOf(account ? account->password_hash : "", password);
  if (!account || !matches || account->disabled) {
    attempt->Failed();
    return Refuse(*attempt, account, !account ? "no such account" : matches ? "disabled" : "wrong password");
  }
  OpenedSession opened{.secret = NewSecret()};
  const WebSession session =
      MakeSession(opened.secret, IdentityOf(*account), Origin::kAccount, absl::InfiniteFuture());
  const absl::StatusOr<bool> is_open = store_.OpenAccountSession(session, *account, kMostPerUser);
  if (!is_open.ok()) return is_open.status();
  if (!*is_open) return Refuse(*attempt, account, "changed meanwhile");
  attempt->Succeeded();
  base::Log(base::Severity::kInfo, "signed in", {{"user", account->username}, {"source", attempt->source()}});
  opened.session = View(session, session.create_time);
  return opened;
}

absl::StatusOr<OpenedSession> Sessions::Adopt(const Identity& identity, absl::Time token_expiry) {
  OpenedSession opened{.secret = NewSecret()};
  const WebSession session = MakeSession(opened.secret, identity, Origin::kToken, token_expiry);
  if (session.expire_time <= session.create_time) return Unauthenticated(Reason::kTokenExpired);
  if (absl::Status status = store_.OpenSession(session, kMostPerUser); !status.ok()) return status;
  base::Log(base::Severity::kInfo, "signed in with a token", {{"user", identity.username}});
  opened.session = View(session, session.create_time);
  return opened;
}

absl::StatusOr<Session> Sessions::Refresh(absl::string_view secret) {
  const absl::StatusOr<std::optional<WebSession>> found = store_.FindSession(base::Sha256Hex(secret));
  if (!found.ok()) return found.status();
  const absl::Time now = clock_.Now();
  if (!*found || (*found)->end_time <= now) return Unauthenticated(Reason::kSessionEnded);
  const WebSession& session = **found;
  const absl::StatusOr<bool> is_good = IsAccountGood(session);
  if (!is_good.ok()) return is_good.status();
  if (!*is_good) return Unauthenticated(Reason::kSessionEnded);
  if (absl::Status status = Use(session, now); !status.ok()) return status;
  return View(session, now);
}

absl::Status Sessions::End(absl::string_view secret) { return store_.EndSession(base::Sha256Hex(secret)); }

absl::Status Sessions::ForgetEnded() { return store_.ForgetEndedSessions(clock_.Now(), kForgetAtOnce); }

WebSession Sessions::MakeSession(absl::string_view secret, Identity identity, Origin origin,
                                 absl::Time latest_end) const {
  const absl::Time now = clock_.Now();
  const absl::Time expire_time = std::min(now + options_.lifetime, latest_end);
  return {.key = base::Sha256Hex(secret),
          .identity = std::move(identity),
          .origin = origin,
          .create_time = now,
          .use_time = now,
          .expire_time = expire_time,
          .end_time = EndTime(now, expire_time)};
}

absl::Time Sessions::EndTime(absl::Time now, absl::Time expire_time) const {
  return std::min(now + kLongestQuiet, expire_time);
}

Session Sessions::View(const WebSession& session, absl::Time now) const {
  return {.identity = session.identity,
          .expire_time = session.expire_time,
          .access_expire_time = std::min(now + kAccessTokenLifetime, session.expire_time)};
}

// A change of an account ends its sessions in the same step; this holds even where somebody mends the
// database by hand.
absl::StatusOr<bool> Sessions::IsAccountGood(const WebSession& session) {
  if (session.origin != Origin::kAccount) return true;
  const absl::StatusOr<std::optional<Account>> account = store_.FindAccount(session.identity.username);
  if (!account.ok()) return account.status();
  return *account && !(*account)->disabled && RoleName((*account)->role) == session.identity.role;
}

// Those who are signed in stay so while the database takes no writes: then their pages are needed most.
absl::Status Sessions::Use(const WebSession& session, absl::Time now) {
  if (now - session.use_time < kUseResolution) return absl::OkStatus();
  const absl::StatusOr<bool> used = store_.UseSession(session.key, now, EndTime(now, session.expire_time));
  if (absl::IsUnavailable(used.status())) return absl::OkStatus();
  if (!used.ok()) return used.status();
  return *used ? absl::OkStatus() : Unauthenticated(Reason::kSessionEnded);
}

}  // namespace satudata::access
