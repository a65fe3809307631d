"""What schemathesis is told of this API (SCHEMATHESIS_HOOKS): names that are there, and how much is enough.

A request that is wrong is sent as it is: only values that are right are exchanged for others that are right.
"""

import hashlib
import re

import schemathesis

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,46}")
VERSION = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")
# Of each path parameter, what fuzzed-stack.ts makes.
THERE = {
    "workspace": ["aero"],
    "experiment": ["blades"],
    "job": ["wordcount", "waiting"],
    "cluster": ["wind"],
    "fileServer": ["data"],
    "schedule": ["nightly"],
    "webhook": ["on-call"],
    "application": ["solver"],
    "version": ["1.2"],
    "name": ["aero-team"],
    "index": [0],
    "path": ["stdout.txt", "outputs/out/x"],
}
DOOMED = "doomed"
MAX_ITEMS = 50
NOWHERE = "http://127.0.0.1:9/"


@schemathesis.hook
def before_call(context, case, kwargs):
    name_what_is_there(case)
    shrink(case.body)


def name_what_is_there(case):
    parameters = case.path_parameters or {}
    last = case.operation.path.rsplit("{", 1)[-1].split("}")[0]
    for name, value in parameters.items():
        there = THERE.get(name)
        if there is None or not is_right(name, value):
            continue
        if case.method.upper() == "DELETE" and name == last:
            # What the others are asked for stays.
            if value in there or one_in(2, value):
                parameters[name] = DOOMED
        elif name == "job" and case.operation.path.endswith("/events"):
            # The stream of a job that has not ended has no end, either.
            parameters[name] = there[0]
        elif name == "workspace" or not one_in(4, value):
            parameters[name] = there[number_of(value) % len(there)]


def is_right(name, value):
    if name == "index":
        return isinstance(value, int) and value >= 0
    if name == "version":
        return isinstance(value, str) and VERSION.fullmatch(value)
    if name == "path":
        return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9._-]+", value)
    return isinstance(value, str) and NAME.fullmatch(value) and "--" not in value


def one_in(sides, value):
    return number_of(value) % sides == 0


def number_of(value):
    """The same for the same value, so that runs can be repeated."""
    return hashlib.sha256(repr(value).encode()).digest()[0]


def is_quota(value):
    return type(value) is int and 0 <= value <= 1_000_000


def shrink(value):
    """Jobs of many items would be planned for minutes, quotas would let jobs run, webhooks would call strangers."""
    if isinstance(value, list):
        for entry in value:
            shrink(entry)
    if not isinstance(value, dict):
        return
    count, quotas, url = value.get("count"), value.get("quotas"), value.get("url")
    if type(count) is int and MAX_ITEMS < count <= 10_000_000:
        value["count"] = MAX_ITEMS
    if isinstance(quotas, dict):
        for name in ("nodes", "concurrentJobs"):
            if name in quotas and (quotas[name] is None or is_quota(quotas[name])):
                quotas[name] = 0
    if isinstance(url, str) and re.fullmatch(r"https://[a-z0-9.-]+(/.*)?", url):
        value["url"] = NOWHERE
    for entry in value.values():
        shrink(entry)
