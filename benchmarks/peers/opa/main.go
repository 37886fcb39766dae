// SPDX-License-Identifier: Apache-2.0

// usage: opa SITUATIONS SECONDS
// Decides every situation with Open Policy Agent, in this process and with a prepared query, and
// prints how many it decides otherwise than decide() did, and seconds of one decision.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

//go:embed rules.rego
var rules string

type situation struct {
	Act     map[string]any `json:"act"`
	Refused []string       `json:"refused"`
	Timed   bool           `json:"timed"`
}

type answer struct {
	permitted bool
	refused   []string
}

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func decide(query rego.PreparedEvalQuery, input ast.Value) answer {
	found, err := query.Eval(context.Background(), rego.EvalParsedInput(input))
	stop(err)
	decision := found[0].Expressions[0].Value.(map[string]any)
	out := answer{permitted: decision["permitted"].(bool)}
	for _, clause := range decision["refused"].([]any) {
		out.refused = append(out.refused, clause.(string))
	}
	return out
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
	bytes, err := os.ReadFile(os.Args[1])
	stop(err)
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	stop(err)
	var file struct {
		Data       map[string]any `json:"data"`
		Situations []situation    `json:"situations"`
	}
	stop(json.Unmarshal(bytes, &file))
	// The fastest store: values are kept as the evaluator reads them.
	store := inmem.NewFromObjectWithOpts(file.Data, inmem.OptRoundTripOnWrite(false),
		inmem.OptReturnASTValuesOnRead(true))
	query, err := rego.New(rego.Query("data.valise.decision"), rego.Module("rules.rego", rules),
		rego.Store(store)).PrepareForEval(context.Background())
	stop(err)

	var timed []ast.Value
	disagree, first := 0, ""
	for _, one := range file.Situations {
		input, err := ast.InterfaceToValue(one.Act)
		stop(err)
		found := decide(query, input)
		sort.Strings(found.refused)
		if found.permitted != (len(one.Refused) == 0) ||
			strings.Join(found.refused, " ") != strings.Join(one.Refused, " ") {
			disagree++
			if first == "" {
				act, _ := json.Marshal(one.Act)
				first = fmt.Sprintf("%s: %v, decide() %v", act, found.refused, one.Refused)
			}
		}
		if one.Timed {
			timed = append(timed, input)
		}
	}
	count, spent := 0, 0.0
	for spent < seconds {
		begin := time.Now()
		for _, input := range timed {
			decide(query, input)
		}
		spent += time.Since(begin).Seconds()
		count += len(timed)
	}
	version := "?"
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "github.com/open-policy-agent/opa" {
				version = module.Version
			}
		}
	}
	out, err := json.Marshal(map[string]any{"decide": spent / float64(count), "disagree": disagree,
		"checked": len(file.Situations), "timed": len(timed), "first": first, "rss_mib": peakMiB(),
		"version": "opa " + version})
	stop(err)
	fmt.Println(string(out))
}
