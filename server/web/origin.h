// File: origin.h
//
// Whose page a request comes from. Sessions are cookies, which a browser adds to requests of any site's
// pages; only those of our own page may act with them. Pure and thread-safe.
#ifndef SERVER_WEB_ORIGIN_H_
#define SERVER_WEB_ORIGIN_H_

#include <httplib.h>

namespace satudata::web {

// False when the browser says that another site's page sent it. Programs that are no browser say nothing, and
// bring no cookies that they were not given.
bool IsSameOrigin(const httplib::Request& request);

}  // namespace satudata::web

#endif  // SERVER_WEB_ORIGIN_H_
