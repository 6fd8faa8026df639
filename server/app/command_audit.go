package app

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const auditUsage = `kenshu audit verify [-against FILE]

Walks the chain of every organisation's log and prints one line of JSON for each: links that hold, events not chained yet, the head's hash, and the
first link that does not hold (broken; 0 when all do). Keep the output outside this machine: with -against FILE an earlier output is checked
too, so that a log cut off at its end is found. The exit status is not 0 when anything is wrong.`

// auditLine is one organisation's line in the output.
type auditLine struct {
	Organisation string `json:"organisation"`
	Sealed       int64  `json:"sealed"`
	Unsealed     int64  `json:"unsealed"`
	Head         string `json:"head"`
	Broken       int64  `json:"broken"`
	Truncated    bool   `json:"truncated,omitempty"` // the noted head is not in the chain any more
}

// auditCommand checks the chains.
func auditCommand(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New("usage: " + auditUsage)
	}
	flags := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	against := flags.String("against", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return errors.New("usage: " + auditUsage)
	}
	noted, err := readNoted(*against)
	if err != nil {
		return err
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	a, err := New(ctx, cfg, Options{Look: true})
	if err != nil {
		return err
	}
	defer a.Close()
	tenants, err := a.Services.Organisations.All(ctx)
	if err != nil {
		return err
	}
	wrong, lines := 0, json.NewEncoder(out)
	for _, ref := range tenants {
		line, err := verifyOne(ctx, a.Services.Audit, ref, noted[ref.Code])
		if err != nil {
			return err
		}
		delete(noted, ref.Code)
		if line.Broken != 0 || line.Truncated {
			wrong++
		}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	for code := range noted {
		wrong++
		if err := lines.Encode(auditLine{Organisation: code, Truncated: true}); err != nil {
			return err
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the log of %d organisation(s) does not hold", wrong)
	}
	return nil
}

func verifyOne(ctx context.Context, audit *tenant.Audit, ref tenant.TenantRef, noted auditLine) (auditLine, error) {
	check, err := audit.Verify(ctx, ref.ID)
	if err != nil {
		return auditLine{}, err
	}
	line := auditLine{Organisation: ref.Code, Sealed: check.Sealed, Unsealed: check.Unsealed, Head: hex.EncodeToString(check.Head[:]), Broken: check.Broken}
	if noted.Sealed > 0 {
		head, err := hex.DecodeString(noted.Head)
		if err != nil || len(head) != 32 {
			return line, fmt.Errorf("the noted head of %s is not a hash", ref.Code)
		}
		same, err := audit.HasLink(ctx, ref.ID, noted.Sealed, db.Hash(head))
		line.Truncated = !same
		return line, err
	}
	return line, nil
}

// readNoted reads an earlier output of this command; no file is nothing noted.
func readNoted(path string) (map[string]auditLine, error) {
	noted := map[string]auditLine{}
	if path == "" {
		return noted, nil
	}
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var line auditLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Organisation == "" {
			return nil, fmt.Errorf("%s is not an output of kenshu audit verify", path)
		}
		noted[line.Organisation] = line
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s is not an output of kenshu audit verify: %w", path, err)
	}
	return noted, nil
}
