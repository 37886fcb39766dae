// SPDX-License-Identifier: Apache-2.0

// open: the Go SDK of OpenTDF as its makers publish it opens one file, or writes one for a key.
// usage: open URL CLIENT SECRET SEALED OUTPUT
//
//	open URL CLIENT SECRET DOCUMENT OUTPUT ALGORITHM KEY.pem
//	open URL CLIENT SECRET DOCUMENT OUTPUT https://…/attr/…/value/… https://…/attr/…/value/…
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/opentdf/platform/lib/ocrypto"
	"github.com/opentdf/platform/sdk"
)

func open(url, client, secret, sealed, output string) error {
	s, err := sdk.New(url, sdk.WithClientCredentials(client, secret, nil))
	if err != nil {
		return err
	}
	defer s.Close()
	file, err := os.ReadFile(sealed)
	if err != nil {
		return err
	}
	var options []sdk.TDFReaderOption
	if kind := os.Getenv("SESSION_KEY"); kind != "" {
		options = append(options, sdk.WithSessionKeyType(ocrypto.KeyType(kind)))
	}
	reader, err := s.LoadTDF(bytes.NewReader(file), options...)
	if err != nil {
		return err
	}
	var plain bytes.Buffer
	if _, err = io.Copy(&plain, reader); err != nil && err != io.EOF {
		return err
	}
	return os.WriteFile(output, plain.Bytes(), 0o600)
}

func seal(url, client, secret, document, output, algorithm, key string) error {
	s, err := sdk.New(url, sdk.WithClientCredentials(client, secret, nil))
	if err != nil {
		return err
	}
	defer s.Close()
	plain, err := os.ReadFile(document)
	if err != nil {
		return err
	}
	if strings.HasPrefix(algorithm, "https://") {
		return byAttribute(s, plain, output, algorithm, key)
	}
	pem, err := os.ReadFile(key)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	_, err = s.CreateTDF(&sealed, bytes.NewReader(plain), sdk.WithAutoconfigure(false),
		sdk.WithWrappingKeyAlg(ocrypto.KeyType(algorithm)),
		sdk.WithKasInformation(sdk.KASInfo{URL: url, KID: "r1", Algorithm: algorithm, PublicKey: string(pem)}))
	if err != nil {
		return err
	}
	return os.WriteFile(output, sealed.Bytes(), 0o600)
}

// As their users do who name what a file is, and leave it to the platform for whom that is sealed.
func byAttribute(s *sdk.SDK, plain []byte, output string, fqns ...string) error {
	var sealed bytes.Buffer
	_, err := s.CreateTDF(&sealed, bytes.NewReader(plain), sdk.WithDataAttributes(fqns...))
	if err != nil {
		return err
	}
	return os.WriteFile(output, sealed.Bytes(), 0o600)
}

func main() {
	a := os.Args
	var err error
	switch len(a) {
	case 6:
		err = open(a[1], a[2], a[3], a[4], a[5])
	case 8:
		err = seal(a[1], a[2], a[3], a[4], a[5], a[6], a[7])
	default:
		fmt.Fprintln(os.Stderr, "usage: open URL CLIENT SECRET FILE OUTPUT [ALGORITHM KEY.pem]")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
