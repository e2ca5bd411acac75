"""HTTP inside TLS, which a capture shows from outside only: curl to a server with a certificate made for the purpose."""

import ssl
import tempfile
from pathlib import Path
from typing import Final

from netviz.lab.namespaces import run
from netviz.lab.networks import CLIENT, SERVER
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.scenarios.web import curl
from netviz.lab.web import Answer, serving

_PORT: Final = 8443
_NAME: Final = "shop.example"
_VERSIONS: Final = ("1.3", "1.2")
_TIMES: Final = "%{http_code} %{time_connect} %{time_appconnect} %{size_download}"


def https(stage: Stage) -> None:
    """Two requests, one in TLS 1.3 and one in TLS 1.2; curl says how long connecting and the handshake took."""
    page = Answer(200, b"<h1>Nobody on the way reads this.</h1>\n" * 40, [("Content-Type", "text/html")])
    with tempfile.TemporaryDirectory(prefix="nvcap-tls-") as folder:
        key, certificate = str(Path(folder, "key.pem")), str(Path(folder, "certificate.pem"))
        made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={_NAME}")
        run("openssl", "req", "-x509", *made, "-keyout", key, "-out", certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        told = []
        with serving(stage.network.server, SERVER, _PORT, lambda asked: page) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            with stage.recorded():
                for version in _VERSIONS:
                    steps = ("--insecure", "--tls-max", version, f"--tlsv{version}", "--output", "/dev/null")
                    place = ("--resolve", f"{_NAME}:{_PORT}:{SERVER}", f"https://{_NAME}:{_PORT}/")
                    told.append(curl(stage.network, *steps, "--http1.1", "--write-out", _TIMES, *place))
                    stage.command(
                        f"curl --insecure --http1.1 --tlsv{version} --tls-max {version} https://{_NAME}:{_PORT}/"
                    )
    if [each.split()[0] for each in told] != ["200", "200"]:
        raise CannotRecord("lab-went-otherwise", what=f"curl said {told}")
    stage.story.facts["curl_said"] = told
    stage.story.connections += [
        {"client": f"{CLIENT}:{port}", "server": server.end, "opening": "three-way"} for port in server.accepted
    ]


SCENARIOS: Final = (
    Scenario(
        "https",
        "HTTP inside TLS 1.3 and TLS 1.2: hellos and a name in the clear, then data that can not be read",
        "TLS 1.3과 TLS 1.2 안의 HTTP: 평문으로 보이는 Hello와 이름, 그 뒤의 읽을 수 없는 데이터",
        https,
        programs=("curl", "openssl"),
    ),
)
