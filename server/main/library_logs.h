// File: library_logs.h
//
// What gRPC and protobuf have to say, as lines of our log.
#ifndef SERVER_MAIN_LIBRARY_LOGS_H_
#define SERVER_MAIN_LIBRARY_LOGS_H_

namespace satudata::main {

// Warnings of protobuf and errors of gRPC from now on go to base::Log. Call once, before either is used.
void RouteLibraryLogs();

}  // namespace satudata::main

#endif  // SERVER_MAIN_LIBRARY_LOGS_H_
