// The judge: Go's own readers of signed notes and tiled logs (golang.org/x/mod/sumdb), asked about ours.
//
// One JSON question a line on standard input, one JSON answer a line on standard output. A question that the Go
// packages answer with an error is answered {"error": …}.
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Do      string   `json:"do"`
	Note    string   `json:"note"`
	Keys    []string `json:"keys"`
	Name    string   `json:"name"`
	Seed    []byte   `json:"seed"`
	Text    string   `json:"text"`
	Seconds uint64   `json:"seconds"`
	Folder  string   `json:"folder"`
	Size    int64    `json:"size"`
	Root    []byte   `json:"root"`
	Index   int64    `json:"index"`
	Size1   int64    `json:"size1"`
	Root1   []byte   `json:"root1"`
	Leaf    []byte   `json:"leaf"`
	Proof   [][]byte `json:"proof"`
}

type answer map[string]interface{}

var questions = map[string]func(question) (answer, error){
	"open": open, "sign": sign, "cosign": cosign,
	"prove_entry": proveEntry, "prove_growth": proveGrowth,
	"check_entry": checkEntry, "check_growth": checkGrowth,
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked question
		err := json.Unmarshal(lines.Bytes(), &asked)
		found := answer{}
		if do, ok := questions[asked.Do]; err == nil && ok {
			found, err = do(asked)
		} else if err == nil {
			err = fmt.Errorf("no such question: %s", asked.Do)
		}
		if err != nil {
			found = answer{"error": err.Error()}
		}
		out, _ := json.Marshal(found)
		fmt.Println(string(out))
	}
}

// open is note.Open with the keys of both types.
func open(asked question) (answer, error) {
	var known []note.Verifier
	for _, key := range asked.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			verifier, err = newWitness(key)
		}
		if err != nil {
			return nil, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open([]byte(asked.Note), note.VerifierList(known...))
	if err != nil {
		return nil, err
	}
	return answer{"text": opened.Text, "verified": names(opened.Sigs), "unverified": names(opened.UnverifiedSigs)}, nil
}

func names(signatures []note.Signature) []string {
	found := []string{}
	for _, one := range signatures {
		found = append(found, one.Name)
	}
	return found
}

func sign(asked question) (answer, error) {
	key := ed25519.NewKeyFromSeed(asked.Seed)
	vkey, err := note.NewEd25519VerifierKey(asked.Name, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	id := strings.Split(vkey, "+")[1]
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, asked.Seed...))
	signer, err := note.NewSigner("PRIVATE+KEY+" + asked.Name + "+" + id + "+" + secret)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: asked.Text}, signer)
	return answer{"key": vkey, "note": string(signed)}, err
}

// A witness's key of type 4 (C2SP tlog-cosignature), written by that specification and by nothing of ours.
type witness struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

const cosignature = 4

func newWitness(vkey string) (*witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed verifier key")
	}
	data, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(data) != 1+ed25519.PublicKeySize || data[0] != cosignature {
		return nil, errors.New("not a key of type 4")
	}
	found := witnessOf(parts[0], data[1:])
	if parts[1] != fmt.Sprintf("%08x", found.hash) {
		return nil, errors.New("the key's id doesn't match")
	}
	return found, nil
}

func witnessOf(name string, public ed25519.PublicKey) *witness {
	digest := sha256.Sum256(append([]byte(name+"\n\x04"), public...))
	return &witness{name, binary.BigEndian.Uint32(digest[:]), public}
}

func (one *witness) Name() string    { return one.name }
func (one *witness) KeyHash() uint32 { return one.hash }
func (one *witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(one.public, cosigned(binary.BigEndian.Uint64(signature), text), signature[8:])
}

func cosigned(seconds uint64, text []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), text...)
}

func cosign(asked question) (answer, error) {
	key := ed25519.NewKeyFromSeed(asked.Seed)
	one := witnessOf(asked.Name, key.Public().(ed25519.PublicKey))
	body := make([]byte, 12)
	binary.BigEndian.PutUint32(body, one.hash)
	binary.BigEndian.PutUint64(body[4:], asked.Seconds)
	body = append(body, ed25519.Sign(key, cosigned(asked.Seconds, []byte(asked.Text)))...)
	public := base64.StdEncoding.EncodeToString(append([]byte{cosignature}, one.public...))
	return answer{
		"key":  fmt.Sprintf("%s+%08x+%s", one.name, one.hash, public),
		"line": "— " + one.name + " " + base64.StdEncoding.EncodeToString(body) + "\n",
	}, nil
}

// tiles reads a published folder: Go's own paths, "tile/8/L/N", are C2SP's with the height left out.
type tiles struct{ folder string }

func (one tiles) Height() int                     { return 8 }
func (one tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (one tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(one.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// hashes of a published log, each authenticated against the root by the package itself.
func hashes(asked question) (tlog.HashReader, tlog.Tree) {
	tree := tlog.Tree{N: asked.Size, Hash: hash(asked.Root)}
	return tlog.TileHashReader(tree, tiles{asked.Folder}), tree
}

// proveEntry reads an entry out of its bundle, proves it from the tiles, and checks the proof.
func proveEntry(asked question) (answer, error) {
	reader, tree := hashes(asked)
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil || root != tree.Hash {
		return nil, fmt.Errorf("the tiles have another root: %v", err)
	}
	entry, err := entryOf(asked)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveRecord(tree.N, asked.Index, reader)
	if err != nil {
		return nil, err
	}
	err = tlog.CheckRecord(proof, tree.N, tree.Hash, asked.Index, tlog.RecordHash(entry))
	return answer{"entry": entry, "proof": proof}, err
}

func entryOf(asked question) ([]byte, error) {
	tile := tlog.Tile{H: 8, L: 0, N: asked.Index / 256, W: 256}
	if rest := asked.Size - tile.N*256; rest < 256 {
		tile.W = int(rest)
	}
	path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(asked.Folder, path))
	for at := int64(0); err == nil; at++ {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("the bundle is cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if at == asked.Index%256 {
			return data[2:end], nil
		}
		data = data[end:]
	}
	return nil, err
}

func proveGrowth(asked question) (answer, error) {
	reader, tree := hashes(asked)
	root1, err := tlog.TreeHash(asked.Size1, reader)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveTree(tree.N, asked.Size1, reader)
	if err != nil {
		return nil, err
	}
	err = tlog.CheckTree(proof, tree.N, tree.Hash, asked.Size1, root1)
	return answer{"root1": root1, "proof": proof}, err
}

func checkEntry(asked question) (answer, error) {
	return answer{}, tlog.CheckRecord(many(asked.Proof), asked.Size, hash(asked.Root), asked.Index, hash(asked.Leaf))
}

func checkGrowth(asked question) (answer, error) {
	return answer{}, tlog.CheckTree(many(asked.Proof), asked.Size, hash(asked.Root), asked.Size1, hash(asked.Root1))
}

func many(proof [][]byte) []tlog.Hash {
	found := []tlog.Hash{}
	for _, one := range proof {
		found = append(found, hash(one))
	}
	return found
}

func hash(data []byte) (found tlog.Hash) {
	if len(data) != tlog.HashSize {
		panic("a hash is 32 bytes")
	}
	copy(found[:], data)
	return found
}
