"""Pages in headless Chromium, driven over the WebDriver protocol by Debian's chromium-driver alone; and a folder served to
it.

with Server(folder) as server, Browser() as browser:
    browser.show(server.url, 800)
    browser.send_file("#model", path)
"""
import base64
import contextlib
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = None if CHROMIUM and DRIVER else "Chromium is not installed: apt-get install chromium chromium-driver"


ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's key of a reference to an element


class Server(contextlib.ExitStack):
    """Serves a folder on a port of this machine, and keeps the paths that were asked for."""

    def __init__(self, folder):
        super().__init__()
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm"}

            def log_request(self, code="-", size="-"):
                asked.append(self.path)

        socketserver.ThreadingTCPServer.daemon_threads = True
        server = self.enter_context(
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.callback(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_address[1]}/"


class Browser:
    """One page at a time. What the page says to the console, and what it throws, is in `complaints()`; what it downloads,
    in `downloaded()`."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        self.downloads = os.path.join(self.folder, "downloads")
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver has ended")
            said = re.search(r"started successfully on port (\d+)", line)
            port = said and said.group(1)
        threading.Thread(target=self.driver.stdout.read, daemon=True).start()  # or it stops when the pipe is full
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"binary": CHROMIUM, "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                                                "--disable-dev-shm-usage", "--force-color-profile=srgb",
                                                "--font-render-hinting=none", f"--user-data-dir={self.folder}/profile"]}
        session = self.post("", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/" + session["sessionId"]
        os.mkdir(self.downloads)
        self.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.request("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from error

    def post(self, path, body):
        return self.request("POST", path, body)

    def devtools(self, command, **params):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": params})

    def show(self, page, width, height=900, dark=False, medium="", scripts=True):
        """Loads a file in a window of that size, in CSS pixels."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", media=medium, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.devtools("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.post("/url", {"url": page if "://" in str(page) else pathlib.Path(page).resolve().as_uri()})

    def run(self, script, *arguments):
        """What a function body of JavaScript returns."""
        return self.post("/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, selector):
        self.run("document.querySelector(arguments[0]).click()", selector)

    def send_file(self, selector, path):
        """Chooses a file in an <input type="file">."""
        found = self.post("/element", {"using": "css selector", "value": selector})
        self.post(f"/element/{found[ELEMENT]}/value", {"text": str(path)})

    def wait(self, condition, seconds=60):
        """Until an expression in JavaScript is true; its value."""
        end = time.monotonic() + seconds
        while not (value := self.run(f"return {condition}")):
            if time.monotonic() > end:
                raise TimeoutError(f"{condition} within {seconds} s; the page says: " +
                                   self.run("return document.body.innerText"))
            time.sleep(0.05)
        return value

    def downloaded(self, name, seconds=30):
        """The bytes of a download, when it is whole."""
        path, end = os.path.join(self.downloads, name), time.monotonic() + seconds
        while not os.path.exists(path):
            if time.monotonic() > end:
                raise TimeoutError(f"no download {name}")
            time.sleep(0.05)
        data = pathlib.Path(path).read_bytes()
        os.remove(path)
        return data

    def texts(self):
        """What is laid out as text, which works without scripts too."""
        seen = self.devtools("DOMSnapshot.captureSnapshot", computedStyles=[])
        layout = seen["documents"][0]["layout"]
        return {seen["strings"][index].strip() for index in layout["text"] if index >= 0}

    def complaints(self):
        """Warnings and errors of the console since the last call."""
        log = self.post("/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] in ("WARNING", "SEVERE")]

    def picture(self, whole=False, clip=None):
        """A PNG of the window, of the whole page, or of (x, y, width, height) of the page."""
        params = {"format": "png", "captureBeyondViewport": bool(whole or clip)}
        if whole:
            size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], size["height"])
        if clip:
            params["clip"] = dict(zip(("x", "y", "width", "height"), clip), scale=1)
        return base64.b64decode(self.devtools("Page.captureScreenshot", **params)["data"])
