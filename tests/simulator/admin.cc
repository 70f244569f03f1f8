#include "tests/simulator/admin.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "tests/simulator/answers.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

Reply JsonOf(const json& value, int status = 200) {
  return Json(status, value.dump(-1, ' ', false, json::error_handler_t::replace));
}

Reply ErrorOf(int status, absl::string_view message) {
  return JsonOf({{"error", std::string(message)}}, status);
}

Reply ReplyOf(const absl::Status& status) {
  return status.ok() ? JsonOf({{"ok", true}}) : ErrorOf(400, status.message());
}

Reply Found(std::optional<std::string> record) {
  return record.has_value() ? Json(200, *std::move(record)) : ErrorOf(404, "no such record");
}

std::string TextField(const json& body, const char* name) {
  auto it = body.find(name);
  return it != body.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::optional<System> SystemNamed(absl::string_view target) {
  if (target == "splp") return System::kSplp;
  if (target == "sipd") return System::kSipd;
  return std::nullopt;
}

json CountsOf(const OperationFigures& figures) {
  json answers = json::object(), quirks = json::object(), refused = json::object();
  for (const auto& [status, count] : figures.answers) {
    answers[status == 0 ? "none" : absl::StrCat(status)] = count;
  }
  for (const QuirkInfo& info : QuirkCatalogue()) {
    const uint64_t count = figures.quirks[IndexOf(info.quirk)];
    if (count > 0) quirks[std::string(info.name)] = count;
  }
  for (size_t i = 1; i < kRefusals; ++i) {
    if (figures.refusals[i] > 0) refused[std::string(NameOf(static_cast<Refusal>(i)))] = figures.refusals[i];
  }
  return {{"requests", figures.requests}, {"answers", answers}, {"quirks", quirks}, {"refused", refused}};
}

json SlotsOf(const SlotFigures& figures) {
  return {{"serving", figures.serving},
          {"offered", figures.offered},
          {"peak_serving", figures.peak_serving},
          {"peak_offered", figures.peak_offered},
          {"over_limit", figures.over_limit}};
}

}  // namespace

Reply Admin::Answer(const httplib::Request& request) const {
  absl::string_view resource = request.path;
  absl::ConsumePrefix(&resource, "/admin/");
  return request.method == "GET" ? Get(resource, request) : Post(resource, request);
}

Reply Admin::Get(absl::string_view resource, const httplib::Request& request) const {
  if (resource == "healthz") return JsonOf({{"status", "ok"}});
  if (resource == "stats") return Stats();
  if (resource == "quirks") return Quirks();
  if (resource == "quirks/catalogue") return Catalogue();
  if (resource == "requests") return Requests(request);
  if (resource == "truth") {
    const bool history = request.get_param_value("history") == "1";
    return Json(200, services_.truth.Json(history ? Detail::kHistory : Detail::kCurrent));
  }
  if (absl::ConsumePrefix(&resource, "truth/sipd/")) return Found(services_.truth.SipdJson(resource));
  if (absl::ConsumePrefix(&resource, "truth/splp/")) return Found(services_.truth.SplpJson(resource));
  return ErrorOf(404, "no such resource");
}

Reply Admin::Post(absl::string_view resource, const httplib::Request& request) const {
  if (resource == "values") return ReplyOf(SetValues(request.body));
  if (resource == "flush") return JsonOf({{"applied", services_.truth.Flush()}});
  if (resource == "reset" || resource == "sleep" || resource == "tokens/revoke") {
    if (resource == "reset") reset_();
    if (resource == "sleep") services_.gateway.FallAsleep();
    if (resource == "tokens/revoke") services_.gateway.credentials().RevokeTokens();
    return ReplyOf(absl::OkStatus());
  }
  const json body = json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (resource == "quirks") return ReplyOf(SetQuirks(body));
  if (resource == "outage") return ReplyOf(SetOutage(body));
  if (resource == "quota") return ReplyOf(SetQuota(body));
  if (resource == "poison") return ReplyOf(SetPoison(body));
  return ErrorOf(404, "no such resource");
}

Reply Admin::Stats() const {
  json operations = json::object();
  uint64_t over_quota = 0;
  const auto figures = services_.ledger.figures();
  for (size_t op = 0; op < kOperations; ++op) {
    if (figures[op].requests == 0) continue;
    operations[std::string(NameOf(static_cast<Operation>(op)))] = CountsOf(figures[op]);
    over_quota += figures[op].refusals[static_cast<size_t>(Refusal::kQuota)];
  }
  json stats = {{"requests", services_.ledger.requests()},
                {"operations", operations},
                {"refused_by_quota", over_quota},
                {"pending", services_.truth.pending()}};
  uint64_t needless = 0;
  for (System system : {System::kSplp, System::kSipd}) {
    const Totals totals = services_.truth.TotalsOf(system);
    stats[std::string(NameOf(system))] = {
        {"held", totals.held},
        {"applies", totals.applies},
        {"needless_second_effects", totals.needless_second_effects},
        {"repeats_of_state", totals.repeats_of_state},
        {"concurrency", SlotsOf(services_.gateway.slots(system).figures())}};
    needless += totals.needless_second_effects;
  }
  stats["needless_second_effects"] = needless;
  return JsonOf(stats);
}

Reply Admin::Quirks() const {
  json rates = json::object();
  for (const auto& [name, rate] : services_.quirks.Rates()) rates[name] = rate;
  return JsonOf(rates);
}

Reply Admin::Catalogue() const {
  json list = json::array();
  for (const QuirkInfo& info : QuirkCatalogue()) {
    json operations = json::array();
    for (size_t op = 0; op < kOperations; ++op) {
      if (((info.operations >> op) & 1) != 0) {
        operations.push_back(std::string(NameOf(static_cast<Operation>(op))));
      }
    }
    list.push_back({{"name", std::string(info.name)},
                    {"scope", info.scope == Scope::kRow ? "row" : "request"},
                    {"spread", info.inclusion == Inclusion::kSpread},
                    {"operations", operations},
                    {"effect", std::string(info.effect)}});
  }
  return JsonOf(list);
}

Reply Admin::Requests(const httplib::Request& request) const {
  constexpr size_t kDefault = 100;
  size_t limit = kDefault;
  if (request.has_param("limit") && !absl::SimpleAtoi(request.get_param_value("limit"), &limit)) {
    return ErrorOf(400, "limit is no number");
  }
  return JsonOf(services_.ledger.Requests(limit));
}

absl::Status Admin::SetQuirks(const json& body) const {
  if (!body.is_object()) return absl::InvalidArgumentError("expected {\"name\": rate, …}");
  std::vector<NamedRate> rates;
  for (const auto& [name, rate] : body.items()) {
    if (!rate.is_number())
      return absl::InvalidArgumentError(absl::StrCat("the rate of ", name, " is no number"));
    rates.emplace_back(name, rate.get<double>());
  }
  return services_.quirks.SetRates(rates);
}

absl::Status Admin::SetOutage(const json& body) const {
  const std::string target = body.is_object() ? TextField(body, "target") : "";
  const std::string mode = body.is_object() ? TextField(body, "mode") : "";
  const std::optional<Outage> outage = ParseOutage(mode);
  if (!outage.has_value()) return absl::InvalidArgumentError("mode is one of refuse, hang, 503, off");
  const std::optional<System> system = SystemNamed(target);
  if (!system.has_value()) return absl::InvalidArgumentError("target is splp or sipd");
  services_.gateway.SetOutage(*system, *outage);
  return absl::OkStatus();
}

absl::Status Admin::SetQuota(const json& body) const {
  const std::optional<System> system = SystemNamed(body.is_object() ? TextField(body, "target") : "");
  if (!system.has_value()) return absl::InvalidArgumentError("target is splp or sipd");
  const auto rate = body.find("per_second");
  if (rate == body.end() || !rate->is_number() || rate->get<double>() < 0) {
    return absl::InvalidArgumentError("per_second is a number, 0 for no limit");
  }
  services_.gateway.SetQuota(*system, rate->get<double>());
  return absl::OkStatus();
}

absl::Status Admin::SetPoison(const json& body) const {
  std::vector<std::string> keys;
  if (!body.is_array()) return absl::InvalidArgumentError("expected a list of record keys");
  for (const json& key : body) {
    if (!key.is_string()) return absl::InvalidArgumentError("a record key is a text");
    keys.push_back(key.get<std::string>());
  }
  services_.gateway.SetPoison(keys);
  return absl::OkStatus();
}

absl::Status Admin::SetValues(const std::string& body) const {
  const absl::StatusOr<State> state = ParseState(body);
  if (state.ok()) services_.truth.Merge(*state);
  return state.status();
}

}  // namespace satudata::simulator
