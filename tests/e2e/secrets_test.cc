// No secret is ever seen: not in a log, a metric, an answer, the database, a page or a process list. Every
// place that can hold one is given one of its own, both targets echo what they are sent in all kinds of
// failures, and then everything that the server wrote or said is searched.
#include <httplib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/mutex.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/stack.h"
#include "tests/e2e/wait_until.h"

namespace satudata::e2e {
namespace {

using nlohmann::json;

// With signs that JSON, HTML and URLs spell in their own ways.
constexpr char kSipdKey[] = "planted-sipd-key/+=&";
constexpr char kSipdSecond[] = "planted-config-second-header";
constexpr char kSplpSecond[] = "planted-splp-second/key";
constexpr char kClientId[] = "walidata";
constexpr char kClientSecret[] = "planted-client-secret/+1";
constexpr char kToken[] = "planted-access-token";
constexpr char kJwtSecret[] = "planted-jwt-secret-of-some-length";
constexpr char kCallersToken[] = "planted.callers.token";
constexpr char kUserinfo[] = "planted-userinfo";
constexpr char kPassword[] = "planted password, hers alone";
constexpr char kWrongPassword[] = "planted wrong password";
// People type their password where the name belongs.
constexpr char kPasswordAsName[] = "planted-password-as-a-name";
// Each kind at least once.
constexpr int kEnoughFailures = 9;
// What all of them have in common, in every spelling.
constexpr char kMark[] = "planted";

std::string Program(const std::string& name) { return absl::StrCat(SATUDATA_BIN_DIR, "/", name); }

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Both targets and the token endpoint: answers every request with all its headers, in one kind of failure
// after another, and gives up for good in the end.
class EchoingTarget {
 public:
  EchoingTarget() {
    server_.set_keep_alive_max_count(1000);
    server_.Post("/oauth2/token",
                 [this](const auto& request, auto& response) { GiveToken(request, response); });
    server_.Get("/.*", [this](const auto& request, auto& response) { Echo(request, response); });
    server_.Post("/.*", [this](const auto& request, auto& response) { Echo(request, response); });
    server_.Put("/.*", [this](const auto& request, auto& response) { Echo(request, response); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~EchoingTarget() {
    server_.stop();
    thread_.join();
  }

  int request_count() const { return requests_; }
  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_); }
  std::set<std::string> seen() {
    base::MutexLock lock(&mu_);
    return seen_;
  }

 private:
  void Notice(const httplib::Request& request) {
    base::MutexLock lock(&mu_);
    for (const auto& [name, value] : request.headers) seen_.insert(value);
  }

  // Every third time it fails, quoting what it was sent.
  void GiveToken(const httplib::Request& request, httplib::Response& response) {
    Notice(request);
    const int count = ++tokens_;
    response.status = count % 3 == 2 ? 503 : 200;
    response.set_content(count % 3 == 2 ? Headers(request)
                                        : absl::StrCat(R"({"access_token":")", kToken, "-", count,
                                                       R"(","token_type":"Bearer","expires_in":3600})"),
                         "application/json");
  }

  static std::string Headers(const httplib::Request& request) {
    std::string all;
    for (const auto& [name, value] : request.headers) {
      absl::StrAppend(&all, name, ": ", value, "; ", absl::StrReplaceAll(value, {{"/", "\\/"}}), "; ",
                      absl::StrReplaceAll(value, {{"&", "&amp;"}}), "; ",
                      httplib::detail::encode_query_param(value), "\n");
    }
    return all;
  }

  void Echo(const httplib::Request& request, httplib::Response& response) {
    Notice(request);
    const std::string echo = Headers(request);
    const std::string quoted = json(echo).dump();
    const int count = ++requests_;
    switch (count > 30 ? 8 : count % 8) {
      case 0:
        return Say(response, 200, absl::StrCat("<html><body>", echo, "</body></html>"));
      case 1:
        return Say(response, 422,
                   absl::StrCat(R"({"status":"error","message":)", quoted, R"(,"errors":[{"field":)", quoted,
                                R"(,"message":)", quoted, "}]}"));
      case 2:
        return Say(response, 500, echo);
      case 3:
        return Say(response, 401, absl::StrCat(R"({"code":"900901","message":)", quoted, "}"));
      case 4:
        return Say(response, 200, absl::StrCat(R"({"code":500,"msg":)", quoted, "}"));
      case 5:
        return Say(response, 400, absl::StrCat(R"({"code":)", quoted, R"(,"msg":)", quoted, "}"));
      case 6:
        return Say(response, 404,
                   absl::StrCat("<ams:fault xmlns:ams=\"x\"><ams:code>404</ams:code><ams:message>", echo,
                                "</ams:message></ams:fault>"));
      case 7:
        return Say(response, 418, echo);
      default:
        return Say(response, 403, absl::StrCat(R"({"code":"900908","message":)", quoted, "}"));
    }
  }

  static void Say(httplib::Response& response, int status, const std::string& body) {
    response.status = status;
    response.set_content(body, "text/plain");
  }

  httplib::Server server_;
  int port_ = 0;
  std::atomic<int> tokens_ = 0;
  std::atomic<int> requests_ = 0;
  base::Mutex mu_;
  std::set<std::string> seen_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

class SecretsTest : public testing::Test {
 protected:
  SecretsTest() {
    directory_ = std::filesystem::path(testing::TempDir()) / absl::StrCat("secrets-", getpid());
    std::filesystem::create_directories(directory_);
  }
  ~SecretsTest() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
    return (directory_ / name).string();
  }

  Stack::Options Planted(const EchoingTarget& target) {
    return {.settings = {
                {"SPLP_API_URL", target.url() + "/splp"},
                {"SIPD_API_URL", target.url() + "/sipd"},
                {"EXTERNAL_API_KEY", ""},
                {"SPLP_OAUTH_TOKEN_URL", target.url() + "/oauth2/token"},
                {"SPLP_OAUTH_CLIENT_ID", kClientId},
                {"SPLP_OAUTH_CLIENT_SECRET_FILE", Write("client_secret", kClientSecret)},
                {"SPLP_SECOND_KEY", kSplpSecond},
                {"SIPD_BEARER_TOKEN_FILE", Write("sipd_key", kSipdKey)},
                {"JWT_SECRET", kJwtSecret},
                {"CONFIG_FILE",
                 Write("config.yaml",
                       absl::StrCat(
                           "splp: {target: {second_header: {name: x-api-key, prefix: none}, ",
                           "read_interval: 200ms}}\n",
                           "sipd: {target: {read_interval: 200ms, second_header: {name: auth, fixed_value: ",
                           kSipdSecond, "}}}\n"))},
                {"LOG_LEVEL", "debug"},
                {"SPLP_CONFIRM_WAIT", "3s"},
                {"SIPD_CONFIRM_WAIT", "3s"}}};
  }

  // Files for both targets.
  std::string Catalogue() {
    std::string lines;
    for (int i = 100; i < 110; ++i) {
      absl::StrAppend(
          &lines, R"({"_id":{"$oid":"5e24f0ca9f3ac417e25b0)", i, R"("},"name":"Berkas )", i,
          R"(","temadataset":"Kesehatan","metaData":{"produsen":"Dinas","cakupandata":"Kabupaten",)",
          R"("frekuensi":"Tahunan","dimensidataset":"Daerah"},"filename":"a.csv","fileType":"csv",)",
          R"("isPublic":true,"StatusVerifikasi":"Sudah Verifikasi","indicatorValues":)",
          R"([{"kodeindikator":"1.02.000)", i, R"(","tahun":2024,"nilai":1.5}]})", "\n");
    }
    return Write("catalogue.jsonl", lines);
  }

  void Search(const std::string& where, const std::string& text) {
    const std::string basic = absl::Base64Escape(absl::StrCat(kClientId, ":", kClientSecret));
    std::vector<std::string> marks = {kMark, basic};
    marks.insert(marks.end(), made_.begin(), made_.end());
    for (const std::string& mark : marks) {
      const size_t at = text.find(mark);
      EXPECT_EQ(at, std::string::npos) << where << ": " << text.substr(at < 60 ? 0 : at - 60, 160);
    }
    searched_[where] = text.size();
  }

  // Signs in, well and badly; what the server makes secret of its own is searched for as well.
  void SignIn(const std::string& address) {
    Browser browser(address);
    for (const auto& [name, password] :
         std::map<std::string, std::string>{{"siti", kWrongPassword}, {kPasswordAsName, "x"}}) {
      const grpc::Status refused = browser.SignIn(name, password);
      EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
      Search("refused sign-in", refused.error_message() + refused.error_details());
    }
    ASSERT_TRUE(browser.SignIn("siti", kPassword).ok());
    const auto keep = [this](const std::string& token) {
      made_.push_back(token.substr(token.rfind('.') + 1));
      made_.push_back(token);
    };
    keep(browser.session().access_token());
    ASSERT_TRUE(browser.Refresh().ok());
    keep(browser.session().access_token());
    made_.push_back(browser.cookie().substr(browser.cookie().find('=') + 1));
    EXPECT_EQ(made_.back().size(), 43U);
  }

  std::filesystem::path directory_;
  std::vector<std::string> made_;
  std::map<std::string, size_t> searched_;
};

TEST_F(SecretsTest, NoneIsSeenAnywhere) {
  EchoingTarget target;
  Stack stack(Planted(target));
  Write("jwt_secret", kJwtSecret);
  const std::string token = stack
                                .RunProgram({Program("integrationctl"), "--data-dir", directory_.string(),
                                             "token", "--role", "Admin", "--user", "siti"})
                                .output;
  const std::string token_file = Write("token", token);
  const auto ctl = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--token-file", token_file});
    const Finished finished = stack.Ctl(arguments);
    Search(absl::StrCat(arguments[0], " out"), finished.output);
    Search(absl::StrCat(arguments[0], " err"), finished.errors);
    return finished;
  };
  ASSERT_EQ(
      ctl({"user", "add", "siti", "--role", "Viewer", "--password-file", Write("password", kPassword)}).code,
      0);
  SignIn(stack.server_address());
  EXPECT_EQ(ctl({"user", "list"}).code, 0);
  ASSERT_EQ(ctl({"import", Catalogue()}).code, 0);
  // Nothing arrives anywhere: it is cancelled once enough has gone wrong.
  const std::unique_ptr<Process> sync =
      stack.StartCtl({"sync-all", "-o", "json", "--token-file", token_file}, "sync-all");
  // A target that refuses our key is left alone: an operator insists.
  const auto insist = [&] {
    for (const char* name : {"splp", "sipd"}) ctl({"resume-target", name});
    return target.request_count() >= kEnoughFailures;
  };
  EXPECT_TRUE(WaitUntil(insist, absl::Seconds(90))) << target.request_count();
  const std::string run_id = ctl({"runs", "-o", "json"}).Lines().at(0)["runId"];
  ctl({"cancel", run_id});
  EXPECT_EQ(sync->Wait(absl::Seconds(60)), 1);
  Search("sync-all", absl::StrCat(sync->Output(), sync->Errors()));
  ctl({"targets", "-o", "json"});
  ctl({"check-target", "splp", "-o", "json"});
  ctl({"check-target", "sipd"});
  std::string evidence;
  for (const json& delivery : ctl({"deliveries", "--run", run_id, "-o", "json"}).Lines()) {
    evidence += ctl({"delivery", delivery["deliveryId"], "-o", "json"}).output;
  }
  const Finished refused = stack.Ctl({"runs", "--token", kCallersToken});
  EXPECT_EQ(refused.code, 3);
  Search("refused caller", refused.errors);

  // That the search can find anything: the targets did get every secret, and quoted them.
  const std::set<std::string> seen = target.seen();
  for (const std::string& secret : {absl::StrCat("Bearer ", kSipdKey), std::string(kSipdSecond),
                                    std::string(kSplpSecond), absl::StrCat("Bearer ", kToken, "-1")}) {
    EXPECT_THAT(seen, testing::Contains(secret));
  }
  EXPECT_THAT(evidence, testing::HasSubstr("[redacted]"));
  EXPECT_THAT(evidence, testing::HasSubstr("oauth_token"));

  for (const char* path : {"/metrics", "/readyz", "/healthz"}) {
    int status = 0;
    Search(path, stack.AdminGet(path, &status));
  }
  Search("command line", ReadAll(absl::StrCat("/proc/", stack.server().pid(), "/cmdline")));
  Search("--help", stack.RunProgram({Program("integration-server"), "--help"}).output);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stack.directory())) {
    if (entry.is_regular_file()) Search(entry.path().filename().string(), ReadAll(entry.path()));
  }
  EXPECT_TRUE(searched_.contains("integration.db") && searched_.contains("integration.db-wal") &&
              searched_.contains("server1.err"));
}

// An address with a password in it is refused, and not repeated.
TEST_F(SecretsTest, AnAddressWithAPasswordIsNotRepeated) {
  const std::string address = absl::StrCat("https://user:", kUserinfo, "@host.example/api");
  for (const std::string name : {"SPLP_API_URL", "SIPD_API_URL", "SPLP_OAUTH_TOKEN_URL", "DATABASE_URL"}) {
    std::map<std::string, std::string> environment = {
        {"SPLP_API_URL", "http://127.0.0.1:9/"}, {"EXTERNAL_API_KEY", "k"}, {"GRPC_LISTEN", "127.0.0.1:0"}};
    environment[name] = address;
    Process process({.command = {Program("integration-server")},
                     .environment = environment,
                     .output_file = (directory_ / "out").string(),
                     .error_file = (directory_ / "err").string()});
    EXPECT_EQ(process.Wait(absl::Seconds(20)), 2) << name;
    EXPECT_THAT(process.Errors(), testing::HasSubstr(name));
    Search(name, absl::StrCat(process.Output(), process.Errors()));
  }
}

}  // namespace
}  // namespace satudata::e2e
