// File: call_note.h
//
// What is known of a call while it is served, for whoever tells of it when it has ended: the gate begins the
// note, handlers add to it, the call meter takes it out.
#ifndef SERVER_RPC_CALL_NOTE_H_
#define SERVER_RPC_CALL_NOTE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/base/mutex.h"

namespace grpc {
class ServerContextBase;
}

namespace satudata::rpc {

// Empty: not known. Callers choose `user` and, in part, `run_id`: both are cut, neither is escaped.
struct CallFacts {
  std::string user;      // The token's; never the token.
  std::string role;      // As it was judged by.
  std::string source;    // The peer's address; of a page's call the page's.
  std::string trace_id;  // Of `traceparent`, or of the run that the call started.
  std::string run_id;
};

// Thread-safe.
class CallNote {
 public:
  explicit CallNote(CallFacts facts);
  void SetRun(absl::string_view run_id);
  void SetTrace(absl::string_view traceparent);
  CallFacts Get() const;

 private:
  mutable base::Mutex mu_;
  CallFacts facts_ ABSL_GUARDED_BY(mu_);
};

// The notes of all calls under way. Thread-safe. A context is a name here and never looked into.
class CallNotes {
 public:
  void Add(const grpc::ServerContextBase* context, std::shared_ptr<CallNote> note);
  // Null: there was none. To be called for each call once, before its context ends.
  std::shared_ptr<CallNote> Take(const grpc::ServerContextBase* context);

 private:
  // So that calls on many threads seldom wait for each other.
  struct Shard {
    base::Mutex mu;
    absl::flat_hash_map<const grpc::ServerContextBase*, std::shared_ptr<CallNote>> notes ABSL_GUARDED_BY(mu);
  };
  Shard& ShardOf(const grpc::ServerContextBase* context);

  std::array<Shard, 16> shards_;
};

}  // namespace satudata::rpc

#endif  // SERVER_RPC_CALL_NOTE_H_
