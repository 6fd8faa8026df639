package tenant

import (
	"context"
	"fmt"
	"strings"

	"kenshu/storage/db"
)

const sqlMailRecipient = `SELECT p.name, p.email, p.locale, o.name FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id WHERE p.tenant_id = ? AND p.id = ?`

// securityTexts says what happened to an account: the subject, and the sentence of the message. {device} is the device of a log-in.
var securityTexts = map[string]map[string][2]string{
	"ja": {
		"password_change": {"パスワードが変わりました", "あなたのパスワードが変更されました。"},
		"totp_add":        {"認証アプリを登録しました", "あなたのアカウントに認証アプリが登録されました。"},
		"totp_remove":     {"認証アプリを解除しました", "あなたのアカウントから認証アプリが解除されました。"},
		"passkey_add":     {"パスキーを登録しました", "あなたのアカウントにパスキーが登録されました。"},
		"passkey_remove":  {"パスキーを削除しました", "あなたのアカウントからパスキーが削除されました。"},
		"passkey_clone":   {"パスキーの使用を止めました", "あなたのパスキーの複製が使われた疑いがあるため、ログインを断りました。このパスキーを削除し、新しく登録してください。"},
		"recovery_renew":  {"予備コードを作り直しました", "あなたの予備コードが新しくなりました。前のコードは使えません。"},
		"reset":           {"二段階の確認を解除しました", "あなたの認証アプリとパスキーが、担当者によって解除されました。次のログインには、新しく受け取る仮パスワードを使ってください。"},
		"address_change":  {"メールアドレスが変わりました", "あなたのメールアドレスが変更されました。これからのお知らせは新しいアドレスに届きます。"},
		"new_device":      {"新しい端末からログインがありました", "これまで使われていない端末（{device}）から、あなたのアカウントにログインがありました。"},
	},
	"en": {
		"password_change": {"Your password was changed", "The password of your account was changed."},
		"totp_add":        {"An authenticator app was added", "An authenticator app was added to your account."},
		"totp_remove":     {"An authenticator app was removed", "The authenticator app was removed from your account."},
		"passkey_add":     {"A passkey was added", "A passkey was added to your account."},
		"passkey_remove":  {"A passkey was removed", "A passkey was removed from your account."},
		"passkey_clone":   {"A passkey was refused", "A copy of your passkey may have been used, so the log-in was refused. Delete this passkey and add a new one."},
		"recovery_renew":  {"New recovery codes were made", "Your recovery codes were made new. The old ones no longer work."},
		"reset":           {"Two-step log-in was removed", "Your authenticator app and passkeys were removed by those in charge. Use the one-time password that you will be given for your next log-in."},
		"address_change":  {"Your e-mail address was changed", "Your e-mail address was changed. From now on messages go to the new address."},
		"new_device":      {"Log-in from a new device", "Somebody logged in to your account from a device that was not used before ({device})."},
	},
}

// securityFrames holds the rest of the message: name, sentence, time, organisation.
var securityFrames = map[string]string{
	"ja": "%sさん\n\n%s\n\n日時: %s（日本時間）\n組織: %s\n\nご自身で行った場合は、何もする必要はありません。\n心当たりがない場合は、すぐに管理責任者（管理責任者の方は、研修を案内している団体）に連絡してください。\n\nこのメールにパスワードやコードを返信しないでください。\n",
	"en": "Dear %s,\n\n%s\n\nTime: %s (Japan)\nOrganisation: %s\n\nIf it was you, there is nothing to do.\nIf it was not you, tell your manager at once (managers: the association that offers the training).\n\nNever reply to this message with a password or a code.\n",
}

// Notify makes the sessions' keeper send mail about what happens to accounts (ASVS 6.3.5, 6.3.7).
func (s *Sessions) Notify(o *Outbox) { s.outbox = o }

// tell writes to a person what happened to their account, where they have an address.
func (s *Sessions) tell(ctx context.Context, tid ID, tx *db.Tx, person db.ID, what string) error {
	return s.tellAt(ctx, tid, tx, person, what, "")
}

// tellAt is tell to a given address, that of before a change; "" is the one they have.
func (s *Sessions) tellAt(ctx context.Context, tid ID, tx *db.Tx, person db.ID, what, address string) error {
	if s.outbox == nil {
		return nil
	}
	var name, email, locale, organisation string
	if err := db.One(tx.QueryRow(ctx, sqlMailRecipient, tid, person).Scan(&name, &email, &locale, &organisation)); err != nil {
		return fmt.Errorf("tell about account: %w", err)
	}
	if address == "" {
		address = email
	}
	if address == "" {
		return nil
	}
	if securityFrames[locale] == "" {
		locale = "ja"
	}
	text := securityTexts[locale][what]
	device := deviceWords(ActorFrom(ctx).Agent)
	if device == "" {
		device = "?"
	}
	sentence := strings.ReplaceAll(text[1], "{device}", device)
	when := s.clock().In(Zone).Format("2006/01/02 15:04")
	return s.outbox.Enqueue(ctx, tid, tx, []Letter{{
		Dedupe: "security " + db.NewID().String(), Person: person, Address: address, Name: name, Kind: "security." + what,
		Subject: text[0], Body: fmt.Sprintf(securityFrames[locale], name, sentence, when, organisation),
	}})
}

// tellNewDevice tells somebody with rights that their account was used on a device of a kind that it was not used on before. The first log-in of all tells nothing.
func (s *Sessions) tellNewDevice(ctx context.Context, tid ID, tx *db.Tx, st storedSession) error {
	rights := false
	for _, r := range st.Roles {
		rights = rights || r != RoleStaff
	}
	if !rights {
		return nil
	}
	var all, same int
	if err := db.One(tx.QueryRow(ctx, sqlKnownDevice, deviceWords(ActorFrom(ctx).Agent), tid, st.Person).Scan(&all, &same)); err != nil {
		return fmt.Errorf("known devices: %w", err)
	}
	if all == 0 || same > 0 {
		return nil
	}
	return s.tell(ctx, tid, tx, st.Person, "new_device")
}
