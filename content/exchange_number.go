package content

import (
	"math/big"
	"strings"
)

// middle gives the middle of two numbers and how far it is from them, as decimals that are exact for everything people type.
func middle(from, to *big.Rat) (number, off string) {
	half := big.NewRat(1, 2)
	center := new(big.Rat).Add(from, to)
	center.Mul(center, half)
	distance := new(big.Rat).Sub(to, from)
	distance.Mul(distance, half)
	return decimal(center), decimal(distance)
}

func decimal(r *big.Rat) string {
	s := r.FloatString(30)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
