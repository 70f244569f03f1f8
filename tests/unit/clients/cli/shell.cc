#include "tests/unit/clients/cli/shell.h"

#include "absl/strings/str_split.h"

namespace satudata::cli {

TestShell::TestShell() {
  surroundings.columns = [] { return 80; };
  surroundings.variable = [this](absl::string_view name) -> std::optional<std::string> {
    const auto variable = variables.find(std::string(name));
    return variable == variables.end() ? std::nullopt : std::optional<std::string>(variable->second);
  };
  surroundings.clock = &clock;
  surroundings.uniform = [] { return 0.0; };
  surroundings.interrupt = &interrupt;
  surroundings.zone = absl::UTCTimeZone();
}

Ran TestShell::Run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--server", server.address(), "--data-dir", "/nonexistent"});
  return RunExactly(arguments);
}

Ran TestShell::RunExactly(const std::vector<std::string>& arguments) {
  std::istringstream in(standard_input);
  std::ostringstream out;
  std::ostringstream err;
  surroundings.in = &in;
  surroundings.out = &out;
  surroundings.err = &err;
  const ExitCode exit_code = RunCommandLine(arguments, surroundings);
  return {.exit_code = exit_code, .out = out.str(), .err = err.str()};
}

v1::RunEvent SnapshotEvent(v1::Run::State state, int64_t sequence) {
  v1::RunEvent event;
  event.set_run_id("run-1");
  event.set_sequence(sequence);
  v1::Run& run = *event.mutable_snapshot();
  run.set_run_id("run-1");
  run.set_kind(v1::Run::KIND_SYNC_ALL);
  run.set_state(state);
  run.add_targets("splp");
  return event;
}

v1::RunEvent DeliveryEvent(const std::string& file_id, v1::Delivery::State state, int64_t sequence) {
  v1::RunEvent event;
  event.set_run_id("run-1");
  event.set_sequence(sequence);
  event.mutable_event_time()->set_seconds(1'700'000'000);
  v1::Delivery& delivery = *event.mutable_delivery();
  delivery.set_delivery_id("d-" + file_id);
  delivery.set_run_id("run-1");
  delivery.set_file_id(file_id);
  delivery.set_file_name("Berkas " + file_id);
  delivery.set_target("splp");
  delivery.set_state(state);
  delivery.set_sequence(sequence);
  return event;
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

}  // namespace satudata::cli
