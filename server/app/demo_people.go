package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// demoPerson is somebody of a demonstration organisation. day is on which day of the round they finish: 0 not at all, -1 under way.
type demoPerson struct {
	name, kana, department string
	day                    int
}

var careStaff = []demoPerson{
	{"田中 太郎", "タナカ タロウ", "訪問介護", 0}, {"髙橋 﨑子", "タカハシ サキコ", "訪問介護", 1}, {"𠮷田 三郎", "ヨシダ サブロウ", "訪問介護", 2},
	{"佐藤 美咲", "サトウ ミサキ", "訪問介護", 2}, {"鈴木 健一", "スズキ ケンイチ", "訪問介護", -1}, {"渡邉 結衣", "ワタナベ ユイ", "訪問介護", 4},
	{"伊藤 蓮", "イトウ レン", "デイサービス", 3}, {"山本 陽子", "ヤマモト ヨウコ", "デイサービス", 5}, {"中村 大輔", "ナカムラ ダイスケ", "デイサービス", 0},
	{"小林 あかり", "コバヤシ アカリ", "デイサービス", 6}, {"加藤 修", "カトウ オサム", "デイサービス", 8}, {"グエン ティ ラン", "グエン ティ ラン", "デイサービス", 9},
	{"斎藤 誠", "サイトウ マコト", "居宅支援", 1}, {"松本 千尋", "マツモト チヒロ", "居宅支援", 10}, {"井上 直樹", "イノウエ ナオキ", "居宅支援", -1},
	{"木村 さくら", "キムラ サクラ", "居宅支援", 12}, {"林 浩二", "ハヤシ コウジ", "事務", 3}, {"清水 彩", "シミズ アヤ", "事務", 13}, {"森 和子", "モリ カズコ", "事務", 0},
}

var nurseryStaff = []demoPerson{
	{"青木 みなみ", "アオキ ミナミ", "保育", 0}, {"石川 拓也", "イシカワ タクヤ", "保育", 0}, {"田中 太郎", "タナカ タロウ", "給食", 0}, {"大野 ゆかり", "オオノ ユカリ", "保育", 0},
}

// organisation enters an organisation and settles its manager.
func (d *demonstration) organisation(ctx context.Context, association tenant.ID, name, manager, kana string) (tenant.Principal, string, error) {
	in, err := d.Organisations.Create(ctx, association, db.NewID(), tenant.OrganisationInput{Name: name, Plan: "elearning", Manager: tenant.ManagerInput{Name: manager, Kana: kana}})
	if err != nil {
		return tenant.Principal{}, "", err
	}
	p, err := d.settle(ctx, "manager", in.Organisation.Code, in.Organisation.Manager.LoginID, in.OneTime.Password)
	return p, in.Organisation.Code, err
}

// staff registers people with their departments; those whom settled names choose their own password, as that role's log-in.
// field, when there is one, is the own field for what they hold.
func (d *demonstration) staff(ctx context.Context, tid tenant.ID, code string, field db.ID, people []demoPerson, settled map[int]string, roles map[int][]tenant.Role) ([]tenant.Registered, error) {
	departments := map[string]db.ID{}
	var out []tenant.Registered
	for i, p := range people {
		if departments[p.department].IsZero() {
			made, err := d.Departments.Create(ctx, tid, db.NewID(), db.ID{}, p.department)
			if err != nil {
				return nil, err
			}
			departments[p.department] = made.ID
		}
		in := tenant.PersonInput{
			Name: p.name, NameKana: p.kana, EmployeeNumber: fmt.Sprintf("%04d", i+101), JoinedOn: "2024-04-01", Roles: roles[i], Departments: []db.ID{departments[p.department]},
		}
		if !field.IsZero() {
			in.Fields = map[db.ID]string{field: licence(p.department, i)}
		}
		r, err := d.People.Create(ctx, tid, db.NewID(), in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if role := settled[i]; role != "" {
			if _, err := d.settle(ctx, role, code, r.Person.LoginID, r.Slip.Secret); err != nil {
				return nil, err
			}
		} else if p.day != 0 { // whoever learns has logged in
			if _, err := d.begin(ctx, code, r.Person.LoginID, r.Slip.Secret); err != nil {
				return nil, fmt.Errorf("%s begins: %w", p.name, err)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// careOffice has a round under way, two weeks old and due in two weeks.
func (d *demonstration) careOffice(ctx context.Context, association tenant.ID, courses demoCourses) error {
	manager, code, err := d.organisation(ctx, association, "ひまわり介護サービス", "管野 花子", "カンノ ハナコ")
	if err != nil {
		return err
	}
	ctx = acting(ctx, manager, tenant.RoleManager)
	field, err := d.fields(ctx, manager.Tenant)
	if err != nil {
		return err
	}
	people, err := d.staff(ctx, manager.Tenant, code, field, careStaff, map[int]string{0: "staff", 17: "deputy_manager", 18: "editor"},
		map[int][]tenant.Role{17: {tenant.RoleDeputyManager}, 18: {tenant.RoleEditor}})
	if err != nil {
		return err
	}
	if err := d.reorganise(ctx, manager.Tenant); err != nil {
		return err
	}
	d.now = d.app.Clock().AddDate(0, 0, -14)
	round, err := d.Rounds.Create(ctx, manager.Tenant, lms.NewRound{
		ID: db.NewID(), Title: "個人情報保護研修 " + tenant.Today(d.app.Clock)[:4] + "年度", Course: courses.basics,
		StartsOn: tenant.Today(func() time.Time { return d.now }), DeadlineOn: tenant.Today(func() time.Time { return d.app.Clock().AddDate(0, 0, 14) }),
		Audience:   lms.Audience{Everyone: true, FutureJoiners: true},
		Recurrence: lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12, LeadDays: 14},
	})
	if err != nil {
		return fmt.Errorf("round: %w", err)
	}
	for day := -1; day <= 13; day++ {
		for i, p := range careStaff {
			if p.day != day || day == 0 {
				continue
			}
			d.now = d.app.Clock().AddDate(0, 0, -14+max(day, 7*-day)).Add(-time.Duration(i) * 7 * time.Minute)
			if err := d.learn(ctx, manager.Tenant, people[i].Person, round.ID, day > 0); err != nil {
				return fmt.Errorf("%s learns: %w", p.name, err)
			}
		}
	}
	if err := d.promises(ctx, manager.Tenant, courses.promise, people); err != nil {
		return fmt.Errorf("round that comes after: %w", err)
	}
	if err := d.drill(ctx, manager.Tenant, people); err != nil {
		return fmt.Errorf("drill: %w", err)
	}
	return d.office(ctx, manager.Tenant, manager, courses.basics, field, people)
}

// nursery is an organisation that has just begun: people, no round yet, and a manager who asks somebody to take over.
func (d *demonstration) nursery(ctx context.Context, association tenant.ID) error {
	d.now = d.app.Clock().AddDate(0, 0, -1)
	manager, code, err := d.organisation(ctx, association, "あおぞら保育園", "空野 園子", "ソラノ ソノコ")
	if err != nil {
		return err
	}
	ctx = acting(ctx, manager, tenant.RoleManager)
	people, err := d.staff(ctx, manager.Tenant, code, db.ID{}, nurseryStaff, map[int]string{0: "staff"}, nil)
	if err != nil {
		return err
	}
	if _, err := d.Handovers.Offer(ctx, manager.Tenant, tenant.HandoverOffer{
		ID: db.NewID(), To: people[0].Person.ID, KeepAsDeputy: true, Note: "4月から主任をお願いするので、研修の管理も引き継いでください。分からないことは聞いてください。",
	}); err != nil {
		return fmt.Errorf("handover: %w", err)
	}
	return nil
}

// placeOf gives a person's place in a round, and a context in which they act.
func (d *demonstration) placeOf(ctx context.Context, tid tenant.ID, person tenant.Person, round db.ID) (context.Context, lms.Outline, error) {
	ctx = tenant.WithActor(ctx, tenant.Actor{Kind: "person", Tenant: tid, Person: person.ID, Name: person.Name, Role: string(tenant.RoleStaff)})
	own, err := d.Learning.ListOwn(ctx, tid, person.ID)
	at := slices.IndexFunc(own, func(e lms.OwnEnrolment) bool { return e.Round == round })
	if err != nil || at < 0 {
		return ctx, lms.Outline{}, fmt.Errorf("no enrolment: %w", err)
	}
	outline, err := d.Learning.FindOwn(ctx, tid, person.ID, own[at].ID)
	return ctx, outline, err
}

// learn takes the course as a learner's browser does: to the end, or only as far as the video.
func (d *demonstration) learn(ctx context.Context, tid tenant.ID, person tenant.Person, round db.ID, all bool) error {
	ctx, outline, err := d.placeOf(ctx, tid, person, round)
	if err != nil {
		return err
	}
	for i, lesson := range outline.Lessons {
		if !all && i == 2 {
			return nil
		}
		switch lesson.Kind {
		case content.KindQuiz:
			err = d.answer(ctx, tid, person.ID, outline.ID, lesson.ID)
		case content.KindSurvey:
			err = d.opine(ctx, tid, person.ID, outline.ID, lesson.ID)
		case content.KindPledge:
			_, err = d.Learning.SignPledge(ctx, tid, person.ID, outline.ID, lesson.ID, person.Name, d.now.UnixMilli(), d.now.UnixMilli())
		default:
			err = d.study(ctx, tid, person.ID, outline.ID, lesson.ID)
		}
		if err != nil {
			return fmt.Errorf("lesson %d: %w", i+1, err)
		}
	}
	return nil
}

// study opens a lesson, stays for its time, and reports it as the player does.
func (d *demonstration) study(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID) error {
	opened, err := d.Learning.OpenLesson(ctx, tid, person, enrolment, lesson)
	if err != nil {
		return err
	}
	report := func(seen lms.Spans, position int64, from time.Time, done bool) error {
		now := d.now.UnixMilli()
		_, err := d.Learning.SaveProgress(ctx, tid, person, lms.ProgressBatch{Now: now, Items: []lms.ProgressItem{{
			Item: "demonstration", Enrolment: enrolment, Lesson: lesson, Position: position, Furthest: position, Seen: seen,
			Spent: lms.Spans{{from.UnixMilli(), now}}, Done: done, At: now,
		}}})
		return err
	}
	from := d.now
	if err := report(nil, 0, from, false); err != nil {
		return err
	}
	minutes, seen, position := 2*time.Minute, lms.Spans(nil), int64(1000)
	switch {
	case opened.Lesson.Body.Recording() != nil:
		position = opened.Lesson.Body.Recording().DurationMS
		seen, minutes = lms.Spans{{0, position}}, time.Duration(position)*time.Millisecond
	case opened.Lesson.Body.PDF != nil:
		position = int64(opened.Lesson.Body.PDF.Pages)
		seen = lms.Spans{{1, position + 1}}
	}
	d.now = d.now.Add(minutes)
	return report(seen, position, from, true)
}

// answer takes the quiz and gets every question right.
func (d *demonstration) answer(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID) error {
	sheet, err := d.Learning.StartAttempt(ctx, tid, person, enrolment, lesson, "")
	if err != nil {
		return err
	}
	for _, q := range sheet.Questions {
		d.now = d.now.Add(20 * time.Second)
		if _, err := d.Learning.SaveAnswer(ctx, tid, person, sheet.ID, lms.Answering{Question: q.ID, Answer: rightAnswer(d.right[q.ID], q), Seq: 1}); err != nil {
			return err
		}
	}
	done, err := d.Learning.SubmitAttempt(ctx, tid, person, sheet.ID, nil)
	if err == nil && !done.Passed {
		err = fmt.Errorf("the quiz was not passed: %v%%", *done.ScorePercent)
	}
	return err
}
