// SPDX-License-Identifier: Apache-2.0

// Command glue lets other makers' Go libraries look at our bytes, and gives their programs what they
// ask of their surroundings. Every subcommand prints one JSON object or fails.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

var commands = map[string]func(args []string) (any, error){
	"checkpoint": readCheckpoint,
	"proof":      readProof,
	"policy":     readPolicy,
	"keys":       makeKeys,
	"agent":      serveAgent,
	"tessera":    growTessera,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: glue checkpoint|proof|policy|keys|agent|tessera ARGUMENT...")
		os.Exit(2)
	}
	said, err := commands[os.Args[1]](os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		os.Exit(1)
	}
}
