// File: answers.h
//
// The bodies that gateways, firewalls and maintenance pages answer with. Pure functions.
#ifndef TESTS_SIMULATOR_ANSWERS_H_
#define TESTS_SIMULATOR_ANSWERS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/simulator/options.h"
#include "tests/simulator/reply.h"

namespace satudata::simulator {

// One error of the gateway: {"code":"900901","message","description"}.
struct GatewayError {
  int status;
  int code;
  absl::string_view message;
  absl::string_view description;
};

inline constexpr GatewayError kInvalidCredentials = {
    401, 900901, "Invalid Credentials",
    "Invalid Credentials. Make sure you have provided the correct security "
    "credentials"};
inline constexpr GatewayError kThrottledOut = {429, 900802, "Message throttled out",
                                               "You have exceeded your quota"};
inline constexpr GatewayError kBlocked = {429, 900805, "Message blocked",
                                          "You have been blocked from accessing the resource"};
inline constexpr GatewayError kUnclassified = {500, 900900, "Unclassified Authentication Failure",
                                               "Error while accessing backend services"};
inline constexpr GatewayError kBackendDown = {503, 101503, "Error connecting to the back end",
                                              "Error connecting to the back end"};

// The three JSON shapes and the XML of WSO2 API Manager.
Reply StringCodeError(const GatewayError& error);
Reply FaultError(const GatewayError& error);
Reply StatusReport404(absl::string_view path);
Reply XmlError(const GatewayError& error);

// 429 with the hint, as far as it goes; `until` is rounded up to the second that the formats have.
Reply Throttled(const GatewayError& error, QuotaHint hint, absl::Time now, absl::Duration wait);

Reply MaintenancePage();  // 200
Reply FirewallPage();     // 403
Reply ErrorPage(int status);

Reply Json(int status, std::string body);

}  // namespace satudata::simulator

#endif  // TESTS_SIMULATOR_ANSWERS_H_
