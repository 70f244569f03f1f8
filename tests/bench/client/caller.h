// File: caller.h
//
// How the bench client reaches a server: channels and calls with a token.
#ifndef TESTS_BENCH_CLIENT_CALLER_H_
#define TESTS_BENCH_CLIENT_CALLER_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

namespace satudata::bench {

struct Caller {
  std::string server;  // host:port
  std::string token;   // Of role Admin; empty for a server that asks for none.
};

// A connection of its own, with small receive windows: a reader that stops is felt at once.
std::shared_ptr<grpc::Channel> Connect(const std::string& server);

// Adds the token. `context` is used for one call.
void Authorize(const Caller& caller, grpc::ClientContext& context);

// Ends the program with a message on standard error unless `status` is OK.
void ExitUnlessOk(const grpc::Status& status, const std::string& what);

}  // namespace satudata::bench

#endif  // TESTS_BENCH_CLIENT_CALLER_H_
