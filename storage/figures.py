"""The program's figures for Prometheus, in a registry of its own; what is counted here is read at `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

TRANSACTIONS = Histogram(
    "yijue_transaction_seconds", "Seconds from BEGIN to the end of a transaction, by outcome.", ("outcome",),
    buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
COMMITTED, UNDONE = TRANSACTIONS.labels("committed"), TRANSACTIONS.labels("undone")
RECORDS = Counter(
    "yijue_records",
    "Records committed, by kind; a ballot is ballot.cast or ballot.taken.",
    ("kind",),
    registry=REGISTRY,
)
WAITING = Gauge("yijue_pool_waiting", "Requests that wait for a connection to PostgreSQL.", registry=REGISTRY)
REQUESTS = Counter("yijue_requests", "Requests, by operation and status.", ("operation", "status"), registry=REGISTRY)
ANSWERED = Histogram(
    "yijue_request_seconds", "Seconds from a request to the end of its answer, by operation.", ("operation",),
    buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
FED = Histogram(
    "yijue_feed_seconds", "Seconds from the commit of records to the last screen that they were handed to.",
    buckets=_SECONDS, registry=REGISTRY,
)  # fmt: skip
DROPPED = Counter(
    "yijue_connections_dropped", "Connections that the server ended, by cause.", ("cause",), registry=REGISTRY
)
CONNECTIONS = Gauge(
    "yijue_connections", "Connections, by whether a session was proved on them.", ("of",), registry=REGISTRY
)
JUMPS = Counter("yijue_clock_jumps", "Jumps of a clock by more than a minute.", registry=REGISTRY)
POOL = Gauge("yijue_pool_connections", "Connections to PostgreSQL, by state.", ("state",), registry=REGISTRY)
SCREENS = Gauge("yijue_screens", "Live screens, by view.", ("view",), registry=REGISTRY)
JOBS = Gauge("yijue_jobs", "Jobs, by state.", ("state",), registry=REGISTRY)
FREE = Gauge("yijue_disk_free_bytes", "Free space of the database's disk, where it is known.", registry=REGISTRY)
RESERVE = Gauge("yijue_disk_reserve_bytes", "Free space below which papers are refused.", registry=REGISTRY)
BACKUP = Gauge(
    "yijue_backup_age_seconds", "Age of the last good backup; infinite where there is none.", registry=REGISTRY
)
DAMAGED = Gauge("yijue_damaged_books", "Books whose last record is not their head.", registry=REGISTRY)
UP = Gauge("yijue_database_up", "Whether the database answered as the figures were read.", registry=REGISTRY)
