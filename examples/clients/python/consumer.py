"""
A consumer for Lossproof on confluent-kafka. It commits after each message, or before it with `commit: before`, and prints
what the broker has confirmed. Commits are asynchronous: a synchronous one can hang while the group's coordinator is away.
"""

import time

from confluent_kafka import Consumer
from lossproof_client import config, number_of, orders, say


def committed(error, partitions):
    for partition in partitions:
        if error is None and partition.error is None and partition.offset >= 0:
            say(op="committed", p=partition.partition, o=partition.offset)


consumer = Consumer(
    {
        "bootstrap.servers": ",".join(config["bootstrap"]),
        "client.id": config["clientId"],
        "group.id": config["group"],
        "auto.offset.reset": "earliest",
        "on_commit": committed,
        **config["settings"],
    }
)
consumer.subscribe([config["topic"]], on_assign=lambda *_: say(op="ready"))

while orders.empty():
    message = consumer.poll(0.05)
    if message is None or message.error() is not None:
        continue
    s = number_of(message.value())
    place = {"p": message.partition(), "o": message.offset()}
    if s is not None:
        say(op="delivered", s=s, **place)
    if config["commit"] == "before":
        consumer.commit(message=message)
    if s is not None:
        time.sleep(config["processMs"] / 1000)
        say(op="processed", s=s, **place)
    if config["commit"] == "after":
        consumer.commit(message=message)
consumer.close()
