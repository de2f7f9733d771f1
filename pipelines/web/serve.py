"""The pages served on this machine until they are stopped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from pipelines.settings import Settings
from pipelines.web.app import build, is_loopback, warm
from pipelines.web.charts import warm as warm_charts
from pipelines.web.court import Court


class NotServed(ValueError):
    """The pages cannot be served so; the message says why and what to do."""


def serve(settings: Settings, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serves until it is stopped; port 0 takes any that is free.

    Raises:
        NotServed: the host is not this machine's loopback, or the port is not to be had.
    """
    import uvicorn

    if not is_loopback(host):
        raise NotServed(
            f"the host [{host}] is not this machine's loopback. There is no sign-in yet, so whoever reached it would read "
            "every case. Leave --host out, and reach the machine through a tunnel"
        )
    court = Court(settings)
    app = build(court)
    listening = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    tell(f"http://{shown}:{listening.getsockname()[1]}/  {court.profile.id}, until it is stopped (Ctrl+C)")
    threading.Thread(target=_warm, args=(court,), daemon=True).start()
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        court.close()


def _warm(court: Court) -> None:
    warm(court)
    warm_charts()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)  # from now on a reader waits and is not refused
    except (OSError, OverflowError) as error:
        made.close()
        raise NotServed(f"the port [{port}] cannot be had ({error}). Name another with --port, or 0 for any") from None
    return made
