"""A producer for Lossproof on confluent-kafka."""

import time

from confluent_kafka import Producer
from lossproof_client import config, orders, payload, say

producer = Producer(
    {"bootstrap.servers": ",".join(config["bootstrap"]), "client.id": config["clientId"], **config["settings"]}
)
producer.list_topics(config["topic"], timeout=30)
say(op="ready")

in_flight = 0


def answer_to(s):
    def answered(error, message):
        global in_flight
        in_flight -= 1
        if error is not None:
            say(op="unknown", s=s, c=error.name())
        elif message.offset() is None or message.offset() < 0:
            say(op="acked", s=s)
        else:
            say(op="acked", s=s, p=message.partition(), o=message.offset())

    return answered


def send(s):
    global in_flight
    partition = s % config["partitions"]
    # Printed before the request can leave.
    say(op="sent", s=s, p=partition)
    in_flight += 1
    producer.produce(config["topic"], payload(s), partition=partition, on_delivery=answer_to(s))


s = config["firstNumber"]
due = None
while True:
    producer.poll(0.002)
    order = None if orders.empty() else orders.get()
    if order == "resume":
        due = time.monotonic()
    elif order == "pause":
        due = None
        say(op="paused")
    elif order == "stop":
        break
    while due is not None and due <= time.monotonic():
        due += 1 / config["rate"]
        if in_flight < config["maxInFlight"] and (config["messages"] is None or s < config["messages"]):
            send(s)
            s += 1
producer.flush(10)
