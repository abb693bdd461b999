"""Chromium without a window, by the WebDriver protocol of its chromedriver; and a folder served to it.

with Server(folder) as server, Browser() as browser:
    browser.open(server.url)
    browser.send_file("#model", path)
"""
import contextlib
import functools
import http.server
import json
import os
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's key of a reference to an element


def missing():
    """What of the browser is not there, or nothing."""
    return next((name for name in ("chromium", "chromedriver") if not shutil.which(name)), None)


class Server(contextlib.ExitStack):
    """Serves a folder on a port of this machine, and keeps the paths that were asked for."""

    def __init__(self, folder):
        super().__init__()
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_request(self, code="-", size="-"):
                asked.append(self.path)

        socketserver.ThreadingTCPServer.daemon_threads = True
        server = self.enter_context(
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.callback(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_address[1]}/"


class Browser:
    """One window. Downloads go to the folder `downloads`."""

    def __init__(self, width=1200, height=900, dark=False):
        self.folder = tempfile.mkdtemp()
        self.downloads = os.path.join(self.folder, "downloads")
        self.process = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        line = next(line for line in self.process.stdout if "successfully on port" in line)
        self.url = f"http://127.0.0.1:{line.split('on port ')[1].strip().rstrip('.')}/session"
        threading.Thread(target=self.process.stdout.read, daemon=True).start()  # or it stops when the pipe is full
        words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                 f"--window-size={width},{height}", f"--user-data-dir={self.folder}/profile"]
        if dark:
            words.append("--blink-settings=preferredColorScheme=0")
        options = {"args": words}
        session = self.ask("POST", "", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.url += "/" + session["sessionId"]
        # Windows have a least width; what a page believes of its screen has none.
        self.ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}})
        os.mkdir(self.downloads)
        self.ask("POST", "/goog/cdp/execute", {"cmd": "Browser.setDownloadBehavior", "params": {
            "behavior": "allow", "downloadPath": self.downloads}})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.ask("DELETE", "")
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from error

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What the body of a function in JavaScript returns."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def element(self, selector):
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def click(self, selector):
        self.run("document.querySelector(arguments[0]).click()", selector)

    def send_file(self, selector, path):
        """Chooses a file in an <input type="file">."""
        self.ask("POST", self.element(selector) + "/value", {"text": str(path)})

    def wait(self, condition, seconds=60):
        """Until an expression in JavaScript is true; its value."""
        end = time.monotonic() + seconds
        while not (value := self.run(f"return {condition}")):
            if time.monotonic() > end:
                raise TimeoutError(f"{condition} within {seconds} s; the page says: " +
                                   self.run("return document.body.innerText"))
            time.sleep(0.05)
        return value

    def downloaded(self, name, seconds=10):
        """The bytes of a download, when it is whole."""
        path, end = os.path.join(self.downloads, name), time.monotonic() + seconds
        while not os.path.exists(path):
            if time.monotonic() > end:
                raise TimeoutError(f"no download {name}")
            time.sleep(0.05)
        with open(path, "rb") as file:
            data = file.read()
        os.remove(path)
        return data

    def console(self):
        """Errors that scripts of the page have made, or its policy."""
        return [line["message"] for line in self.ask("POST", "/se/log", {"type": "browser"})
                if line["level"] == "SEVERE"]

    def screenshot(self):
        import base64
        return base64.b64decode(self.ask("GET", "/screenshot"))
