"""Counters of this process, for Prometheus: how much, never what or who."""

from prometheus_client import CollectorRegistry, Counter

REGISTRY = CollectorRegistry()
UPDATES = Counter(
    "driftless_updates", "Updates handled, by what became of them", ["outcome"], registry=REGISTRY
)
MESSAGES = Counter(
    "driftless_messages", "Outgoing messages, by what became of them", ["outcome"], registry=REGISTRY
)
