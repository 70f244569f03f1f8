// File: sign_in_throttle.h
//
// Slows down those who guess passwords: by the name that they try, whether it exists or not, and by where
// they come from. It stands in the way of signing in alone; who is signed in is not affected. Thread-safe and
// quick.
#ifndef SERVER_ACCESS_SIGN_IN_THROTTLE_H_
#define SERVER_ACCESS_SIGN_IN_THROTTLE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/access/failure_counter.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"

namespace satudata::access {

// An office shares one address, so it gets more than a name does.
inline constexpr FailureLimits kNameLimits = {};
inline constexpr FailureLimits kSourceLimits = {.free = 20};

class SignInThrottle {
 public:
  // One try that was let through. It counts as a failure from the start, so that many at once are no way
  // around the limit; that is taken back when it succeeds, or when it goes without having been decided.
  class Attempt {
   public:
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    const std::string& username() const { return username_; }
    const std::string& source() const { return source_; }

    void Failed() { decided_ = true; }
    // The name's failures are forgotten. Those of the source are not: it may own one account and guess
    // others.
    void Succeeded();

   private:
    friend class SignInThrottle;
    Attempt(SignInThrottle& throttle, std::string username, std::string source);

    SignInThrottle& throttle_;
    const std::string username_;
    const std::string source_;
    bool decided_ = false;
  };

  // `clock` must outlive the throttle, and the throttle its attempts.
  explicit SignInThrottle(base::Clock& clock, FailureLimits names = kNameLimits,
                          FailureLimits sources = kSourceLimits);

  // `username` in lower case. RESOURCE_EXHAUSTED with kTooManyAttempts when it, or `source`, has to wait.
  absl::StatusOr<std::unique_ptr<Attempt>> Begin(std::string username, std::string source);

 private:
  base::Clock& clock_;
  base::Mutex mu_;
  FailureCounter names_ ABSL_GUARDED_BY(mu_);
  FailureCounter sources_ ABSL_GUARDED_BY(mu_);
};

}  // namespace satudata::access

#endif  // SERVER_ACCESS_SIGN_IN_THROTTLE_H_
