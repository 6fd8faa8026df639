package api

import (
	"context"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
)

// DepartmentFiguresBody are the figures of one department with everything below it.
type DepartmentFiguresBody struct {
	ID       db.ID              `json:"id" format:"uuid"`
	ParentID *db.ID             `json:"parent_id,omitempty" format:"uuid" doc:"the department it is part of; nothing when it stands on its own"`
	Name     string             `json:"name"`
	Depth    int                `json:"depth" doc:"1 for a department that stands on its own"`
	Figures  FiguresBody        `json:"figures" doc:"over all open rounds"`
	Rounds   []RoundFiguresBody `json:"rounds" nullable:"false" doc:"in each open round that concerns the department"`
}

// RoundFiguresBody are a department's figures in one round.
type RoundFiguresBody struct {
	RoundID db.ID       `json:"round_id" format:"uuid"`
	Figures FiguresBody `json:"figures"`
}

// RoundForecastBody is what is to be expected of an open round that goes on as in the last days.
type RoundForecastBody struct {
	RoundID  db.ID  `json:"round_id" format:"uuid"`
	Days     int    `json:"days" doc:"the days that the pace is taken from, at most 14, today included"`
	Recent   int    `json:"recent" doc:"how many completed in them"`
	Until    string `json:"until" format:"date" doc:"when the last of those who are left is due"`
	DaysLeft int    `json:"days_left" doc:"until then; 0: today"`
	Late     int    `json:"late" doc:"how many of those whose due day is still to come will let it pass, when people go on at recent ÷ days a day, in the order of their due days"`
}

// DashboardBody is the manager's first page.
type DashboardBody struct {
	Today       string                  `json:"today" format:"date"`
	AsOf        time.Time               `json:"as_of" doc:"when it was counted: in a large organisation figures are kept for up to a minute"`
	Counting    bool                    `json:"counting" doc:"it is being counted anew: ask again in a moment"`
	Rounds      []RoundBody             `json:"rounds" nullable:"false" doc:"open rounds, the one whose people are due next first, at most 100"`
	Forecasts   []RoundForecastBody     `json:"forecasts" nullable:"false" doc:"of the rounds that run and are not finished"`
	Departments []DepartmentFiguresBody `json:"departments" nullable:"false" doc:"each followed by those below it; whoever holds several posts counts once in each department and in each above it"`
	People      int                     `json:"people" doc:"active people"`
	Concern     int                     `json:"accounts_of_concern" doc:"accounts whose one-time password was never used"`
	Mail        MailCountsBody          `json:"mail"`
}

// MailCountsBody counts the messages of the outbox by fate.
type MailCountsBody struct {
	Queued    int `json:"queued"`
	Sent      int `json:"sent"`
	Refused   int `json:"refused"`
	GivenUp   int `json:"given_up" doc:"no mail server for three days"`
	Dropped   int `json:"dropped" doc:"not needed any more"`
	NoAddress int `json:"no_address"`
	Kept      int `json:"kept"`
}

type dashboardOutput struct{ Body DashboardBody }

func (a *API) getDashboard(ctx context.Context, _ *struct{}) (*dashboardOutput, error) {
	board, err := a.svc.Reports.Dashboard(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return &dashboardOutput{dashboardBody(board)}, nil
}

func dashboardBody(board lms.Dashboard) DashboardBody {
	body := DashboardBody{
		Today: board.Today, AsOf: board.AsOf.Time, Counting: board.Counting, People: board.People, Concern: board.Concern, Mail: mailCounts(board.Mail),
		Rounds: make([]RoundBody, 0, len(board.Rounds)), Departments: make([]DepartmentFiguresBody, 0, len(board.Departments)), Forecasts: []RoundForecastBody{},
	}
	for _, r := range board.Rounds {
		body.Rounds = append(body.Rounds, roundBody(r.RoundRow))
		if f := r.Forecast; f != nil {
			body.Forecasts = append(body.Forecasts, RoundForecastBody{r.ID, f.Days, f.Recent, f.Until, f.DaysLeft, f.Late})
		}
	}
	for _, d := range board.Departments {
		out := DepartmentFiguresBody{ID: d.ID, Name: d.Name, Depth: d.Depth, Figures: figuresBody(d.Figures), Rounds: []RoundFiguresBody{}}
		if parent := d.Parent; !parent.IsZero() {
			out.ParentID = &parent
		}
		for _, r := range board.Rounds { // in the order of the rounds
			if f, concerned := d.Rounds[r.ID]; concerned {
				out.Rounds = append(out.Rounds, RoundFiguresBody{r.ID, figuresBody(f)})
			}
		}
		body.Departments = append(body.Departments, out)
	}
	return body
}

// TrendBody is how an open round went, day by day.
type TrendBody struct {
	RoundID    db.ID          `json:"round_id" format:"uuid"`
	Title      string         `json:"title"`
	StartsOn   string         `json:"starts_on" format:"date"`
	DeadlineOn string         `json:"deadline_on" format:"date"`
	DueRule    string         `json:"due_rule" enum:"fixed,joined,assigned,turn" doc:"fixed: everybody has the deadline but for late joiners and extensions"`
	DueLast    string         `json:"due_last" format:"date" doc:"when the last of those who are left is due; the deadline when nobody is left"`
	Days       []TrendDayBody `json:"days" nullable:"false" doc:"how it stood at the end of each day, at most 400; the last one is how it stands"`
}

// TrendDayBody is how a round stood at the end of a day.
type TrendDayBody struct {
	Day       string `json:"day" format:"date"`
	Assigned  int    `json:"assigned"`
	Completed int    `json:"completed"`
	Overdue   int    `json:"overdue"`
}

type trendsOutput struct {
	Body struct {
		Items []TrendBody `json:"items" nullable:"false"`
	}
}

func (a *API) listTrends(ctx context.Context, _ *struct{}) (*trendsOutput, error) {
	trends, err := a.svc.Reports.Trends(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &trendsOutput{}
	out.Body.Items = make([]TrendBody, 0, len(trends))
	for _, t := range trends {
		one := TrendBody{RoundID: t.Round.ID, Title: t.Round.Title, StartsOn: t.Round.StartsOn, DeadlineOn: t.Round.DeadlineOn, DueRule: string(t.Round.Due.Rule),
			DueLast: t.Until, Days: make([]TrendDayBody, 0, len(t.Days))}
		for _, d := range t.Days {
			one.Days = append(one.Days, TrendDayBody(d))
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}
