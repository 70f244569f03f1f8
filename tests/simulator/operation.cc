#include "tests/simulator/operation.h"

#include <array>

#include "absl/strings/strip.h"

namespace satudata::simulator {
namespace {

constexpr std::array<absl::string_view, kOperations> kNames = {"splp.post",
                                                               "splp.get",
                                                               "splp.put",
                                                               "sipd.push_dssd",
                                                               "sipd.push_disable_dssd",
                                                               "sipd.get_dssd",
                                                               "sipd.get_dssd_final",
                                                               "sipd.get_ref_dssd",
                                                               "oauth.token"};

std::optional<Operation> RouteSplp(absl::string_view method, absl::string_view rest, absl::string_view* id) {
  if (!absl::ConsumePrefix(&rest, "/datasets")) return std::nullopt;
  if (rest.empty()) {
    if (method == "POST") return Operation::kSplpPost;
    return std::nullopt;
  }
  if (rest.size() < 2 || rest[0] != '/') return std::nullopt;
  *id = rest.substr(1);
  if (method == "GET") return Operation::kSplpGet;
  if (method == "PUT") return Operation::kSplpPut;
  return std::nullopt;
}

std::optional<Operation> RouteSipd(absl::string_view method, absl::string_view rest) {
  if (method == "POST" && rest == "/push_dssd") return Operation::kSipdPush;
  if (method == "POST" && rest == "/push_disable_dssd") return Operation::kSipdDisable;
  if (method != "GET") return std::nullopt;
  if (rest == "/get_dssd") return Operation::kSipdGet;
  if (rest == "/get_dssd_final") return Operation::kSipdGetFinal;
  if (rest == "/get_ref_dssd") return Operation::kSipdGetReference;
  return std::nullopt;
}

}  // namespace

absl::string_view NameOf(System system) { return system == System::kSplp ? "splp" : "sipd"; }

absl::string_view NameOf(Operation operation) { return kNames[IndexOf(operation)]; }

System SystemOf(Operation operation) {
  switch (operation) {
    case Operation::kSplpPost:
    case Operation::kSplpGet:
    case Operation::kSplpPut:
    case Operation::kToken:
      return System::kSplp;
    default:
      return System::kSipd;
  }
}

std::optional<Operation> Route(absl::string_view method, absl::string_view path, absl::string_view* id) {
  if (absl::ConsumePrefix(&path, "/splp")) return RouteSplp(method, path, id);
  if (absl::ConsumePrefix(&path, "/sipd")) return RouteSipd(method, path);
  if (method == "POST" && path == "/oauth2/token") return Operation::kToken;
  return std::nullopt;
}

}  // namespace satudata::simulator
