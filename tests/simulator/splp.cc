#include "tests/simulator/splp.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/log.h"
#include "tests/simulator/answers.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

constexpr const char* kRequired[] = {"dataset_id", "dataset_name", "theme",     "producer", "coverage",
                                     "frequency",  "dimension",    "file_name", "file_type"};

std::string Quoted(absl::string_view text) { return absl::StrCat("\"", base::JsonEscape(text), "\""); }

Reply Error(int status, absl::string_view message) {
  return Json(status, absl::StrCat(R"({"status":"error","message":)", Quoted(message), "}"));
}

Reply Invalid(const std::vector<absl::string_view>& fields) {
  std::string errors;
  for (absl::string_view field : fields) {
    absl::StrAppend(&errors, errors.empty() ? "" : ",", R"({"field":)", Quoted(field),
                    R"(,"message":"wajib diisi"})");
  }
  return Json(422, absl::StrCat(R"({"status":"error","message":"Validasi gagal","errors":[)", errors, "]}"));
}

bool IsFilled(const json& body, const char* field) {
  auto it = body.find(field);
  return it != body.end() && it->is_string() && !it->get_ref<const std::string&>().empty();
}

std::vector<absl::string_view> MissingFields(const json& body) {
  std::vector<absl::string_view> missing;
  for (const char* field : kRequired) {
    if (!IsFilled(body, field)) missing.emplace_back(field);
  }
  return missing;
}

Reply Success(int status, absl::string_view id) {
  return Json(status,
              absl::StrCat(R"({"status":"success","message":"Dataset tersimpan","data":{"dataset_id":)",
                           Quoted(id), "}}"));
}

// The success as the fate words it. The wrong id keeps the form of a right one.
Reply SuccessIn(const Fate& fate, int status, absl::string_view id) {
  switch (fate.quirk) {
    case Quirk::kWrongId:
      return Success(status, absl::StrCat("x", id));
    case Quirk::kMissingId:
      return Json(status, R"({"status":"success","message":"Dataset tersimpan"})");
    case Quirk::kHtmlSuccess: {
      Reply reply = Json(200, "<html><body><h1>Berhasil</h1><p>Dataset tersimpan</p></body></html>");
      reply.content_type = "text/html; charset=utf-8";
      return reply;
    }
    default:
      return Success(status, id);
  }
}

json Parse(const std::string& body) { return json::parse(body, nullptr, /*allow_exceptions=*/false); }

}  // namespace

Reply Splp::Answer(Exchange& exchange) const {
  switch (exchange.operation) {
    case Operation::kSplpPost:
      return Post(exchange);
    case Operation::kSplpPut:
      return Put(exchange);
    default:
      return Get(exchange);
  }
}

Reply Splp::Post(Exchange& exchange) const {
  const json body = Parse(exchange.request.body);
  if (!body.is_object()) return Error(400, "Body bukan objek JSON");
  if (auto missing = MissingFields(body); !missing.empty()) return Invalid(missing);
  return Store(exchange, {.kind = WriteKind::kDataset,
                          .id = body["dataset_id"].get<std::string>(),
                          .value = exchange.request.body});
}

Reply Splp::Put(Exchange& exchange) const {
  const json body = Parse(exchange.request.body);
  if (!body.is_object()) return Error(400, "Body bukan objek JSON");
  if (auto missing = MissingFields(body); !missing.empty()) return Invalid(missing);
  if (body["dataset_id"].get_ref<const std::string&>() != std::string(exchange.id)) {
    return Invalid({"dataset_id"});
  }
  return Store(exchange, {.kind = WriteKind::kDataset,
                          .id = std::string(exchange.id),
                          .value = exchange.request.body,
                          .condition = Condition::kIfPresent});
}

Reply Splp::Get(Exchange& exchange) const {
  const std::string id(exchange.id);
  if (services_.gateway.IsPoison(id)) {
    exchange.refusal = Refusal::kPoison;
    return FirewallPage();
  }
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, id);
  exchange.quirk = fate.quirk;
  if (auto instead = services_.faults.Instead(fate, exchange.operation, exchange.request.path))
    return *instead;
  if (fate.Is(Quirk::kSlow)) services_.stop.Sleep(services_.options.slow);
  const std::shared_ptr<const std::string> body = services_.truth.ReadDataset(id);
  Reply right = body == nullptr ? Error(404, "Dataset tidak ditemukan") : Json(200, *body);
  return services_.faults.Distort(fate, exchange.operation, std::move(right));
}

Reply Splp::Store(Exchange& exchange, const Write& write) const {
  if (services_.gateway.IsPoison(write.id)) {
    exchange.refusal = Refusal::kPoison;
    return FirewallPage();
  }
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, write.id);
  exchange.quirk = fate.quirk;
  std::optional<Reply> reply = services_.faults.Instead(fate, exchange.operation, exchange.request.path);
  if (!reply.has_value()) {
    reply = services_.faults.Distort(fate, exchange.operation, PerformWrite(exchange, fate, write));
  }
  services_.truth.Note(write, {exchange.ordinal, StatusOnTheWire(*reply), NameOf(fate.quirk)});
  return *std::move(reply);
}

Reply Splp::PerformWrite(const Exchange& exchange, const Fate& fate, const Write& write) const {
  const bool is_put = exchange.operation == Operation::kSplpPut;
  if (!TakesEffect(fate)) {
    if (fate.Is(Quirk::kHangLate)) {
      services_.late.Defer(write, exchange.ordinal, LateDelay(services_.options, fate));
    }
    return SuccessIn(fate, is_put ? 200 : 201, write.id);
  }
  Write conditional = write;
  conditional.condition = ConditionOf(exchange, fate);
  const Outcome outcome = services_.truth.Perform(conditional, exchange.ordinal, Actor::kClient);
  if (outcome.applied) return SuccessIn(fate, outcome.existed ? 200 : 201, write.id);
  return is_put ? Error(404, "Dataset tidak ditemukan") : Error(409, "Dataset sudah ada");
}

Condition Splp::ConditionOf(const Exchange& exchange, const Fate& fate) const {
  if (exchange.operation == Operation::kSplpPut) return Condition::kIfPresent;
  const bool conflicts = services_.options.conflict_on_existing || fate.Is(Quirk::kConflict);
  return conflicts ? Condition::kIfAbsent : Condition::kAlways;
}

}  // namespace satudata::simulator
