#!/usr/bin/env python3
"""Writes dashboard.json, the Grafana dashboard of the integration service, from the table below.

    make_dashboard.py            writes deploy/grafana/dashboard.json
    make_dashboard.py --check    says whether the file is what would be written; exits 1 if it is not

Each row answers a question. A panel is (title, kind, unit, width, thresholds, [(query, legend)]).
"""
import json
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("dashboard.json")
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
HERE = 'job=~"$job", instance=~"$instance"'
AT = HERE + ', target=~"$target"'
HEIGHT = 8
COLUMNS = 24
GREEN, YELLOW, RED = "green", "orange", "red"
ALWAYS = [(GREEN, None)]
ANY_IS_BAD = [(GREEN, None), (RED, 1)]
ANY_IS_WORTH_A_LOOK = [(GREEN, None), (YELLOW, 1)]
DAYS = 86400

ROWS = [
    ("Is everything arriving?", [
        ("Files that wait or need somebody", "stat", "short", 8, ANY_IS_WORTH_A_LOOK,
         [(f"max by (target, state) (integration_files_waiting{{{AT}}})", "{{target}} {{state}}")]),
        ("Since the last confirmation", "stat", "s", 8, [(GREEN, None), (YELLOW, 3 * DAYS), (RED, 30 * DAYS)],
         [(f"time() - max by (target) (integration_last_confirmation_seconds{{{AT}}} > 0)", "{{target}}")]),
        ("Since the last whole SyncAll", "stat", "s", 8, [(GREEN, None), (YELLOW, 2 * DAYS), (RED, 3 * DAYS)],
         [(f"time() - max by (target) (integration_last_sync_seconds{{{AT}}} > 0)", "{{target}}")]),
        ("Deliveries that came to rest", "timeseries", "short", 12, ALWAYS,
         [(f"sum by (target, state) (rate(integration_deliveries_total{{{AT}}}[$__rate_interval])) * 60",
           "{{target}} {{state}} per minute")]),
        ("Records that came to rest", "timeseries", "short", 12, ALWAYS,
         [(f"sum by (target, state) (rate(integration_records_total{{{AT}}}[$__rate_interval])) * 60",
           "{{target}} {{state}} per minute")]),
        ("Runs under way", "timeseries", "short", 8, ALWAYS,
         [(f"integration_runs_active{{{HERE}}}", "{{instance}}")]),
        ("Longest without progress", "timeseries", "s", 8, [(GREEN, None), (RED, 1800)],
         [(f"max by (job) (integration_run_stalled_seconds{{{HERE}}})", "{{job}}")]),
        ("Runs that ended", "timeseries", "short", 8, ALWAYS,
         [(f"sum by (kind, state) (increase(integration_runs_total{{{HERE}}}[1h]))", "{{kind}} {{state}} per hour")]),
    ]),
    ("Whose turn is it?", [
        ("Refused, given up, in doubt, later", "timeseries", "short", 12, ALWAYS,
         [(f"max by (target, state) (integration_files_waiting{{{AT}}})", "{{target}} {{state}}")]),
        ("How long the oldest waits", "timeseries", "s", 12, [(GREEN, None), (YELLOW, 7200), (RED, DAYS)],
         [(f"max by (target, state) (integration_files_waiting_oldest_seconds{{{AT}}})", "{{target}} {{state}}")]),
        ("Why it is sent again", "timeseries", "short", 12, ALWAYS,
         [(f"sum by (target, reason) (rate(integration_retries_total{{{AT}}}[$__rate_interval])) * 60",
           "{{target}} {{reason}} per minute")]),
        ("Paused (1) by an operator, or by the target", "timeseries", "short", 6, ANY_IS_BAD,
         [(f"max by (target) (integration_target_paused{{{AT}}})", "{{target}}")]),
        ("Our tokens end in", "stat", "s", 6, [(RED, None), (YELLOW, 7 * DAYS), (GREEN, 14 * DAYS)],
         [(f"min by (target) (integration_credential_expiry_seconds{{{AT}}}) - time()", "{{target}}")]),
    ]),
    ("What does the target do to us?", [
        ("Answers", "timeseries", "reqps", 12, ALWAYS,
         [(f"sum by (target, code) (rate(integration_http_requests_total{{{AT}}}[$__rate_interval]))",
           "{{target}} {{code}}")]),
        ("How long it takes, 95 %", "timeseries", "s", 12, ALWAYS,
         [("histogram_quantile(0.95, sum by (target, operation, le) "
           f"(rate(integration_http_request_duration_seconds_bucket{{{AT}}}[$__rate_interval])))",
           "{{target}} {{operation}}")]),
        ("Circuit: 0 closed, 1 half open, 2 open", "timeseries", "short", 12, ANY_IS_BAD,
         [(f"max by (target) (integration_target_circuit_state{{{AT}}})", "{{target}}")]),
        ("From planning to rest, 95 %", "timeseries", "s", 12, ALWAYS,
         [("histogram_quantile(0.95, sum by (target, le) "
           f"(rate(integration_delivery_duration_seconds_bucket{{{AT}}}[$__rate_interval])))", "{{target}}")]),
    ]),
    ("Are we good guests?", [
        ("Requests under way, and how many may be", "timeseries", "short", 12, ALWAYS,
         [(f"sum by (target) (integration_target_in_flight{{{AT}}})", "{{target}} under way"),
          (f"max by (target) (integration_target_concurrency_limit{{{AT}}})", "{{target}} limit found"),
          (f"sum by (target) (integration_target_granted_slots{{{AT}}})", "{{target}} granted")]),
        ("Requests per second, and how many may be", "timeseries", "reqps", 12, ALWAYS,
         [(f"sum by (target) (rate(integration_http_requests_total{{{AT}}}[$__rate_interval]))", "{{target}}"),
          (f"max by (target) (integration_target_rate_limit{{{AT}}})", "{{target}} limit; 0: none known")]),
        ("Refused for sending too much", "timeseries", "percentunit", 12, [(GREEN, None), (YELLOW, 0.01), (RED, 0.2)],
         [(f'sum by (target) (rate(integration_http_requests_total{{{AT}, code="429"}}[$__rate_interval])) / '
           f"sum by (target) (rate(integration_http_requests_total{{{AT}}}[$__rate_interval]))", "{{target}}")]),
        ("Deliveries that wait to be sent", "timeseries", "short", 6, ALWAYS,
         [(f"sum by (target) (integration_queue_depth{{{AT}}})", "{{target}}")]),
        ("Who probes (1)", "timeseries", "short", 6, ALWAYS,
         [(f"integration_target_controller{{{AT}}}", "{{target}} {{instance}}")]),
    ]),
    ("What does our own service cost?", [
        ("gRPC calls", "timeseries", "reqps", 8, ALWAYS,
         [(f"sum by (method) (rate(integration_grpc_handled_total{{{HERE}}}[$__rate_interval]))", "{{method}}")]),
        ("gRPC calls that failed", "timeseries", "reqps", 8, ALWAYS,
         [(f'sum by (method, code) (rate(integration_grpc_handled_total{{{HERE}, code!="OK"}}[$__rate_interval]))',
           "{{method}} {{code}}")]),
        ("gRPC latency, 95 %, without streams", "timeseries", "s", 8, ALWAYS,
         [("histogram_quantile(0.95, sum by (method, le) (rate(integration_grpc_handling_seconds_bucket"
           f'{{{HERE}, method!~".*/(Sync.*|WatchRun|RetryRun|Watch)"}}[$__rate_interval])))', "{{method}}")]),
        ("Commits of the database, 99 %", "timeseries", "s", 8, [(GREEN, None), (YELLOW, 0.3), (RED, 1)],
         [("histogram_quantile(0.99, sum by (instance, le) "
           f"(rate(integration_store_commit_seconds_bucket{{{HERE}}}[$__rate_interval])))", "{{instance}}")]),
        ("Database takes writes", "stat", "short", 4, [(RED, None), (GREEN, 1)],
         [(f"integration_store_usable{{{HERE}}}", "{{instance}}")]),
        ("Work without a holder", "stat", "short", 4, ANY_IS_BAD,
         [(f"max by (job) (integration_chunks_expired{{{HERE}}})", "{{job}}")]),
        ("Files in use (1)", "stat", "short", 4, [(RED, None), (GREEN, 1)],
         [(f"integration_files_usable{{{HERE}}}", "{{files}} {{instance}}")]),
        ("Certificates end in", "stat", "s", 4, [(RED, None), (YELLOW, 7 * DAYS), (GREEN, 14 * DAYS)],
         [(f"integration_certificate_expiry_seconds{{{HERE}}} - time()", "{{listener}} {{instance}}")]),
        ("Pages' calls under way", "timeseries", "short", 12, ALWAYS,
         [(f"integration_web_streams{{{HERE}}}", "{{instance}}"),
          (f"rate(integration_web_refused_total{{{HERE}}}[$__rate_interval])", "{{instance}} refused per second")]),
        ("Work taken over by another server", "timeseries", "short", 12, ANY_IS_WORTH_A_LOOK,
         [(f"sum by (target, instance) (increase(integration_chunks_lost_total{{{AT}}}[1h]))",
           "{{target}} {{instance}} per hour")]),
    ]),
]


def panel(number, place, definition):
    title, kind, unit, width, thresholds, queries = definition
    x, y = place
    custom = {} if kind == "stat" else {"custom": {"drawStyle": "line", "lineWidth": 1, "showPoints": "never"}}
    options = {"colorMode": "value", "textMode": "value_and_name", "reduceOptions": {"calcs": ["lastNotNull"]}}
    return {
        "id": number, "title": title, "type": kind, "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": width, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0, **custom, "thresholds": {
            "mode": "absolute", "steps": [{"color": color, "value": value} for color, value in thresholds]}},
            "overrides": []},
        "options": options if kind == "stat" else {"legend": {"displayMode": "list", "placement": "bottom"}},
        "targets": [{"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": query, "legendFormat": legend}
                    for at, (query, legend) in enumerate(queries)],
    }


def panels():
    number, y = 1, 0
    for title, definitions in ROWS:
        yield {"id": number, "title": title, "type": "row", "collapsed": False, "panels": [],
               "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}}
        number, y, x = number + 1, y + 1, 0
        for definition in definitions:
            if x + definition[3] > COLUMNS:
                x, y = 0, y + HEIGHT
            yield panel(number, (x, y), definition)
            number, x = number + 1, x + definition[3]
        y += HEIGHT


def choice(name, metric):
    query = f"label_values({metric}, {name})"
    return {"name": name, "type": "query", "datasource": SOURCE, "query": {"query": query, "refId": name},
            "definition": query, "refresh": 2, "includeAll": True, "multi": True, "allValue": ".*",
            "current": {"text": "All", "value": "$__all"}, "sort": 1}


def dashboard():
    source = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    return {
        "uid": "satudata-integration", "title": "Satu Data Integration", "tags": ["satudata"], "schemaVersion": 38,
        "editable": True, "timezone": "browser", "refresh": "30s", "time": {"from": "now-6h", "to": "now"},
        "links": [{"title": "Alerts", "type": "link", "icon": "bell", "url": "/alerting/list?search=Integration"}],
        "templating": {"list": [source, choice("job", "integration_build_info"),
                                choice("instance", "integration_build_info"),
                                choice("target", "integration_target_circuit_state")]},
        "annotations": {"list": [{"name": "Alerts that fire", "enable": True, "iconColor": "red",
                                  "datasource": SOURCE, "titleFormat": "{{alertname}}",
                                  "expr": 'ALERTS{alertname=~"Integration.*", alertstate="firing"}'}]},
        "panels": list(panels()),
    }


def main():
    text = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] != ["--check"]:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == text:
        return 0
    print("deploy/grafana/dashboard.json is not what make_dashboard.py writes: run it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
