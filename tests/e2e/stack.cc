#include "tests/e2e/stack.h"

#include <httplib.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/store/durable_store.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

// Generous: sanitized programs on a busy machine.
constexpr absl::Duration kReady = absl::Seconds(60);
constexpr absl::Duration kCommand = absl::Seconds(240);

std::string Program(const std::string& name) { return absl::StrCat(SATUDATA_BIN_DIR, "/", name); }

// What `process` writes there once it serves; empty, and a failure, if it does not.
std::string ReadAddress(const std::string& path, Process& process) {
  const bool ready = WaitUntil([&] { return std::filesystem::exists(path) || !process.IsRunning(); }, kReady);
  std::ifstream file(path);
  if (ready && file) return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ADD_FAILURE() << "not ready: " << process.Errors();
  return "";
}

httplib::Client Client(const std::string& url) {
  httplib::Client client(url);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(30);
  return client;
}

}  // namespace

std::string SamplePath(const std::string& name) { return absl::StrCat(SATUDATA_SAMPLE_DIR, "/", name); }

std::vector<json> Finished::Lines() const {
  std::vector<json> lines;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(json::parse(line));
  }
  return lines;
}

Stack::Stack(Options options) : options_(std::move(options)), database_url_(options_.database_url) {
  directory_ = std::filesystem::temp_directory_path() / absl::StrCat("e2e-", getpid(), "-", base::NewUuid());
  std::filesystem::create_directories(directory_ / "data");
  if (!options_.database_url.empty()) std::ofstream(Path("data/jwt_secret")) << base::NewUuid();
  std::vector<std::string> command = {Program("target-simulator"), "--listen", "127.0.0.1:0",
                                      "--address-file", Path("simulator.address")};
  command.insert(command.end(), options_.simulator_flags.begin(), options_.simulator_flags.end());
  simulator_ = std::make_unique<Process>(Process::Options{
      .command = command, .output_file = Path("simulator.out"), .error_file = Path("simulator.err")});
  const std::string address = ReadAddress(Path("simulator.address"), *simulator_);
  simulator_url_ = absl::StrCat("http://", absl::StripAsciiWhitespace(address));
  servers_.resize(options_.servers);
  for (size_t i = 0; i < servers_.size(); ++i) StartServer(i);
}

Stack::~Stack() {
  servers_.clear();
  simulator_.reset();
  std::filesystem::remove_all(directory_);
}

std::string Stack::database_url() const {
  return database_url_.empty() ? "sqlite:///" + Path("data/integration.db") : database_url_;
}

std::map<std::string, std::string> Stack::Environment() const {
  return {{"HOME", directory_.string()}, {"LANG", options_.language}, {"NO_COLOR", "1"}};
}

void Stack::StartServer(size_t index) {
  BeginServer(index);
  AwaitServer(index);
}

void Stack::BeginServer(size_t index) {
  const std::string address_file = AddressFile(index);
  std::filesystem::remove(address_file);
  std::map<std::string, std::string> environment = Environment();
  const std::map<std::string, std::string> needed = {{"SPLP_API_URL", simulator_url_ + "/splp"},
                                                     {"SIPD_API_URL", simulator_url_ + "/sipd"},
                                                     {"EXTERNAL_API_KEY", "kunci"},
                                                     {"SIPD_KODEPEMDA", "9901"},
                                                     {"DATABASE_URL", database_url()},
                                                     {"CONTENT_DIR", SamplePath("content")},
                                                     {"GRPC_LISTEN", "127.0.0.1:0"},
                                                     {"ADMIN_LISTEN", "127.0.0.1:0"},
                                                     {"WEB_LISTEN", "127.0.0.1:0"},
                                                     {"ADDRESS_FILE", address_file},
                                                     {"SPLP_REQUEST_DEADLINE", "2s"},
                                                     {"SPLP_SETTLE_TIME", "1s"},
                                                     {"SPLP_CONFIRM_WAIT", "20s"},
                                                     {"SIPD_REQUEST_DEADLINE", "2s"},
                                                     {"SIPD_SETTLE_TIME", "1s"},
                                                     {"SIPD_CONFIRM_WAIT", "20s"}};
  environment.insert(needed.begin(), needed.end());
  // Where integrationctl looks for it: beside a database file, if there were one.
  if (!database_url_.empty()) environment["JWT_SECRET_FILE"] = Path("data/jwt_secret");
  for (const auto& [name, value] : options_.settings) environment[name] = value;
  Server& server = servers_[index];
  server.process = std::make_unique<Process>(
      Process::Options{.command = {Program("integration-server")},
                       .environment = environment,
                       .output_file = Path(absl::StrCat("server", index, ".out")),
                       .error_file = Path(absl::StrCat("server", ++count_, ".err"))});
}

void Stack::AwaitServer(size_t index) {
  Server& server = servers_[index];
  const json addresses =
      json::parse(ReadAddress(AddressFile(index), *server.process), nullptr, /*allow_exceptions=*/false);
  if (!addresses.is_object()) return;
  server.address = addresses.value("grpc", "");
  server.web_address = addresses.value("web", "");
  server.admin_address = addresses.value("admin", "");
}

std::unique_ptr<Process> Stack::StartCtl(std::vector<std::string> arguments, const std::string& name) {
  std::vector<std::string> command = {Program("integrationctl"), "--server", server_address(), "--data-dir",
                                      Path("data")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<Process>(Process::Options{.command = command,
                                                    .environment = Environment(),
                                                    .output_file = Path(name + ".out"),
                                                    .error_file = Path(name + ".err")});
}

Finished Stack::Ctl(std::vector<std::string> arguments, const std::string& input_file) {
  std::vector<std::string> command = {Program("integrationctl"), "--server", server_address(), "--data-dir",
                                      Path("data")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string name = absl::StrCat("ctl", ++count_);
  Process process({.command = command,
                   .environment = Environment(),
                   .output_file = Path(name + ".out"),
                   .error_file = Path(name + ".err"),
                   .input_file = input_file});
  const int code = process.Wait(kCommand);
  return {code, process.Output(), process.Errors()};
}

Finished Stack::RunProgram(std::vector<std::string> command) {
  const std::string name = absl::StrCat("program", ++count_);
  Process process({.command = std::move(command),
                   .environment = Environment(),
                   .output_file = Path(name + ".out"),
                   .error_file = Path(name + ".err")});
  const int code = process.Wait(kCommand);
  return {code, process.Output(), process.Errors()};
}

json Stack::Truth() const {
  const auto answer = Client(simulator_url_).Get("/admin/truth");
  return answer ? json::parse(answer->body) : json();
}

json Stack::Stats() const {
  const auto answer = Client(simulator_url_).Get("/admin/stats");
  return answer ? json::parse(answer->body) : json();
}

void Stack::Post(const std::string& path, const json& body) const {
  const auto answer = Client(simulator_url_).Post(path, body.dump(), "application/json");
  EXPECT_TRUE(answer && answer->status == 200) << path;
}

std::string Stack::AdminGet(const std::string& path, int* status) const {
  const auto answer = Client("http://" + servers_[used_].admin_address).Get(path);
  *status = answer ? answer->status : 0;
  return answer ? answer->body : "";
}

std::vector<std::string> Stack::FalseClaims(const std::string& run_id, int* claims) {
  std::vector<Claim> claimed;
  for (const json& delivery : Ctl({"deliveries", "--run", run_id, "-o", "json"}).Lines()) {
    const std::string state = delivery["state"];
    if (state != "STATE_CONFIRMED" && state != "STATE_PARTIAL" && state != "STATE_UNCHANGED") continue;
    const json detail = Ctl({"delivery", delivery["deliveryId"], "-o", "json"}).Lines().at(0);
    for (const json& record : detail["records"]) {
      if (record["state"] != "STATE_CONFIRMED" && record["state"] != "STATE_UNCHANGED") continue;
      claimed.push_back({delivery["target"], record["key"], record.value("value", ""), ""});
    }
  }
  *claims = static_cast<int>(claimed.size());
  return satudata::FalseClaims(claimed, Truth());
}

Judgement Stack::JudgeAtTheEnd(std::vector<std::string> targets) {
  for (const Server& server : servers_) server.process->Signal(SIGTERM);
  for (const Server& server : servers_)
    EXPECT_EQ(server.process->Wait(kReady), 0) << server.process->Errors();
  base::SystemClock clock;
  const auto store = store::OpenStore({.database_url = database_url()}, clock);
  EXPECT_TRUE(store.ok()) << store.status();
  if (!store.ok()) return {};
  const absl::StatusOr<Account> account = AccountOf(**store, std::move(targets));
  EXPECT_TRUE(account.ok()) << account.status();
  return account.ok() ? Judge(*account, Truth()) : Judgement();
}

int64_t Stack::NeedlessSecondEffects() const { return satudata::NeedlessSecondEffects(Truth()); }

}  // namespace satudata::e2e
