// File: frame.h
//
// gRPC-Web's frames: a flag byte, four bytes of length (big endian), the bytes. A request body is one message
// frame; an answer is message frames and then one frame that holds the trailers. Pure and thread-safe.
#ifndef SERVER_WEB_FRAME_H_
#define SERVER_WEB_FRAME_H_

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace satudata::web {

// Name and value; names are lower case, values as gRPC has them: those of `-bin` names are raw bytes.
using Metadata = std::vector<std::pair<std::string, std::string>>;

inline constexpr size_t kFrameHeaderBytes = 5;
// What the gRPC server takes, too.
inline constexpr size_t kMaxMessageBytes = 4 << 20;

enum class FrameKind : unsigned char { kMessage = 0x00, kTrailers = 0x80 };

// The header of a frame whose `length` bytes the caller appends next.
void AppendFrameHeader(FrameKind kind, size_t length, std::string* out);

// The message in a request body. INVALID_ARGUMENT (REQUEST_MALFORMED, MESSAGE_TOO_LARGE) when the body is not
// exactly one frame, UNIMPLEMENTED (COMPRESSION_UNSUPPORTED) when that is compressed.
absl::StatusOr<absl::string_view> OnlyMessage(absl::string_view body);

// The frame that ends an answer. Trailers that have no place in it (see IsReserved in call_headers.h) are
// left out.
std::string TrailersFrame(const grpc::Status& status, const Metadata& trailers);

}  // namespace satudata::web

#endif  // SERVER_WEB_FRAME_H_
