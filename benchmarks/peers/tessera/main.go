// SPDX-License-Identifier: Apache-2.0

// usage: tessera FOLDER CALLERS SECONDS
// Appends entries of 256 bytes to a log of Tessera in a folder, each caller one after the other, and
// prints the rate and how long each took until it had its place in the integrated tree.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const entryBytes = 256 // as a leaf of Valise

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func open(ctx context.Context, folder string, callers int) (*tessera.Appender, func(context.Context) error) {
	private, _, err := note.GenerateKey(rand.Reader, "tessera.invalid/log")
	stop(err)
	signer, err := note.NewSigner(private)
	stop(err)
	driver, err := posix.New(ctx, posix.Config{Path: folder})
	stop(err)
	// A batch waits for nobody who could not be in it, and a millisecond for those who could: Valise
	// waits only while the disk is busy with the batch before. It signs once a second, as this does.
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(uint(callers), time.Millisecond).
		WithCheckpointInterval(time.Second)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	stop(err)
	return appender, shutdown
}

func call(ctx context.Context, appender *tessera.Appender, end time.Time) []float64 {
	var times []float64
	for time.Now().Before(end) {
		entry := make([]byte, entryBytes)
		_, err := rand.Read(entry)
		stop(err)
		begin := time.Now()
		_, err = appender.Add(ctx, tessera.NewEntry(entry))()
		stop(err)
		times = append(times, float64(time.Since(begin).Microseconds())/1000)
	}
	return times
}

func peakMiB() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "VmHWM:" {
			kib, _ := strconv.ParseFloat(words[1], 64)
			return kib / 1024
		}
	}
	return 0
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: tessera FOLDER CALLERS SECONDS")
		os.Exit(2)
	}
	callers, err := strconv.Atoi(os.Args[2])
	stop(err)
	seconds, err := strconv.ParseFloat(os.Args[3], 64)
	stop(err)
	ctx := context.Background()
	appender, shutdown := open(ctx, os.Args[1], callers)
	_, err = appender.Add(ctx, tessera.NewEntry([]byte("the first")))()
	stop(err)
	begin := time.Now()
	end := begin.Add(time.Duration(seconds * float64(time.Second)))
	var all []float64
	var mutex sync.Mutex
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			times := call(ctx, appender, end)
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, times...)
		})
	}
	group.Wait()
	took := time.Since(begin).Seconds()
	stop(shutdown(ctx))
	sort.Float64s(all)
	at := func(percent int) float64 { return all[min(len(all)-1, len(all)*percent/100)] }
	stop(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"callers": callers, "acts": len(all), "seconds": took, "rate": float64(len(all)) / took,
		"e0":           map[string]float64{"p50_ms": at(50), "p99_ms": at(99), "max_ms": all[len(all)-1]},
		"peak_rss_mib": peakMiB(),
	}))
}
