// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	f_log "github.com/transparency-dev/formats/log"
	f_note "github.com/transparency-dev/formats/note"
	f_proof "github.com/transparency-dev/formats/proof"
	f_witness "github.com/transparency-dev/formats/witness"
	m_proof "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	Size    uint64   `json:"size"`
	Root    string   `json:"root"`
	Signers []string `json:"signers"`
}

// checkpoint opens a note under every key, each of which must have signed: formats knows all types,
// sumdb/note, on its own, Ed25519.
func open(signed []byte, vkeys []string) (*tree, error) {
	var verifiers, plain []note.Verifier
	for _, vkey := range vkeys {
		v, err := f_note.NewVerifier(vkey)
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, v)
		if v, err := note.NewVerifier(vkey); err == nil {
			plain = append(plain, v)
		}
	}
	if len(plain) == 0 {
		return nil, errors.New("no key that sumdb/note knows")
	}
	if n, err := note.Open(signed, note.VerifierList(plain...)); err != nil || len(n.Sigs) != len(plain) {
		return nil, fmt.Errorf("sumdb/note: %v", err)
	}
	cp, rest, n, err := f_log.ParseCheckpoint(signed, plain[0].Name(), verifiers[0], verifiers[1:]...)
	if err != nil {
		return nil, err
	}
	if len(rest) != 0 {
		return nil, errors.New("extension lines")
	}
	t := &tree{Size: cp.Size, Root: hex.EncodeToString(cp.Hash)}
	for _, s := range n.Sigs {
		t.Signers = append(t.Signers, fmt.Sprintf("%s+%08x", s.Name, s.Hash))
	}
	if len(n.Sigs) != len(vkeys) {
		return nil, fmt.Errorf("signed by %v only", t.Signers)
	}
	return t, nil
}

// readCheckpoint FILE VKEY...
func readCheckpoint(args []string) (any, error) {
	signed, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	return open(signed, args[1:])
}

// readProof PROOF_FILE ENTRY_FILE VKEY...: two libraries follow the path.
func readProof(args []string) (any, error) {
	file, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	entry, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	var p f_proof.TLogProof
	if err := p.Unmarshal(file); err != nil {
		return nil, err
	}
	if string(p.Marshal()) != string(file) {
		return nil, errors.New("written in another way than by formats")
	}
	t, err := open(p.Checkpoint, args[2:])
	if err != nil {
		return nil, err
	}
	root, err := hex.DecodeString(t.Root)
	if err != nil {
		return nil, err
	}
	var path [][]byte
	var record tlog.RecordProof
	for _, h := range p.Hashes {
		path = append(path, h[:])
		record = append(record, tlog.Hash(h))
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(entry)
	if err := m_proof.VerifyInclusion(rfc6962.DefaultHasher, p.Index, t.Size, leaf, path, root); err != nil {
		return nil, err
	}
	if err := tlog.CheckRecord(record, int64(t.Size), tlog.Hash([sha256.Size]byte(root)), int64(p.Index),
		tlog.RecordHash(entry)); err != nil {
		return nil, err
	}
	return map[string]any{"index": p.Index, "size": t.Size}, nil
}

// readPolicy POLICY_FILE CHECKPOINT_FILE
func readPolicy(args []string) (any, error) {
	file, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	signed, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	group, err := f_witness.ParsePolicy(file)
	if err != nil {
		return nil, err
	}
	return map[string]any{"satisfied": group.Satisfied(signed)}, nil
}
