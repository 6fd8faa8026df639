package content

import (
	"crypto/sha256"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxPledge is the most characters a pledge may have.
const MaxPledge = 20_000

// PledgeBody is a pledge (誓約): a text that is signed by typing one's name. A signature is of the text of one published version.
type PledgeBody struct {
	Text string `json:"text" maxLength:"20000" doc:"plain text; an empty line ends a paragraph"`
}

// Digest is the SHA-256 of the text, which a signature keeps.
func (p *PledgeBody) Digest() db.Hash { return sha256.Sum256([]byte(p.Text)) }

func (p *PledgeBody) check(c *fault.Check) {
	c.If(tooLong(p.Text, MaxPledge), "body.pledge.text", "too_long", "max", MaxPledge)
}

func (p *PledgeBody) validate(c *fault.Check, path string) {
	c.If(strings.TrimSpace(p.Text) == "", path+"text", "pledge_empty")
}
