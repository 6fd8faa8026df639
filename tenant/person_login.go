package tenant

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// proposedLetters of 5 bits each: 50 bits, so that no two of an organisation meet and nobody guesses one.
const proposedLetters = 10

// proposeLoginIDs makes n login IDs that say nothing about the person, like k7m2x-9qx2v.
func proposeLoginIDs(n int) ([]string, error) {
	random := make([]byte, n*proposedLetters)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("propose login IDs: %w", err)
	}
	ids := make([]string, n)
	for i := range ids {
		var b strings.Builder
		for k, r := range random[i*proposedLetters : (i+1)*proposedLetters] {
			if k == proposedLetters/2 {
				b.WriteByte('-')
			}
			b.WriteByte(typedAlphabet[r&31])
		}
		ids[i] = strings.ToLower(b.String())
	}
	return ids, nil
}
