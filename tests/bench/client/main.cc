// bench-client: what the benches call a server with. The command line of operators prints JSON for people and
// scripts, which costs more than what is measured here.
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "tests/bench/client/catalogue.h"
#include "tests/bench/client/commands.h"

namespace satudata::bench {
namespace {

// Everything that a verb can be told, filled by the parser before it runs.
struct Arguments {
  Caller caller;
  ImportOptions import;
  SyncOptions sync;
  WatchOptions watch;
  UnaryOptions unary{.file_id = FileId(0)};
  std::string claimed_run;
  bool with_records = false;
  std::string address_file;
};

void AddImport(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("import", "Send a generated catalogue");
  verb->add_option("--first", arguments.import.first, "Index of the first");
  verb->add_option("--files", arguments.import.files)->required();
  verb->add_option("--values", arguments.import.values, "Indicator values per file");
  verb->callback([&arguments] { Import(arguments.caller, arguments.import); });
}

void AddSync(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("sync", "Start a SyncAll and read its stream");
  verb->add_option("--target", arguments.sync.target);
  verb->add_option("--first", arguments.sync.first, "With --count: of these generated files only");
  verb->add_option("--count", arguments.sync.count);
  verb->add_flag("--detach", arguments.sync.detach, "Leave once it has begun");
  verb->callback([&arguments] { Sync(arguments.caller, arguments.sync); });
}

void AddWatch(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("watch", "Follow a run with many streams");
  verb->add_option("RUN", arguments.watch.run_id)->required();
  verb->add_option("--readers", arguments.watch.readers);
  verb->add_option("--idlers", arguments.watch.idlers, "Streams that are never read");
  verb->callback([&arguments] { Watch(arguments.caller, arguments.watch); });
}

void AddClaims(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("claims", "A line per delivery of a run");
  verb->add_option("RUN", arguments.claimed_run)->required();
  verb->add_flag("--records", arguments.with_records, "With their records");
  verb->callback([&arguments] { Claims(arguments.caller, arguments.claimed_run, arguments.with_records); });
}

void AddRuns(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("runs", "A line per run, newest first");
  verb->callback([&arguments] { Runs(arguments.caller); });
}

void AddUnary(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("unary", "Time GetFileStatus against a bare server");
  verb->add_option("--peer", arguments.unary.peer)->required();
  verb->add_option("--calls", arguments.unary.calls)->required();
  verb->callback([&arguments] { Unary(arguments.caller, arguments.unary); });
}

void AddBareServer(CLI::App& app, Arguments& arguments) {
  CLI::App* verb = app.add_subcommand("bare-server", "Serve GetFileStatus with nothing around it");
  verb->add_option("--address-file", arguments.address_file)->required();
  verb->callback([&arguments] { ServeBare(arguments.address_file); });
}

int Main(int argc, char** argv) {
  CLI::App app("Calls an integration server for the benches", "bench-client");
  app.require_subcommand(1);
  Arguments arguments;
  app.add_option("--server", arguments.caller.server, "host:port");
  if (const char* token = std::getenv("BENCH_TOKEN"); token != nullptr) arguments.caller.token = token;
  for (const auto add : {AddImport, AddSync, AddWatch, AddClaims, AddRuns, AddUnary, AddBareServer})
    add(app, arguments);
  CLI11_PARSE(app, argc, argv);
  return 0;
}

}  // namespace
}  // namespace satudata::bench

int main(int argc, char** argv) { return satudata::bench::Main(argc, argv); }
