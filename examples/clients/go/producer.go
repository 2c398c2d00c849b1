package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const tick = 2 * time.Millisecond

func produce(config Config, orders <-chan string) error {
	options := []kgo.Opt{
		kgo.SeedBrokers(config.Bootstrap...),
		kgo.ClientID(config.ClientID),
		kgo.DefaultProduceTopic(config.Topic),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
	}
	for name, value := range config.Settings {
		if name != "acks" {
			return fmt.Errorf("the setting %s is not supported by this client", name)
		}
		switch fmt.Sprint(value) {
		case "all", "-1":
		case "1":
			options = append(options, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
		case "0":
			options = append(options, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
		}
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	if err := client.Ping(context.Background()); err != nil {
		return err
	}
	say(Record{Op: "ready"})
	var inFlight atomic.Int64
	send := func(s int) {
		record := &kgo.Record{Partition: int32(s % config.Partitions), Value: payload(config, s)}
		// Printed before the request can leave.
		say(Record{Op: "sent", S: &s, P: &record.Partition})
		inFlight.Add(1)
		client.Produce(context.Background(), record, func(record *kgo.Record, err error) {
			inFlight.Add(-1)
			if err != nil {
				say(Record{Op: "unknown", S: &s, C: err.Error()})
			} else if record.Offset < 0 {
				say(Record{Op: "acked", S: &s})
			} else {
				say(Record{Op: "acked", S: &s, P: &record.Partition, O: &record.Offset})
			}
		})
	}
	s, sending, due := config.FirstNumber, false, time.Time{}
	step := time.Duration(float64(time.Second) / config.Rate)
	for ticks := time.NewTicker(tick); ; {
		select {
		case order := <-orders:
			switch order {
			case "resume":
				sending, due = true, time.Now()
			case "pause":
				sending = false
				say(Record{Op: "paused"})
			case "stop":
				flush, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				defer cancel()
				return client.Flush(flush)
			}
		case now := <-ticks.C:
			for ; sending && !due.After(now); due = due.Add(step) {
				if inFlight.Load() < int64(config.MaxInFlight) && (config.Messages == nil || s < *config.Messages) {
					send(s)
					s++
				}
			}
		}
	}
}
