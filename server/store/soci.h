// File: soci.h
//
// The one place that includes SOCI.
#ifndef SERVER_STORE_SOCI_H_
#define SERVER_STORE_SOCI_H_

#include <soci/soci-config.h>
// Debian's SOCI is configured for Boost's types, which we do not use; without this its headers demand Boost.
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
// Before any <sqlite3.h>: SOCI includes that one inside a namespace of its own.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#endif  // SERVER_STORE_SOCI_H_
