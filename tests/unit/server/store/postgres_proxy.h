// File: postgres_proxy.h
//
// Stands between a client and a PostgreSQL server and breaks connections at the one moment that matters:
// while a commit is under way. Thread-safe.
#ifndef TESTS_UNIT_SERVER_STORE_POSTGRES_PROXY_H_
#define TESTS_UNIT_SERVER_STORE_POSTGRES_PROXY_H_

#include <atomic>
#include <list>
#include <string>
#include <thread>

namespace satudata::store {

enum class Loss {
  kNone,
  kCommit,  // The next COMMIT does not reach the server.
  kAnswer,  // The next COMMIT does, and its answer does not come back.
};

class PostgresProxy {
 public:
  // `socket` is the server's.
  explicit PostgresProxy(std::string socket);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  std::string Url(const std::string& database) const;
  // Happens once, and then no more.
  void Lose(Loss loss) { loss_ = loss; }
  int losses() const { return losses_; }

 private:
  void Accept();
  void Serve(int client);
  // False once a connection is at its end.
  bool PassOn(int from, int to, bool to_server);

  const std::string socket_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> closing_ = false;
  std::atomic<Loss> loss_ = Loss::kNone;
  std::atomic<int> losses_ = 0;
  std::list<std::thread> connections_;  // The accepting thread's.
  std::thread acceptor_;
};

}  // namespace satudata::store

#endif  // TESTS_UNIT_SERVER_STORE_POSTGRES_PROXY_H_
