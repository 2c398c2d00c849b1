"""What producer and consumer share: the configuration, the commands of Lossproof, and the records that they print."""

import json
import os
import queue
import signal
import sys
import threading
import zlib

config = json.loads(os.environ["LOSSPROOF_CLIENT"])
orders = queue.SimpleQueue()
lock = threading.Lock()


def say(**record):
    """Prints one record and flushes it: it counts only once it has left this process."""
    with lock:
        sys.stdout.write(json.dumps(record) + "\n")
        sys.stdout.flush()


def payload(s):
    """The content of message `s`: lane, number and a checksum, padded to size."""
    body = f"{config['lane']} {s} ".encode().ljust(config["size"] - 13, b".")
    return b"LP1 %08x " % zlib.crc32(b"LP1" + body) + body


def number_of(value):
    """The number of a message; None for a record that is none, such as the last one of a test."""
    marker, crc, lane, number = (value + b"    ").split(b" ")[:4]
    body = value[13:]
    if marker != b"LP1" or int(crc, 16) != zlib.crc32(b"LP1" + body) or lane.decode() != config["lane"]:
        return None
    return int(number)


def read_orders():
    for line in sys.stdin:
        orders.put(line.strip())
    # The harness is gone.
    orders.put("stop")


threading.Thread(target=read_orders, daemon=True).start()
signal.signal(signal.SIGTERM, lambda *_: orders.put("stop"))
