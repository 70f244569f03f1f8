#include "tests/integration/web/web_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "server/web/frame.h"
#include "server/web/web_text.h"

namespace satudata::web {
namespace {

std::string Get(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

Fields ParseFields(absl::string_view block) {
  Fields fields;
  for (const absl::string_view line : absl::StrSplit(block, "\r\n", absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    fields.emplace(absl::AsciiStrToLower(field.first), absl::StripAsciiWhitespace(field.second));
  }
  return fields;
}

// Adds the chunks that are whole; true when the last one is there. `bytes` becomes what follows them.
bool TakeChunks(std::string& bytes, std::string& body) {
  size_t at = 0;
  bool last = false;
  while (!last) {
    const size_t line = bytes.find("\r\n", at);
    if (line == std::string::npos) break;
    const size_t size = std::stoul(bytes.substr(at, line - at), nullptr, 16);
    if (bytes.size() < line + 2 + size + 2) break;
    body.append(bytes, line + 2, size);
    at = line + 2 + size + 2;
    last = size == 0;
  }
  bytes.erase(0, at);
  return last;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const { return Get(headers, name); }
std::string CallAnswer::trailer(const std::string& name) const { return Get(trailers, name); }

Connection::Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) HangUp();
}

bool Connection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool Connection::ReadMore(absl::Duration limit) {
  pollfd peer{.fd = fd(), .events = POLLIN, .revents = 0};
  const auto wait = static_cast<int>(absl::ToInt64Milliseconds(limit));
  if (wait <= 0 || ::poll(&peer, 1, wait) <= 0) return false;
  char buffer[65536];
  const ssize_t count = ::recv(fd(), buffer, sizeof(buffer), 0);
  if (count > 0) received_.append(buffer, static_cast<size_t>(count));
  return count > 0;
}

HttpAnswer Connection::Receive(absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  HttpAnswer answer;
  size_t head = 0;
  while ((head = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore(end - absl::Now())) return answer;
  }
  if (received_.size() > 12) (void)absl::SimpleAtoi(received_.substr(9, 3), &answer.status);
  answer.headers = ParseFields(received_.substr(received_.find("\r\n"), head - received_.find("\r\n")));
  received_.erase(0, head + 4);
  if (answer.status == 100) return answer;
  if (answer.header("transfer-encoding") == "chunked") {
    while (!(answer.whole = TakeChunks(received_, answer.body))) {
      if (!ReadMore(end - absl::Now())) return answer;
    }
    return answer;
  }
  size_t length = 0;
  if (!absl::SimpleAtoi(answer.header("content-length"), &length)) length = 0;
  while (received_.size() < length && ReadMore(end - absl::Now())) {
  }
  answer.whole = received_.size() >= length;
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

bool Connection::AwaitBytes(size_t size, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (received_.size() < size) {
    if (!ReadMore(end - absl::Now())) return false;
  }
  return true;
}

bool Connection::IsHungUp(absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (absl::Now() < end) {
    pollfd peer{.fd = fd(), .events = POLLIN, .revents = 0};
    if (::poll(&peer, 1, static_cast<int>(absl::ToInt64Milliseconds(end - absl::Now()))) <= 0) continue;
    char buffer[65536];
    if (::recv(fd(), buffer, sizeof(buffer), 0) <= 0) return true;
  }
  return false;
}

std::string FrameOf(absl::string_view message) {
  std::string frame;
  AppendFrameHeader(FrameKind::kMessage, message.size(), &frame);
  return frame.append(message.data(), message.size());
}

std::string PostRequest(const std::string& path, absl::string_view body, const Fields& headers) {
  std::string request = absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  for (const auto& [name, value] : headers) absl::StrAppend(&request, name, ": ", value, "\r\n");
  if (headers.count("content-length") + headers.count("transfer-encoding") == 0) {
    absl::StrAppend(&request, "content-length: ", body.size(), "\r\n");
  }
  return absl::StrCat(request, "\r\n", body);
}

std::string GetRequest(const std::string& path, const Fields& headers) {
  std::string request = absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  for (const auto& [name, value] : headers) absl::StrAppend(&request, name, ": ", value, "\r\n");
  return request + "\r\n";
}

std::string CallRequest(const std::string& method, absl::string_view message, const Fields& headers,
                        absl::string_view type) {
  Fields all = headers;
  all.emplace("content-type", std::string(type));
  std::string body = FrameOf(message);
  if (absl::StrContains(type, "-text")) body = EncodeText(body);
  return PostRequest("/test.Service/" + method, body, all);
}

CallAnswer TakeApart(HttpAnswer answer) {
  CallAnswer out;
  std::string body = answer.body;
  if (absl::StrContains(answer.header("content-type"), "-text")) body = DecodeText(body).value_or("");
  out.http = std::move(answer);
  for (size_t at = 0; at + kFrameHeaderBytes <= body.size();) {
    size_t length = 0;
    for (const char byte : body.substr(at + 1, kFrameHeaderBytes - 1)) {
      length = length << 8U | static_cast<unsigned char>(byte);
    }
    const std::string bytes = body.substr(at + kFrameHeaderBytes, length);
    if ((static_cast<unsigned char>(body[at]) & 0x80) == 0) {
      out.messages.push_back(bytes);
    } else {
      out.trailers = ParseFields(bytes);
      if (!absl::SimpleAtoi(out.trailer("grpc-status"), &out.code)) out.code = -1;
    }
    at += kFrameHeaderBytes + length;
  }
  return out;
}

CallAnswer Call(int port, const std::string& method, absl::string_view message, const Fields& headers) {
  Connection connection(port);
  connection.Send(CallRequest(method, message, headers));
  return TakeApart(connection.Receive());
}

}  // namespace satudata::web
