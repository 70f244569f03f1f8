// File: notice_log.h
//
// What befalls a target, as lines of the log. Functions without state; any thread.
#ifndef SERVER_SYNC_NOTICE_LOG_H_
#define SERVER_SYNC_NOTICE_LOG_H_

#include <string>

#include "server/sync/limits/target_control.h"

namespace satudata::sync {

// One line: a warning that says why and until when, or that it is over.
void LogNotice(const std::string& target, const TargetNotice& notice);

}  // namespace satudata::sync

#endif  // SERVER_SYNC_NOTICE_LOG_H_
