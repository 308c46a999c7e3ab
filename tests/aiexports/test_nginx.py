"""docker/nginx.conf in a real nginx, where one is installed, in front of a stand-in of the portal."""

import http.client
import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from core.files.store import HEADERS
from tests.aiexports.processes import eventually
from tests.aiexports.test_embedded_run import free_port

OUTSIDE = """
daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {inside}
}}
"""


class Portal(BaseHTTPRequestHandler):
    """/file/NAME hands the protected file NAME to nginx; everything else tells the headers that arrived."""

    def do_GET(self):
        self.send_response(200)
        if self.path.startswith("/file/"):
            self.send_header("X-Accel-Redirect", "/protected-files/" + self.path.removeprefix("/file/"))
            self.send_header("Content-Disposition", 'attachment; filename="extract.pdf"')
            self.send_header("Content-Type", "application/pdf")
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            return
        self.end_headers()
        self.wfile.write(json.dumps({name.lower(): value for name, value in self.headers.items()}).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def ask(tmp_path):
    """GET a path of nginx: status, headers by lower-case name, content."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not program:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=portal.serve_forever).start()
    port = free_port()
    process = subprocess.Popen([program, "-c", configuration(tmp_path, port, portal.server_address[1])])

    def get(path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path, headers={"Host": "portal.example.gov"} | headers)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    try:
        assert eventually(lambda: (tmp_path / "nginx.pid").exists() and (tmp_path / "nginx.pid").read_text())
        yield get
    finally:
        process.terminate()
        process.wait(10)
        portal.shutdown()
        portal.server_close()


def configuration(folder: Path, port: int, upstream: int) -> Path:
    inside = (Path(settings.BASE_DIR) / "docker" / "nginx.conf").read_text()
    for there, here in (
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("http://web:8000", f"http://127.0.0.1:{upstream}"),
        ("/data/", f"{folder}/data/"),
        ("/dev/stdout", str(folder / "access.log")),
    ):
        assert there in inside
        inside = inside.replace(there, here)
    for name in ("files/ab/secret", "static/css/portal.css"):
        (folder / "data" / name).parent.mkdir(parents=True)
        (folder / "data" / name).write_text(name)
    path = folder / "outside.conf"
    path.write_text(OUTSIDE.format(folder=folder, user="user root;", inside=inside))
    return path


def test_a_protected_file_is_given_out_only_by_the_portals_answer(ask):
    assert ask("/protected-files/ab/secret")[0] == 404
    status, headers, content = ask("/file/ab/secret")
    assert (status, content) == (200, b"files/ab/secret")
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == 'attachment; filename="extract.pdf"'
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
    assert "x-accel-redirect" not in headers


def test_a_protected_file_that_is_gone_is_a_404(ask):
    assert ask("/file/ab/none")[0] == 404


def test_the_portal_is_told_the_truth_whatever_a_client_claims(ask):
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Request-ID": "mine"}
    _status, _headers, content = ask("/anything/", **claims)
    told = json.loads(content)
    assert (told["host"], told["x-forwarded-for"]) == ("portal.example.gov", "127.0.0.1")
    assert told["x-forwarded-proto"] == "https"
    assert len(told["x-request-id"]) == 32


def test_static_files_are_kept_by_browsers_and_metrics_stay_inside(ask):
    status, headers, content = ask("/static/css/portal.css")
    assert (status, content) == (200, b"static/css/portal.css")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert [ask(path)[0] for path in ("/metrics", "/nginx-health", "/static/css/none")] == [404, 204, 404]


def test_no_address_stands_in_the_log(ask, tmp_path):
    ask("/invitations/the-secret/?q=Jane")
    assert eventually(lambda: (tmp_path / "access.log").read_text())
    log = (tmp_path / "access.log").read_text()
    assert "GET 200" in log
    assert "secret" not in log
