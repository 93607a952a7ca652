"""A gateway between agents and the control plane behind which the log service can be away while all else answers."""

import http.client
import http.server
import socket
import threading


class LogOutage:
    """Listens on an address; passes requests on, but refuses those to CloudWatch Logs while `away` is set."""

    def __init__(self, address: str, control_plane_port: int) -> None:
        self.away = threading.Event()
        self.refused = 0
        gateway = self

        class Gateway(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if gateway.away.is_set() and self.headers.get("X-Amz-Target", "").startswith("Logs_"):
                    gateway.refused += 1
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                upstream = http.client.HTTPConnection("127.0.0.1", control_plane_port, timeout=60)
                try:
                    upstream.request("POST", self.path, body, dict(self.headers))
                    answer = upstream.getresponse()
                    content = answer.read()
                except OSError:
                    self.close_connection = True
                    return
                finally:
                    upstream.close()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self):
                """An agent's WebSocket: bytes both ways."""
                with socket.create_connection(("127.0.0.1", control_plane_port), timeout=60) as upstream:
                    upstream.settimeout(None)
                    head = [f"GET {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers.items())]
                    upstream.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
                    back = threading.Thread(target=pump, args=(upstream, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, upstream)
                    back.join()
                self.close_connection = True

            def log_message(self, *_):
                """Says nothing."""

        self.server = http.server.ThreadingHTTPServer((address, 0), Gateway)
        self.server.daemon_threads = True
        self.endpoint = f"http://{address}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()


def pump(source: socket.socket, target: socket.socket) -> None:
    """Copies bytes until one side has had enough."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
