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
                                                               "oauth.token",
                                                               "splp.package_show",
                                                               "splp.package_create",
                                                               "splp.package_patch",
                                                               "splp.resource_create",
                                                               "splp.resource_update",
                                                               "splp.organization_list_for_user",
                                                               "splp.package_delete"};

std::optional<Operation> RouteCkan(absl::string_view method, absl::string_view action) {
  if (method == "GET" && action == "package_show") return Operation::kCkanShow;
  if (method == "GET" && action == "organization_list_for_user") return Operation::kCkanOrganizations;
  if (method != "POST") return std::nullopt;
  if (action == "package_create") return Operation::kCkanCreate;
  if (action == "package_patch") return Operation::kCkanPatch;
  if (action == "package_delete") return Operation::kCkanDelete;
  if (action == "resource_create") return Operation::kCkanResourceCreate;
  if (action == "resource_update") return Operation::kCkanResourceUpdate;
  return std::nullopt;
}

std::optional<Operation> RouteSplp(absl::string_view method, absl::string_view rest, absl::string_view* id) {
  if (absl::ConsumePrefix(&rest, "/api/3/action/")) return RouteCkan(method, rest);
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
    case Operation::kCkanShow:
    case Operation::kCkanCreate:
    case Operation::kCkanPatch:
    case Operation::kCkanResourceCreate:
    case Operation::kCkanResourceUpdate:
    case Operation::kCkanOrganizations:
    case Operation::kCkanDelete:
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
