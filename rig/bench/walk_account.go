package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// account logs somebody in in every way that needs no key of a device, and has the manager help them at the end.
func (w *walk) account(ctx context.Context, do doer) error {
	const who = "person"
	person := w.estate.staff[2]
	if _, err := w.DB.Exec(ctx, `UPDATE credential SET hash = ? WHERE tenant_id = ? AND person_id = ?`, chosenHash(), w.estate.main, person); err != nil {
		return err
	}
	var login string
	if err := w.DB.QueryRow(ctx, `SELECT login_id FROM person WHERE tenant_id = ? AND id = ?`, w.estate.main, person).Scan(&login); err != nil {
		return err
	}
	enter := func() {
		do(who, "POST", "/session", `{"organisation_code":"MAIN","login_id":"%s","password":"%s"}`, login, password)
	}
	enter()
	do(who, "POST", "/session/password-check", `{"password":"%s"}`, password)
	do(who, "POST", "/session/factors/passkeys/options", "")
	do("nobody", "POST", "/session/passkey/options", "")
	if err := w.app(do, who); err != nil {
		return err
	}
	do(who, "POST", "/session/factors/recovery-codes", "")
	codes, _ := w.member("recovery_codes").([]any) // what is missing shows in the next request
	if len(codes) < 2 {
		return fmt.Errorf("recovery codes: %s", w.last)
	}
	enter()
	do(who, "POST", "/session/factor", `{"recovery_code":"%v"}`, codes[0])
	do(who, "POST", "/session/proof", `{"password":"%s","recovery_code":"%v"}`, password, codes[1])
	do(who, "DELETE", "/session/factors/app", "")
	do(who, "PUT", "/session/password", `{"current_password":"%s","new_password":"%s, again"}`, password, password)
	other, _, err := w.Services.Sessions.Start(ctx, w.estate.main, person)
	if err != nil {
		return err
	}
	p, err := w.Services.Sessions.Resolve(ctx, other)
	if err != nil {
		return err
	}
	do("manager", "GET", "/people/"+person.String()+"/account", "")
	do(who, "DELETE", "/session/devices/"+p.Session.String(), "")
	if other, _, err = w.Services.Sessions.Start(ctx, w.estate.main, person); err != nil {
		return err
	}
	if p, err = w.Services.Sessions.Resolve(ctx, other); err != nil {
		return err
	}
	do("manager", "DELETE", "/people/"+person.String()+"/devices/"+p.Session.String(), "")
	do(who, "DELETE", "/session/devices", "")
	if err := w.app(do, who); err != nil {
		return err
	}
	do("manager", "POST", "/people/"+person.String()+"/factors/reset", `{"reason":"電話をなくした"}`)
	for _, end := range [][2]string{{"POST", "/session/sign-out-everywhere"}, {"DELETE", "/session"}} {
		if w.tokens[who], _, err = w.Services.Sessions.Start(ctx, w.estate.main, w.estate.staff[3]); err != nil {
			return err
		}
		do(who, end[0], end[1], "")
	}
	return nil
}

// choose lets somebody who got a slip log in with it and choose their own password: the slip ended the sessions they had.
func (w *walk) choose(ctx context.Context, do doer, who string, person db.ID) error {
	token, _, err := w.Services.Sessions.Start(w.collector.trace(ctx), w.estate.main, person)
	if err != nil {
		return err
	}
	w.tokens[who] = token
	do(who, "PUT", "/session/password", `{"new_password":"%s, after the slip"}`, password)
	return nil
}

// app sets an authenticator app up.
func (w *walk) app(do doer, who string) error {
	do(who, "POST", "/session/factors/app", "")
	secret, _ := w.member("secret").(string) // what is missing shows at once
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		return fmt.Errorf("authenticator app: %w, %s", err, w.last)
	}
	do(who, "PUT", "/session/factors/app", `{"code":"%s"}`, code)
	return nil
}

// policies are decided once more as they are.
func (w *walk) policies(do doer) {
	do("manager", "PUT", "/security-policy", `{"manager_factor":false,"sessions_per_account":20,"one_time_days":14,"unused_months":12,"password_files":false}`)
	do("operator", "PUT", "/security-policy/minimum", `{"manager_factor":false,"sessions_per_account":0,"one_time_days":90,"unused_months":24,"password_files":true}`)
}

// fields keeps own fields about people.
func (w *walk) fields(do doer) {
	id := do("manager", "POST", "/person-fields", `{"name":"資格","kind":"choice","choices":[{"name":"介護福祉士"},{"name":"看護師"}]}`)
	text := do("manager", "POST", "/person-fields", `{"name":"血液型","kind":"text"}`)
	w.ids["person-fields"] = id
	do("manager", "POST", "/people", `{"name":"資格 花子","departments":["%s"],"fields":{"%s":"看護師","%s":"A"}}`, w.estate.department, id, text)
	do("manager", "PUT", "/person-fields/order", `{"fields":["%s","%s"]}`, text, id)
	do("manager", "GET", "/person-fields", "")
	var version any = 1
	if items, ok := w.member("items").([]any); ok && len(items) == 2 {
		field, _ := items[1].(map[string]any) // what is missing shows in the next request
		version = field["version"]
	}
	do("manager", "PUT", "/person-fields/"+id, `{"name":"資格名","kind":"choice","version":%v,"choices":[{"name":"准看護師","was":"看護師"}]}`, version)
	do("manager", "DELETE", "/person-fields/"+text+"?losing=1", "")
}

// acts lets people leave, come back and be forgotten.
func (w *walk) acts(do doer) {
	one := func(name string) string {
		return do("manager", "POST", "/people", `{"name":"%s","departments":["%s"]}`, name, w.estate.department)
	}
	a, b := one("去る 花子"), one("消す 花子")
	today := tenant.Today(time.Now)
	do("manager", "POST", "/people/acts/preview", `{"act":"suspend","filter":{"department":"%s"}}`, w.estate.department)
	do("manager", "POST", "/people/acts/preview", `{"act":"anonymise","people":["%s"]}`, a)
	do("manager", "POST", "/people/acts", `{"act":"leave","left_on":"%s","people":["%s"]}`, tenant.AddDays(today, 60), a)
	do("manager", "POST", "/people/acts", `{"act":"stay","people":["%s"]}`, a)
	do("manager", "POST", "/people/acts", `{"act":"suspend","people":["%s"]}`, a)
	do("manager", "POST", "/people/acts", `{"act":"return","people":["%s"]}`, a)
	do("manager", "POST", "/people/acts", `{"act":"leave","left_on":"%s","people":["%s"]}`, tenant.AddDays(today, -1), a)
	do("manager", "POST", "/people/acts", `{"act":"return","posts":true,"people":["%s"]}`, a)
	do("manager", "POST", "/people/acts", `{"act":"leave","left_on":"%s","people":["%s"]}`, tenant.AddDays(today, -1), a)
	do("manager", "POST", "/people/erase", `{"act":"anonymise","withdraw":true,"people":["%s"]}`, a)
	do("manager", "POST", "/people/erase", `{"act":"delete","people":["%s"]}`, b)
}

// program is the organisation's own, which sends files with a token.
func (w *walk) program(ctx context.Context, do doer) {
	const file = "氏名,部署,備考\r\n髙橋 二,部署 01,x\r\n"
	w.ids["api-tokens"] = do("manager", "POST", "/api-tokens", `{"name":"人事システム"}`)
	secret, _ := w.member("secret").(string) // what is missing shows in the next request
	w.tokens["program"] = "Bearer " + secret
	sent := do("program", "POST", "/people/imports/unattended?file_name=b.csv", "%s", file)
	do("program", "GET", "/people/imports/unattended/"+sent, "")
	do("program", "PUT", "/people/import-drop/c.csv", "%s", file)
	w.jobs(ctx)
	do("manager", "DELETE", "/api-tokens/"+w.ids["api-tokens"], "")
}
