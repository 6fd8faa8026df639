package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/frontend"
	"kenshu/tenant"
)

const operatorUsage = `kenshu operator create -name "Family Given" [-association NAME] [-association-code CODE] [-login ID] [-roles operator,officer]

Registers somebody of the association and prints what they log in with, once. The association itself is made the first time and needs its name then; later its name and code are left out.
Nobody is there before: a fresh installation has no accounts.`

// operator is the command that makes the first people of the association.
func operator(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "create" {
		return errors.New("usage: " + operatorUsage)
	}
	var in tenant.OperatorInput
	var roles string
	flags := flag.NewFlagSet("operator create", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&in.Name, "name", "", "")
	flags.StringVar(&in.Association, "association", "", "")
	flags.StringVar(&in.Code, "association-code", "", "")
	flags.StringVar(&in.LoginID, "login", "", "")
	flags.StringVar(&roles, "roles", "", "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return errors.New("usage: " + operatorUsage)
	}
	for _, r := range strings.FieldsFunc(roles, func(r rune) bool { return r == ',' || r == ' ' }) {
		in.Roles = append(in.Roles, tenant.Role(r))
	}
	a, err := New(ctx, cfg, Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	issued, err := a.Services.Organisations.CreateOperator(ctx, in)
	if err != nil {
		return plainFault(err)
	}
	_, err = fmt.Fprintf(out, "log in at           %s/login\norganisation code   %s\nlogin ID            %s\none-time password   %s\nuse it before       %s\n\nIt is shown this once. An own password is chosen at the first log-in.\n",
		a.Config.PublicURL, issued.Code, issued.LoginID, issued.OneTime.Password, issued.OneTime.Expires.In(tenant.Zone).Format("2006-01-02 15:04"))
	return err
}

// operatorFlags are the flags for the fields of tenant.OperatorInput.
var operatorFlags = map[string]string{"name": "-name", "login_id": "-login", "roles": "-roles", "association.name": "-association", "association.code": "-association-code"}

// plainFault says of every wrong input what is wrong, with the sentences of the page.
func plainFault(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	if len(f.Fields) == 0 {
		return errors.New(frontend.Sentence(f.Key, f.Args))
	}
	var lines []string
	for _, field := range f.Fields {
		line := field.Path
		if name := operatorFlags[field.Path]; name != "" {
			line = name
		}
		line += ": " + frontend.Sentence(field.Key, field.Args)
		if field.Path == "roles" {
			line += fmt.Sprintf(" They are: %s.", strings.Trim(fmt.Sprint(tenant.OperatorRoles()), "[]"))
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return errors.New("nobody was registered\n" + strings.Join(lines, "\n"))
}
