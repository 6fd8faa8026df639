package tenant

import (
	"crypto/rand"
	"fmt"
)

// Letters of proposed login IDs: easily told apart, easily typed and read out. Sixteen of them, so that a byte picks one evenly.
const (
	consonants = "bdfghjkmnprstwyz"
	vowels     = "aeiu"
)

// proposeLoginIDs gives n different login IDs that say nothing about their owner: four syllables and four figures, as
// mukitesa4827 (37 bits). That one is taken already is about as likely as one in a million for each ten thousand people.
func proposeLoginIDs(n int) ([]string, error) {
	out, seen := make([]string, 0, n), make(map[string]bool, n)
	for len(out) < n {
		id, err := randomLoginID()
		if err != nil {
			return nil, err
		}
		if seen[id] || len(LoginIDReasons(id, Subject{})) > 0 {
			continue
		}
		seen[id] = true
		out = append(out, id)
	}
	return out, nil
}

func randomLoginID() (string, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("login id: %w", err)
	}
	id := make([]byte, 0, 12)
	for i := range 4 {
		id = append(id, consonants[random[i]&15], vowels[random[i]>>4&3])
	}
	number := (uint32(random[4])<<16 | uint32(random[5])<<8 | uint32(random[6])) % 10_000 // the bias is below one in a thousand
	return fmt.Sprintf("%s%04d", id, number), nil
}
