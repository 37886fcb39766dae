// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
)

type pair struct {
	Secret string `json:"secret"`
	Vkey   string `json:"vkey"`
	Cosign string `json:"cosigner,omitempty"` // the same key as a cosigner's
}

// makeKeys NAME: of both algorithms, as these libraries write them.
func makeKeys(args []string) (any, error) {
	var e, m pair
	var err error
	if e.Secret, e.Vkey, err = note.GenerateKey(rand.Reader, args[0]); err != nil {
		return nil, err
	}
	if e.Cosign, err = f_note.VKeyToCosignatureV1(e.Vkey); err != nil {
		return nil, err
	}
	if m.Secret, m.Vkey, err = f_note.GenerateMLDSAKey(args[0]); err != nil {
		return nil, err
	}
	m.Cosign = m.Vkey
	return map[string]pair{"ed25519": e, "ml_dsa_44": m}, nil
}

// serveAgent SOCKET NAME: an ssh-agent with one fresh Ed25519 key, as litewitness wants it. Says the
// fingerprint and the cosigner's vkey on a line of its own, and serves until it is killed.
func serveAgent(args []string) (any, error) {
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	keyring := agent.NewKeyring()
	if err := keyring.Add(agent.AddedKey{PrivateKey: &secret}); err != nil {
		return nil, err
	}
	public := secret.Public().(ed25519.PublicKey)
	shown, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	vkey, err := note.NewEd25519VerifierKey(args[1], public)
	if err != nil {
		return nil, err
	}
	cosigner, err := f_note.VKeyToCosignatureV1(vkey)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", args[0])
	if err != nil {
		return nil, err
	}
	fmt.Printf("{\"fingerprint\":%q,\"vkey\":%q}\n", ssh.FingerprintSHA256(shown), cosigner)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return nil, err
		}
		go func() {
			defer connection.Close()
			_ = agent.ServeAgent(keyring, connection)
		}()
	}
}

// growTessera FOLDER POLICY_FILE COUNT ED25519_SECRET ML_DSA_44_SECRET: a Tessera POSIX log gets
// COUNT entries more and publishes nothing that the policy's witnesses did not cosign.
func growTessera(args []string) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	classic, err := note.NewSigner(args[3])
	if err != nil {
		return nil, err
	}
	quantumSafe, err := f_note.NewMLDSASigner(args[4])
	if err != nil {
		return nil, err
	}
	policy, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	witnesses, err := tessera.NewWitnessGroupFromPolicy(policy)
	if err != nil {
		return nil, err
	}
	driver, err := posix.New(ctx, posix.Config{Path: args[0], HTTPClient: http.DefaultClient})
	if err != nil {
		return nil, err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(classic, quantumSafe).
		WithBatching(uint(count), 100*time.Millisecond).
		WithCheckpointInterval(100*time.Millisecond).
		WithWitnesses(witnesses, &tessera.WitnessOptions{Timeout: 20 * time.Second})
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return nil, err
	}
	await := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 50*time.Millisecond)
	var last uint64
	var futures []tessera.IndexFuture
	for i := range count {
		futures = append(futures, appender.Add(ctx, tessera.NewEntry(fmt.Appendf(nil, "%d %d", time.Now().UnixNano(), i))))
	}
	for _, future := range futures {
		index, _, err := await.Await(ctx, future)
		if err != nil {
			return nil, err
		}
		last = max(last, index.Index)
	}
	if err := shutdown(ctx); err != nil {
		return nil, err
	}
	return map[string]any{"size": last + 1}, nil
}
