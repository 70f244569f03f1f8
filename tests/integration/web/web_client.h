// File: web_client.h
//
// The client's side, on a bare socket, so that a test can be as slow, as rude and as exact as it likes.
#ifndef TESTS_INTEGRATION_WEB_WEB_CLIENT_H_
#define TESTS_INTEGRATION_WEB_WEB_CLIENT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/web/socket.h"

namespace satudata::web {

using Fields = std::multimap<std::string, std::string>;  // Names in lower case.

struct HttpAnswer {
  int status = 0;  // 0: none came.
  Fields headers;
  std::string body;  // Chunks put together.
  bool whole = false;

  std::string header(const std::string& name) const;
};

// A message of gRPC-Web, taken apart.
struct CallAnswer {
  HttpAnswer http;
  std::vector<std::string> messages;
  Fields trailers;
  int code = -1;  // Of grpc-status; -1: it never came.

  std::string trailer(const std::string& name) const;
};

class Connection {
 public:
  explicit Connection(int port);

  // False when the server hung up.
  bool Send(absl::string_view bytes);
  // One answer. Waits until it is whole, the server hangs up or `limit` has passed.
  HttpAnswer Receive(absl::Duration limit = absl::Seconds(20));
  // Whether at least `size` bytes of an answer's body have come, which stay to be received.
  bool AwaitBytes(size_t size, absl::Duration limit = absl::Seconds(20));
  // Whether the server hangs up in that time. What it sends meanwhile is lost.
  bool IsHungUp(absl::Duration limit);
  void HangUp() { socket_ = Socket(); }
  int fd() const { return socket_.fd(); }

 private:
  bool ReadMore(absl::Duration limit);

  Socket socket_;
  std::string received_;
};

// `POST /test.Service/METHOD`, as a browser would send it.
std::string CallRequest(const std::string& method, absl::string_view message, const Fields& headers = {},
                        absl::string_view type = "application/grpc-web+proto");
std::string PostRequest(const std::string& path, absl::string_view body, const Fields& headers);
std::string GetRequest(const std::string& path, const Fields& headers = {});
std::string FrameOf(absl::string_view message);

CallAnswer TakeApart(HttpAnswer answer);
CallAnswer Call(int port, const std::string& method, absl::string_view message, const Fields& headers = {});

}  // namespace satudata::web

#endif  // TESTS_INTEGRATION_WEB_WEB_CLIENT_H_
