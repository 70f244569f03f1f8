#include "tests/simulator/ckan.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/random.h"
#include "tests/simulator/answers.h"
#include "tests/simulator/ckan_package.h"

namespace satudata::simulator {
namespace {

using nlohmann::json;

std::string Dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json Parse(const std::string& text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

Reply Success(const json& result) {
  return Json(200, Dump({{"help", "…"}, {"success", true}, {"result", result}}));
}

Reply Error(int status, absl::string_view type, json error) {
  error["__type"] = std::string(type);
  return Json(status, Dump({{"help", "…"}, {"success", false}, {"error", std::move(error)}}));
}

Reply Invalid(const FieldErrors& errors) { return Error(409, "Validation Error", errors); }
Reply NotFound() { return Error(404, "Not Found Error", {{"message", "Not found"}}); }
Reply NameInUse() { return Invalid({{"name", {"That URL is already in use."}}}); }

std::string TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The success as the fate words it.
Reply Worded(const Fate& fate, const Reply& right) {
  json body = Parse(right.body);
  if (fate.Is(Quirk::kHtmlSuccess)) {
    Reply page = Json(200, "<html><body><h1>Berhasil</h1></body></html>");
    page.content_type = "text/html; charset=utf-8";
    return page;
  }
  if (fate.Is(Quirk::kMissingId)) {
    body["result"] = nullptr;
  } else if (fate.Is(Quirk::kWrongId)) {
    for (const char* name : {"id", "name", "package_id"}) {
      if (body["result"].contains(name))
        body["result"][name] = absl::StrCat("x", TextOf(body["result"], name));
    }
  } else {
    return right;
  }
  return Json(right.status, Dump(body));
}

}  // namespace

Reply Ckan::Answer(Exchange& exchange) {
  switch (exchange.operation) {
    case Operation::kCkanShow:
      return Show(exchange);
    case Operation::kCkanCreate:
      return Create(exchange);
    case Operation::kCkanPatch:
      return Patch(exchange);
    case Operation::kCkanDelete:
      return Delete(exchange);
    case Operation::kCkanOrganizations:
      return Organizations(exchange);
    default:
      return StoreResource(exchange);
  }
}

void Ckan::Reset() {
  base::MutexLock lock(&mu_);
  addresses_.clear();
}

std::optional<std::string> Ckan::TruthIdAt(absl::string_view address) {
  base::MutexLock lock(&mu_);
  const auto found = addresses_.find(address);
  if (found != addresses_.end()) return found->second;
  // A state may have brought it.
  return services_.truth.ReadDataset(address) == nullptr ? std::nullopt
                                                         : std::make_optional(std::string(address));
}

void Ckan::Remember(const std::string& address, const std::string& truth_id) {
  base::MutexLock lock(&mu_);
  addresses_[address] = truth_id;
}

Reply Ckan::Organizations(Exchange& exchange) {
  const std::string& name = services_.options.ckan_organization;
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, name);
  return Read(exchange, name, Success({{{"id", "5f0c2d1e-0000-4000-8000-000000000001"}, {"name", name}}}),
              fate);
}

Reply Ckan::Show(Exchange& exchange) {
  const std::string address = exchange.request.get_param_value("id");
  const std::string id = TruthIdAt(address).value_or(address);
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, id);
  std::shared_ptr<const std::string> held = services_.truth.ReadDataset(id);
  if (fate.Is(Quirk::kStaleShow)) {
    held = services_.truth.ReadDatasetAt(id, services_.clock.Now() - services_.options.late_max);
  }
  const Reply right =
      held == nullptr ? NotFound() : Success(ShownPackage(Parse(*held), services_.options.ckan_organization));
  return Read(exchange, id, right, fate);
}

Reply Ckan::Read(Exchange& exchange, absl::string_view key, const Reply& right, const Fate& fate) {
  if (services_.gateway.IsPoison(key)) {
    exchange.refusal = Refusal::kPoison;
    return FirewallPage();
  }
  exchange.quirk = fate.quirk;
  if (auto instead = services_.faults.Instead(fate, exchange.operation, exchange.request.path))
    return *instead;
  if (fate.Is(Quirk::kSlow)) services_.stop.Sleep(services_.options.slow);
  return services_.faults.Distort(fate, exchange.operation, right);
}

Reply Ckan::Create(Exchange& exchange) {
  const json fields = Parse(exchange.request.body);
  if (!fields.is_object()) return Json(400, R"("JSON Error: Error decoding JSON data.")");
  const FieldErrors errors = CheckPackage(fields, PackageWrite::kCreate, services_.options.ckan_organization);
  if (!errors.empty()) return Invalid(errors);
  const std::string name = TextOf(fields, "name");
  const std::string truth_id = TruthIdOf(fields);
  const std::string known = TruthIdAt(name).value_or(truth_id);
  if (known != truth_id && services_.truth.ReadDataset(known) != nullptr) return NameInUse();
  const json package = NewPackage(fields, base::NewUuid());
  Remember(name, truth_id);
  Remember(TextOf(package, "id"), truth_id);
  const Write write{.kind = WriteKind::kDataset,
                    .id = truth_id,
                    .value = Dump(fields),
                    .change = [text = Dump(package)](const std::string* held) {
                      return held == nullptr ? std::make_optional(text) : std::nullopt;
                    }};
  return Perform(exchange, write, Success(ShownPackage(package, services_.options.ckan_organization)),
                 NameInUse());
}

Reply Ckan::Patch(Exchange& exchange) {
  const json fields = Parse(exchange.request.body);
  if (!fields.is_object()) return Json(400, R"("JSON Error: Error decoding JSON data.")");
  const std::optional<std::string> truth_id = TruthIdAt(TextOf(fields, "id"));
  const auto held = truth_id.has_value() ? services_.truth.ReadDataset(*truth_id) : nullptr;
  if (held == nullptr) return NotFound();
  const FieldErrors errors = CheckPackage(fields, PackageWrite::kPatch, services_.options.ckan_organization);
  if (!errors.empty()) return Invalid(errors);
  const Write write{.kind = WriteKind::kDataset,
                    .id = *truth_id,
                    .value = Dump(fields),
                    .change = [fields](const std::string* now) -> std::optional<std::string> {
                      if (now == nullptr) return std::nullopt;
                      return Dump(Patched(Parse(*now), fields));
                    }};
  const json patched = Patched(Parse(*held), fields);
  return Perform(exchange, write, Success(ShownPackage(patched, services_.options.ckan_organization)),
                 NotFound());
}

Reply Ckan::Delete(Exchange& exchange) {
  const json fields = Parse(exchange.request.body);
  if (!fields.is_object()) return Json(400, R"("JSON Error: Error decoding JSON data.")");
  const std::optional<std::string> truth_id = TruthIdAt(TextOf(fields, "id"));
  if (!truth_id.has_value() || services_.truth.ReadDataset(*truth_id) == nullptr) return NotFound();
  const Write write{.kind = WriteKind::kDataset,
                    .id = *truth_id,
                    .value = Dump({{"state", "deleted"}}),
                    .change = [](const std::string* now) -> std::optional<std::string> {
                      if (now == nullptr) return std::nullopt;
                      return Dump(Patched(Parse(*now), {{"state", "deleted"}}));
                    }};
  return Perform(exchange, write, Success(nullptr), NotFound());
}

Reply Ckan::StoreResource(Exchange& exchange) {
  const httplib::Request& request = exchange.request;
  if (!request.has_file("upload")) return Json(400, R"("Bad request - no file")");
  const std::string package_id = request.get_file_value("package_id").content;
  const std::optional<std::string> truth_id = TruthIdAt(package_id);
  if (!truth_id.has_value() || services_.truth.ReadDataset(*truth_id) == nullptr) return NotFound();
  const FieldErrors errors =
      CheckUpload(request.get_file_value("upload"), static_cast<size_t>(services_.options.ckan_max_upload));
  if (!errors.empty()) return Invalid(errors);
  const bool is_new = exchange.operation == Operation::kCkanResourceCreate;
  const json resource =
      ResourceOf(request.files, is_new ? base::NewUuid() : request.get_file_value("id").content);
  const Write write{.kind = WriteKind::kDataset,
                    .id = *truth_id,
                    .value = Dump(resource),
                    .change = [resource, is_new](const std::string* held) -> std::optional<std::string> {
                      if (held == nullptr) return std::nullopt;
                      const std::optional<json> with = WithResource(Parse(*held), resource, is_new);
                      return with.has_value() ? std::make_optional(Dump(*with)) : std::nullopt;
                    }};
  return Perform(exchange, write, Success(ShownResource(resource, package_id)), NotFound());
}

Reply Ckan::Perform(Exchange& exchange, const Write& write, const Reply& right, const Reply& refused) {
  if (services_.gateway.IsPoison(write.id)) {
    exchange.refusal = Refusal::kPoison;
    return FirewallPage();
  }
  const Fate fate = services_.quirks.Draw(exchange.operation, Scope::kRequest, write.id);
  exchange.quirk = fate.quirk;
  std::optional<Reply> reply = services_.faults.Instead(fate, exchange.operation, exchange.request.path);
  if (!reply.has_value()) {
    const bool is_late = fate.Is(Quirk::kResourceLate) || fate.Is(Quirk::kHangLate);
    if (is_late) services_.late.Defer(write, exchange.ordinal, LateDelay(services_.options, fate));
    const bool is_refused = !is_late && TakesEffect(fate) &&
                            !services_.truth.Perform(write, exchange.ordinal, Actor::kClient).applied;
    reply = services_.faults.Distort(fate, exchange.operation, is_refused ? refused : Worded(fate, right));
  }
  services_.truth.Note(write, {exchange.ordinal, StatusOnTheWire(*reply), NameOf(fate.quirk)});
  return *std::move(reply);
}

}  // namespace satudata::simulator
