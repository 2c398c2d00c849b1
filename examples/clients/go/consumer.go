package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// consume commits after each poll, or before it works on what it got with commit: before.
func consume(config Config, orders <-chan string) error {
	var revoked atomic.Bool
	forget := func(context.Context, *kgo.Client, map[string][]int32) { revoked.Store(true) }
	options := []kgo.Opt{
		kgo.SeedBrokers(config.Bootstrap...),
		kgo.ClientID(config.ClientID),
		kgo.ConsumerGroup(config.Group),
		kgo.ConsumeTopics(config.Topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		kgo.OnPartitionsAssigned(func(context.Context, *kgo.Client, map[string][]int32) { say(Record{Op: "ready"}) }),
		kgo.OnPartitionsRevoked(forget),
		kgo.OnPartitionsLost(forget),
	}
	for name, value := range config.Settings {
		switch name {
		case "session.timeout.ms":
			options = append(options, kgo.SessionTimeout(time.Duration(value.(float64))*time.Millisecond))
		case "heartbeat.interval.ms":
			options = append(options, kgo.HeartbeatInterval(time.Duration(value.(float64))*time.Millisecond))
		case "enable.auto.commit":
			if value != false {
				return fmt.Errorf("this client commits by itself: leave enable.auto.commit out")
			}
		default:
			return fmt.Errorf("the setting %s is not supported by this client", name)
		}
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return err
	}
	defer client.Close()
	running, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for order := range orders {
			if order == "stop" {
				cancel()
			}
		}
	}()
	// A commit that failed is repeated with the next one, at the latest after a second.
	var uncommitted []*kgo.Record
	for running.Err() == nil {
		within, done := context.WithTimeout(running, time.Second)
		records := client.PollRecords(within, 100).Records()
		done()
		if revoked.Swap(false) {
			uncommitted = nil
		}
		if config.Commit == "before" {
			uncommitted = commit(client, append(uncommitted, records...))
		}
		handled := 0
		for ; handled < len(records) && running.Err() == nil; handled++ {
			handle(config, records[handled])
		}
		if config.Commit != "before" {
			uncommitted = commit(client, append(uncommitted, records[:handled]...))
		}
	}
	return nil
}

func handle(config Config, record *kgo.Record) {
	s, isMessage := numberOf(config, record.Value)
	if !isMessage {
		return
	}
	say(Record{Op: "delivered", S: &s, P: &record.Partition, O: &record.Offset})
	time.Sleep(time.Duration(config.ProcessMs * float64(time.Millisecond)))
	say(Record{Op: "processed", S: &s, P: &record.Partition, O: &record.Offset})
}

// commit prints what the broker has confirmed, and returns the records that are still to be committed.
func commit(client *kgo.Client, records []*kgo.Record) []*kgo.Record {
	if len(records) == 0 {
		return nil
	}
	within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if client.CommitRecords(within, records...) != nil {
		return records
	}
	next := map[int32]int64{}
	for _, record := range records {
		next[record.Partition] = max(next[record.Partition], record.Offset+1)
	}
	for partition, offset := range next {
		say(Record{Op: "committed", P: &partition, O: &offset})
	}
	return nil
}
