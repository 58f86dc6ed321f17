"""Sites around a frame: real https, real names, so that a browser sees other sites where we mean them."""

import html
import re
import subprocess
import threading
from contextlib import contextmanager
from urllib.parse import parse_qsl

from werkzeug.serving import make_server

OURS, SAME_SITE, ELSEWHERE, THIRD = "polls.paper.test", "www.paper.test", "news.test", "evil.test"


def make_certificate(folder):
    """A certificate that nobody vouches for, and its key."""
    files = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=test", "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return tuple(str(file) for file in files)


@contextmanager
def serving_tls(make_app, certificate):
    """An application behind TLS; `make_app` is told the port. Yields the port."""
    later = {}

    def application(environ, start):
        return later["app"](environ, start)

    server = make_server(
        "127.0.0.1", 0, application, threaded=True, ssl_context=certificate
    )  # fmt: skip
    server.daemon_threads = True
    later["app"] = make_app(server.server_port)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def newspaper(environ, start):
    """Any page around a frame: `frame` is its address, `script` that of the loader, `sandbox` its
    rights; `/forger` claims a height that is not its own."""
    given = dict(parse_qsl(environ["QUERY_STRING"]))
    if environ["PATH_INFO"] == "/forger":
        body = "<p>forged</p><script>parent.postMessage({type: 'poll-height', height: 1234}, '*')</script>"
    else:
        sandbox = f'sandbox="{given["sandbox"]}"' if "sandbox" in given else ""
        frames = "".join(
            f'<iframe src="{html.escape(given[name])}" width="300" height="200" title="{name}" {sandbox}></iframe>'
            for name in ("frame", "forger")
            if name in given
        )
        script = f'<script async src="{given["script"]}"></script>' if "script" in given else ""
        heard = "<script>var heard = []; addEventListener('message', (e) => heard.push(e.origin))</script>"
        body = f"<h1>News</h1>{heard}<figure>{frames}</figure>{script}"
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [f"<!doctype html><title>News</title>{body}".encode()]


def unbound(app):
    """The application with cookies as they were before browsers bound them to the site around."""

    def wsgi(environ, start):
        def start_unbound(status, headers, *error):
            plain = [(name, re.sub("; Partitioned", "", value)) for name, value in headers]
            return start(status, plain, *error)

        return app(environ, start_unbound)

    return wsgi
