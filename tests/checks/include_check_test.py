#!/usr/bin/env python3
"""Shows that include_check.py lets through what it should and stops what it should."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import include_check  # noqa: E402

ALLOWED = [
    ("server/base/log.cc", '"server/base/log.h"'),
    ("server/base/log.cc", "<string>"),
    ("server/catalog/figures.cc", '"server/tables/table.h"'),
    ("server/tables/zip_archive.cc", "<zip.h>"),
    ("server/tables/xml_parser.cc", "<expat.h>"),
    ("server/sync/engine.h", '"server/catalog/failure.h"'),
    ("server/targets/ewalidata/codec.cc", '"server/http/http_client.h"'),
    ("server/targets/ewalidata/codec.cc", '"server/targets/verdicts.h"'),
    ("server/http/httplib_client.h", "<httplib.h>"),
    ("server/store/soci.h", "<soci/soci.h>"),
    ("server/store/account_queries.h", '"server/access/account_store.h"'),
    ("server/rpc/authorizer.h", '"server/access/role.h"'),
    ("server/access/password.cc", "<crypt.h>"),
    ("server/telemetry/metrics.cc", "<prometheus/registry.h>"),
    ("server/admin/admin_server.cc", '"server/telemetry/metrics.h"'),
    ("server/rpc/convert.h", '"satudata/integration/v1/resources.pb.h"'),
    ("server/rpc/services.h", "<grpcpp/impl/service_type.h>"),
    ("server/main/server.cc", '"server/store/store_factory.h"'),
    ("clients/cli/follow.cc", '"server/base/clock.h"'),
    ("tests/unit/server/rpc/jwt_test.cc", '"tests/fakes/fake_clock.h"'),
    ("tests/unit/server/http/client_test.cc", '"httplib.h"'),
    ("tests/e2e/kill_test.cc", '"tests/simulator/simulator.h"'),
    ("tests/simulator/http_front.cc", "<httplib.h>"),
    ("tests/simulator/main.cc", '"server/base/clock.h"'),
]

FORBIDDEN = [
    ("server/base/log.cc", '"server/catalog/failure.h"'),
    ("server/catalog/content.cc", '"server/sync/run.h"'),
    ("server/catalog/figures.cc", "<zip.h>"),
    ("server/catalog/figures.cc", "<expat.h>"),
    ("server/tables/table.h", '"server/catalog/failure.h"'),
    ("server/http/url.cc", '"server/sync/run.h"'),
    ("server/access/sessions.cc", '"server/sync/run.h"'),
    ("server/access/sessions.cc", '"server/store/sql_store.h"'),
    ("server/sync/engine.h", '"server/access/role.h"'),
    ("server/rpc/session_service.cc", "<crypt.h>"),
    ("server/sync/engine.h", '"server/store/sql_store.h"'),
    ("server/sync/engine.h", '"server/targets/gateway.h"'),
    ("server/sync/engine.h", "<grpcpp/grpcpp.h>"),
    ("server/sync/engine.h", '"satudata/integration/v1/resources.pb.h"'),
    ("server/targets/ewalidata/codec.cc", '"server/targets/dataset_rest/codec.h"'),
    ("server/targets/gateway.cc", '"server/targets/dataset_rest/codec.h"'),
    ("server/targets/ewalidata/codec.cc", '"server/store/sql_store.h"'),
    ("server/targets/ewalidata/codec.cc", "<httplib.h>"),
    ("server/store/sql_store.cc", '"server/telemetry/metrics.h"'),
    ("server/telemetry/metrics.cc", "<soci/soci.h>"),
    ("server/rpc/convert.cc", '"server/store/sql_store.h"'),
    ("server/rpc/convert.cc", "<prometheus/registry.h>"),
    ("server/admin/admin_server.cc", "<grpcpp/grpcpp.h>"),
    ("server/rpc/convert.cc", '"server/main/settings.h"'),
    ("server/base/mutex.h", '"absl/synchronization/mutex.h"'),
    ("tests/unit/server/base/mutex_test.cc", '"absl/synchronization/mutex.h"'),
    ("server/sync/engine.cc", '"tests/fakes/fake_clock.h"'),
    ("clients/cli/follow.cc", '"server/sync/run.h"'),
    ("clients/cli/follow.cc", '"tests/fakes/fake_clock.h"'),
    ("tests/simulator/sipd.cc", '"server/targets/ewalidata/codec.h"'),
    ("tests/simulator/sipd.cc", '"tests/fakes/fake_clock.h"'),
    ("tests/simulator/sipd.cc", "<grpcpp/grpcpp.h>"),
    ("server/sync/engine.cc", '"engine.h"'),
]


def findings(path, include):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / path
        file.parent.mkdir(parents=True)
        file.write_text(f"// A file.\n#include {include}\n", encoding="utf-8")
        return include_check.check_tree(pathlib.Path(folder))


class IncludeCheckTest(unittest.TestCase):
    def test_lets_through_what_the_layers_allow(self):
        for path, include in ALLOWED:
            with self.subTest(path=path, include=include):
                self.assertEqual(findings(path, include), [])

    def test_stops_what_the_layers_forbid_and_says_where(self):
        for path, include in FORBIDDEN:
            with self.subTest(path=path, include=include):
                found = findings(path, include)
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith(f"{path}:2: "), found[0])

    def test_a_new_folder_must_be_given_a_layer(self):
        self.assertEqual(len(findings("server/attic/old.cc", "<string>")), 1)


if __name__ == "__main__":
    unittest.main()
