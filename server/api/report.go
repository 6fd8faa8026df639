package api

import (
	"context"

	"kenshu/lms"
	"kenshu/storage/db"
)

// DepartmentFiguresBody are the figures of one department.
type DepartmentFiguresBody struct {
	ID      db.ID              `json:"id" format:"uuid"`
	Name    string             `json:"name"`
	Figures FiguresBody        `json:"figures" doc:"over all open rounds"`
	Rounds  []RoundFiguresBody `json:"rounds" nullable:"false" doc:"in each open round that concerns the department"`
}

// RoundFiguresBody are a department's figures in one round.
type RoundFiguresBody struct {
	RoundID db.ID       `json:"round_id" format:"uuid"`
	Figures FiguresBody `json:"figures"`
}

// DayCountBody is how many completed on a day.
type DayCountBody struct {
	Day   string `json:"day" format:"date"`
	Count int    `json:"count"`
}

// DashboardBody is the manager's first page.
type DashboardBody struct {
	Today       string                  `json:"today" format:"date"`
	Rounds      []RoundBody             `json:"rounds" nullable:"false" doc:"open rounds, the soonest deadline first, at most 100"`
	Departments []DepartmentFiguresBody `json:"departments" nullable:"false" doc:"who holds several posts counts in each department"`
	Days        []DayCountBody          `json:"days" nullable:"false" doc:"completions of the last 60 days, days without one left out"`
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
	board, err := a.svc.Rounds.Dashboard(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return &dashboardOutput{dashboardBody(board)}, nil
}

func dashboardBody(board lms.Dashboard) DashboardBody {
	body := DashboardBody{
		Today: board.Today, People: board.People, Concern: board.Concern, Mail: mailCounts(board.Mail),
		Rounds: make([]RoundBody, 0, len(board.Rounds)), Departments: make([]DepartmentFiguresBody, 0, len(board.Departments)), Days: make([]DayCountBody, 0, len(board.Days)),
	}
	for _, r := range board.Rounds {
		body.Rounds = append(body.Rounds, roundBody(r))
	}
	for _, d := range board.Departments {
		out := DepartmentFiguresBody{ID: d.ID, Name: d.Name, Figures: figuresBody(d.Figures), Rounds: []RoundFiguresBody{}}
		for _, r := range board.Rounds { // in the order of the rounds
			if f, concerned := d.Rounds[r.ID]; concerned {
				out.Rounds = append(out.Rounds, RoundFiguresBody{r.ID, figuresBody(f)})
			}
		}
		body.Departments = append(body.Departments, out)
	}
	for _, d := range board.Days {
		body.Days = append(body.Days, DayCountBody(d))
	}
	return body
}
