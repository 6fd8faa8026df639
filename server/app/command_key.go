package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kenshu/tenant"
)

const keyUsage = `kenshu key
kenshu key accept

Says whether the master key configured here is the one that the database was served under, and what another one means. With accept the database is served under the one
configured here from now on (outside production one is made where there is none): only where the one before is lost for good. Nothing is deleted, and accept under the key before takes it back.`

// keyCommand compares the configured master key with the database's, or puts it in its place.
func keyCommand(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	accept := len(args) == 1 && args[0] == "accept"
	if len(args) > 0 && !accept {
		return errors.New("usage: " + keyUsage)
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	if accept {
		release, err := lockData(cfg) // a server would go on with the key before
		if err != nil {
			return err
		}
		defer release()
	}
	var secret []byte
	_, err := os.Stat(cfg.path("secret"))
	none := err != nil && cfg.Secret == ""
	if none && !accept {
		secret = []byte{} // looking makes no key
	}
	a, err := stores(ctx, cfg, secret, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	keys := tenant.NewMasterKeys(a.DB, a.Clock)
	noted, since, err := keys.Noted(ctx)
	if err != nil {
		return err
	}
	own := noted == a.keyID()
	if noted == "" {
		if own, err = tenant.NewAudit(a.DB, a.key(auditPurpose), a.Clock).SealedByThis(ctx); err != nil {
			return err
		}
	}
	switch {
	case own && noted == "":
		_, err = fmt.Fprintln(out, "The database has noted no key yet; the next start notes the one it is given.")
		return err
	case own:
		_, err = fmt.Fprintf(out, "The database is served under the key configured here (id %s) since %s.\n", noted, since.UTC().Format(time.RFC3339))
		return err
	}
	before, configured := "one that it has not noted", fmt.Sprintf("the one configured here (id %s)", a.keyID())
	if noted != "" {
		before = fmt.Sprintf("id %s, since %s", noted, since.UTC().Format(time.RFC3339))
	}
	if none {
		configured = "any that is made here now, where none is configured"
	}
	if err := tellBound(ctx, keys, before, configured, out); err != nil {
		return err
	}
	if !accept {
		return errors.New("nothing was changed. Set KENSHU_SECRET to the key before, or bring back the file secret of the data directory. If it is lost for good, stop kenshu everywhere and run: kenshu key accept")
	}
	if err := a.acceptKey(ctx, keys); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The database is served under the key configured here from now on. Keep it outside this machine, then start kenshu.")
	return err
}

// acceptKey makes the key the database's, in this order: a key that only the database knows would be lost.
func (a *App) acceptKey(ctx context.Context, keys *tenant.MasterKeys) error {
	if err := a.migrate(ctx); err != nil {
		return err
	}
	if err := a.keepMade(); err != nil {
		return err
	}
	return keys.Accept(ctx, a.keyID())
}

// tellBound says what is void under another key than the one before.
func tellBound(ctx context.Context, keys *tenant.MasterKeys, before, configured string, out io.Writer) error {
	bound, err := keys.Bound(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `The database was served under another key (%s) than %s. Under another one
- %d one-time passwords are void: hand out new ones
- %d authenticator apps are void: their owners log in with a recovery code or a passkey, or have the second factor removed by their manager
- links to files and training records given out before are void
- logs of before cannot be checked: kenshu audit verify calls them broken
- whom the deletion journal of before names is not deleted again after a restore
Badges get a new signing key by themselves; those issued before stay valid.
`, before, configured, bound.OneTime, bound.Authenticators)
	return err
}
