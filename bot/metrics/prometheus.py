"""The metrics for Prometheus; needs the extra `metrics`."""

import platform
from collections.abc import Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from bot.metrics import Meter

_PREFIX: Final = "booking_desk"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_WAITS: Final = (0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5)
_DELAYS: Final = (0.5, 1, 2.5, 5, 10, 15, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
_LEVELS: Final[Mapping[str, tuple[str, str | None]]] = {
    "outbox_messages": ("Messages that have not arrived.", "state"),
    "outbox_oldest_waiting_seconds": ("How long the oldest message waits to leave.", None),
    "bookings": ("Bookings.", "status"),
    "migrations_applied": ("Migrations that the database has.", None),
    "db_connections": ("Connections of this replica to PostgreSQL.", "state"),
    "db_up": ("Whether PostgreSQL answers.", None),
    "listener_up": ("Whether PostgreSQL's notifications are heard.", None),
    "polling_leader": ("Whether this replica polls the bot.", "bot"),
    "telegram_webhook_set": ("Whether the bot's webhook is set.", "bot"),
    "telegram_webhook_pending_updates": ("Updates that Telegram has not brought yet.", "bot"),
    "telegram_webhook_last_error_timestamp_seconds": (
        "When Telegram could not bring an update for the last time.",
        "bot",
    ),
    "backup_last_success_timestamp_seconds": ("Of what moment the newest backup is.", None),
    "updates_coming": ("Whether this replica gets the bot's updates.", "bot"),
}
"""What each level is, and its label."""


class Prometheus(Meter):
    """Keeps the numbers until they are asked for."""

    is_read = True

    def __init__(self, version: str) -> None:
        self.look = lambda: None
        self._registry: Final = CollectorRegistry()
        build = Info("build", "The program.", namespace=_PREFIX, registry=self._registry)
        build.info({"version": version, "python": platform.python_version()})
        self._updates = self._counter("updates", "Handled updates.", "bot", "kind", "outcome")
        self._update_seconds = self._histogram(
            "update_duration_seconds", "From an update's arrival to its end.", _SECONDS, "kind"
        )
        self._calls = self._counter("telegram_requests", "Calls of Telegram.", "method", "outcome")
        self._paused = self._counter("telegram_paused_seconds", "Pauses that Telegram asked for.")
        self._deliveries = self._counter("deliveries", "Attempts to send a message.", "outcome")
        self._delays = self._histogram(
            "delivery_delay_seconds", "From owing a message to its arrival.", _DELAYS
        )
        self._requests = self._counter(
            "http_requests", "Requests over HTTP.", "route", "method", "code"
        )
        self._request_seconds = self._histogram(
            "http_request_duration_seconds", "Answering a request.", _SECONDS, "route", "method"
        )
        self._waits = self._histogram("db_acquire_seconds", "Waits for a connection.", _WAITS)
        self._lags = self._histogram("event_loop_lag_seconds", "How late the loop is.", _WAITS)
        self._levels: Final[dict[str, Gauge]] = {}
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        self.look()
        try:
            encode, content_type = choose_encoder(accept)
        except (TypeError, ValueError):
            # The version that it asks for is none.
            encode, content_type = choose_encoder("")
        return encode(self._registry), content_type

    def update(self, bot: str, kind: str, outcome: str, seconds: float) -> None:
        self._updates.labels(bot, kind, outcome).inc()
        self._update_seconds.labels(kind).observe(seconds)

    def call(self, method: str, outcome: str) -> None:
        self._calls.labels(method, outcome).inc()

    def pause(self, seconds: float) -> None:
        self._paused.inc(seconds)

    def delivery(self, outcome: str, seconds: float | None = None) -> None:
        self._deliveries.labels(outcome).inc()
        if seconds is not None:
            self._delays.observe(seconds)

    def request(self, route: str, method: str, code: int, seconds: float) -> None:
        self._requests.labels(route, method, str(code)).inc()
        self._request_seconds.labels(route, method).observe(seconds)

    def acquired(self, seconds: float) -> None:
        self._waits.observe(seconds)

    def lag(self, seconds: float) -> None:
        self._lags.observe(seconds)

    def level(self, name: str, value: float) -> None:
        self._gauge(name).set(value)

    def levels(self, name: str, values: Mapping[str, float]) -> None:
        for label, value in values.items():
            self._gauge(name).labels(label).set(value)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(name, words, labels, namespace=_PREFIX, registry=self._registry)

    def _histogram(
        self, name: str, words: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(
            name, words, labels, namespace=_PREFIX, registry=self._registry, buckets=buckets
        )

    def _gauge(self, name: str) -> Gauge:
        """Return what shows a level; before it is known, it is not 0 but missing."""
        if name not in self._levels:
            words, label = _LEVELS[name]
            labels = () if label is None else (label,)
            gauge = Gauge(name, words, labels, namespace=_PREFIX, registry=self._registry)
            self._levels[name] = gauge
        return self._levels[name]
