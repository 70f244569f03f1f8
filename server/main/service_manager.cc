#include "server/main/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace satudata::main {
namespace {

absl::Status NotTold(const std::string& socket, absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("NOTIFY_SOCKET ", socket, ": ", why));
}

}  // namespace

absl::Status TellServiceManager(const std::string& socket, absl::string_view notice) {
  if (socket.empty()) return absl::OkStatus();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path)) return NotTold(socket, "longer than a socket's path may be");
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return NotTold(socket, std::strerror(errno));
  const ssize_t sent = ::sendto(fd, notice.data(), notice.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), length);
  const int error = errno;
  ::close(fd);
  return sent < 0 ? NotTold(socket, std::strerror(error)) : absl::OkStatus();
}

}  // namespace satudata::main
