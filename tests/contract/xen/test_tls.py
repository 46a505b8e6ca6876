"""Whose certificate is accepted."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.contract.xen.pools import CANARY, Known, login
from workers.xen.errors import BadAnswerError, TlsMismatchError, UnreachableError
from workers.xen.session import open_pool
from workers.xen.transport import Patience, Trust

PATIENT = Patience(connect=5, read=5)
OPENSSL = shutil.which("openssl")

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def make_certificate(folder: Path) -> Path:
    command = [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    subprocess.run([*command, *names], check=True, capture_output=True)  # noqa: S603 - our own command
    return folder / "cert"


class Reached(BaseHTTPRequestHandler):
    """Shows that the request came through."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(418)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Quiet(HTTPServer):
    """Says nothing about clients that leave in the middle: that is what these tests are about."""

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    server = Quiet(("127.0.0.1", 0), Reached)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key"))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fingerprint(certificate: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text(encoding="ascii"))).hexdigest()


def reach(url: str, trust: Trust) -> None:
    with open_pool(login(url, PATIENT, trust), Known(CANARY)):
        pass


def test_an_unknown_certificate_is_refused_by_default(url: str) -> None:
    with pytest.raises(TlsMismatchError):
        reach(url, Trust())


def test_a_certificate_of_the_ca_file_is_accepted(url: str, certificate: Path) -> None:
    with pytest.raises(BadAnswerError, match="HTTP 418"):
        reach(url, Trust(ca_file=certificate))


def test_a_certificate_of_another_ca_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(TlsMismatchError):
        reach(url, Trust(ca_file=make_certificate(tmp_path)))


def test_a_certificate_for_another_name_is_refused(url: str, certificate: Path) -> None:
    with pytest.raises(TlsMismatchError):
        reach(url.replace("127.0.0.1", "localhost"), Trust(ca_file=certificate))


def test_the_pinned_certificate_is_accepted(url: str, certificate: Path) -> None:
    with pytest.raises(BadAnswerError, match="HTTP 418"):
        reach(url, Trust(fingerprint=fingerprint(certificate)))


def test_another_certificate_than_the_pinned_one_never_gets_the_password(url: str) -> None:
    with pytest.raises(TlsMismatchError):
        reach(url, Trust(fingerprint="0" * 64))


def test_a_ca_file_that_is_gone_is_an_error_of_the_pools_settings(url: str, tmp_path: Path) -> None:
    with pytest.raises(TlsMismatchError):
        reach(url, Trust(ca_file=tmp_path / "gone"))


def test_a_server_without_tls_is_unreachable_by_https() -> None:
    server = Quiet(("127.0.0.1", 0), Reached)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with pytest.raises(UnreachableError):
        reach(f"https://127.0.0.1:{server.server_port}", Trust())
    thread.join()
    server.server_close()
