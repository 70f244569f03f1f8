// What a service manager hears, by both kinds of sockets, and what becomes of it where there is none.
#include "server/main/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/fakes/temporary_directory.h"

namespace satudata::main {
namespace {

// The socket on which systemd listens; `name` as NOTIFY_SOCKET has it.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length), 0);
  }
  ~NotifySocket() { ::close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  // What has come; empty if nothing has.
  std::string Heard() const {
    char buffer[64];
    const ssize_t count = ::recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
    return count < 0 ? "" : std::string(buffer, static_cast<size_t>(count));
  }

 private:
  const int fd_;
};

TEST(ServiceManagerTest, HearsByAPath) {
  const fakes::TemporaryDirectory directory;
  const std::string name = directory.path() + "/notify";
  const NotifySocket socket(name);
  EXPECT_TRUE(TellServiceManager(name, kReadyNotice).ok());
  EXPECT_EQ(socket.Heard(), "READY=1");
}

TEST(ServiceManagerTest, HearsByAnAbstractName) {
  const std::string name = absl::StrCat("@satudata-notify-", ::getpid());
  const NotifySocket socket(name);
  EXPECT_TRUE(TellServiceManager(name, kStoppingNotice).ok());
  EXPECT_EQ(socket.Heard(), "STOPPING=1");
}

TEST(ServiceManagerTest, NobodyAsksOutsideOfOne) { EXPECT_TRUE(TellServiceManager("", kReadyNotice).ok()); }

TEST(ServiceManagerTest, SaysWhyItWasNotHeard) {
  EXPECT_EQ(TellServiceManager("/no/such/socket", kReadyNotice).message(),
            "NOTIFY_SOCKET /no/such/socket: No such file or directory");
  EXPECT_FALSE(TellServiceManager(std::string(200, 'x'), kReadyNotice).ok());
}

}  // namespace
}  // namespace satudata::main
