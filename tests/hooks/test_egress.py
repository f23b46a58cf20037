"""Where a call may go: to a public machine by its name, over HTTPS, and to that very address. Nothing leads inside."""

from __future__ import annotations

import json
import socket
import ssl
import time
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dealership.hooks import egress
from dealership.hooks.egress import NotReached, Refused, Target
from dealership.hooks.forms import HookForm
from tests.corpus import lines
from tests.hooks.receiver import Receiver

HOSTILE = lines("addresses")


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses_are_refused_at_the_form_with_a_sentence_and_at_the_call(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress, "look_up", lambda *_: pytest.fail("looked up"))
    form = HookForm({"name": "x", "address": address, "kinds": ["LeadReceived"]})
    assert not form.is_valid()
    (said,) = form.errors["address"]
    assert said.endswith(".")
    with pytest.raises(Refused):
        egress.post(address, b"{}", {})


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://hooks.company.com", Target("hooks.company.com", 443, "/")),
        ("https://Hooks.Company.com:8443/a/b?c=d", Target("hooks.company.com", 8443, "/a/b?c=d")),
        ("https://xn--bcher-kva.com/%20", Target("xn--bcher-kva.com", 443, "/%20")),
    ],
)
def test_a_plain_address_is_taken_apart(address: str, target: Target) -> None:
    assert egress.read(address) == target


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fd00:ec2::254",
        "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
        "ff02::1", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_no_address_leads_inside_however_it_is_written(ip: str) -> None:
    assert not egress.is_outside(ip)


def test_public_addresses_are_outside() -> None:
    assert egress.is_outside("93.184.215.14")
    assert egress.is_outside("2606:4700::1111")


def test_a_name_with_one_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "look_up", lambda *_: ["93.184.215.14", "127.0.0.1"])
    monkeypatch.setattr(egress, "connect", lambda *_: pytest.fail("called"))
    with pytest.raises(Refused, match="private network"):
        egress.post("https://127.0.0.1.nip.io/", b"{}", {})


def test_a_name_is_looked_up_once_and_the_call_goes_to_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    reached = []

    def reach(where: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(egress, "look_up", lambda *_: answers.pop(0))
    monkeypatch.setattr(socket, "create_connection", reach)
    with pytest.raises(NotReached, match="refused the connection"):
        egress.post("https://rebinds.net/", b"{}", {})
    assert reached == [("93.184.215.14", 443)]
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize("how", ["hangs", "drips"])
def test_whoever_does_not_answer_in_time_is_left(
    how: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress, "SECONDS", 0.3)
    receiver.answers = [how]
    began = time.monotonic()
    with pytest.raises(NotReached, match="No answer within"):
        egress.post("https://warehouse.net/", b"{}", {})
    assert time.monotonic() - began < 1.5


def test_an_answer_is_read_to_two_kilobytes_and_a_redirect_is_an_answer(receiver: Receiver) -> None:
    receiver.answers = ["huge", 302]
    assert egress.post("https://warehouse.net/", b"{}", {}).words == "x" * 2048
    assert egress.post("https://warehouse.net/", b"{}", {}).status == 302
    assert len(receiver.got) == 2


def test_what_is_no_http_is_said(receiver: Receiver) -> None:
    receiver.answers = ["nonsense"]
    with pytest.raises(NotReached, match="not HTTP"):
        egress.post("https://warehouse.net/", b"{}", {})


def test_the_certificate_must_be_the_names_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line goes to an address and is trusted by the name; a certificate of nobody's is not accepted."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate(tmp_path, "warehouse.net"))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=serve, args=(door, server), daemon=True).start()
        port = door.getsockname()[1]
        monkeypatch.setattr(egress, "look_up", lambda *_: ["93.184.215.14"])
        real = socket.create_connection
        monkeypatch.setattr(
            socket, "create_connection", lambda where, timeout: real(("127.0.0.1", port), timeout)
        )
        with pytest.raises(NotReached, match="certificate is not accepted"):
            egress.post("https://warehouse.net/", b"{}", {})
        monkeypatch.setattr(egress, "_trusting", lambda: trusting)
        with pytest.raises(NotReached, match="certificate is not accepted"):
            egress.post("https://elsewhere.net/", b"{}", {})
        assert json.loads(egress.post("https://warehouse.net/", b"{}", {}).words) == {"name": "warehouse.net"}


def serve(door: socket.socket, context: ssl.SSLContext) -> None:
    asked: list[str] = []
    context.sni_callback = lambda line, name, _: asked.append(name or "")
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(line, server_side=True) as safe:
                while not heard(safe).endswith(b"{}"):
                    pass
                body = json.dumps({"name": asked[-1]}).encode()
                safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        except OSError:
            line.close()


def heard(line: ssl.SSLSocket) -> bytes:
    got = line.recv(10_000)
    if not got:
        raise OSError("Nobody speaks.")
    return got


def certificate(place: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1))  # noqa: DTZ001 - as the library takes it
        .not_valid_after(datetime(2020, 1, 1) + timedelta(days=36_500))  # noqa: DTZ001
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = place / "cert.pem"
    file.write_bytes(secret + made.public_bytes(pem))
    return file
