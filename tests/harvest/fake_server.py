"""A real HTTP server that plays the KRS API and serves files, with the faults a test orders.

Each address has a queue of faults; a request takes the next one, and the last stays.
Every request is remembered. Extracts are invented, or the shared ones where given.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

Handler = BaseHTTPRequestHandler
Fault = Callable[[Handler], None]


def answer(
    body: bytes = b"",
    *,
    status: int = 200,
    content_type: str = "text/csv",
    headers: dict[str, str] | None = None,
    length: int | None = None,
) -> Fault:
    """An answer; ``length`` is what the header says when it is not the truth."""

    def send(handler: Handler) -> None:
        handler.send_response(status)
        if content_type:
            handler.send_header("Content-Type", content_type)
        if status != 204:
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def status(code: int, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    problem = json.dumps({"title": "…", "status": code}).encode()
    return answer(
        b"" if code == 204 else problem,
        status=code,
        content_type="application/problem+json",
        headers=named,
    )


def redirect(to: str, code: int = 302) -> Fault:
    return answer(status=code, headers={"Location": to})


def html() -> Fault:
    return answer(
        b"<!DOCTYPE html><html><body>Przerwa techniczna</body></html>", content_type="text/html"
    )


def truncated(body: bytes, content_type: str = "text/csv") -> Fault:
    return answer(body[: len(body) // 2], content_type=content_type, length=len(body))


def gzipped(body: bytes, *, cut: int = 0, content_type: str = "text/csv") -> Fault:
    packed = gzip.compress(body)
    packed = packed[: len(packed) - cut]
    return answer(packed, content_type=content_type, headers={"Content-Encoding": "gzip"})


def bomb(megabytes: int) -> Fault:
    return gzipped(b"\0" * (megabytes << 20))


def gigantic(server: FakeServer, megabytes: int) -> Fault:
    """A body without a length, as long as the client takes it; what was sent is counted."""

    def send(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.end_headers()
        for _ in range(megabytes):
            try:
                handler.wfile.write(b"x" * (1 << 20))
            except (BrokenPipeError, ConnectionResetError):
                return
            server.sent_megabytes += 1

    return send


def hangs(server: FakeServer) -> Fault:
    """No answer until the server stops."""

    def send(handler: Handler) -> None:
        server.stopping.wait(30)

    return send


def invented_extract(krs: str, register: str = "S", **changes: object) -> dict:
    """An extract in the register's shape, of a body that does not exist."""
    extract = {
        "odpis": {
            "rodzaj": "Aktualny",
            "naglowekA": {
                "rejestr": f"Rej{register}",
                "numerKRS": krs,
                "dataCzasOdpisu": "12.08.2025 10:43:50",
                "stanZDnia": "29.01.2025",
                "dataRejestracjiWKRS": "04.03.2002",
                "numerOstatniegoWpisu": 4,
                "dataOstatniegoWpisu": "28.05.2015",
            },
            "dane": {
                "dzial1": {
                    "danePodmiotu": {
                        "formaPrawna": "STOWARZYSZENIE",
                        "identyfikatory": {"regon": "12345678500000", "nip": "6970020756"},
                        "nazwa": '"PRÓBNE STOWARZYSZENIE" W LESZNIE',
                        "czyPosiadaStatusOPP": True,
                    },
                    "siedzibaIAdres": {
                        "siedziba": {
                            "kraj": "POLSKA",
                            "wojewodztwo": "WIELKOPOLSKIE",
                            "powiat": "M. LESZNO",
                            "gmina": "M. LESZNO",
                            "miejscowosc": "LESZNO",
                        },
                        "adres": {
                            "ulica": "UL. KAZIMIERZA KARASIA",
                            "nrDomu": "15",
                            "miejscowosc": "LESZNO",
                            "kodPocztowy": "64-100",
                            "poczta": "LESZNO",
                            "kraj": "POLSKA",
                        },
                        "adresPocztyElektronicznej": "BIURO@PROBNE.EXAMPLE",
                        "adresStronyInternetowej": "WWW.PROBNE.EXAMPLE",
                    },
                    "umowaStatut": {
                        "informacjaOZawarciuZmianieUmowyStatutu": [
                            {"zawarcieZmianaUmowyStatutu": "NOTARIUSZ SEKRETNA OSOBA"}
                        ]
                    },
                    "organSprawujacyNadzor": {"nazwa": "SEKRETNA OSOBA"},
                    "komitetZalozycielski": [{"nazwisko": {"nazwiskoICzlon": "SEKRETNA"}}],
                },
                "dzial2": {
                    "reprezentacja": {
                        "sposobReprezentacji": "SEKRETNA OSOBA",
                        "sklad": [{"nazwisko": {"nazwiskoICzlon": "SEKRETNA"}}],
                    },
                    "organNadzoru": [{"sklad": [{"imiona": {"imie": "SEKRETNA"}}]}],
                },
                "dzial3": {
                    "celDzialaniaOrganizacji": {"celDzialania": "WSPIERANIE SPORTU\n\t1. DZIECI,"},
                    "przedmiotDzialalnosciOPP": {
                        "nieodplatnyPkd": [
                            {"opis": "…", "kodDzial": "94", "kodKlasa": "99", "kodPodklasa": "Z"},
                            {"opis": "…", "kodDzial": "85", "kodKlasa": "51", "kodPodklasa": "Z"},
                            {"opis": "…", "kodDzial": "94", "kodKlasa": "99", "kodPodklasa": "Z"},
                        ]
                    },
                },
                "dzial4": {},
                "dzial5": {},
                "dzial6": {},
            },
        }
    }
    extract["odpis"]["dane"].update(changes)
    return extract


class FakeServer:
    """What is served, what was ordered, what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, Fault] = {}
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.extracts: dict[tuple[str, str], bytes] = {}
        self.removed: set[str] = set()
        self.bulletins: dict[str, object] = {}
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.sent_megabytes = 0
        self.stopping = threading.Event()
        self.url = ""

    def add_extract(self, extract: dict) -> None:
        header = extract["odpis"]["naglowekA"]
        register = header["rejestr"][-1]
        self.extracts[(header["numerKRS"], register)] = json.dumps(extract).encode()

    def add_folder(self, folder: Path) -> None:
        """Serve saved extracts of register S by their file names, empty ones too."""
        for path in folder.glob("*.json"):
            self.extracts[(path.stem, "S")] = path.read_bytes()

    def order(self, path: str, *faults: Fault) -> str:
        """Order faults for a path; return its address."""
        self.faults[path].extend(faults)
        return self.url + path

    def asked(self, path: str) -> int:
        return sum(1 for asked, _, _ in self.requests if asked == path)

    def respond(self, handler: Handler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        self.requests.append((parts.path, query, dict(handler.headers.items())))
        queue = self.faults.get(parts.path)
        if queue:
            (queue.pop(0) if len(queue) > 1 else queue[0])(handler)
        elif parts.path in self.files:
            self.files[parts.path](handler)
        else:
            self._krs(parts.path, query)(handler)

    def _krs(self, path: str, query: dict[str, str]) -> Fault:
        kind, _, key = path.removeprefix("/api/krs/").partition("/")
        if kind == "Biuletyn" and key in self.bulletins:
            body = json.dumps(self.bulletins[key]).encode()
            return answer(body, content_type="application/json; charset=utf-8")
        if kind != "OdpisAktualny" or query.get("format") != "json":
            return status(404 if kind == "Biuletyn" else 400)
        if key in self.removed:
            return status(204)
        body = self.extracts.get((key, query.get("rejestr", "")))
        if body is None:
            return status(404)
        return answer(body, content_type="application/json; charset=utf-8")


@contextmanager
def running() -> Iterator[FakeServer]:
    """A server on a free port of the loopback, stopped at the end."""
    fake = FakeServer()

    class _Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.respond(self)

        def log_message(self, *args: object) -> None:
            """Tests read ``requests`` instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        fake.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
