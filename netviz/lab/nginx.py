"""nginx on a machine of the lab, with its own log as the witness. Knows no capture."""

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netviz.lab.namespaces import Namespace
from netviz.lab.requirements import CannotRecord
from netviz.lab.story import Table

_START_SECONDS: Final = 10.0
_CONFIGURATION: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    log_format story '$remote_port $request_method $request_uri $status';
    access_log {folder}/access.log story;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; text/css css; application/json json; text/plain txt; }}
    gzip on;
    gzip_min_length 256;
    gzip_types application/json text/css;
    keepalive_timeout 60s;
    server {{
        listen {listen};
        root {folder}/files;
        location = /old {{ return 301 /; }}
        location = /checked.txt {{ add_trailer Server-Timing "read;dur=$request_time"; add_trailer X-Read "whole"; }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running nginx."""

    folder: Path
    end: str
    """address:port"""

    def log(self) -> list[Table]:
        """What its access log says, in order."""
        lines = (line.split() for line in (self.folder / "access.log").read_text().splitlines())
        return [
            {"client_port": int(port), "server": self.end, "method": method, "target": target, "status": int(status)}
            for port, method, target, status in lines
        ]


@contextmanager
def nginx(machine: Namespace, listen: str, files: Mapping[str, str]) -> Iterator[Nginx]:
    """nginx serves the files (name -> text) during the block. Raises: CannotRecord where it does not start."""
    with tempfile.TemporaryDirectory(prefix="nvcap-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "files").mkdir()
        for file, text in files.items():
            (folder / "files" / file).write_text(text, encoding="utf-8")
        configuration = folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=folder, listen=listen))
        with machine.entered():
            process = subprocess.Popen(
                ["nginx", "-p", name, "-c", str(configuration), "-g", "user root;"], stderr=subprocess.DEVNULL
            )
        try:
            _wait_for(folder / "nginx.pid", process, folder / "error.log")
            yield Nginx(folder, listen)
        finally:
            process.terminate()
            process.wait(timeout=_START_SECONDS)


def _wait_for(file: Path, process: "subprocess.Popen[bytes]", errors: Path) -> None:
    """nginx writes its process number once it listens."""
    ends = time.monotonic() + _START_SECONDS
    while not (file.exists() and file.stat().st_size):
        if process.poll() is not None or time.monotonic() > ends:
            reason = errors.read_text().strip() if errors.exists() else "silence"
            raise CannotRecord("lab-command-failed", command="nginx", reason=reason)
        time.sleep(0.02)
