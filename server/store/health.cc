#include "server/store/health.h"

#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace satudata::store {

void Health::OnWriteFailed(const SqlError& error) {
  base::MutexLock lock(&mu_);
  Begin(error);
}

void Health::Begin(const SqlError& error) {
  const bool known = trouble_.has_value() && (trouble_->cure == Cure::kRestore || trouble_->SameCause(error));
  if (known) return;
  trouble_ = error;
  base::Log(base::Severity::kError,
            error.cure == Cure::kRestore ? "the database is damaged; nothing more is written to it"
                                         : "the database takes no writes; they are kept and tried again",
            {{"detail", error.text}, {"cure", CureText(error)}});
}

void Health::OnWritten() {
  base::MutexLock lock(&mu_);
  if (trouble_.has_value() && trouble_->cure == Cure::kRestore) return;
  reads_fail_ = false;
  if (!trouble_.has_value()) return;
  trouble_.reset();
  base::Log(base::Severity::kInfo, "the database takes writes again");
}

void Health::OnReadFailed(const SqlError& error) {
  base::MutexLock lock(&mu_);
  if (error.cure == Cure::kRestore) return Begin(error);
  // A read that can never succeed is a fault of its own, and each says another thing.
  if (error.cure == Cure::kWait && reads_fail_) return;
  reads_fail_ = error.cure == Cure::kWait;
  base::Log(base::Severity::kWarning, "a database read failed", {{"detail", error.text}});
}

absl::Status Health::Get() const {
  base::MutexLock lock(&mu_);
  if (!trouble_.has_value()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      trouble_->cure == Cure::kRestore ? "the database is damaged: " : "the database takes no writes: ",
      trouble_->text, "; ", CureText(*trouble_)));
}

bool Health::IsDamaged() const {
  base::MutexLock lock(&mu_);
  return trouble_.has_value() && trouble_->cure == Cure::kRestore;
}

}  // namespace satudata::store
