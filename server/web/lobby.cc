#include "server/web/lobby.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "server/base/executor.h"

namespace satudata::web {
namespace {

constexpr int kEventsAtOnce = 64;
constexpr size_t kReadBytes = 64 << 10;
// How late the limits may strike.
constexpr int kTickMs = 250;
constexpr int kForever = -1;
constexpr int kPauseMs = 10;
// For the client to read its last answer, while what it still sends is thrown away: closing at once would
// take the answer back.
constexpr absl::Duration kLeaveLimit = absl::Seconds(1);

void Watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// A client that takes nothing now will do without.
void SendAtOnce(Socket& socket, absl::string_view text) { (void)socket.Send(text.data(), text.size()); }

void SendRefusal(Socket& socket, absl::string_view status) {
  SendAtOnce(socket,
             absl::StrCat("HTTP/1.1 ", status, "\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n",
                          "Content-Security-Policy: default-src 'none'\r\nContent-Length: 0\r\n\r\n"));
}

}  // namespace

Lobby::Lobby(Options options, base::Clock& clock, Receiver receiver)
    : options_(options),
      clock_(clock),
      receiver_(std::move(receiver)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      buffer_(kReadBytes) {
  Watch(epoll_.fd(), wake_.fd());
  thread_ = std::thread([this] { Run(); });
}

Lobby::~Lobby() { Close(); }

void Lobby::Accept(int listener, std::function<Socket(int)> open) {
  open_ = std::move(open);
  listener_ = listener;
  Watch(epoll_.fd(), listener);
}

void Lobby::Enter(Socket socket, std::string bytes) {
  Guest guest(std::move(socket), options_.request);
  guest.bytes = std::move(bytes);
  guest.leave_at = clock_.Monotonic() + (guest.bytes.empty() ? options_.idle_limit : options_.request_limit);
  Admit(std::move(guest));
}

void Lobby::Dismiss(Socket socket) {
  Guest guest(std::move(socket), options_.request);
  StartLeaving(guest);
  Admit(std::move(guest));
}

void Lobby::Close() {
  {
    base::MutexLock lock(&mu_);
    closed_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void Lobby::Admit(Guest guest) {
  {
    base::MutexLock lock(&mu_);
    if (closed_) return;
    newcomers_.push_back(std::move(guest));
  }
  Wake();
}

void Lobby::Wake() {
  // It fails only when the lobby is awake more than enough.
  (void)::eventfd_write(wake_.fd(), 1);
}

void Lobby::Run() {
  base::SetThreadName("web-lobby");
  while (TakeNewcomers()) {
    epoll_event events[kEventsAtOnce];
    const int count = ::epoll_wait(epoll_.fd(), events, kEventsAtOnce, guests_.empty() ? kForever : kTickMs);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == wake_.fd()) {
        eventfd_t wakes = 0;
        (void)::eventfd_read(fd, &wakes);
      } else if (fd == listener_) {
        AcceptConnections();
      } else {
        Receive(fd);
      }
    }
    CloseLate();
  }
  guests_.clear();
}

bool Lobby::TakeNewcomers() {
  std::vector<Guest> newcomers;
  bool closed = false;
  {
    base::MutexLock lock(&mu_);
    newcomers.swap(newcomers_);
    closed = closed_;
  }
  for (Guest& newcomer : newcomers) Welcome(std::move(newcomer));
  return !closed;
}

void Lobby::AcceptConnections() {
  for (int i = 0; i < kEventsAtOnce; ++i) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) {
      Socket socket = open_(fd);
      if (socket.fd() < 0) continue;
      Guest guest(std::move(socket), options_.request);
      guest.leave_at = clock_.Monotonic() + options_.idle_limit;
      Welcome(std::move(guest));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // Too many of something, perhaps not ours: one connection less may help, and the next can wait.
      if (!guests_.empty()) RemoveFirst();
      ::poll(nullptr, 0, kPauseMs);
      return;
    } else if (errno == EAGAIN || errno == EINVAL) {
      return;  // No more of them.
    }
  }
}

void Lobby::Welcome(Guest guest) {
  const int fd = guest.socket.fd();
  if (guests_.size() >= options_.max_guests) RemoveFirst();
  held_ += guest.bytes.size();
  Watch(epoll_.fd(), fd);
  guests_.emplace(fd, std::move(guest));
  // Most have something to say at once, and leave again before the next needs room.
  Receive(fd);
}

void Lobby::Receive(int fd) {
  const auto found = guests_.find(fd);
  if (found == guests_.end()) return;
  Guest& guest = found->second;
  if (!ReadInto(guest)) return Remove(fd);
  if (guest.mood == Mood::kWaiting && !guest.bytes.empty()) Judge(guest);
}

bool Lobby::ReadInto(Guest& guest) {
  const bool leaving = guest.mood == Mood::kLeaving;
  const ssize_t count = leaving ? guest.socket.ReceiveToDiscard(buffer_.data(), buffer_.size())
                                : guest.socket.Receive(buffer_.data(), buffer_.size());
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) return false;
  if (leaving) return true;
  if (guest.bytes.empty()) guest.leave_at = clock_.Monotonic() + options_.request_limit;
  guest.bytes.append(buffer_.data(), static_cast<size_t>(count));
  held_ += static_cast<size_t>(count);
  return true;
}

void Lobby::Judge(Guest& guest) {
  if (held_ > options_.max_bytes) return Refuse(guest, "503 Service Unavailable");
  switch (guest.scan.Advance(guest.bytes)) {
    case RequestScan::State::kPartial:
      if (guest.scan.waits_for_continue() && !std::exchange(guest.told_to_continue, true)) {
        SendAtOnce(guest.socket, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      return;
    case RequestScan::State::kWhole:
      return HandOver(guest, Next::kAnotherRequest);
    case RequestScan::State::kBodyTooLarge:
      return HandOver(guest, Next::kNothing);  // Whoever answers it says what is wrong.
    case RequestScan::State::kHeadTooLarge:
      return Refuse(guest, "431 Request Header Fields Too Large");
    case RequestScan::State::kMalformed:
      return Refuse(guest, "400 Bad Request");
  }
}

void Lobby::HandOver(Guest& guest, Next next) {
  const int fd = guest.socket.fd();
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr);
  std::string rest = guest.bytes.substr(guest.scan.size());
  guest.bytes.resize(guest.scan.size());
  held_ -= rest.size();
  auto arrival = std::make_shared<Arrival>(std::move(guest.socket), std::move(guest.bytes), held_);
  arrival->rest = std::move(rest);
  arrival->next = next;
  guests_.erase(fd);
  if (receiver_(arrival)) return;
  SendRefusal(arrival->socket, "503 Service Unavailable");
  Dismiss(std::move(arrival->socket));
}

void Lobby::Refuse(Guest& guest, absl::string_view status) {
  SendRefusal(guest.socket, status);
  held_ -= guest.bytes.size();
  guest.bytes = std::string();
  StartLeaving(guest);
}

void Lobby::StartLeaving(Guest& guest) {
  guest.socket.EndSending();
  guest.mood = Mood::kLeaving;
  guest.leave_at = clock_.Monotonic() + kLeaveLimit;
}

void Lobby::RemoveFirst() {
  const auto first = std::min_element(guests_.begin(), guests_.end(), [](const auto& a, const auto& b) {
    return a.second.leave_at < b.second.leave_at;
  });
  Remove(first->first);
}

void Lobby::CloseLate() {
  const absl::Duration now = clock_.Monotonic();
  std::vector<int> late;
  for (const auto& [fd, guest] : guests_) {
    if (guest.leave_at <= now) late.push_back(fd);
  }
  for (const int fd : late) Remove(fd);
}

// Closing the socket ends its being watched.
void Lobby::Remove(int fd) {
  const auto found = guests_.find(fd);
  held_ -= found->second.bytes.size();
  guests_.erase(found);
}

}  // namespace satudata::web
