#include "server/store/pg_session.h"

#include <endian.h>
#include <poll.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "server/base/text_encoding.h"
#include "server/store/pg_sql.h"

namespace satudata::store {
namespace {

constexpr int kOldestVersion = 130000;
constexpr int kIdleSessionVersion = 140000;
// Answers are short: those of so many fit into what lies between the two sides, so that neither waits for the
// other to read.
constexpr size_t kMostDeferred = 256;
constexpr int kMostLooks = 4;  // At what a server has said unasked.

bool IsKept(absl::string_view text) {
  return text.find('\0') == absl::string_view::npos && base::IsUtf8(text);
}

// Byte by byte, where that is needed at all.
std::string Kept(absl::string_view text) {
  constexpr size_t kLongest = 4;  // Bytes of one character.
  constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
  std::string kept;
  while (!text.empty()) {
    size_t length = 1;
    while (length <= kLongest && length <= text.size() && !base::IsUtf8(text.substr(0, length))) ++length;
    const bool is_good = text[0] != '\0' && length <= kLongest && length <= text.size();
    absl::StrAppend(&kept, is_good ? text.substr(0, length) : kReplacement);
    text.remove_prefix(is_good ? length : 1);
  }
  return kept;
}

std::string OneLine(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  return absl::StrReplaceAll(text, {{"\n", " "}, {"\t", ""}, {"\r", ""}});
}

std::string Field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

// The first line of what the library itself says of a connection that broke off; the others are guesses.
std::string FirstLine(absl::string_view text) {
  return OneLine(text.substr(0, absl::StripLeadingAsciiWhitespace(text).find('\n')));
}

// Values that were sent are in the details, and in what is said of data that is wrong.
std::string TextOf(const PGresult* result, absl::string_view state) {
  std::string text = absl::StartsWith(state, "22") ? "a value that the database does not take"
                                                   : OneLine(Field(result, PG_DIAG_MESSAGE_PRIMARY));
  return absl::StrCat(text, " (sqlstate ", state, ")");
}

PGconn* Connect(const PgSessionOptions& options) {
  const std::string timeout =
      absl::StrCat(std::max<int64_t>(2, absl::ToInt64Seconds(options.connect_timeout)));
  // What comes before the URL it may change; what comes behind it, not.
  const char* const keywords[] = {"connect_timeout",
                                  "keepalives_idle",
                                  "keepalives_interval",
                                  "keepalives_count",
                                  "tcp_user_timeout",
                                  "fallback_application_name",
                                  "dbname",
                                  "client_encoding",
                                  "keepalives",
                                  nullptr};
  const char* const values[] = {timeout.c_str(),     "10",   "5", "3",    "25000", kPgApplication,
                                options.url.c_str(), "UTF8", "1", nullptr};
  return PQconnectdbParams(keywords, values, /*expand_dbname=*/1);
}

}  // namespace

void PgParameters::Put(const char* data, size_t size, Oid type) {
  if (count_ == data_.size()) {
    data_.emplace_back(), sizes_.emplace_back(), formats_.push_back(1), types_.emplace_back();
    buffers_.push_back(std::make_unique<std::string>());
  }
  data_[count_] = data;
  sizes_[count_] = static_cast<int>(size);
  types_[count_] = type;
  ++count_;
}

std::string& PgParameters::Buffer() {
  if (count_ == buffers_.size()) {
    Put(nullptr, 0, kTextType);
    --count_;
  }
  return *buffers_[count_];
}

void PgParameters::Text(const std::string& text) {
  if (!IsKept(text)) return OwnText(text);
  Put(text.data(), text.size(), kTextType);
}

void PgParameters::OwnText(std::string text) {
  std::string& buffer = Buffer();
  buffer = IsKept(text) ? std::move(text) : Kept(text);
  Put(buffer.data(), buffer.size(), kTextType);
}

void PgParameters::Integer(int64_t value) {
  const uint64_t bytes = htobe64(static_cast<uint64_t>(value));
  std::string& buffer = Buffer();
  buffer.assign(reinterpret_cast<const char*>(&bytes), sizeof(bytes));
  Put(buffer.data(), buffer.size(), kIntegerType);
}

int64_t PgResult::Integer(int row, int column) const {
  int64_t value = 0;
  if (absl::SimpleAtoi(Text(row, column), &value)) return value;
  throw PgError("22018", "a column holds a text where a number belongs", /*lost=*/false);
}

int64_t PgResult::changed_rows() const {
  int64_t rows = 0;
  return absl::SimpleAtoi(PQcmdTuples(result_.get()), &rows) ? rows : 0;
}

PgSession::PgSession(const PgSessionOptions& options) : connection_(Connect(options), &PQfinish) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const std::string words = OneLine(PQerrorMessage(connection_.get()));
    throw PgError(std::string(StateOfConnectFailure(words)), words, /*lost=*/true);
  }
  // Notices are for people at a terminal.
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  Configure(options);
}

void PgSession::Configure(const PgSessionOptions& options) {
  const int version = PQserverVersion(connection_.get());
  if (version < kOldestVersion) {
    throw PgError("0A000", absl::StrCat("PostgreSQL ", version / 10000, " is too old, 13 or newer is needed"),
                  /*lost=*/true);
  }
  const auto millis = [](absl::Duration time) {
    return std::max<int64_t>(1, absl::ToInt64Milliseconds(time));
  };
  // The server looks whether we are still there as often as we look for it: a machine that is gone does not
  // keep the database from the one in its place. Compiling a plan to machine code takes longer than any of
  // our statements. A commit is told when it is on the disk, whatever the default is.
  Run(absl::StrCat(
      "SET statement_timeout = ", millis(options.statement_timeout),
      "; SET lock_timeout = ", millis(options.lock_timeout), "; SET idle_in_transaction_session_timeout = ",
      millis(options.idle_timeout), version < kIdleSessionVersion ? "" : "; SET idle_session_timeout = 0",
      "; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
      "; SET tcp_user_timeout = 25000"
      "; SET standard_conforming_strings = on; SET jit = off; "
      "SELECT set_config('synchronous_commit', 'on', false) "
      "WHERE current_setting('synchronous_commit') = 'off'"));
}

PgError PgSession::ErrorOf(const PGresult* result) const {
  const std::string state = Field(result, PG_DIAG_SQLSTATE);
  const bool broken = PQstatus(connection_.get()) != CONNECTION_OK;
  if (state.empty()) {
    const std::string words = FirstLine(PQerrorMessage(connection_.get()));
    return PgError(std::string(kStateLost), words.empty() ? "the connection to PostgreSQL is lost" : words,
                   /*lost=*/true);
  }
  const bool lost = broken || absl::StartsWith(state, "08") || absl::StartsWith(state, "57P") ||
                    Field(result, PG_DIAG_SEVERITY_NONLOCALIZED) == "FATAL";
  return PgError(state, TextOf(result, state), lost);
}

PgResult PgSession::Checked(PGresult* result) {
  PgResult owned(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw ErrorOf(result);
  return owned;
}

PgResult PgSession::Run(const std::string& sql) {
  Flush();
  return Checked(PQexec(connection_.get(), sql.c_str()));
}

int64_t PgSession::CopyIn(const std::string& sql, const std::function<bool(std::string&)>& next) {
  Flush();
  const PgResult begun(PQexec(connection_.get(), sql.c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) throw ErrorOf(begun.get());
  for (std::string rows; next(rows); rows.clear()) {
    if (PQputCopyData(connection_.get(), rows.data(), static_cast<int>(rows.size())) != 1) {
      throw ErrorOf(nullptr);
    }
  }
  if (PQputCopyEnd(connection_.get(), /*errormsg=*/nullptr) != 1) throw ErrorOf(nullptr);
  const PgResult ended = Checked(PQgetResult(connection_.get()));
  PQclear(PQgetResult(connection_.get()));  // The null that ends it.
  return ended.changed_rows();
}

std::string PgSession::Prepare(const std::string& sql, const PgParameters& parameters) {
  Flush();
  std::string name = absl::StrCat("s", ++statements_);
  Checked(PQprepare(connection_.get(), name.c_str(), ToPgSql(sql).c_str(),
                    static_cast<int>(parameters.count_), parameters.types_.data()));
  return name;
}

PgResult PgSession::RunPrepared(const std::string& name, const PgParameters& parameters) {
  Flush();
  return Checked(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(parameters.count_),
                                parameters.data_.data(), parameters.sizes_.data(), parameters.formats_.data(),
                                /*resultFormat=*/0));
}

void PgSession::EnterPipeline() {
  if (pipelined_) return;
  if (PQenterPipelineMode(connection_.get()) == 0) throw ErrorOf(nullptr);
  pipelined_ = true;
}

void PgSession::Defer(const std::string& name, const PgParameters& parameters,
                      const PgExpectation& expectation) {
  if (deferred_.size() >= kMostDeferred) Flush();
  EnterPipeline();
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(parameters.count_),
                          parameters.data_.data(), parameters.sizes_.data(), parameters.formats_.data(),
                          /*resultFormat=*/0) == 0) {
    throw ErrorOf(nullptr);
  }
  deferred_.push_back(expectation);
}

// Each statement's answer ends with a null.
void PgSession::Await(const PgExpectation& expectation, std::unique_ptr<PgError>& failure,
                      const char*& refusal) {
  const PgResult result(PQgetResult(connection_.get()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_PIPELINE_ABORTED && failure != nullptr) return;
  if (status != PGRES_COMMAND_OK) {
    failure = std::make_unique<PgError>(ErrorOf(result.get()));
    return;
  }
  const int64_t changed = result.changed_rows();
  if (expectation.count != nullptr) *expectation.count += changed;
  if (changed == 0 && refusal == nullptr) refusal = expectation.refuse_if_none;
}

void PgSession::AwaitSync() {
  const PgResult sync(PQgetResult(connection_.get()));
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) throw ErrorOf(sync.get());
  if (PQexitPipelineMode(connection_.get()) == 0) throw ErrorOf(nullptr);
  pipelined_ = false;
}

void PgSession::Flush() {
  if (!pipelined_) return;
  std::vector<PgExpectation> deferred;
  deferred.swap(deferred_);
  if (PQpipelineSync(connection_.get()) == 0) throw ErrorOf(nullptr);
  std::unique_ptr<PgError> failure;
  const char* refusal = nullptr;
  for (const PgExpectation& expectation : deferred) {
    Await(expectation, failure, refusal);
    if (failure != nullptr && failure->lost()) throw PgError(*failure);
    PQclear(PQgetResult(connection_.get()));
  }
  AwaitSync();
  if (failure != nullptr) throw PgError(*failure);
  if (refusal != nullptr) throw Refused(refusal);
}

void PgSession::BeginWrite() {
  transaction_id_ = std::string(Run("BEGIN; SELECT pg_current_xact_id()::text").Text(0, 0));
}

void PgSession::BeginRead() {
  transaction_id_.clear();
  Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

void PgSession::Commit() {
  Flush();
  try {
    const PgResult result = Run("COMMIT");
    if (result.command() == "COMMIT") return;
  } catch (const PgError& error) {
    if (!error.lost() || transaction_id_.empty()) throw;
    throw PgError::Unsure(error, transaction_id_);
  }
  throw PgError("25P02", "a transaction had failed and was to be committed", /*lost=*/false);
}

void PgSession::Rollback() {
  try {
    Flush();
  } catch (const Refused&) {  // It is taken back with the others.
  } catch (const PgError& error) {
    if (error.lost()) throw;
  }
  Run("ROLLBACK");
}

bool PgSession::WasCommitted(const std::string& transaction_id) {
  std::string fate;
  try {
    const PgResult result =
        Run(absl::StrCat("SELECT coalesce(pg_xact_status('", transaction_id, "'::xid8), '')"));
    fate = std::string(result.Text(0, 0));
  } catch (const PgError& error) {
    // An id that is still to come: a backup from before it was restored.
    if (error.state() != "22023") throw;
    return false;
  }
  if (fate != "in progress") return fate == "committed";
  throw PgError(std::string(kStateHeld), "the transaction that was under way has not ended yet",
                /*lost=*/false);
}

// A server that ends a connection says why before it closes it: behind what it says there may be the end.
bool PgSession::IsAlive() {
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  for (int i = 0; i < kMostLooks && PQstatus(connection_.get()) == CONNECTION_OK; ++i) {
    if (poll(&socket, 1, /*timeout=*/0) <= 0) return true;
    if (PQconsumeInput(connection_.get()) == 0) return false;
  }
  return PQstatus(connection_.get()) == CONNECTION_OK;
}

std::string KeptText(absl::string_view text) { return IsKept(text) ? std::string(text) : Kept(text); }

std::string PgPlace(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), /*errmsg=*/nullptr), &PQconninfoFree);
  std::string place = "the PostgreSQL database";
  const auto add = [&](absl::string_view keyword, absl::string_view before) {
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
      if (option->keyword == keyword && option->val != nullptr) absl::StrAppend(&place, before, option->val);
    }
  };
  add("dbname", " ");
  add("host", " at ");
  add("port", ":");
  return place;
}

}  // namespace satudata::store
