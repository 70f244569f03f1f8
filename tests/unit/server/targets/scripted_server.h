// File: scripted_server.h
//
// A target on loopback that gives prepared answers in order and remembers what it was asked.
#ifndef TESTS_UNIT_SERVER_TARGETS_SCRIPTED_SERVER_H_
#define TESTS_UNIT_SERVER_TARGETS_SCRIPTED_SERVER_H_

#include <httplib.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/http/http_client.h"

namespace satudata::targets {

struct SeenRequest {
  std::string line;  // `POST /datasets`, `GET /get_dssd?kodepemda=1612&tahun=2024`
  std::string body;
  httplib::Headers headers;

  std::string Header(const std::string& name) const;
};

// Thread-safe.
class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();

  // Queues an answer for requests whose line begins with `line`; the last one of a line is given for ever. A
  // line without answers gets 599.
  void Answer(const std::string& line, int status, const std::string& body,
              const std::string& type = "application/json");
  // All requests so far, in order.
  std::vector<SeenRequest> Seen();
  // A client that talks to this server.
  std::unique_ptr<http::HttpClient> NewClient(base::Clock& clock) const;

 private:
  struct Canned {
    int status = 0;
    std::string body;
    std::string type;
  };
  void Serve(const httplib::Request& request, httplib::Response& response);

  httplib::Server server_;
  int port_ = 0;
  base::Mutex mu_;
  std::map<std::string, std::deque<Canned>> script_ ABSL_GUARDED_BY(mu_);
  std::vector<SeenRequest> seen_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace satudata::targets

#endif  // TESTS_UNIT_SERVER_TARGETS_SCRIPTED_SERVER_H_
