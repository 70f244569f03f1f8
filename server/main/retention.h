// File: retention.h
//
// What is kept for a time only, and removed by and by: previews a day after they were made, uploaded content
// once no file has had it for a day.
#ifndef SERVER_MAIN_RETENTION_H_
#define SERVER_MAIN_RETENTION_H_

#include <stop_token>
#include <thread>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/catalog/content.h"
#include "server/store/durable_store.h"

namespace satudata::main {

struct RetentionOptions {
  absl::Duration interval = absl::Hours(1);           // Default: an hour between two rounds.
  absl::Duration content_kept_for = absl::Hours(24);  // Default: a day without a file.
};

// One round, which `stop` ends early; what fails is logged, and tried again in the next.
void ForgetOld(store::DurableStore& store, const catalog::ContentOptions& contents,
               const RetentionOptions& options, base::Clock& clock, const std::stop_token& stop);

// A round at once and one each `interval`, on a thread of its own, until it is destroyed. What is given must
// outlive it.
class Retention {
 public:
  Retention(store::DurableStore& store, catalog::ContentOptions contents, RetentionOptions options,
            base::Clock& clock);
  ~Retention();

 private:
  void Work();

  store::DurableStore& store_;
  const catalog::ContentOptions contents_;
  const RetentionOptions options_;
  base::Clock& clock_;
  base::Mutex mu_;
  base::CondVar stopped_;
  std::stop_source stop_;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace satudata::main

#endif  // SERVER_MAIN_RETENTION_H_
