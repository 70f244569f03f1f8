#include "tests/simulator/faults.h"

#include <utility>

#include "tests/simulator/answers.h"

namespace satudata::simulator {
namespace {

Reply OnTheWire(Wire wire, Reply reply = {}) {
  reply.wire = wire;
  return reply;
}

constexpr size_t kTooMuch = 2 << 20;

// Neither text nor anything else: every byte there is, in no order that means something.
Reply Garbage() {
  constexpr unsigned kStep = 167;
  Reply reply;
  for (unsigned i = 0; i < 256; ++i) reply.body.push_back(static_cast<char>(i * kStep % 256));
  return reply;
}

}  // namespace

bool TakesEffect(const Fate& fate) {
  switch (fate.quirk) {
    case Quirk::kDrip:
    case Quirk::kNoCommit:
    case Quirk::kNoLog:
      return fate.Coin();
    case Quirk::kHangLate:
      return false;
    default:
      return true;
  }
}

std::optional<Reply> Faults::Instead(const Fate& fate, Operation operation, absl::string_view path) const {
  switch (fate.quirk) {
    case Quirk::kNone:
      return std::nullopt;
    case Quirk::kHtml200:
      return MaintenancePage();
    case Quirk::kHtml403:
      return FirewallPage();
    case Quirk::kThrottle200: {
      Reply reply = Throttle(QuotaHint::kNextAccess);
      reply.status = 200;
      return reply;
    }
    case Quirk::kThrottleNextAccess:
      return Throttle(QuotaHint::kNextAccess);
    case Quirk::kThrottleDate:
      return Throttle(QuotaHint::kDate);
    case Quirk::kThrottleSeconds:
      return Throttle(QuotaHint::kSeconds);
    case Quirk::kThrottleBare:
      return Throttle(QuotaHint::kNone);
    case Quirk::kThrottleBlocked:
      return FaultError(kBlocked);
    case Quirk::kUnauthorized:
      return StringCodeError(kInvalidCredentials);
    case Quirk::kError500Before:
      return ServerError(500, operation);
    case Quirk::kError503Before:
      return ServerError(503, operation);
    case Quirk::kResetBefore:
      return OnTheWire(Wire::kReset);
    case Quirk::kHangBefore:
      return OnTheWire(Wire::kHangUp);
    default:
      return InsteadAtSplp(fate, path);
  }
}

std::optional<Reply> Faults::InsteadAtSplp(const Fate& fate, absl::string_view path) const {
  switch (fate.quirk) {
    case Quirk::kTenantAsleep:
      return StatusReport404(path);
    case Quirk::kWso2StringCode:
      return StringCodeError(kUnclassified);
    case Quirk::kWso2Fault:
      return FaultError(kBackendDown);
    case Quirk::kWso2Xml:
      return XmlError(kUnclassified);
    case Quirk::kStatusError200:
      return Json(200, R"({"status":"error","message":"Terjadi kesalahan saat menyimpan data"})");
    default:
      return InsteadAtCkan(fate);
  }
}

std::optional<Reply> Faults::InsteadAtCkan(const Fate& fate) {
  switch (fate.quirk) {
    case Quirk::kSuccessFalse:
      return Json(200, R"({"success":false,"error":{"__type":"Internal Error","message":"Coba lagi"}})");
    case Quirk::kBareText400:
      return Json(400, R"("JSON Error: Error decoding JSON data.")");
    case Quirk::kForbidden:
      return Json(403,
                  R"({"success":false,"error":{"__type":"Authorization Error","message":"Access denied"}})");
    case Quirk::kRefusedFields:
      return Json(409, R"({"success":false,"error":{"__type":"Validation Error",)"
                       R"("title":["Judul tidak sesuai"],"notes":["Missing value"]}})");
    default:
      return std::nullopt;
  }
}

Reply Faults::Distort(const Fate& fate, Operation operation, Reply right) const {
  switch (fate.quirk) {
    case Quirk::kError500After:
      return ServerError(500, operation);
    case Quirk::kError503After:
      return ServerError(503, operation);
    case Quirk::kResetAfter:
      return OnTheWire(Wire::kReset);
    case Quirk::kHangAfter:
    case Quirk::kHangLate:
      return OnTheWire(Wire::kHangUp);
    case Quirk::kDrip:
      return OnTheWire(Wire::kDrip, std::move(right));
    case Quirk::kCutShort:
      return OnTheWire(Wire::kCut, std::move(right));
    case Quirk::kEndless:
      return OnTheWire(Wire::kNoEnd, std::move(right));
    case Quirk::kTooLarge:
      right.body.insert(0, kTooMuch, ' ');
      return right;
    case Quirk::kGarbage:
      return Garbage();
    case Quirk::kTruncated:
      right.body.resize(right.body.size() / 2);
      return right;
    case Quirk::kWrongContentType:
      right.content_type = "text/html";
      return right;
    default:
      return right;
  }
}

Reply Faults::Throttle(QuotaHint hint) const {
  return Throttled(kThrottledOut, hint, clock_.Now(), options_.throttle_wait);
}

// SPLP's gateway speaks JSON of its own; in front of SIPD stands a web server with its pages.
Reply Faults::ServerError(int status, Operation operation) const {
  if (SystemOf(operation) == System::kSipd) return ErrorPage(status);
  return status == 503 ? FaultError(kBackendDown) : StringCodeError(kUnclassified);
}

}  // namespace satudata::simulator
