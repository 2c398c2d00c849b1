"""
A consumer for Lossproof on confluent-kafka. It commits after each message, or before it with `commit: before`, and prints
what the broker has confirmed. Commits are asynchronous: a synchronous one can hang while the group's coordinator is away.
A commit that failed is repeated while no message comes.
"""

import time

from confluent_kafka import Consumer, TopicPartition
from lossproof_client import config, number_of, orders, say

# The next offset to read by partition, until the broker has confirmed it.
unconfirmed = {}
repeat_at = 0.0


def committed(error, partitions):
    for partition in partitions:
        if error is not None or partition.error is not None or partition.offset < 0:
            continue
        say(op="committed", p=partition.partition, o=partition.offset)
        if unconfirmed.get(partition.partition) == partition.offset:
            del unconfirmed[partition.partition]


def commit(offsets):
    global repeat_at
    repeat_at = time.monotonic() + 1
    consumer.commit(offsets=[TopicPartition(config["topic"], p, o) for p, o in offsets.items()])


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
consumer.subscribe(
    [config["topic"]],
    on_assign=lambda *_: say(op="ready"),
    on_revoke=lambda *_: unconfirmed.clear(),
)

while orders.empty():
    message = consumer.poll(0.05)
    if message is None or message.error() is not None:
        if unconfirmed and time.monotonic() > repeat_at:
            commit(unconfirmed)
        continue
    s = number_of(message.value())
    place = {"p": message.partition(), "o": message.offset()}
    following = {message.partition(): message.offset() + 1}
    if s is not None:
        say(op="delivered", s=s, **place)
    if config["commit"] == "before":
        unconfirmed.update(following)
        commit(following)
    if s is not None:
        time.sleep(config["processMs"] / 1000)
        say(op="processed", s=s, **place)
    if config["commit"] == "after":
        unconfirmed.update(following)
        commit(following)
consumer.close()
