package tenant

import (
	"unicode/utf8"

	"kenshu/fault"
)

// Subject is whom a password or login ID would belong to: what somebody who guesses tries first.
type Subject struct {
	Name, Kana, LoginID, EmployeeNumber, Email string
	Organisation, Code                         string
}

func passwordReasons(password string, who Subject, rules CredentialRules) []fault.Field {
	var check fault.Check
	n := utf8.RuneCountInString(password)
	check.If(!utf8.ValidString(password), "", "password_unreadable")
	check.If(n < rules.MinPassword, "", "password_too_short", "min", rules.MinPassword)
	check.If(n > rules.MaxPassword, "", "password_too_long", "max", rules.MaxPassword)
	return check.Fields()
}
