#include "tests/simulator/sipd.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/simulator/answers.h"
#include "tests/simulator/sipd_batch.h"
#include "tests/simulator/sipd_table.h"

namespace satudata::simulator {
namespace {

// SIPD's way to say no: HTTP 200 and an object where rows were expected.
Reply Message(int code, absl::string_view text) {
  return Json(200, absl::StrCat(R"({"code":)", code, R"(,"msg":")", text, R"("})"));
}

std::optional<size_t> SizeParam(const httplib::Request& request, const std::string& name) {
  size_t value = 0;
  if (!request.has_param(name) || !absl::SimpleAtoi(request.get_param_value(name), &value))
    return std::nullopt;
  return value;
}

// What a read is about; also what its dice are thrown for.
std::string ReadKey(const TableQuery& query) {
  return absl::StrCat(query.kodepemda, "/", query.tahun.value_or(""), "/", query.offset);
}

TableQuery QueryOf(const Exchange& exchange) {
  const httplib::Request& request = exchange.request;
  TableQuery query;
  query.kodepemda = request.get_param_value("kodepemda");
  if (request.has_param("tahun")) query.tahun = request.get_param_value("tahun");
  query.final_only = exchange.operation == Operation::kSipdGetFinal;
  query.offset = SizeParam(request, "offset").value_or(0);
  query.limit = SizeParam(request, "limit");
  return query;
}

}  // namespace

Reply Sipd::Answer(Exchange& exchange) const {
  const bool writes =
      exchange.operation == Operation::kSipdPush || exchange.operation == Operation::kSipdDisable;
  return writes ? Push(exchange) : Read(exchange);
}

Reply Sipd::Push(Exchange& exchange) const {
  const bool disables = exchange.operation == Operation::kSipdDisable;
  const absl::StatusOr<std::vector<Write>> rows =
      ParseBatch(exchange.request.body, disables ? WriteKind::kWithdrawal : WriteKind::kValue);
  if (!rows.ok()) return Message(400, rows.status().message());
  const bool poisoned = std::any_of(rows->begin(), rows->end(), [this](const Write& row) {
    return services_.gateway.IsPoison(row.key.Text());
  });
  if (poisoned) {
    exchange.refusal = Refusal::kPoison;
    return FirewallPage();
  }
  const std::string first = rows->empty() ? std::string() : rows->front().key.Text();
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, first);
  exchange.quirk = fate.quirk;
  SipdBatch batch(services_, exchange, *rows);
  std::optional<Reply> reply = services_.faults.Instead(fate, exchange.operation, exchange.request.path);
  if (!reply.has_value()) reply = services_.faults.Distort(fate, exchange.operation, batch.Perform(fate));
  batch.NoteAnswers(StatusOnTheWire(*reply), fate);
  return *std::move(reply);
}

Reply Sipd::Read(Exchange& exchange) const {
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, ReadKey(QueryOf(exchange)));
  exchange.quirk = fate.quirk;
  if (auto instead = services_.faults.Instead(fate, exchange.operation, exchange.request.path))
    return *instead;
  if (fate.Is(Quirk::kMessage200)) return Message(500, "Terjadi kesalahan pada server, silakan coba lagi");
  if (fate.Is(Quirk::kSlow)) services_.stop.Sleep(services_.options.slow);
  return services_.faults.Distort(fate, exchange.operation, Rows(exchange, fate));
}

Reply Sipd::Rows(const Exchange& exchange, const Fate& fate) const {
  const TableQuery query = QueryOf(exchange);
  if (query.kodepemda.empty()) return Message(400, "kodepemda wajib diisi");
  if (query.final_only && !query.tahun.has_value()) return Message(400, "tahun wajib diisi");
  std::string rows;
  if (exchange.operation == Operation::kSipdGetReference) {
    rows = ReferenceJson(services_.truth.ReadReference(query.kodepemda));
  } else {
    const Spelling spelling = fate.Is(Quirk::kPaddedDecimals) ? Spelling::kPadded : Spelling::kAsPushed;
    rows = TableJson(services_.truth.ReadTable(query), query.offset, spelling);
  }
  if (fate.Is(Quirk::kWrappedData)) rows = absl::StrCat("{\"data\":", rows, "}");
  if (fate.Is(Quirk::kWrappedResult)) rows = absl::StrCat("{\"result\":", rows, "}");
  return Json(200, std::move(rows));
}

}  // namespace satudata::simulator
