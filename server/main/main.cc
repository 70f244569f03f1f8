// File: main.cc
//
// integration-server: settings, start, wait for a signal, stop.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/catalog/content_source.h"
#include "server/main/command_line.h"
#include "server/main/library_logs.h"
#include "server/main/server.h"
#include "server/main/service_manager.h"
#include "server/main/settings.h"
#include "server/main/stop_guard.h"
#include "server/main/target_factory.h"
#include "server/main/text_file.h"
#include "server/main/version.h"

namespace satudata::main {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongSetting = 2;
// On top of the drain delay and the grace: calls are cut off, a commit under way ends, threads are joined.
constexpr absl::Duration kStopMargin = absl::Seconds(5);

// Before any other thread is there, so that all of them inherit it and only sigwait() sees the signals.
sigset_t BlockSignals() {
  // A file that may not grow is a full disk, which the store lives through.
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

std::string AwaitSignal(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  return sigabbrev_np(signal);
}

int Complain(absl::string_view what, int code) {
  std::fprintf(stderr, "integration-server: %s\n", std::string(what).c_str());
  return code;
}

// What the operator can mend is a wrong setting; the rest may be different at the next start.
int CodeOf(const absl::Status& status) {
  const bool wrong =
      absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsUnimplemented(status);
  return wrong ? kWrongSetting : kFailed;
}

Variables Environment() {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr)
      variables.emplace(std::string(*entry, static_cast<size_t>(equals - *entry)), equals + 1);
  }
  return variables;
}

absl::StatusOr<SettingSources> CollectSources(CommandLine line) {
  SettingSources sources{.flags = std::move(line.flags), .environment = Environment()};
  if (line.env_file.empty()) return sources;
  const absl::StatusOr<std::string> text = ReadTextFile(line.env_file);
  if (!text.ok()) return absl::InvalidArgumentError(absl::StrCat("--env-file: ", text.status().message()));
  absl::StatusOr<Variables> variables = ParseEnvFile(*text);
  if (!variables.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--env-file: ", line.env_file, ", ", variables.status().message()));
  }
  sources.env_file = *std::move(variables);
  return sources;
}

int CheckConfig(const Settings& settings, base::Clock& clock) {
  catalog::DirectoryContentSource contents({.directory = settings.content_directory});
  const auto targets = MakeTargets(settings, clock, contents);
  if (!targets.ok()) return Complain(targets.status().message(), kWrongSetting);
  std::printf("the settings are in order: %s\n", settings.summary.c_str());
  return kDone;
}

absl::Status TellAddresses(const Settings& settings, const Server& server) {
  base::Log(base::Severity::kInfo, "ready",
            {{"grpc", server.grpc_address()},
             {"web", server.web_address()},
             {"admin", server.admin_address()},
             {"version", kVersion}});
  if (settings.address_file.empty()) return absl::OkStatus();
  return WriteTextFile(settings.address_file,
                       absl::StrCat(R"({"grpc": ")", base::JsonEscape(server.grpc_address()),
                                    R"(", "web": ")", base::JsonEscape(server.web_address()),
                                    R"(", "admin": ")", base::JsonEscape(server.admin_address()), "\"}\n"));
}

// systemd's wish to be told is no reason to end: it has limits of its own for who stays silent.
void Tell(absl::string_view notice) {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  const absl::Status told = TellServiceManager(socket == nullptr ? "" : socket, notice);
  if (!told.ok()) {
    base::Log(base::Severity::kWarning, "the service manager was not told", {{"detail", told.message()}});
  }
}

// What could not be stored is found again at the next start; nothing is lost by ending here.
void ForceEnd(absl::string_view why) {
  base::Log(base::Severity::kError, "stop forced", {{"reason", why}});
  _exit(kFailed);
}

int Serve(const Settings& settings, const sigset_t& signals, base::Clock& clock) {
  base::SetMinimumSeverity(settings.log_level);
  RouteLibraryLogs();
  base::Log(base::Severity::kInfo, "settings", {{"set", settings.summary}});
  auto server = Server::Start(settings, clock);
  if (!server.ok()) return Complain(server.status().message(), CodeOf(server.status()));
  if (absl::Status status = TellAddresses(settings, **server); !status.ok()) {
    return Complain(absl::StrCat("ADDRESS_FILE: ", status.message()), kWrongSetting);
  }
  Tell(kReadyNotice);
  const std::string signal = AwaitSignal(signals);
  Tell(kStoppingNotice);
  base::Log(base::Severity::kInfo, "stopping", {{"signal", signal}});
  const StopGuard guard(signals, settings.drain_delay + settings.shutdown_grace + kStopMargin, ForceEnd);
  const absl::Status stopped = (*server)->Stop();
  server->reset();
  if (stopped.ok()) {
    base::Log(base::Severity::kInfo, "stopped");
    return kDone;
  }
  base::Log(base::Severity::kError, "stopped with a loss", {{"detail", stopped.message()}});
  return kFailed;
}

int Run(int argc, char** argv) {
  const sigset_t signals = BlockSignals();
  base::SystemClock clock;
  absl::StatusOr<CommandLine> line = ParseCommandLine(argc, argv);
  if (!line.ok()) return Complain(line.status().message(), kWrongSetting);
  if (line->action == Action::kPrint) {
    std::fputs(line->text.c_str(), stdout);
    return kDone;
  }
  const Action action = line->action;
  const absl::StatusOr<SettingSources> sources = CollectSources(*std::move(line));
  if (!sources.ok()) return Complain(sources.status().message(), kWrongSetting);
  const absl::StatusOr<Settings> settings = LoadSettings(*sources, clock);
  if (!settings.ok()) return Complain(settings.status().message(), kWrongSetting);
  return action == Action::kCheckConfig ? CheckConfig(*settings, clock) : Serve(*settings, signals, clock);
}

}  // namespace
}  // namespace satudata::main

int main(int argc, char** argv) { return satudata::main::Run(argc, argv); }
