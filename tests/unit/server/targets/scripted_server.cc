#include "tests/unit/server/targets/scripted_server.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace satudata::targets {

std::string SeenRequest::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

ScriptedServer::ScriptedServer() {
  const auto serve = [this](const httplib::Request& request, httplib::Response& response) {
    Serve(request, response);
  };
  server_.Get(".*", serve);
  server_.Post(".*", serve);
  server_.Put(".*", serve);
  server_.set_tcp_nodelay(true);
  server_.set_keep_alive_max_count(1'000'000);
  port_ = server_.bind_to_any_port("127.0.0.1");
  if (port_ <= 0) std::abort();  // No loopback, no test.
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();  // stop() does nothing before that.
}

ScriptedServer::~ScriptedServer() {
  server_.stop();
  thread_.join();
}

void ScriptedServer::Answer(const std::string& line, int status, const std::string& body,
                            const std::string& type) {
  base::MutexLock lock(&mu_);
  script_[line].push_back({status, body, type});
}

std::vector<SeenRequest> ScriptedServer::Seen() {
  base::MutexLock lock(&mu_);
  return seen_;
}

std::unique_ptr<http::HttpClient> ScriptedServer::NewClient(base::Clock& clock) const {
  auto client = http::NewHttpClient({.base_url = absl::StrCat("http://127.0.0.1:", port_)}, clock);
  if (!client.ok()) std::abort();
  return *std::move(client);
}

void ScriptedServer::Serve(const httplib::Request& request, httplib::Response& response) {
  base::MutexLock lock(&mu_);
  const std::string line = absl::StrCat(request.method, " ", request.target);
  seen_.push_back({line, request.body, request.headers});
  response.status = 599;
  for (auto& [beginning, answers] : script_) {
    if (!absl::StartsWith(line, beginning)) continue;
    const Canned canned = answers.front();
    if (answers.size() > 1) answers.pop_front();
    response.status = canned.status;
    response.set_content(canned.body, canned.type);
  }
}

}  // namespace satudata::targets
