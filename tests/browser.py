"""Pages in headless Chromium, driven over the WebDriver protocol by Debian's chromium-driver alone."""
import base64
import json
import pathlib
import re
import shutil
import subprocess
import urllib.request

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = None if CHROMIUM and DRIVER else "Chromium is not installed: apt-get install chromium chromium-driver"


class Browser:
    """One page at a time. What the page says to the console, and what it throws, is in `complaints()`."""

    def __init__(self):
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver has ended")
            said = re.search(r"started successfully on port (\d+)", line)
            port = said and said.group(1)
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"binary": CHROMIUM, "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                                                "--disable-dev-shm-usage", "--force-color-profile=srgb",
                                                "--font-render-hinting=none"]}
        session = self.post("", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/" + session["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.request("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

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
