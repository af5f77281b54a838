"""Somebody with a browser, as far as the staff site needs one: cookies, forms, linked files."""

import html
import http.client
import re
import urllib.parse
from dataclasses import dataclass

CALL_MAX_S = 40.0
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
STYLE_OR_SCRIPT = re.compile(r'(?:href|src)="([^"]+\.(?:css|js))"')


@dataclass(frozen=True)
class Page:
    """An answer; header names in lower case, with the last of each."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Visitor:
    """Keeps cookies, sends forms as a browser does, follows redirects by hand.

    A browser speaks TLS to the gateway; here the gateway says so (X-Forwarded-Proto) and the wire
    is plain. So cookies that are Secure are sent all the same, and the Referer says https.
    """

    def __init__(self, base_url: str) -> None:
        self.base = urllib.parse.urlsplit(base_url)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str], *, host: str = "") -> Page:
        """Send the form of a page that was opened a moment ago.

        Args:
            host: the name under which the site believes to be called.
        """
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(self.get(path).text)}
        if "csrfmiddlewaretoken" not in hidden:
            raise AssertionError(f"{path} has no form")
        body = urllib.parse.urlencode({**hidden, **fields})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{host or self.base.netloc}{path}",
        }
        return self._ask("POST", path, body.encode(), headers)

    def linked_files(self, page: Page) -> list[str]:
        """Return the paths of a page's style sheets and scripts."""
        return sorted({html.unescape(path) for path in STYLE_OR_SCRIPT.findall(page.text)})

    def _ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Page:
        connection = http.client.HTTPConnection(
            self.base.hostname or "", self.base.port, timeout=CALL_MAX_S
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept": "*/*", **({"Cookie": cookies} if cookies else {}), **(headers or {})}
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name.strip()] = rest.partition(";")[0]
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, found, content)
