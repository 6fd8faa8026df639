package app

import (
	"context"
	"fmt"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// Choices of the own field 資格 of the demonstration.
const (
	careWorker  = "介護福祉士"
	careManager = "介護支援専門員"
	newcomer    = "初任者研修修了"
	noLicence   = "なし"
)

// licence is what somebody of the care office holds, believable for where they work.
func licence(department string, n int) string {
	switch {
	case department == "居宅支援":
		return careManager
	case department == "事務":
		return noLicence
	case n%3 == 0:
		return newcomer
	}
	return careWorker
}

// fields makes the own fields of the care office: what its manager assigns and filters by.
func (d *demonstration) fields(ctx context.Context, tid tenant.ID) (db.ID, error) {
	named := func(names ...string) (list []tenant.PersonChoice) {
		for _, name := range names {
			list = append(list, tenant.PersonChoice{Name: name})
		}
		return list
	}
	made, err := d.PersonFields.Create(ctx, tid, db.NewID(), tenant.PersonFieldInput{
		Name: "資格", Kind: tenant.FieldChoice, Choices: named(careWorker, careManager, newcomer, noLicence),
	})
	if err != nil {
		return db.ID{}, fmt.Errorf("own field: %w", err)
	}
	return made.ID, nil
}

// office is what a manager's year leaves behind: reminders, a second round by attribute, incidents, a kept view of the report, the record of
// the year and a link to it for an auditor.
func (d *demonstration) office(ctx context.Context, tid tenant.ID, manager tenant.Principal, course, field db.ID, people []tenant.Registered) error {
	d.now = d.app.Clock().AddDate(0, 0, -10)
	if _, err := d.Reminders.SetSetting(ctx, tid, lms.ReminderSetting{
		ReminderPlan: lms.ReminderPlan{AtAssignment: true, Days: []int{-7, -1, 3}, Hour: 9, WeekdaysOnly: true},
		Digest:       lms.DigestSetting{Every: "weekly", Weekday: 1},
	}); err != nil {
		return fmt.Errorf("reminders: %w", err)
	}
	if err := d.incidents(ctx, tid, people); err != nil {
		return err
	}
	d.now = d.app.Clock().AddDate(0, 0, -3)
	today := func(shift int) string { return tenant.AddDays(tenant.Today(d.app.Clock), shift) }
	if _, err := d.Rounds.Create(ctx, tid, lms.NewRound{
		ID: db.NewID(), Title: "ケアマネジャーの個人情報の扱い", Course: course, StartsOn: today(-3), DeadlineOn: today(60),
		Due: lms.Due{Rule: lms.DueAssigned, Days: 30},
		Audience: lms.Audience{FutureJoiners: true, Rules: []lms.RuleSpec{
			{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: field, Value: careManager},
			{Kind: lms.RulePerson, Target: people[14].Person.ID, Excluded: true},
		}},
	}); err != nil {
		return fmt.Errorf("round by attribute: %w", err)
	}
	if _, err := d.SavedViews.Create(ctx, tid, manager.Person, lms.SavedViewInput{ID: db.NewID(), Name: "まだ終わっていない人", Shared: true, View: lms.View{
		ReportQuery: lms.ReportQuery{
			Filter:  lms.ReportFilter{Statuses: []lms.Status{lms.NotStarted, lms.InProgress, lms.Interrupted, lms.Failed}, Overdue: true},
			Columns: []string{"name", "departments", lms.ColumnField + field.String(), "round", "status", "due_on", "last_activity"}, Sort: "due_on",
		},
	}}); err != nil {
		return fmt.Errorf("view of the report: %w", err)
	}
	return d.shareYear(ctx, tid)
}

// incidents are one that is done with and one that is being looked into.
func (d *demonstration) incidents(ctx context.Context, tid tenant.ID, people []tenant.Registered) error {
	lost, err := d.Incidents.Create(ctx, tid, db.NewID(), compliance.IncidentInput{
		Kind: compliance.KindLoss, Title: "訪問記録用紙の置き忘れ", NoticedAt: d.now, Affected: 2,
		Overview:  "訪問先のお宅に、次に伺うお宅の訪問記録用紙を置いたまま退出した。20分後に本人が気づき、電話をして取りに戻った。",
		DataItems: "氏名、訪問日時、体調の記録（2人分）", Cause: "次の訪問の準備をしながら片付け、机の上を確かめなかった。",
		Measures: "ご本人とご家族におわびと説明をした。", People: []db.ID{people[3].Person.ID},
	})
	if err != nil {
		return fmt.Errorf("incident: %w", err)
	}
	d.now = d.now.Add(3 * time.Hour)
	if lost, err = d.Incidents.AddNote(ctx, tid, lost.ID, db.NewID(), "用紙は封筒に入ったままで、開いた様子はなかった。ご家族も中を見ていないとのこと。"); err != nil {
		return fmt.Errorf("note: %w", err)
	}
	d.now = d.now.AddDate(0, 0, 2)
	if _, err = d.Incidents.Close(ctx, tid, lost.ID, lost.Version, "情報が外に出たおそれは低いと判断した。退出の前に机と足元を指でさして確かめることを、朝礼で全員に伝えた。"); err != nil {
		return fmt.Errorf("close incident: %w", err)
	}
	d.now = d.app.Clock().Add(-26 * time.Hour)
	_, err = d.Incidents.Create(ctx, tid, db.NewID(), compliance.IncidentInput{
		Kind: compliance.KindLeak, Title: "ファクスの宛先の間違い", NoticedAt: d.now, Affected: 1,
		Overview:  "サービス提供票を、別の事業所へファクスで送った。先方から電話があり、間違いが分かった。",
		DataItems: "氏名、住所、介護度、利用の予定", Measures: "先方に破棄をお願いし、書面で返事をもらうことになっている。",
	})
	if err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	return nil
}

// shareYear issues the record of the year that is running and gives an auditor a link to it.
func (d *demonstration) shareYear(ctx context.Context, tid tenant.ID) error {
	d.now = d.app.Clock().Add(-time.Hour)
	years, _, err := d.TrainingRecords.Years(ctx, tid)
	if err != nil || len(years) == 0 {
		return fmt.Errorf("years: %w", err)
	}
	record, err := d.TrainingRecords.IssueYear(ctx, tid, years[0].Year)
	if err != nil {
		return fmt.Errorf("record of the year: %w", err)
	}
	if _, _, err := d.RecordLinks.Create(ctx, tid, lms.NewRecordLink{
		ID: db.NewID(), Kind: lms.RecordOfYear, Record: record.ID, Recipient: "県の運営指導 ご担当者さま", Days: 30,
	}); err != nil {
		return fmt.Errorf("link to the record: %w", err)
	}
	return nil
}
