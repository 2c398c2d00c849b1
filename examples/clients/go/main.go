// A client for Lossproof on franz-go: a producer or a consumer, as the configuration says.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

// Config is what Lossproof passes in the environment.
type Config struct {
	Role, Lane, ClientID, Topic, Group, Commit string
	Bootstrap                                  []string
	Settings                                   map[string]any
	Partitions, Size, FirstNumber, MaxInFlight int
	Messages                                   *int
	Rate, ProcessMs                            float64
}

// Record is one line of output.
type Record struct {
	Op string `json:"op"`
	S  *int   `json:"s,omitempty"`
	P  *int32 `json:"p,omitempty"`
	O  *int64 `json:"o,omitempty"`
	C  string `json:"c,omitempty"`
}

var output sync.Mutex

// say prints one record with one write: it counts only once it has left this process.
func say(record Record) {
	line, _ := json.Marshal(record)
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(line, '\n'))
}

// payload is the content of message s: lane, number and a checksum, padded to size.
func payload(config Config, s int) []byte {
	body := fmt.Sprintf("%s %d ", config.Lane, s)
	body += strings.Repeat(".", max(0, config.Size-13-len(body)))
	return fmt.Appendf(nil, "LP1 %08x %s", crc32.ChecksumIEEE([]byte("LP1"+body)), body)
}

// numberOf returns the number of a message; false for a record that is none, such as the last one of a test.
func numberOf(config Config, value []byte) (int, bool) {
	if len(value) < 13 {
		return 0, false
	}
	var crc uint32
	var lane string
	var s int
	if _, err := fmt.Sscanf(string(value), "LP1 %x %s %d", &crc, &lane, &s); err != nil || lane != config.Lane {
		return 0, false
	}
	return s, crc == crc32.ChecksumIEEE(append([]byte("LP1"), value[13:]...))
}

// readOrders sends the lines of standard input, and "stop" after SIGTERM and when the harness is gone.
func readOrders() <-chan string {
	orders := make(chan string, 16)
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() {
		<-terminated
		orders <- "stop"
	}()
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			orders <- lines.Text()
		}
		orders <- "stop"
	}()
	return orders
}

func main() {
	var config Config
	if err := json.Unmarshal([]byte(os.Getenv("LOSSPROOF_CLIENT")), &config); err != nil {
		fmt.Fprintln(os.Stderr, "LOSSPROOF_CLIENT:", err)
		os.Exit(2)
	}
	run := produce
	if config.Role == "consumer" {
		run = consume
	}
	if err := run(config, readOrders()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
