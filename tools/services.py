"""Says which databases the tests will run on: `python -m tools.services`."""

import os
import sys

DEFAULT_POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/postgres"
DEFAULT_REDIS = "redis://127.0.0.1:6379/15"


def postgresql() -> str | None:
    """The version of the PostgreSQL server for tests, None when none answers."""
    import psycopg

    try:
        url = os.environ.get("STANDFIRST_TEST_POSTGRESQL_URL", DEFAULT_POSTGRESQL)
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            return str(row[0]).split()[0] if row else None
    except psycopg.Error:
        return None


def redis_server() -> str | None:
    """The version of the Redis server for tests, None when none answers."""
    import redis

    try:
        url = os.environ.get("STANDFIRST_TEST_REDIS_URL", DEFAULT_REDIS)
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return str(client.info("server")["redis_version"])
    except redis.RedisError:
        return None


def main() -> None:
    """Prints one line that says what is tested and what is not."""
    import sqlite3

    lines = [f"SQLite {sqlite3.sqlite_version}"]
    found = postgresql()
    lines.append(
        f"PostgreSQL {found}"
        if found
        else "not PostgreSQL (no server answers; STANDFIRST_TEST_POSTGRESQL_URL names one)"
    )
    found = redis_server()
    lines.append(
        f"Redis {found}" if found else "not Redis (no server answers; STANDFIRST_TEST_REDIS_URL names one)"
    )
    sys.stdout.write("Databases tested: " + ", ".join(lines) + ".\n")


if __name__ == "__main__":
    main()
