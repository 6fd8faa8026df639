package content

import (
	"crypto/sha256"
	"regexp"
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

// blank finds what forms leave open for whoever uses them: circles, brackets around nothing, lines.
var blank = regexp.MustCompile(`[○〇◯●]{2,}|[_＿]{3,}|（[\s　]{2,}）|【[\s　]*】|［[\s　]*］|\[\s*\]`)

// remarks lists what the pledge lacks: words, or those that a form leaves open, which nobody should sign.
func (p *PledgeBody) remarks() []Remark {
	if strings.TrimSpace(p.Text) == "" {
		return []Remark{{Key: RemarkPledgeEmpty}}
	}
	if found := blank.FindString(p.Text); found != "" {
		return []Remark{{Key: RemarkPledgeBlank, Text: found}}
	}
	return []Remark{}
}
