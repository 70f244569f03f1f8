#include "server/main/library_logs.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <string>

#include "server/base/log.h"

namespace satudata::main {
namespace {

base::Severity SeverityOf(gpr_log_severity severity) {
  switch (severity) {
    case GPR_LOG_SEVERITY_DEBUG:
      return base::Severity::kDebug;
    case GPR_LOG_SEVERITY_INFO:
      return base::Severity::kInfo;
    case GPR_LOG_SEVERITY_ERROR:
      break;
  }
  // gRPC logs as errors what clients do wrong; for the operator these are warnings.
  return base::Severity::kWarning;
}

void LogOfGrpc(gpr_log_func_args* args) {
  base::Log(SeverityOf(args->severity), args->message, {{"library", "grpc"}});
}

void LogOfProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  if (level < google::protobuf::LOGLEVEL_WARNING) return;
  base::Log(base::Severity::kWarning, message, {{"library", "protobuf"}});
}

}  // namespace

void RouteLibraryLogs() {
  gpr_set_log_function(LogOfGrpc);
  google::protobuf::SetLogHandler(LogOfProtobuf);
}

}  // namespace satudata::main
