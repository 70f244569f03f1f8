// File: lobby.h
//
// Where connections wait between requests. One thread watches all of them and gives a connection on when its
// next request has come whole, so that a connection that is idle, or slow to say what it wants, costs a file
// descriptor and no thread.
#ifndef SERVER_WEB_LOBBY_H_
#define SERVER_WEB_LOBBY_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/mutex.h"
#include "server/web/request_scan.h"
#include "server/web/socket.h"

namespace satudata::web {

enum class Next { kAnotherRequest, kNothing };

// A connection whose request has come. Whoever holds it owns the connection.
struct Arrival {
  Arrival(Socket socket_in, std::string request_in, std::atomic<size_t>& held_in)
      : socket(std::move(socket_in)), request(std::move(request_in)), size_(request.size()), held_(held_in) {}
  ~Arrival() { held_ -= size_; }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;

  Socket socket;
  const std::string request;
  std::string rest;                   // Came after it.
  Next next = Next::kAnotherRequest;  // kNothing: where a next one begins cannot be told.

 private:
  const size_t size_;
  std::atomic<size_t>& held_;
};

// Thread-safe. Must outlive the arrivals that it gave out.
class Lobby {
 public:
  struct Options {
    size_t max_guests = 256;                        // Default: 256; the next displaces the one here longest.
    size_t max_bytes = 32 << 20;                    // Default: 32 MiB of requests, under way ones included.
    absl::Duration idle_limit = absl::Seconds(60);  // Default: 60 s without a request.
    absl::Duration request_limit =
        absl::Seconds(10);  // Default: 10 s from a request's first byte to its last.
    RequestLimits request;
  };
  // Called by the lobby's thread; quick. False: nobody can serve it now.
  using Receiver = std::function<bool(std::shared_ptr<Arrival>)>;

  // `clock` must outlive the lobby.
  Lobby(Options options, base::Clock& clock, Receiver receiver);
  ~Lobby();

  // Once. Takes connections from `listener`, which does not block and must outlive Close; `open` takes
  // each.
  void Accept(int listener, std::function<Socket(int fd)> open);
  // A connection that waits for its next request, of which `bytes` are here already.
  void Enter(Socket socket, std::string bytes);
  // A connection that has been answered for the last time: closed when the client has had time to read that.
  void Dismiss(Socket socket);
  // Closes all connections; what comes later is closed at once. Idempotent; not from the receiver.
  void Close();

 private:
  enum class Mood { kWaiting, kLeaving };
  struct Guest {
    Guest(Socket socket_in, RequestLimits limits) : socket(std::move(socket_in)), scan(limits) {}
    Socket socket;
    std::string bytes;
    RequestScan scan;
    Mood mood = Mood::kWaiting;
    absl::Duration leave_at;  // On the monotonic clock.
    bool told_to_continue = false;
  };

  void Admit(Guest guest);
  void Wake();
  // The rest is the lobby's thread's.
  void Run();
  // False: it is time to close.
  bool TakeNewcomers();
  void AcceptConnections();
  void Welcome(Guest guest);
  void Receive(int fd);
  // Reads what has come. False: the client is gone.
  bool ReadInto(Guest& guest);
  void Judge(Guest& guest);
  void HandOver(Guest& guest, Next next);
  void Refuse(Guest& guest, absl::string_view status);
  void StartLeaving(Guest& guest);
  // The guest whose time is up first.
  void RemoveFirst();
  void CloseLate();
  void Remove(int fd);

  const Options options_;
  base::Clock& clock_;
  const Receiver receiver_;
  const Socket epoll_;
  const Socket wake_;
  std::atomic<size_t> held_ = 0;  // Bytes of guests and of arrivals.
  std::map<int, Guest> guests_;   // By file descriptor.
  std::vector<char> buffer_;

  std::function<Socket(int)> open_;
  std::atomic<int> listener_ = -1;  // Set after open_.

  base::Mutex mu_;
  std::vector<Guest> newcomers_ ABSL_GUARDED_BY(mu_);
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace satudata::web

#endif  // SERVER_WEB_LOBBY_H_
